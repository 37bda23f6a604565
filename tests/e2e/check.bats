#!/usr/bin/env bats
# bench check from end to end: results of real runs and doctored copies, formats, files, exit codes.

load common

setup_file() {
    export RUN=$BATS_FILE_TMPDIR/run.json
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run --strategy pool --work count:10k -c 4 -a 300 -o "$RUN" \
        >/dev/null 3>&-
}

# Without the warnings of a busy machine, which would be lines more, and not with the marks of a bench
# that was busy itself.
setup() {
    own_folder
    jq '.warnings = [] | .client.saturated = false | .client.late = false' "$RUN" >r.json
}

check() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" check "$@" 3>&-
}

# doctor FILTER: another.json is r.json changed so.
doctor() {
    jq "$1" r.json >another.json
}

# usage TEXT WORD...: bench check WORD... is refused in one line that holds TEXT.
usage() {
    run -2 --separate-stderr check "${@:2}"
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
}

@test "limits that hold: 0, one line each" {
    run -0 --separate-stderr check r.json --fail 'p50>10s' --fail 'errors>0' --fail 'non2xx>0%' \
        --warn 'rps<0.1' --fail 'wait.p90>10s' --fail 'threads<2' --fail 'threads>100'
    [ -z "$stderr" ]
    [ "$(grep -c '^ok .* r\.json$' <<<"$output")" -eq 7 ]
    [ "${lines[-1]}" = "0 of 7 thresholds crossed" ]
}

@test "a broken limit: 1, and which" {
    run -1 --separate-stderr check r.json --fail 'errors>0' --fail 'p50>1ns'
    [[ ${lines[0]} == ok*errors* ]]
    [[ ${lines[1]} =~ ^FAIL\ +p50\ .*fails\ if\ \>1ns\ +r\.json$ ]]
    [ "${lines[2]}" = "1 of 2 thresholds crossed" ]
}

@test "what only warns changes no exit code" {
    run -0 check r.json --warn 'p50>1ns' --fail 'errors>0'
    [[ $output == *WARN*"warns if >1ns"* ]]
    run -0 check r.json --warn 'p99.99>1ns' # cannot be told either
}

@test "the figures are those of the document" {
    check r.json --fail 'rps<0' --fail 'rss<1' --fail 'completed<1' --fail 'mean<1ns' \
        --fail 'connect.max<1ns' --fail 'cpu_per_request<0ns' --format json >found.json
    jq -e --slurpfile r r.json '
        def near($a; $b): ($a - $b | fabs) <= 1e-6 * $b;
        $r[0] as $r | .limits | map({(.metric): .measured}) | add |
        near(.rps; $r.accounting.completed / $r.duration) and
        .rss == $r.server.total.rss_peak_bytes and .completed == 300 and
        near(.mean; $r.latency.mean * 1e6) and
        near(.cpu_per_request; $r.server.total.cpu_per_request_us * 1e3)' found.json
}

@test "the file of -o does not replace a result" {
    cp r.json other.json
    usage 'would replace other.json' r.json other.json --fail 'p50>10s' -o other.json
    cmp r.json other.json
}

@test "too few samples: 5, with what it takes" {
    run -5 check r.json --fail 'p99>10s'
    [[ $output == *"too few samples"*"needs 1000 requests"*"has 300"* ]]
    check r.json --fail 'p95>10s' # 15 beyond it
    # A broken limit wins over one that cannot be told.
    run -1 check r.json --fail 'p99>10s' --fail 'p50>1ns'
}

@test "a figure that the run lacks: 5, and what would measure it" {
    doctor '.server = null | .histograms.wait = null'
    run -5 check another.json --fail 'rss>1G' --fail 'wait.p50>1s'
    [[ $output == *"not measured"*"--cmd"*"--strategy"* ]]
    check another.json --fail 'p50>10s'
}

@test "a figure that is null is none, and not 0" {
    doctor '.server.total |= (.cpu_per_request_us = null | .cpu_user_s = null)'
    run -5 check another.json --fail 'cpu_per_request>1us'
}

# refuses TEXT FILTER: the run, changed by the jq filter, is refused with TEXT.
refuses() {
    doctor "$2"
    ! cmp -s r.json another.json
    usage "another.json: $1" another.json --fail 'p50>10s'
    run -2 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" report another.json
    [[ $stderr == *"another.json: $1"* ]]
}

@test "a run that contradicts itself: 2, and what contradicts what" {
    refuses 'histograms.latency holds 300, and accounting.completed is 600' \
        '.accounting.completed = 600 | .accounting.sent += 300 | .statusCodeStats["200"].count = 600 | .["2xx"] = 600'
    refuses 'series has 300 requests, and' '.accounting.completed = 0 | .accounting.sent -= 300 | .statusCodeStats = {} |
        .["2xx"] = 0 | .histograms.latency = null | .histograms.first_byte = null'
    refuses 'client.little_residual is not what duration' '.duration /= 2'
    refuses 'server.total.cpu_per_request_us is not' '.server.total.cpu_per_request_us /= 2'
    refuses 'latency.p99 contradicts' '.latency.p99 /= 2'
    refuses 'requests.mean contradicts' '.requests.mean *= 2'
    refuses 'throughput.total contradicts' '.throughput.total += 1'
    "$BENCH_BUILD/tests/compare" rounds json >all.json
    run -5 check all.json --fail 'p50>100s' # it was read
    jq '.arms[0].results[2].server.total.cpu_per_request_us /= 2' all.json >forged.json
    usage 'forged.json: arms[0].results[2]: server.total.cpu_per_request_us is not' forged.json --fail 'p50>100s'
    jq '.arms[0].results[1].histograms.latency = .arms[2].results[0].histograms.latency' all.json >forged.json
    usage 'forged.json: arms[0].results[1]: histograms.latency holds' forged.json --fail 'p50>100s'
}

@test "an invalid run: 5, whatever is asked" {
    doctor '.valid = false'
    run -5 check another.json --fail 'p50>10s'
    run -5 check another.json --fail 'p50>1ns' --allow-partial
    run -5 check another.json --warn 'p50>10s'
    # Another file's broken limit wins.
    run -1 check another.json r.json --fail 'p50>1ns'
}

@test "an interrupted run: 5, unless a part is enough" {
    doctor '.interrupted = true'
    run -5 check another.json --fail 'p50>10s'
    [[ $output == *--allow-partial* ]]
    run -0 check another.json --fail 'p50>10s' --allow-partial
    run -1 check another.json --fail 'p50>1ns' --allow-partial
}

@test "a saturated generator: throughput and latency cannot be told, the rest can" {
    doctor '.client.saturated = true'
    for limit in 'rps<1' 'p50>10s' 'p50>1ns' 'first_byte.p50>10s'; do
        run -5 check another.json --fail "$limit"
        [[ $output == *"generator saturated"*-w* ]]
    done
    run -0 check another.json --fail 'errors>0' --fail 'wait.p50>10s' --fail 'rss>100G'
    run -1 check another.json --fail 'saturated>0'
}

@test "a late generator: latency cannot be told, the rest can" {
    doctor '.client.late = true'
    run -5 check another.json --fail 'p50>10s' --fail 'rps<1'
    [[ $output == *"generator late"*"lower the rate"* ]]
    [[ $output == *"ok    rps "* ]]
    run -0 check another.json --fail 'rps<1' --fail 'errors>0' --fail 'wait.p50>10s'
    # A file of a version that did not measure it is as good as it was.
    doctor 'del(.client.late, .client.threads, .client.spin_s)'
    run -0 check another.json --fail 'p50>10s'
}

# The server answers some requests and lets the others hang.
@test "requests that never got an answer break a latency limit" {
    start_faulty
    run -0 timeout "$PATIENCE" "$BENCH_BUILD/bench" run "$URL/stall" -c 30 -d 1500ms -o stalled.json 3>&-
    kill -TERM "$FAULTY_PID"
    run -1 check stalled.json --fail 'p50>1s'
    [[ $output == *FAIL*p50*"no requests completed"* ]]
    run -5 check stalled.json --fail 'p50>1h' --fail 'errors>0'
    [[ $output == *"no requests completed"*anything*"from 1.5"* ]]
    # Given up earlier than the limit, they may have taken any time.
    start_faulty
    run -0 timeout "$PATIENCE" "$BENCH_BUILD/bench" run "$URL/stall" -c 30 -t 200ms -d 1500ms \
        -o given_up.json 3>&-
    kill -TERM "$FAULTY_PID"
    run -5 check given_up.json --fail 'p50>1s'
    [[ $output == *"given up"* ]]
    run -1 check given_up.json --fail 'p50>100ms'
    run -1 check given_up.json --fail 'timeouts>1%'
}

# broken PATH: broken.json is a run of 100 requests to PATH of the faulty server.
broken() {
    start_faulty
    run -0 timeout "$PATIENCE" "$BENCH_BUILD/bench" run "$URL$1" -c 2 -a 100 "${@:2}" -o broken.json 3>&-
    kill -TERM "$FAULTY_PID"
}

@test "a run of errors passes no limit on a latency or a rate" {
    broken /500
    run -5 check broken.json --fail 'p50>10s' --fail 'errors>0'
    [[ $output == *"too many errors"*"100% of responses were non-2xx"*"--allow-errors"* ]]
    [[ $output == *"  warning  "*"[non-2xx]"* ]]
    run -5 check broken.json --fail 'rps<1'
    run -1 check broken.json --fail 'p50>10s' --fail 'non2xx>0'
    run -0 check broken.json --fail 'p50>10s' --fail '5xx>100%'
    run -0 check broken.json --fail 'p50>10s' --allow-errors
    run -5 check broken.json --fail 'p50>10s' --format json
    jq -e '.limits[0].reason == "errors" and any(.warnings[]; .code == "non-2xx" and .file == "broken.json")' \
        <<<"$output"
    broken /ok -E other
    run -5 check broken.json --fail 'p50>10s' --fail 'non2xx>0'
    [[ $output == *"not as expected"* ]]
    run -0 check broken.json --fail 'p50>10s' --fail 'mismatches>100%'
    broken /nth-reset
    run -5 check broken.json --fail 'p50>10s' --fail 'non2xx>0' --fail 'mismatches>0'
    [[ $output == *"of requests were lost"* ]]
    run -0 check broken.json --fail 'p50>10s' --fail 'errors>100%'
    run -1 check broken.json --fail 'p50>1ns'
}

@test "several files, each limit on each" {
    doctor '.title = "b"'
    run -0 check r.json another.json --fail 'errors>0' --fail 'p50>10s'
    [ "${#lines[@]}" -eq 5 ]
    [[ ${lines[0]} == *r.json && ${lines[3]} == *another.json ]]
    check r.json another.json --fail 'errors>0' --format json |
        jq -e '.limits | map(.file) == ["r.json", "another.json"]'
}

@test "JSON: what was asked, what was found" {
    run -1 --separate-stderr check r.json --fail 'p50 > 1ns' --warn 'rps<1' --fail 'p99>1s' --format json
    jq -e '.schema == "bench.check/1" and .verdict == "fail" and .exit_code == 1 and
        .failed == 1 and .passed == 1 and .unknown == 1 and .warned == 0' <<<"$output"
    jq -e '.limits[0] | .metric == "p50" and .operator == ">" and .value == 1 and .unit == "ns" and
        .level == "fail" and .verdict == "fail" and .measured > 1 and .reason == null' <<<"$output"
    jq -e '.limits[1] | .reason == "few-samples" and .samples == 300 and .needed == 1000' <<<"$output"
    jq -e '.limits[2] | .level == "warn" and .verdict == "pass"' <<<"$output"
    # A limit on nothing measured has null, never 0.
    doctor '.server = null'
    run -5 check another.json --fail 'rss>1' --format json
    jq -e '.verdict == "unknown" and .limits[0].measured == null' <<<"$output"
}

well_formed() {
    if command -v xmllint >/dev/null; then
        xmllint --noout "$1"
    else
        /usr/bin/python3 -c 'import sys, xml.dom.minidom as d; d.parse(sys.argv[1])' "$1"
    fi
}

@test "JUnit: well-formed whatever a file is called" {
    name=$'a<b>&"\x27|`\x01\xff]]>-->.json'
    cp r.json "$name"
    run -1 check "$name" r.json --fail 'p50>1ns' --fail 'errors>0' --fail 'p99>1s' --format junit -o junit.xml
    well_formed junit.xml
    [ "$(grep -c '<testcase ' junit.xml)" -eq 6 ]
    [ "$(grep -c '<failure ' junit.xml)" -eq 2 ]
    [ "$(grep -c '<skipped ' junit.xml)" -eq 2 ]
    # The same limits for a person meanwhile, without what would drive a terminal.
    [[ $output == *FAIL*p50* ]]
    run ! grep -q $'\x01' <<<"$output"
}

@test "markdown: a table, and no cell breaks out" {
    name='a|b <img src=x> @user `x`.json'
    cp r.json "$name"
    run -1 check "$name" --fail 'p50>1ns' --format md
    [[ ${lines[0]} == "**FAIL: p50 "* ]]
    [[ ${lines[3]} == "| **FAIL** | p50 |"* ]]
    [ "$(tr -cd '|' <<<"${lines[3]}" | wc -c)" -eq 7 ]
    run ! grep -q '<img\|@' <<<"$output"
}

@test "-o FILE: the report there, the text on stdout, nothing else left" {
    run -0 --separate-stderr check r.json --fail 'errors>0' --format json -o found.json
    [[ ${lines[0]} == ok* ]]
    jq -e '.verdict == "pass"' found.json
    check r.json --fail 'errors>0' -o found.txt >printed
    diff found.txt printed
    rm printed
    [ "$(ls -A | tr '\n' ' ')" = "found.json found.txt r.json " ]
}

@test "plain ASCII where the locale is not UTF-8" {
    start_faulty
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run "$URL/stall" -c 30 -d 1 -o stalled.json >/dev/null 3>&-
    kill -TERM "$FAULTY_PID"
    LC_ALL=C run -1 check stalled.json --fail 'p50>100ms'
    [[ $output == *">="* ]]
    run ! env LC_ALL=C grep -P '[^\x00-\x7f]' <<<"$output"
}

@test "limits that are none" {
    usage "no threshold given" r.json
    usage "is not a threshold" r.json --fail ''
    usage "is not a threshold" r.json --fail 'p99'
    usage "no value" r.json --fail 'p99>'
    usage "try 250ms" r.json --fail 'p99>250'
    usage "did you mean 'errors'" r.json --fail 'erors>0'
    usage "did you mean 'p99'" r.json --fail 'latency>5ms'
    usage "did you mean 'wait.p99'" r.json --fail 'wait>5ms'
    usage "saturated" r.json --fail 'nonsense>0'
    usage "--warn" r.json --fail 'errors>0' --warn 'p99>soon'
    usage "needs a value" r.json --fail
}

@test "a change in percent says that it takes two arms" {
    usage "--arm base" r.json --fail 'p50>+10%'
    usage "--arm base" r.json --fail 'rps<-5%'
    usage "--arm base" r.json --fail 'p50>10%'
}

@test "without an expected body nothing is compared, and no limit on mismatches passes" {
    broken /ok
    run -5 check broken.json --fail 'mismatches>0'
    [[ $output == *"not measured"*--expect-body* ]]
    broken /ok -E ok
    run check broken.json --fail 'mismatches>100%'
    [[ $output != *"not measured"* ]]
}

@test "GitHub: annotations; CSV: no formula, whatever a file is called" {
    name='=1+1,"a" %0A::error::b.json'
    cp r.json "$name"
    run -1 --separate-stderr check "$name" --fail 'p50>1ns' --warn 'rps<1M' --fail 'errors>0' --format github
    [ -z "$stderr" ]
    [[ ${lines[0]} == '::error title=p50>1ns::=1+1,"a" %250A::error::b.json: p50: '* ]]
    [[ ${lines[1]} == '::warning title=rps<1M::'* ]]
    [ "${lines[2]}" = "2 of 3 thresholds crossed" ]
    check "$name" --fail 'p50>1ns' --warn 'rps<1M' --format csv >found.csv || [ "$?" -eq 1 ]
    /usr/bin/python3 - found.csv <<'END'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
assert [row["verdict"] for row in rows] == ["fail", "warn"], rows
assert rows[0]["file"] == "'=1+1,\"a\" %0A::error::b.json", rows
assert float(rows[0]["measured"]) > 1 and rows[0]["unit"] == "ns", rows
END
}

@test "files that are none" {
    usage "no result given" --fail 'errors>0'
    usage "missing.json" missing.json --fail 'errors>0'
    usage "r.txt" r.txt --fail 'errors>0'
    echo '{"a":1}' >other.json
    usage "not a document of bench" other.json --fail 'errors>0'
    : >empty.json
    usage "empty.json" empty.json --fail 'errors>0'
    # One bad file: no verdict at all, and no report.
    usage "missing.json" r.json missing.json --fail 'p50>1ns' -o found.txt
    [ ! -e found.txt ]
    doctor '.accounting.sent += 1'
    usage "accounting.sent" another.json --fail 'errors>0'
    usage "is not a file" r.json --fail 'errors>0' -o .
    usage "is not a file" r.json --fail 'errors>0' -o ''
    usage "-o/--out" r.json --fail 'errors>0' -o nowhere/found.txt
    usage "choose from: text, json, junit, md, github, csv" r.json --fail 'errors>0' --format xml
}

@test "a full disk is told" {
    [ -w /dev/full ] || skip "no /dev/full here"
    # The verdict is printed all the same.
    run -2 --separate-stderr check r.json --fail 'errors>0' -o /dev/full
    [[ ${lines[0]} == "ok "*errors*r.json ]]
    [ "${lines[-1]}" = "0 of 1 threshold crossed" ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == "bench: -o/--out: "*"/dev/full: No space left on device" ]]
    run -2 --separate-stderr check r.json --fail 'p50>1ns' -o /dev/full
    [[ ${lines[0]} == "FAIL "* ]]
}

@test "every metric stands in docs/gates.md, and every option in the man page" {
    docs=$BATS_TEST_DIRNAME/../../docs
    run -2 --separate-stderr check r.json --fail 'zzzzzzzz>0'
    for metric in $(sed 's/.* (wait\.p99), //; s/,//g' <<<"$stderr") wait work first_byte connect probe; do
        grep -q "^| .*\`$metric" "$docs/gates.md" || { echo "no $metric"; return 1; }
    done
    for option in $(check --help | grep -o -- '--[a-z-]*' | sort -u); do
        grep -qF -- "${option//-/\\-}" "$BENCH_BUILD/man/bench-check.1" || { echo "no $option"; return 1; }
    done
}
