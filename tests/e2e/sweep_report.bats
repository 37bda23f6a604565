#!/usr/bin/env bats
# bench report of a sweep: its picture, the columns behind it, and its page, drawn by the real
# gnuplot. What is ranked depends on the machine, so what is told apart is tested by units.

load common

setup_file() {
    export CURVES=$BATS_FILE_TMPDIR/curves.json MAP=$BATS_FILE_TMPDIR/map.json
    timeout 200 "$BENCH_BUILD/bench" sweep --no-repeat --over connections=1,2,8 --strategies inline,pool \
        --rounds 2 -d 150ms --work count:10k -o "$CURVES" >/dev/null 3>&-
    timeout 200 "$BENCH_BUILD/bench" sweep --no-repeat --over work=10k,100k --over c=1,3 --strategies inline,pool \
        --rounds 1 -d 150ms -o "$MAP" >/dev/null 3>&-
}

setup() {
    own_folder
    cp "$CURVES" curves.json
    cp "$MAP" map.json
}

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

@test "over one option: curves, with a label for each value and each arm" {
    run -0 --separate-stderr report curves.json -o plots --data columns
    [ -z "$output" ]
    [ "$(ls plots | tr '\n' ' ')" = "sweep.png sweep.svg " ]
    whole_png plots/sweep.png
    says plots/sweep.svg "Best by most work" connections 1 2 8 inline pool "connections: 3 values"
    grep -q "2 rounds in random order at each point" said
    [ "$(ls columns | grep -v hgrm | tr '\n' ' ')" = "arms.dat axes.dat caption.dat curves.dat stretches.dat text.dat values.dat " ]
    # The figures are those of the document.
    for arm in 0 1; do
        jq -r "[.comparison.arms[$arm, $arm + 2, $arm + 4].summary.work_per_second.median] | .[]" curves.json >want
        awk -F'\t' -v arm=$arm '/^# arm / { at = $1 } /^[0-9]/ && at ~ "^# arm " arm { print $2 }' columns/curves.dat >got
        paste want got | awk '$1 > 0.999 * $2 && $1 < 1.001 * $2 { near++ } END { exit near != 3 }'
    done
}

@test "over two options: a map, with a cell for each two values" {
    report map.json -o plots --data columns
    [ "$(ls plots | tr '\n' ' ')" = "map.png map.svg " ]
    whole_png plots/map.png
    says plots/map.svg "Best by most work" work connections 10k 100k 1 3 inline pool "not ranked" \
        "grey: nothing can be ranked"
    [ "$(grep -cx 'not ranked' said)" -eq 4 ]
    grep -q ' CPU$' said
    [ "$(grep -c '^[0-9]' columns/cells.dat)" -eq 4 ]
    [ -s columns/stripes.dat ] && [ -s columns/borders.dat ]
    # By hand, as docs/pictures.md has it.
    (cd columns && gnuplot -e "kinds = 'svg'" "$BATS_TEST_DIRNAME/../../scripts/map.gp")
    cmp columns/map.svg plots/map.svg
}

@test "a map of many cells has small ones, without a text in them" {
    report map.json --data columns
    cd columns
    { printf '# values\n'; for i in $(seq 0 99); do printf '0\t%d\t%d\t"%d"\t"%d"\t" "\n' $i $i $i $i; done
        printf '1\t0\t1\t"1"\t"1"\t" "\n'; } >values.dat
    { printf '# cells\n'; for i in $(seq 0 99); do printf '%d\t0\t0\t%d\t5\t0\t"inline"\t"inline"\t" "\t" "\t"5"\t"5"\n' $i $((i / 50)); done; } >cells.dat
    run -0 --separate-stderr gnuplot -d -e "kinds = 'svg'" "$BATS_TEST_DIRNAME/../../scripts/map.gp"
    says map.svg 0 96 connections
    [ "$(grep -cx inline said)" -eq 1 ] # in the key
}

@test "a page: the picture, the own case, all figures, the set-up, the command" {
    report map.json -o page.html
    [ "$(tail -n 1 page.html)" = "</html>" ]
    [ "$(grep -o '<svg role="img"' page.html | wc -l)" -eq 1 ]
    page_says page.html "Sweep over work and connections: inline, pool" "The map" "Find your own case" Figures \
        "CPU of a request" "how sure" "bench sweep --no-repeat" "bench report map.json -o page.html" \
        "one round ranks nothing" "At the first point, work=count:"
    # A row for each point, and one for each arm at each point, in the order of the values.
    table() { sed -n "/aria-label=\"$1\"/,/<\/table>/p" page.html | grep '^<tr'; }
    table "The best arm at each point" | sed 's/<th scope="row">\([^<]*\)<\/th><td>\([^<]*\)<.*/\1 \2/' >rows
    printf '<tr>%s\n' "10k 1" "10k 3" "100k 1" "100k 3" | diff - rows
    [ "$(table "Figures of all arms" | wc -l)" -eq 8 ]
    report curves.json --no-pictures -o page.html
    run ! grep -q '<svg' page.html
    page_says page.html "Sweep over connections: inline, pool" "connections: how many requests are open"
}

@test "thresholds of a page, and a page of several files" {
    report map.json curves.json --fail 'p99>1ns' -o page.html
    page_says page.html "2 reports" "Sweep over work and connections" "Sweep over connections" Limits
    [ "$(grep -o '>FAIL<' page.html | wc -l)" -eq 14 ]
    mkdir folder
    usage "this is a sweep, whose picture has no limits" map.json --fail 'p99>1ms' -o folder
    usage "--reference: this is a sweep, not a comparison" map.json --reference inline -o page2.html
    [ ! -e page2.html ]
}

@test "a sweep is drawn alone, when an arm has a result, and only its own goal" {
    usage "a sweep has pictures of its own; give it alone" map.json curves.json -o plots
    jq '.goal = "fastest"' map.json >other.json
    usage "other.json: goal: 'fastest' is no goal of a sweep" other.json -o plots
    usage "goal: 'fastest' is no goal of a sweep" other.json -o page.html
    jq '.comparison.order = [] | .comparison.interrupted = true | .comparison.arms |= map(.results = [] | .problems = [])' \
        map.json >none.json
    run -5 --separate-stderr report none.json -o plots
    [[ $stderr == *"nothing to draw: no arm has a result"* ]]
    [ ! -e plots ]
    run -5 report none.json -o page.html
    page_says page.html "Not drawn:" "not measured"
    jq '[range(21) | "a\(.)"] as $arms | .arms = $arms | .comparison.order = [] | .comparison.interrupted = true |
        .comparison.arms = [.points[].texts as $t | $arms[] |
            {name: "\(.) work=\($t[0]) connections=\($t[1])", results: [], problems: []}]' map.json >many.json
    usage "a picture shows at most 20 arms, and these are 21" many.json -o plots
    report many.json --data columns
    [ "$(grep -c '^[0-9]' columns/arms.dat)" -eq 21 ]
}

# hostile FILE: every text of it that a picture or a page shows is meant to do harm.
hostile() {
    jq --arg bad '`touch ran` $(touch ran) "</text></svg><script>window.ran = 1</script>\' '
        def renamed: [.arms[] | . + $bad];
        .points |= map(.texts |= map(. + $bad)) | .axes |= map(.option += $bad | .range += $bad) |
        renamed as $arms | .arms = $arms | . as $all |
        .comparison.title = null | .comparison.arms = [range(.comparison.arms | length) as $i |
            ($all.points[$i / ($arms | length) | floor].texts) as $texts |
            $all.comparison.arms[$i] | .name = ([$arms[$i % ($arms | length)]] +
                [range($texts | length) | "\($all.axes[.].option)=\($texts[.])"] | join(" "))] |
        .comparison.order = (.comparison as $now | [$all.comparison.order[] as $name |
            $now.arms[[$all.comparison.arms[].name] | index($name)].name])' "$1"
}

@test "texts that are meant to do harm are only shown" {
    for name in curves map; do
        hostile $name.json >bad.json
        report bad.json -o plots-$name --data columns-$name
        texts "$(echo plots-$name/*.svg)" | grep -qF '`touch ran`'
        report bad.json -o page-$name.html
        [ "$(grep -o '<script>' page-$name.html | wc -l)" -eq 1 ]
        page_texts page-$name.html | grep -qF '<script>window.ran'
    done
    [ -z "$(find . -name 'ran*')" ]
}

@test "points that nothing measured, and arms that failed, are marked" {
    jq '(.comparison.arms[0] | .name) as $gone | .comparison.interrupted = true |
        .comparison.order |= map(select(. != $gone)) |
        .comparison.arms[0] |= (.results = [] | .problems = [])' curves.json >some.json
    report some.json -o plots
    grep -q "interrupted: not all trials were run" <<<"$(texts plots/sweep.svg)"
    jq '.comparison.arms |= map(.results |= [] | .problems = [{"round": 1, "text": "it broke"}])' map.json >failed.json
    report failed.json -o page.html && false || [ $? -eq 5 ]
    page_says page.html "it broke" failed
    jq '.comparison.arms[0] |= (.results = [] | .problems = [{"round": 1, "text": "it broke"}])' map.json >failed.json
    report failed.json -o plots
    says plots/map.svg "grey: nothing can be ranked; cross: an arm failed there"
}

@test "the commands of docs/sweep.md that make a map and draw it work, with fewer points" {
    mkdir page
    cd page
    ln -s "$BENCH_BUILD" build
    sed -n '/^```sh$/,/^```$/{/map.json/p}' "$BATS_TEST_DIRNAME/../../docs/sweep.md" >commands
    [ "$(wc -l <commands)" -eq 3 ]
    sed -i 's/work=10k,1M,100M/work=10k,20k/; s/connections=1,8,64/connections=1,2/
        s/ sweep / sweep --no-repeat --strategies inline,pool --rounds 1 -d 150ms /' commands
    timeout 200 bash -eu commands >said 2>&1 3>&- || { cat said; return 1; }
    grep -q 'Find your own case' map.html
    [ "$(ls pictures | tr '\n' ' ')" = "map.png map.svg " ]
}
