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
