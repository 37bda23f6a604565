# What the tests of drawn sweeps and searches share, after common: bench report, and what its pictures
# and its pages say.

# Nothing of a drawing is left.
teardown() {
    kill_leftovers
    [ -z "$(ls -A "$BATS_TEST_TMPDIR/tmp")" ]
    [ -z "$(find "$BATS_TEST_TMPDIR/cwd" -name '*.tmp')" ]
}

report() {
    timeout 200 "$BENCH_BUILD/bench" report "$@" 3>&-
}

usage() { # TEXT WORD...: refused with TEXT, and nothing on stdout
    run -2 --separate-stderr report "${@:2}"
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
}

# texts FILE: what an SVG says, a text a line; it is well-formed.
texts() {
    /usr/bin/python3 -c '
import sys, xml.dom.minidom as d
def all_of(n): return n.data if n.nodeType == n.TEXT_NODE else "".join(map(all_of, n.childNodes))
for t in d.parse(sys.argv[1]).getElementsByTagName("text"): print(all_of(t).strip())' "$1"
}

# says FILE TEXT...: each is a text of the SVG by itself.
says() {
    local text
    texts "$1" >said
    for text in "${@:2}"; do
        grep -qxF -- "$text" said || { echo "$1 does not say: $text"; cat said; return 1; }
    done
}

# page_texts FILE: what the main part of a page says, a text a line.
page_texts() {
    /usr/bin/python3 -c '
import html.parser, sys
class Texts(html.parser.HTMLParser):
    inside = False
    def handle_starttag(self, tag, attrs): self.inside = self.inside or tag == "main"
    def handle_endtag(self, tag): self.inside = self.inside and tag != "main"
    def handle_data(self, data):
        if self.inside and data.strip(): print(data.strip())
parser = Texts()
parser.feed(open(sys.argv[1], encoding="utf-8").read())' "$1"
}

page_says() {
    local text
    page_texts "$1" >said
    for text in "${@:2}"; do
        grep -qF -- "$text" said || { echo "$1 does not say: $text"; return 1; }
    done
}

whole_png() {
    [ "$(head -c 8 "$1" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ]
    [ "$(tail -c 8 "$1" | head -c 4)" = IEND ]
}
