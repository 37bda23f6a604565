#!/usr/bin/env bats
# bench selftest from end to end, and the delay server that it measures. Its limits are for a machine
# that does nothing else, so no test here asks whether they hold.

load common

# Every line of the delay server's log is true of this: its columns are arrival, service, start, end.
log_is() { # CONDITION
    awk "!($1) { bad = 1; print NR \": \" \$0 } END { exit bad }" log
}

requests() { # COUNT; one after the other, on one connection
    local i urls=()
    for ((i = 0; i < $1; i++)); do urls+=("$URL/heavy"); done
    [ "$(get "${urls[@]}" | grep -c '^ok$')" -eq "$1" ]
}

# --- the delay server ---

@test "a delayed reply comes when it is due, and not before" {
    start_target --strategy delay --delay constant:30ms --delay-log log
    requests 3
    stop_target
    [ "$(wc -l <log)" -eq 3 ]
    log_is '$2 == 30000000 && $3 == $1 && $4 >= $3 + $2'
}

@test "the times are those of the seed, request by request" {
    for seed in 1 1 2; do
        start_target --strategy delay --delay lognormal:1ms,0.5 --delay-seed "$seed" --delay-log log
        requests 5
        stop_target
        cut -d ' ' -f 2 log >>"times-$seed"
    done
    diff <(head -5 times-1) <(tail -5 times-1)
    run ! diff times-2 <(head -5 times-1)
    [ "$(sort -u times-2 | wc -l)" -eq 5 ]
}

@test "one server takes a request after the other, in the order of arrival" {
    start_target --strategy delay --delay constant:20ms --servers 1 --delay-log log
    for ((i = 0; i < 8; i++)); do printf '%s/heavy\n' "$URL"; done |
        xargs -P 8 -n 1 curl -sS --max-time "$PATIENCE" >replies
    stop_target
    [ "$(grep -c '^ok$' replies)" -eq 8 ]
    awk '{ want = $1 > free ? $1 : free; free = $3 + $2; if ($3 != want || $4 < free) bad = 1 }
         END { exit bad || NR != 8 }' log
}

@test "without a limit no request waits for another" {
    start_target --strategy delay --delay constant:20ms --delay-log log
    for ((i = 0; i < 8; i++)); do printf '%s/heavy\n' "$URL"; done |
        xargs -P 8 -n 1 curl -sS --max-time "$PATIENCE" >replies
    stop_target
    [ "$(wc -l <log)" -eq 8 ]
    log_is '$3 == $1'
}

@test "a request that waits when the server stops is rejected" {
    start_target --strategy delay --delay constant:1h --delay-log log
    get -o body -w '%{http_code}' "$URL/heavy" >code 3>&- &
    local client=$!
    until_stats '.requests.heavy.begun == 1'
    stop_target
    wait "$client"
    [ "$(cat code)" = 503 ]
    log_is '$2 == 3600000000000 && $4 == -1'
}

@test "what is no delay is refused with what would be one" {
    for delay in '' 50ms constant:2h bimodal:1ms,2ms lognormal:1ms,x; do
        run -2 "$BENCH_BUILD/bench-target" --strategy delay --delay "$delay"
        [[ $output == *"--delay: "* ]]
    done
    run -2 "$BENCH_BUILD/bench-target" --strategy=delay --delay-log /nonexistent/log
    [[ $output == *"--delay-log: cannot write /nonexistent/log"* ]]
    run -2 "$BENCH_BUILD/bench-target" --strategy delay --pool-size 2
    run -2 "$BENCH_BUILD/bench-target" --delay constant:1ms
}

@test "no help and no list has the delay server" {
    run -0 "$BENCH_BUILD/bench-target" --help
    [[ $output != *delay* ]]
    run -0 "$BENCH_BUILD/bench" serve --help
    [[ $output != *delay* ]]
    run -2 "$BENCH_BUILD/bench" run --strategy delay
    run -2 "$BENCH_BUILD/bench" serve --strategy delay
}

# --- bench selftest ---

# The figures that a quick selftest has, in their order.
figures() {
    printf '%s\n' machine.wake.p50 machine.wake.p99 machine.round_trip.p50 machine.idle poisson.distance poisson.tails \
        due.1000 rate.1000 beside.1000.p995 slip.1000.p50 slip.1000.p99 slip.1000.p999 bias.mean due.500 spacing.500 bias.kernel \
        due.10 constant.p50 freeze.p50 freeze.p90 freeze.p99 freeze.p999 \
        lognormal.p50 lognormal.p90 lognormal.p99 lognormal.p999 queue.theory queue.exact
}

# Nothing has the folder's name on its command line any more, and it is empty.
nothing_left() {
    until_processes 0 "$TMPDIR/bench-run"
    URL='' until_true is_empty "$TMPDIR"
}

@test "the document has every figure, and the counts are exact" {
    local status=0
    "$BENCH_BUILD/bench" selftest --quick --json >selftest.json 3>&- || status=$?
    [ "$status" -le 1 ]
    [ "$(jq .exit_code selftest.json)" -eq "$status" ]
    jq -r '.figures[].key' selftest.json | diff - <(figures)
    jq -e '[.figures[] | select(.key | startswith("due."))] |
        length == 3 and all(.error == 0 and .verdict == "holds")' selftest.json
    jq -e '.figures | map({key, value: .measured}) | from_entries |
        .["due.1000"] == 2000 and .["due.500"] == 750 and .["due.10"] == 16' selftest.json
    # The kernel's stamps need a privilege.
    jq -e '.figures | all((.measured != null or .key == "bias.kernel") and .verdict != "unknown")' selftest.json
    jq -e '[.figures[] | select(.key | startswith("poisson."))] |
        length == 2 and all(.verdict == "holds")' selftest.json
    [ "$(id -u)" -ne 0 ] || jq -e '.figures[] | select(.key == "bias.kernel") | .measured > 0' selftest.json
    # A latency is never below the truth by more than its histogram's width: nothing answers early.
    jq -e '.figures[] | select(.key == "constant.p50" or .key == "lognormal.p50") |
        .measured >= .truth * 0.999' selftest.json
    # Requests that were due in the freeze are not left out.
    jq -e '.figures[] | select(.key == "freeze.p99") | .measured > 4e8' selftest.json
    "$BATS_TEST_DIRNAME/../schema/validate" --mutate \
        "$BATS_TEST_DIRNAME/../../docs/bench.selftest.1.schema.json" selftest.json
    "$BATS_TEST_DIRNAME/../schema/described" "$BATS_TEST_DIRNAME/../../docs/bench.selftest.1.schema.json"
    nothing_left
}

@test "the table has a row for each figure, and says how many hold" {
    local status=0
    "$BENCH_BUILD/bench" selftest --quick >table 3>&- || status=$?
    [ "$status" -le 1 ]
    [ "$(grep -Ec '^(machine|Poisson|requests|rate|a thread|sent late|latency beyond|gaps|service time|a 50 ms|a 20 ms|lognormal|half-busy)' table)" \
        -eq "$(figures | wc -l)" ]
    grep -Eq '^[0-9]+ of [0-9]+ figures are within their limits$' table
    if [ "$status" -eq 1 ]; then
        grep -q BEYOND table
        grep -q '^meaning' table
    else
        run ! grep -q BEYOND table
    fi
    nothing_left
}

@test "unknown options and words are refused before anything is measured" {
    run -2 "$BENCH_BUILD/bench" selftest --fast
    run -2 "$BENCH_BUILD/bench" selftest quick
    [[ $output == *"'quick' is not an option"* ]]
    run -2 "$BENCH_BUILD/bench" selftest --quick=yes
    nothing_left
}

@test "Ctrl-C ends it, and nothing is left behind" {
    begin selftest --quick
    until_loading
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    grep -q interrupted said
    [ ! -s out ]
    nothing_left
}

@test "when it is killed, its server ends, and the next command removes its folder" {
    begin selftest --quick
    until_loading
    kill -KILL "$BENCH_PID"
    end_bench
    until_processes 0 "$TMPDIR/bench-run"
    "$BENCH_BUILD/bench" doctor >/dev/null 3>&- || true
    is_empty "$TMPDIR"
}

@test "a server that dies is no measurement" {
    begin selftest --quick
    until_loading
    kill -KILL "$(get "$URL/stats?brief=1" | jq .pid)"
    end_bench
    [ "$STATUS" -eq 5 ]
    grep -q 'the delay server is gone' said
    nothing_left
}
