#!/usr/bin/env bats
# bench report -o report.html: one page of stored results. What a browser makes of it is tested in
# tests/peers/page.

load common
load drawn

setup_file() {
    export REFERENCE=$BATS_TEST_DIRNAME/../../results/reference
}

setup() {
    own_folder
    cp "$REFERENCE"/{pool,comparison,session}.json .
}

# Nothing of a page in the making is left.
teardown() {
    kill_leftovers
    [ -z "$(ls -A "$BATS_TEST_TMPDIR/tmp")" ]
    [ -z "$(find "$BATS_TEST_TMPDIR/cwd" -name '*.tmp')" ]
}

report() {
    timeout 200 "$BENCH_BUILD/bench" report "$@" 3>&-
}

# usage TEXT WORD...: refused with TEXT, and no page is there.
usage() {
    run -2 --separate-stderr report "${@:2}"
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
    [ ! -e page.html ]
}

# titled TITLE FILE: the pool's result with that title.
titled() {
    jq --arg title "$1" '.title = $title' pool.json >"$2"
}

says() { # FILE TEXT...
    local text
    page_texts "$1" >"$BATS_TEST_TMPDIR/said"
    for text in "${@:2}"; do
        grep -qF -- "$text" "$BATS_TEST_TMPDIR/said" || { echo "$1 does not say: $text"; return 1; }
    done
}

# whole FILE: a page from its beginning to its end, with one style and one script beside its data.
whole() {
    [ "$(head -n 1 "$1")" = "<!DOCTYPE html>" ]
    [ "$(tail -n 1 "$1")" = "</html>" ]
    grep -q "Content-Security-Policy.*default-src 'none'" "$1"
    [ "$(grep -o '<script>' "$1" | wc -l)" -eq 1 ]
    [ "$(grep -o '<script' "$1" | wc -l)" -eq $((1 + $(grep -o '<script type="application/json" class="points">' "$1" | wc -l))) ]
    [ "$(grep -o '<style' "$1" | wc -l)" -eq 1 ]
}

# A gnuplot of the test's own, before the real one.
fake_gnuplot() {
    mkdir -p bin
    { echo '#!/bin/sh'; cat; } >bin/gnuplot
    chmod +x bin/gnuplot
    PATH=$PWD/bin:$PATH
}

@test "a result, a comparison and a session, each and together" {
    local name
    for name in pool comparison session; do
        run -0 --separate-stderr report "$name.json" -o "$name.html"
        [ -z "$output" ]
        [ "$stderr" = "wrote $name.html" ]
        whole "$name.html"
        says "$name.html" "bench report $name.json -o $name.html" Set-up Pictures "Make this page again"
        grep -q '<svg role="img"' "$name.html"
    done
    says comparison.html "Recommended for synchronous requests" "$(jq -r '.findings[0].text' comparison.json)"
    run -1 timeout 200 "$BENCH_BUILD/bench" check session.json 3>&-
    [[ ${lines[0]} == "FAIL: cpu_per_request +"* ]]
    says session.html "${lines[0]% (*}"
    report pool.json session.json comparison.json pool.json -o all.htm
    whole all.htm
    says all.htm "3 reports" "2 results" "Comparison of inline, threads, pool, offload, queue" slowed
}

@test "the figures are those of the table in a terminal" {
    report comparison.json --no-pictures -o page.html
    page_texts page.html >said
    report comparison.json | grep -E '^(inline|threads|pool|offload|queue) ' | grep -oE '[≥0-9][^ ]*( (ns|us|ms|s|kB|MB))?\*?' |
        while read -r figure; do
            # A column with one value for all is a note: "100 requests were in flight ..".
            grep -qxF -- "$figure" said || grep -q "^$figure requests were in flight" said ||
                { [ "$figure" = 0 ] && grep -qx 'no request timed out' said; } || { echo "no $figure"; exit 1; }
        done
}

@test "the article's claims, each with its verdict and its reason" {
    report "$REFERENCE/article.json" --no-pictures -o page.html
    page_texts page.html >said
    # The limit, which a reason has in brackets, is a line of its own.
    jq -r '.claims[] | .claim, (.measured // empty), (.reason | split(" (holds if ")[0]),
        (.reason | capture("[(](?<limit>holds if .*)[)][^)]*$") // empty | .limit[1:])' "$REFERENCE/article.json" | while read -r text; do
        grep -qF -- "$text" said || { echo "no $text"; exit 1; }
    done
    grep -q '^16 claims, 21 verdicts' said
    [ "$(grep -cx 'does not hold' said)" -eq "$(jq '[.claims[] | select(.verdict == "does_not_hold")] | length' "$REFERENCE/article.json")" ]
}

@test "the same files give the same page, which says how" {
    report pool.json session.json -o page.html
    cp page.html first.html
    PATH=$BENCH_BUILD:$PATH bash -c "$(page_texts page.html | grep '^bench report ')"
    cmp page.html first.html
}

@test "without gnuplot, with one that fails, and with one that gives anything else" {
    mkdir empty
    run -0 --separate-stderr env PATH="$PWD/empty" "$BENCH_BUILD/bench" report session.json -o page.html
    [[ $stderr == *"the page has no picture"*gnuplot*"wrote page.html" ]]
    whole page.html
    says page.html "Not drawn:" "FAIL: cpu_per_request"
    fake_gnuplot <<<'echo broken >&2; exit 1'
    report session.json -o page.html
    whole page.html
    says page.html "Not drawn:" broken
    fake_gnuplot <<<'for name in shift blocks; do echo "<svg><script>x</svg>" >$name.svg; done'
    run -0 --separate-stderr report session.json -o page.html
    [ "$(grep -c 'the page has no picture .*not a plain SVG' <<<"$stderr")" -eq 2 ]
    whole page.html
    says page.html "gave something that is not a plain SVG"
}

@test "a gnuplot that hangs is ended, and the page is made" {
    fake_gnuplot <<<'exec sleep 1000'
    report session.json -o page.html
    whole page.html
    says page.html "Not drawn:" "FAIL: cpu_per_request"
}

@test "interrupted: no page, the old one stays, and nothing is left" {
    echo old >page.html
    mkfifo started
    fake_gnuplot <<<"echo >'$PWD/started'; exec sleep 1000"
    exec {SAID}< <(exec "$BENCH_BUILD/bench" report session.json -o page.html 2>&1 3>&-)
    BENCH_PID=$!
    read -r -t "$PATIENCE" _ <started
    kill -INT "$BENCH_PID"
    STATUS=0
    wait "$BENCH_PID" || STATUS=$?
    BENCH_PID=
    [ "$STATUS" -eq 130 ]
    [ "$(cat page.html)" = old ]
}

@test "without pictures, if asked" {
    fake_gnuplot <<<"touch '$BATS_TEST_TMPDIR/ran'"
    report comparison.json -o page.html --no-pictures
    whole page.html
    run ! grep -q '<svg' page.html
    [ -z "$(find "$BATS_TEST_TMPDIR" -name ran)" ]
}

@test "a file that cannot be read is named on the page, and the exit code is 2" {
    head -c 5000 comparison.json >cut.json
    jq '.schema = "bench.result/99"' pool.json >newer.json
    run -2 --separate-stderr report cut.json pool.json newer.json missing.json -o page.html --no-pictures
    [[ $stderr == *cut.json*newer.json*missing.json*"wrote page.html" ]]
    whole page.html
    says page.html "Not on this page:" "cut.json: " "newer.json: " "missing.json"
    rm page.html
    usage "none of the files could be read" cut.json newer.json -o page.html
    usage cut.json cut.json -o page.html
    echo old >kept.html
    run -2 report newer.json -o kept.html
    [ "$(cat kept.html)" = old ]
}

@test "hostile names run nothing and are shown as they are" {
    names=('<script>ran()</script>' '"><img src=x onerror=ran()>' '</style></script><b>' '`touch ran1` $(touch ran2)'
        "'; system('touch ran3')" $'a\x01b\nc' 'a&lt;b' 'über Ж אבג' "$(printf 'x%.0s' {1..10000})")
    files=()
    for i in "${!names[@]}"; do
        titled "${names[$i]}" "evil$i.json"
        files+=("evil$i.json")
    done
    report "${files[@]}" -o page.html
    whole page.html
    for name in "${names[@]}"; do
        [[ $name == *$'\n'* ]] || says page.html "$name"
    done
    says page.html 'a?b?c'
    [ -z "$(find "$BATS_TEST_TMPDIR" -name 'ran*')" ]
    # A name of a file may be anything, too.
    cp pool.json '<b>`touch ran`'\''.json'
    report '<b>`touch ran`'\''.json' -o '$(touch ran).html' --no-pictures
    says '$(touch ran).html' '<b>`touch ran`'
    [ -z "$(find "$BATS_TEST_TMPDIR" -name 'ran*')" ]
}

@test "runs that measured little: no reply, one request, all values equal, huge and tiny" {
    start_faulty
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run "$URL/stall" -c 5 -d 300ms -o none.json >/dev/null 3>&- || true
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run "$URL/ok" -c 1 -a 1 -o one.json >/dev/null 3>&-
    kill -TERM "$FAULTY_PID"
    jq '.series |= map(.p50_ns = 5 | .p99_ns = 5 | .max_ns = 5)' pool.json >equal.json
    jq '.series |= map(.max_ns = 3600000000000 | .server_rss_bytes = 9e15)' pool.json >huge.json
    for name in none one equal huge; do
        report $name.json -o $name.html
        whole $name.html
        run ! grep -qiE '>(nan|inf|-nan)<' $name.html
    done
    says none.html "NOTHING COMPLETED: 5 requests sent, none answered"
    report none.json one.json equal.json huge.json -o all.html
    whole all.html
}

@test "more arms than a picture can show" {
    files=()
    for i in {1..25}; do
        cp pool.json "arm$i.json"
        files+=("arm$i.json")
    done
    report "${files[@]}" -o page.html
    whole page.html
    says page.html "The pictures show the first 20 of 25 arms." arm25
    [ "$(grep -o '<tr data-arm=' page.html | wc -l)" -eq 25 ]
}

# bytes FILE: its size.
bytes() {
    stat -c %s "$1"
}

@test "an hour of seconds with latencies over time is under 1 MB, twenty results are under 2 MB" {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run --strategy pool --work count:1k -c 20 -d 10 -o short.json >/dev/null 3>&-
    "$BENCH_BUILD/tests/long_run" short.json 360 >hour.json
    [ "$(jq '.series | length' hour.json)" -ge 3600 ]
    report hour.json -o hour.html
    [ "$(grep -c 'data-key="heat"' hour.html)" -eq 1 ]
    [ "$(bytes hour.html)" -lt 1000000 ]
    points=$(grep -o '<script type="application/json" class="points">[^<]*' hour.html | sed 's/^[^>]*>//' | jq '.x[] | length' | sort -n | tail -n 1)
    [ "$points" -gt 300 ] && [ "$points" -le 600 ]
    files=()
    for i in {1..20}; do
        jq --arg title "run $i" '.title = $title' short.json >"run$i.json"
        files+=("run$i.json")
    done
    report "${files[@]}" -o twenty.html
    [ "$(bytes twenty.html)" -lt 2000000 ]
}

@test "what does not go together, or cannot be written, is refused" {
    usage "a page and --data are two reports" pool.json -o page.html --data columns
    [ ! -e columns ]
    usage "--no-pictures is for a page" pool.json --no-pictures
    usage "--no-pictures is for a page" pool.json --no-pictures -o plots
    usage "--format md is for printed reports" pool.json -o page.html --format md
    usage "-o/--out: " pool.json --no-pictures -o missing/page.html
    mkdir page.htm
    report pool.json -o page.htm # a folder that is there
    [ -e page.htm/latency.svg ]
}

@test "the commands of docs/report.md work as they stand there" {
    mkdir build
    ln -s "$BENCH_BUILD/bench" "$BENCH_BUILD"/*.gp build/
    mkdir results
    ln -s "$REFERENCE" results/reference
    sed -n '/^```console$/,/^```$/s/^\$ //p' "$BATS_TEST_DIRNAME/../../docs/report.md" >commands
    [ "$(wc -l <commands)" -eq 4 ]
    bash -eu commands 2>said
    [ "$(grep -c '^wrote build/' said)" -eq 4 ]
    whole build/all.html
}
