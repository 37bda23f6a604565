#!/usr/bin/env bats
# What bench run prints for scripts: a document in every case, seconds as they go, one line.

load common

setup() {
    own_folder
}

bench() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" "$@" 3>&-
}

@test "--ndjson prints a line a second, then the result" {
    start_target --strategy inline --work count:1k
    run -0 --separate-stderr bench run --no-save --ndjson -d 2.5 -c 2 "$URL/ping"
    jq -es 'length >= 2 and (.[:-1] | all(.schema == "bench.second/1")) and
            .[-1].schema == "bench.result/1" and
            ([.[:-1][].requests] | add) == .[-1].accounting.completed and
            ([.[:-1][].at_s] | . == (. | sort))' <<<"$output"
    stop_target
}

@test "--ndjson of an open loop has what was due; a reader that goes away is said" {
    start_target --strategy inline --work count:1k
    run -0 --separate-stderr bench run --no-save --ndjson -R 100 -d 1 "$URL/ping"
    jq -es '([.[:-1][].due] | add) == 100' <<<"$output"
    run bash -c "'$BENCH_BUILD/bench' run --no-save --ndjson -d 2 '$URL/ping' 2>said | head -n 1 >line; exit \${PIPESTATUS[0]}"
    [ "$status" -eq 2 ]
    grep -q "cannot write to stdout" said
    stop_target
}

@test "--no-verbose prints one line, and -V and the names of render options are taken" {
    start_target --strategy inline --work count:1k
    run -0 --separate-stderr bench run --no-save --no-verbose -a 50 -c 2 "$URL/ping"
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == "50 requests in "*" read "*"none lost" ]]
    run -0 --separate-stderr bench run --no-save --no-renderResultsTable -a 50 -c 2 "$URL/ping"
    [ "${#lines[@]}" -eq 1 ]
    run -0 --separate-stderr bench run --no-save -V --no-renderProgressBar --renderLatencyTable \
        --renderStatusCodes -a 50 -c 2 "$URL/ping"
    [[ "$output" == *"99.999%"* ]]
    stop_target
}

@test "--no-verbose of a run that fails says so" {
    start_target --strategy inline --work count:1k
    run --separate-stderr bench run --no-save --no-verbose -a 50 -c 2 "$URL/none"
    [[ "$output" == *"NO 2xx"* ]]
    stop_target
}

@test "a document is printed and saved also when nothing was connected" {
    while read -r want arguments; do
        run -5 --separate-stderr bench run -j -o nothing.json $arguments
        jq -e --arg want "$want" '.valid == false and .["2xx"] == 0 and .latency.average == null and
               (.warnings[0].code == "nothing-connected") and
               (.warnings[0].message | contains($want))' <<<"$output"
        jq -es '.[0] == .[1]' nothing.json - <<<"$output"
        [[ "$stderr" == *"$want"* ]]
        run -0 --separate-stderr bench report nothing.json
        [[ "$output" == *INVALID* ]]
        rm nothing.json
        run -5 --separate-stderr bench run $arguments
        [ -z "$output" ]
        [ ! -e results ] || [ -z "$(ls results)" ]
    done <<'END'
refused http://127.0.0.1:1/
resolve http://nothing.invalid/
exited / -- false
END
}
