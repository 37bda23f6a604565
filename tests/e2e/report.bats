#!/usr/bin/env bats
# bench report --format: stored results as text, markdown, JSON, CSV.

load common

setup_file() {
    export RUN=$BATS_FILE_TMPDIR/run.json CLAIMS=$BATS_FILE_TMPDIR/claims.json
    "$BENCH_BUILD/tests/render" collapse json >"$RUN"
    "$BENCH_BUILD/tests/compare" claims json >"$CLAIMS"
    export LC_ALL=C.UTF-8
}

report() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" report "$@" 3>&-
}

# usage TEXT WORD...: refused with TEXT, and nothing on stdout.
usage() {
    run -2 --separate-stderr report "${@:2}"
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
}

@test "a comparison as each format" {
    report --format text "$CLAIMS" | diff <(report "$CLAIMS") -
    report "$CLAIMS" | diff <("$BENCH_BUILD/tests/compare" claims report) -
    report --format md "$CLAIMS" | diff <("$BENCH_BUILD/tests/compare" claims md) -
    report --format json "$CLAIMS" | diff <("$BENCH_BUILD/tests/compare" claims line) -
}

@test "JSON by either option, or both" {
    report --json "$CLAIMS" | diff <(report --format json "$CLAIMS") -
    report --json --format json "$CLAIMS" | diff <(report --format json "$CLAIMS") -
    report --format json "$RUN" "$CLAIMS" | jq -r .schema >schemas
    diff - schemas <<<$'bench.result/1\nbench.comparison/1'
}

# fenced: what stands between the fences of a page.
fenced() {
    sed '1,/^````*text$/d' "$1" | sed '/^````*$/,$d'
}

@test "a run as markdown: what matters, and below it its text, fenced and plain" {
    report --format md "$RUN" >md
    [[ $(head -1 md) == '**TARGET STOPPED: '*'p50 '*'**' ]]
    [ "$(sed -n 3p md)" = '| latency | 50% | 90% | 97.5% | 99% | 99.9% | max | mean | stdev |' ]
    fenced md | diff <(LC_ALL=C report "$RUN") -
    run ! grep -q $'\x1b' md
    report --format md -l --status-codes "$RUN" >md
    fenced md | diff <(LC_ALL=C report -l --status-codes "$RUN") -
}

@test "no title ends the fence of a run" {
    jq '.title = "a ```` b"' "$RUN" >evil.json
    report --format md evil.json >md
    grep -q '^`````text$' md
    grep -q '^`````$' md
}

@test "csv: a row for each arm, of any mix of files" {
    "$BENCH_BUILD/tests/compare" nothing json >nothing.json
    report --format csv "$RUN" "$CLAIMS" nothing.json >arms.csv
    /usr/bin/python3 - arms.csv "$RUN" <<'P'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
run = json.load(open(sys.argv[2]))
assert len(rows) == 1 + 5 + 2, len(rows)
assert int(rows[0]["completed"]) == run["accounting"]["completed"], rows[0]
assert int(rows[0]["rss_peak_bytes"]) == run["server"]["total"]["rss_peak_bytes"], rows[0]
assert rows[6]["arm"] == "node" and rows[6]["p99_ms"] == "" and rows[6]["problems"] == "1", rows[6]
assert rows[7]["interrupted"] == "1", rows[7]
assert all(r["file"] and None not in r for r in rows)
P
    [ "$(tr -cd '\r' <arms.csv | wc -c)" -eq "$(wc -l <arms.csv)" ]
    diff <(report --format csv "$RUN" "$CLAIMS") <(head -7 arms.csv)
}

@test "csv: a session has a row for each gate, and is given alone" {
    "$BENCH_BUILD/tests/verdict" fail session >session.json
    report --format csv session.json >gates.csv
    diff gates.csv <("$BENCH_BUILD/bench" check session.json --format csv || true)
    [ "$(wc -l <gates.csv)" -eq 6 ]
    run -2 --separate-stderr report --format csv "$RUN" session.json
    [[ $stderr == *"session.json: a session has a row for each gate, not for each arm; give it alone"* ]]
    usage "csv has a row for each arm and no verdicts" --format csv --reference pool "$CLAIMS"
}

@test "csv: no name becomes a formula or ends its cell" {
    jq '.title = "=cmd|\u0027 /C calc\u0027!A1\",\n\"x"' "$RUN" >evil.json
    report --format csv evil.json >evil.csv
    [ "$(wc -l <evil.csv)" -eq 2 ]
    grep -qF "\"'=cmd|' /C calc'!A1\"\",?\"\"x\"" evil.csv
    for start in = + - @ ＝ ＋ － ＠ ' =' '　＝' $'\u00a0@'; do
        jq --arg t "${start}1" '.title = $t' "$RUN" >evil.json
        report --format csv evil.json | grep -qF "\"'${start}1\"" || { echo "$start is a formula"; return 1; }
    done
}

# A comment of a pull request has at most 65,536 characters.
@test "markdown: 300 files and hostile names fit into a comment" {
    local i long
    long=$(printf '@user #1 %.0s' {1..1200})
    jq --arg t "$long|\`x\` <b>" '.title = $t | .warnings = [{code: "x", message: $t, remedy: $t}]' "$RUN" >evil.json
    for i in {1..300}; do
        ln -s evil.json "r$i.json"
    done
    for files in "evil.json" "evil.json $CLAIMS" "$(echo r*.json)" "$CLAIMS $(echo r*.json)"; do
        # shellcheck disable=SC2086 # several words
        report --format md $files >md
        [ "$(wc -c <md)" -lt 60000 ]
        [[ $(head -1 md) == '**'*'**' ]]
        [ "$(grep -c '<details>' md)" -eq "$(grep -c '</details>' md)" ]
        sed '/^```*text$/,/^```*$/d' md >words
        run ! grep -q '@\|#[0-9]\b' <(sed 's/&#[0-9]*;//g' words)
    done
    report --format md r*.json >md
    grep -qF '250 more results are left out' md
    report --format md "$CLAIMS" r*.json >md
    grep -qF '251 more files are left out' md
    jq 'del(.accounting)' "$RUN" >r300.json.new && mv r300.json.new r99.json # is read all the same
    usage r99.json --format md r*.json
}

@test "more results than fit into memory together: refused where they must, else one by one" {
    local i
    for i in {1..1001}; do
        ln -s nowhere "r$i.json"
    done
    usage "1001 files given, but only 1000 results can be drawn together" r*.json --data columns
    usage "only 1000 results can be drawn together" r*.json -o page.html
    [ ! -e columns ] && [ ! -e page.html ]
    ln -sf "$RUN" r1.json
    run -2 --separate-stderr report r*.json # the first is printed before the second is read
    [[ $output == *"TARGET STOPPED"* && $stderr == *"r10.json"* ]]
}

# Nothing is half-written, and what cannot be read is named, in every format.
@test "a truncated file and a newer one: 2, and which" {
    head -c 2000 "$RUN" >short.json
    jq '.schema = "bench.result/9"' "$RUN" >newer.json
    local format
    for format in text md csv json; do
        usage "short.json" --format "$format" short.json
        usage "newer.json: schema is 'bench.result/9', which this bench does not read" --format "$format" newer.json
    done
    usage "short.json" --data columns short.json
    [ ! -e columns ]
}

@test "runs with next to nothing in them: a page, a row and columns all the same" {
    "$BENCH_BUILD/tests/render" nothing json >nothing.json
    start_target --strategy inline --work count:1
    "$BENCH_BUILD/bench" run "$URL/heavy" -c 1 -a 1 -o one.json >/dev/null
    # On a busy machine nothing connects in so short a time, and there may be no document.
    "$BENCH_BUILD/bench" run "$URL/heavy" -c 2 -d 1ms -o short.json >/dev/null 2>&1 || true
    [ -s short.json ] || cp one.json short.json
    jq '.server.total.rss_peak_bytes = 9007199254740991' "$RUN" >huge.json
    stop_target
    local name
    for name in nothing one short huge; do
        report --format md $name.json >md
        [[ $(head -1 md) == '**'?*'**' ]]
        [ "$(wc -c <md)" -lt 60000 ]
        report --format csv $name.json >csv
        [ "$(wc -l <csv)" -eq 2 ]
        run ! grep -qiE 'nan|inf[^o]' <(tail -1 csv)
        report --data "$name" $name.json
        [ -s "$name/latency.dat" ]
    done
    run ! ls nothing/*-latency.hgrm
    [ "$(grep -cE '^ +[0-9]' one/0-*-latency.hgrm)" -eq 2 ] # at 0 and at 100 %
}

@test "several results are one table, with a row for each file" {
    "$BENCH_BUILD/tests/render" pool json >old.json
    "$BENCH_BUILD/tests/render" offload json >new.json
    run -0 --separate-stderr report old.json new.json
    [ "$(grep -c '^arm ' <<<"$output")" -le 2 ]
    grep -qE '^old +298 ' <<<"$output"
    grep -qE '^new +6000 ' <<<"$output"
    [[ $output == *"pipelining differs"*"[saturated]"* ]]
    run -0 report old.json new.json --format md
    [[ ${lines[0]} == '**2 results: p99 from 168 ms (new) to 387 ms (old)**' ]]
    grep -qF '| new | 21.3 ms | 168 ms | 6000 |' <<<"$output"
    run -0 report old.json old.json # the same name twice
    grep -qE '^old 2 +298 ' <<<"$output"
    run -0 --separate-stderr report old.json new.json --json
    [ "${#lines[@]}" -eq 2 ]
    run -0 report old.json new.json -l # each on its own
    [ "$(grep -c '^percentile' <<<"$output")" -eq 2 ]
    usage missing.json old.json missing.json
}

@test "a folder is not made of the name of a file" {
    local name
    for name in x.html x.svg x.JSON plots/x.md; do
        [[ $name == *.html ]] || usage "-o/--out: '$name' looks like a file" "$RUN" -o "$name"
        usage "--data: '$name' looks like a file" "$RUN" --data "$name"
        [ ! -e "$name" ]
    done
    report "$RUN" --data x.html/
    [ -f x.html/arms.dat ]
}

@test "several files as markdown stand apart" {
    report --format md "$RUN" "$CLAIMS" >md
    [ "$(grep -c '^\*\*' md)" -eq 2 ]
    [ "$(grep -B1 '^\*\*5 claims' md | head -1)" = "" ]
}

@test "what does not go together is refused" {
    usage "--format md" --format md --json "$CLAIMS"
    usage "--format text" -j --format text "$CLAIMS"
    usage "-o and --data write files" --format md -o plots "$CLAIMS"
    usage "-o and --data write files" --format text --data plots "$CLAIMS"
    usage "html" --format html "$CLAIMS"
    [ ! -e plots ]
}

@test "a claim that is damaged is named with its file and place" {
    jq '.claims[1].verdict = "maybe"' "$CLAIMS" >bad.json
    usage "bad.json: claims[1].verdict is none of" bad.json
    jq '.claims[0].arm = "\u001b[31mnobody"' "$CLAIMS" >bad.json
    usage "bad.json: claims[0].arm is not the name of an arm" --format md bad.json
}
