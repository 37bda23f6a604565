#!/usr/bin/env bats
# The latencies over time of a stored result, read by the programs of docs/measurement.md.

load common

DOCS=$BATS_TEST_DIRNAME/../../docs/measurement.md

setup() {
    own_folder
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run --strategy inline --work count:10k -c 4 -d 1200ms -o result.json \
        >/dev/null 3>&-
}

# block LANGUAGE WORD: the block of that language in the docs that has WORD.
block() {
    awk -v fence="\`\`\`$1" -v word="$2" '$0 == fence { inside = 1; text = ""; next }
        $0 == "```" { if (inside && index(text, word)) printf "%s", text; inside = 0 }
        inside { text = text $0 "\n" }' "$DOCS"
}

result() {
    jq -e "$1" result.json >/dev/null || { echo "not so: $1"; jq -c '.series_latency, .series' result.json; return 1; }
}

@test "each interval has a text, and they say what the rest says" {
    result '.series_latency | .unit == "ns" and .digits == 2 and .interval == 1'
    result '(.series_latency.histograms | length) == (.series | length)'
    result '.accounting.completed > 0'
    block sh series_latency >read.sh
    [ -s read.sh ]
    run -0 bash read.sh
    [ "$output" = "$(jq -c '.series | map(.requests)' result.json)" ]
}

@test "ten lines of Python read them" {
    block python series_latency >read.py
    [ "$(wc -l <read.py)" -eq 10 ]
    /usr/bin/python3 read.py result.json >rows
    [ "$(awk '{ sum += $3 } END { print sum }' rows)" -eq "$(jq .accounting.completed result.json)" ]
    [ "$(cut -f 1 rows | uniq | wc -l)" -eq "$(jq '[.series[] | select(.requests > 0)] | length' result.json)" ]
    # The fastest and the slowest request lie in the first and the last bucket in use.
    jq -r '.latency | [.min, .max] | @tsv' result.json >ends
    sort -g -k 2 rows | awk 'NR == 1 { first = $2 } { last = $2 } END { print first, last }' >>ends
    awk 'NR == 1 { min = $1; max = $2 } NR == 2 { exit !($1 <= min && min <= $1 * 1.009 && $2 <= max && max <= $2 * 1.009) }' \
        ends || { cat ends; return 1; }
}

@test "a result that is read and written again has the same ones" {
    "$BENCH_BUILD/bench" report result.json --json >again.json 3>&-
    diff <(jq .series_latency result.json) <(jq .series_latency again.json)
}

@test "an older file has none; a damaged one is refused" {
    jq 'del(.series_latency)' result.json >older.json
    run -0 --separate-stderr "$BENCH_BUILD/bench" report older.json 3>&-
    jq '.series_latency.histograms[0] = "+4608 9007199254740991"' result.json >other.json
    run -2 --separate-stderr "$BENCH_BUILD/bench" report other.json 3>&-
    [[ $stderr == *"other.json: series_latency.histograms[0] holds 9007199254740991, and the requests of its entries of series are "* ]]
    jq '.series_latency.histograms[0] = "+99999 1"' result.json >far.json
    run -2 --separate-stderr "$BENCH_BUILD/bench" report far.json 3>&-
    [[ $stderr == *"series_latency.histograms[0]: not a histogram: it has more buckets than an hour has"* ]]
}

# Threads that live for less than a second, beside one that stays.
@test "the seconds of a server add up to its totals, with threads that ended" {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run --strategy threads --work count:200k -c 8 -d 2500ms -o ended.json \
        >/dev/null 3>&-
    jq -e '.server.total as $all | [.series[].server_run_wait_s] | add / $all.run_wait_s > 0.98 and add / $all.run_wait_s < 1.02' \
        ended.json >/dev/null || { jq -c '.server.total, .series' ended.json; return 1; }
    jq -e '.server.total as $all | ([.series[].server_switches] | add) / ($all.switches_voluntary + $all.switches_involuntary)
        | . > 0.9 and . < 1.1' ended.json >/dev/null || { jq -c '.server.total, .series' ended.json; return 1; }
}

@test "the switches of a second are those of all processes of the server" {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run --strategy offload --work count:200k -c 8 -d 2500ms -o offload.json \
        >/dev/null 3>&-
    jq -e '(.server.processes | length) == 2' offload.json
    jq -e '.server.total as $all | ([.series[].server_switches] | add) / ($all.switches_voluntary + $all.switches_involuntary)
        | . > 0.9 and . < 1.1' offload.json >/dev/null || { jq -c '.server, .series' offload.json; return 1; }
}
