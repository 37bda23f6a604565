#!/usr/bin/env bats
# bench run --fail: the verdict on the run that was just made, and what cannot be asked of it.

load common

setup() {
    own_folder
}

bench() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" "$@" 3>&-
}

run_pool() {
    # The work is long beside what bench does for it, or bench itself might be saturated.
    bench run --strategy pool --work count:1M -c 2 -a 100 "$@"
}

# usage TEXT WORD...: bench run WORD... is refused in one line that holds TEXT, and nothing is run.
usage() {
    run -2 --separate-stderr bench run "${@:2}" -o result.json
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
    [ ! -e result.json ]
}

@test "the verdict follows the report, with the exit codes of check" {
    run -0 --separate-stderr run_pool --fail 'p50>10s' --fail 'mismatches>0' --warn 'rps<1G' -o good.json
    [[ $output == *"requests/s"*"ok    p50 "*"ok    mismatches"*"WARN  rps "*good.json* ]]
    [ "${lines[-1]}" = "1 of 3 thresholds crossed (warnings only)" ]
    run -1 --separate-stderr run_pool --fail 'p50>1ns' --fail 'errors>0' -o bad.json
    [ "${lines[-1]}" = "1 of 2 thresholds crossed" ]
    run -5 --separate-stderr run_pool --fail 'p99.9>10s' -o few.json
    [[ $output == *"too few samples"* ]]
    # Saved whatever the verdict is, as if no limit had been given; check says the same.
    run -1 timeout "$PATIENCE" "$BENCH_BUILD/bench" check bad.json --fail 'p50>1ns' --fail 'errors>0' 3>&-
    jq -e '.config | has("fail") or has("warn") or has("allow_errors") | not' bad.json
}

@test "with --json stdout is one document, and the verdict is on stderr" {
    run -1 --separate-stderr run_pool --fail 'p50>1ns' --json --no-save
    jq -e '.schema == "bench.result/1"' <<<"$output"
    [ "${#lines[@]}" -eq 1 ]
    [[ $stderr == *"FAIL  p50 "*"this run"*"1 of 1 threshold crossed"* ]]
}

@test "a run full of errors passes nothing without a limit on them" {
    start_faulty
    run -5 --separate-stderr bench run "$URL/500" -c 1 -a 100 --no-save --fail 'p50>10s'
    [[ $output == *"too many errors"*"--allow-errors"* ]]
    run -0 bench run "$URL/500" -c 1 -a 100 --no-save --fail 'p50>10s' --allow-errors
    run -1 bench run "$URL/500" -c 1 -a 100 --no-save --fail 'p50>10s' --fail 'non2xx>1%'
    kill -TERM "$FAULTY_PID"
}

@test "nothing connected is still 5, and a target that dies too" {
    run -5 --separate-stderr bench run http://127.0.0.1:1/ -c 2 -d 1 --no-save --fail 'p50>10s'
    run ! bench run --cmd 'exit 3' -a 100 --no-save --fail 'p50>10s'
}

@test "a limit that the plan cannot measure is refused before anything starts" {
    url=http://127.0.0.1:1/
    for limit in 'cpu_per_request>1ms' 'rss>1G' 'threads>9' 'run_wait>1s'; do
        usage "a server started by bench" "$url" --fail "$limit"
    done
    usage "a bundled target" "$url" --fail 'wait.p99>1s'
    usage "a bundled target" --cmd 'exit 3' --fail 'work.p99>1s'
    usage "a probe" "$url" --fail 'probe.p99>1s'
    usage "a probe" "$url" --fail 'probe_errors>0'
    usage "a probe" --strategy pool --probe-rate 0 --fail 'probe.max>1s'
    for limit in 'service.p99>1s' 'slip.p99>1ms' 'late>1%' 'achieved<99%' 'unsent>0'; do
        usage "a rate (-R)" "$url" --fail "$limit"
    done
    usage "a queue" --strategy pool --fail 'job.p99>1s'
    usage "a queue" "$url" --warn 'backlog>0'
    usage "an expected response" "$url" --fail 'mismatches>0'
    usage "an expected response" --strategy queue --fail 'mismatches>0'
    usage "--warn 'rss>1G'" "$url" --fail 'errors>0' --warn 'rss>1G'
    usage "unknown metric" "$url" --fail 'nonsense>0'
    usage "has no unit" "$url" --fail 'p99>250'
    # What the plan does have is not refused.
    run -0 bench run --strategy pool --fail 'probe.p99>1s' --fail 'rss>1G' --fail 'mismatches>0' --dry-run
    run -0 bench run "$url" --probe /ping -E ok --fail 'probe.p99>1s' --fail 'mismatches>0' --dry-run
    run -0 bench run --strategy queue --fail 'job.p99>1s' --dry-run
    run -0 bench run "$url" -R 100 --fail 'service.p99>1s' --fail 'late>1%' --dry-run
}

@test "compare says that check judges it" {
    run -2 --separate-stderr bench compare --fail 'p99>1s'
    [[ $stderr == *"bench check FILE"* ]]
    run -2 --separate-stderr bench compare --warn 'p99>1s'
    [[ $stderr == *"bench check FILE"* ]]
}

@test "a report that stdout does not take leaves the result saved" {
    [ -w /dev/full ] || skip "no /dev/full here"
    run -2 sh -c '"$0" run --strategy pool --work count:1k -c 2 -a 100 --fail "p50>1ns" -o kept.json >/dev/full' \
        "$BENCH_BUILD/bench" 3>&-
    jq -e '.valid' kept.json
}
