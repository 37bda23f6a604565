#!/usr/bin/env bats
# bench report --fail: limits as lines in pictures, and on a page what each arm is against them.
# bench report --reference on a page.

load common

setup() {
    own_folder
    cp "$BATS_TEST_DIRNAME"/../../results/reference/{pool,comparison,session}.json .
}

report() {
    timeout 200 "$BENCH_BUILD/bench" report "$@" 3>&-
}

# refused TEXT COMMAND...: exit 2, and nothing was written.
refused() {
    local before
    before=$(ls)
    run -2 --separate-stderr report "${@:2}"
    [ -z "$output" ]
    [[ $stderr == *"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
    [ "$(ls)" = "$before" ]
}

# has PICTURE TEXT: as a text of the SVG.
has() {
    python3 -c '
import sys, xml.etree.ElementTree as tree
texts = ["".join(t.itertext()).strip() for t in tree.parse(sys.argv[1]).iter("{http://www.w3.org/2000/svg}text")]
sys.exit(sys.argv[2] not in texts)' "$@" || { echo "$1 has no $2"; return 1; }
}

# row FILE CELL...: the page has a row of a table with these cells.
row() {
    python3 -c '
import html, re, sys
rows = re.findall(r"<tr>(.*?)</tr>", open(sys.argv[1], encoding="utf-8").read(), re.S)
cells = [[html.unescape(re.sub(r"<[^>]*>", "", c)) for c in re.findall(r"<t[hd].*?</t[hd]>", r, re.S)] for r in rows]
sys.exit(sys.argv[2:] not in cells)' "$@" || { echo "no row: ${*:2}"; return 1; }
}

@test "a limit is a line in the pictures of its percentile" {
    report pool.json -o plots --fail 'p99>350ms' --fail 'max>1s'
    has plots/latency.svg 'p99>350ms'
    has plots/latency.svg 'max>1s'
    has plots/percentiles.svg 'p99>350ms'
    has plots/percentiles.svg 'max>1s'
    has plots/server.svg 'p99>350ms'
    run ! has plots/server.svg 'max>1s'
    report pool.json --data columns --fail 'p99>350ms' --fail 'p99>350ms'
    [ "$(grep -v '^#' columns/limits.dat)" = $'0.99\t350\t"p99>350ms"\t"p99>350ms"' ]
}

@test "a page says which arms cross a limit, by the rules of bench check, and the exit code is 0" {
    report comparison.json -o page.html --fail 'p99>785ms' --fail 'errors>0' --no-pictures
    run -1 --separate-stderr "$BENCH_BUILD/bench" check comparison.json --fail 'p99>785ms'
    [[ ${lines[0]} == FAIL*"1.51 s"*"3 of 3 rounds beyond"*"comparison.json: inline" ]]
    row page.html 'p99>785ms' inline '≥1.51 s' '3 of 3 rounds beyond' FAIL
    row page.html 'p99>785ms' pool '778 ms' '1 of 3 rounds beyond' PASS
    row page.html 'errors>0' queue 0 '0 of 3 rounds beyond' PASS
    report pool.json -o run.html --fail 'p99>100ms' --fail 'p99.99>1s' --no-pictures
    row run.html 'p99>100ms' pool "$(jq -r '.latency.p99 | round' pool.json) ms" FAIL
    row run.html 'p99.99>1s' pool 'too few samples' INCONCLUSIVE
    grep -q 'p99.99&gt;1s: ' run.html
}

@test "the command on the page makes it again, with its limits" {
    report comparison.json -o page.html --fail 'p99>500ms' --fail 'rps<10' --no-pictures
    cp page.html first.html
    grep -o '<pre class="command">bench report.*</pre>' page.html | sed 's/<[^>]*>//g' |
        python3 -c 'import html, sys; print(html.unescape(sys.stdin.read()))' >again
    PATH=$BENCH_BUILD:$PATH bash -eu again
    cmp page.html first.html
}

@test "what cannot be drawn or parsed is refused" {
    refused "--fail: 'errors' " pool.json -o plots --fail errors
    refused "--fail 'errors>0': pictures show limits on the latency" pool.json -o plots --fail 'errors>0'
    refused "--fail 'p99<1s': pictures show limits on the latency" pool.json --data columns --fail 'p99<1s'
    refused "use bench check to judge" pool.json --fail 'p99>1s'
    refused "a session, which has gates of its own" session.json -o plots --fail 'p99>1s'
    refused "a session, which has gates of its own" session.json -o page.html --fail 'p99>1s'
    refused "is not a time" pool.json -o page.html --fail 'p99>`touch ran`'
}

@test "a page leads with what is worse than the reference" {
    jq -c '.rounds = 6 | .arms[].results |= . + . | .order = []' comparison.json >six.json
    report six.json -o page.html --reference pool --no-pictures
    report six.json --format md --reference pool | sed -n '1s/^\*\*\(.*\)\*\*$/\1/p' >lead
    [[ $(<lead) == "Against pool, inline is worse"* ]]
    python3 -c '
import html, re, sys
page = open("page.html", encoding="utf-8").read()
lead = html.unescape(re.search("<p class=\"lead\">(.*?)</p>", page).group(1))
sys.exit(lead.rstrip(".") != html.unescape(open("lead", encoding="utf-8").read().strip()))'
    grep -q 'Recommended for synchronous requests' page.html
    grep -q 'id="c1-reference"' page.html
    grep -q -- '--reference pool</pre>' page.html
    refused "no arm is called 'x'" six.json -o other.html --reference x
    refused "pool.json: --reference: this is one run" pool.json -o other.html --reference pool
}
