#!/usr/bin/env bats
# What a result says of bench itself: its threads, and how it kept to the times of an open loop.

load common

setup() {
    own_folder
    RESULT=result.json
    start_faulty
}

teardown() {
    kill -TERM "$FAULTY_PID" || true
}

bench() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" "$@" 3>&-
}

@test "each load thread has its CPU and its wait, and the sum of waits is that of the run" {
    bench run "$URL/ok" -c 4 -w 2 -d 300ms -o "$RESULT"
    result '.client.threads | length == 2 and all(.[]; .cpu_s >= 0 and .cpu_s < 60)'
    result '.client | .run_wait_s == null or (([.threads[].run_wait_s] | add) - .run_wait_s | fabs < 1e-6)'
}

@test "a closed loop has no request that was due" {
    bench run "$URL/ok" -c 2 -a 100 -o "$RESULT"
    result '.accounting | .due == null and .unsent == null and .held == null'
    result '.client | .late == false and .spin_s == null'
    result '.histograms | .service == null and .slip == null and .lag == null and .unsent == null'
    result 'all(.series[]; .due == null and .late == null)'
}

@test "an open loop accounts for all that was due, and for each delay" {
    bench run "$URL/ok" -R 200 -d 500ms -o "$RESULT"
    result '.accounting | .due == 100 and .due == .sent + .unsent and .held <= .due'
    result '.histograms.slip.count == .accounting.sent'
    result '.histograms.lag.count == .accounting.due'
    result '.histograms.service.count == .accounting.completed'
    result '.histograms.unsent.count == .accounting.unsent'
    result '.client.spin_s >= 0'
}

@test "what never had a connection is unsent, and the gates know it" {
    run -1 bench run "$URL/stall" -R 200 -c 2 --max-connections 2 -d 500ms -o "$RESULT" \
        --fail 'unsent>50%' --warn 'achieved<50%' --fail 'slip.p50>1ms'
    [[ $output == *"FAIL  unsent "*"FAIL  slip.p50 "*"WARN  achieved "* ]]
    result '.accounting | .due == 100 and .sent == 2 and .unsent == 98 and .held > 10'
    result '.warnings | any(.code == "unsent" and (.remedy | contains("--max-connections")))'
}
