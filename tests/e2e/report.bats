#!/usr/bin/env bats
# bench report --format: stored results as text, as markdown, as JSON.

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

@test "a run as markdown is its text, fenced and plain" {
    report --format md "$RUN" >md
    [ "$(head -1 md)" = '```text' ]
    [ "$(tail -1 md)" = '```' ]
    sed '1d;$d' md | diff <(LC_ALL=C report "$RUN") -
    run ! grep -qP '[^\x00-\x7f]|\x1b' md
    report --format md -l --status-codes "$RUN" | sed '1d;$d' |
        diff <(LC_ALL=C report -l --status-codes "$RUN") -
}

@test "no title ends the fence of a run" {
    jq '.title = "a ```` b"' "$RUN" >evil.json
    report --format md evil.json >md
    [ "$(head -1 md)" = '`````text' ]
    [ "$(tail -1 md)" = '`````' ]
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
    grep -qF '| new | 6000 |' <<<"$output"
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
    diff <(report --format md "$RUN"; echo; report --format md "$CLAIMS") md
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
