#!/usr/bin/env bats
# The published Node programs, rebuilt: each alone does what it is there to show, answers with the
# bytes of our own targets, and counts what it did.

load common
load originals
load rust

setup_file() {
    install_originals
}

QUERIES=('' n=1 n=7 n=2500000 sleep_ms=1.5 sleep_ms=2)

@test "the ready line, and the bytes of bench-target, for every way to ask" {
    start_target --work count:3k
    for query in "${QUERIES[@]}"; do
        get "$URL/heavy?$query"
    done >"$BATS_TEST_TMPDIR/ours"
    stop_target
    for name in express-inline express-threads express-piscina express-compute; do
        start_named "$name" --work count:3000
        jq -e --arg name "$name" '. == {ready: true, port, pid, strategy: $name}' <<<"$READY"
        [ "$PID" -eq "$TARGET_PID" ]
        for query in "${QUERIES[@]}"; do
            get "$URL/heavy?$query"
        done | cmp - "$BATS_TEST_TMPDIR/ours"
        get -D "$BATS_TEST_TMPDIR/head" -o /dev/null "$URL/heavy?sleep_ms=30"
        grep -Eq $'^Server-Timing: wait;dur=[0-9]+\\.[0-9]{3},work;dur=[0-9]+\\.[0-9]{3}\r$' \
            "$BATS_TEST_TMPDIR/head"
        work=$(sed -n 's/^Server-Timing:.*work;dur=\([0-9]*\)\..*/\1/p' "$BATS_TEST_TMPDIR/head")
        [ "$work" -ge 30 ]
        grep -q '^Content-Type: application/json' "$BATS_TEST_TMPDIR/head"
        until_stats '.requests.heavy == {"begun":7,"completed":7,"rejected":0,"aborted":0,"failed":0}'
        histogram work '.count == 7 and .max_ns >= 30e6'
        histogram wait '.count == 7 and .min_ns >= 0'
        until_stats '[.usage[] | . > 0] == [true, true, true, true, true]'
        until_stats '.connections | .open >= 1 and .accepted > .open'
        end_original
    done
}

@test "--work sleep is the default work as well" {
    for name in express-inline express-threads express-piscina express-compute; do
        start_named "$name" --work sleep:40000000
        [ "$(get "$URL/heavy")" = '{"slept_ms":40}' ]
        [ "$(get "$URL/heavy?n=5")" = '{"count":5}' ]
        histogram work '.max_ns >= 40e6'
        end_original
    done
}

@test "what is no work is 400 with a reason, what is no path 404; neither counts as begun" {
    for name in express-inline express-threads express-piscina express-compute express-bullmq; do
        start_named "$name"
        for query in n=abc n= n=0 n=-1 n=1.5 n=1e3 n=10000000001 n=1\&n=2 n=1\&sleep_ms=1 \
            sleep_ms=x sleep_ms=0 sleep_ms=-1 sleep_ms=3600001; do
            run -0 get -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$URL/heavy?$query"
            [ "$query $output" = "$query 400" ]
            jq -e '.error | length > 0' "$BATS_TEST_TMPDIR/body"
        done
        [ "$(get -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$URL/nope")" = 404 ]
        jq -e '.error | length > 0' "$BATS_TEST_TMPDIR/body"
        [ "$(get "$URL/ping")" = pong ]
        [ "$(get "$URL/healthz")" = ok ]
        until_stats '[.requests.heavy.begun, .requests.ping, .requests.other] == [0,1,16]'
        end_original
    done
}

@test "options that are none: one sentence and exit 2" {
    while IFS='|' read -r options want; do
        run -2 --separate-stderr env -u REDIS_URL node "$FOLDER/"$options
        [ -z "$output" ]
        [ "${#stderr_lines[@]}" -eq 1 ]
        grep -qF -- "$want" <<<"$stderr"
    done <<END
express-inline.js --work 5|'5' is not valid work
express-inline.js --work count:0|n must be a whole number from 1
express-inline.js --threads 8|--threads
express-piscina.js --threads x|--threads: 'x' is not a number
express-compute.js --compute /nowhere/bench-compute|--compute: spawn /nowhere/bench-compute
express-compute.js --compute /bin/false|--compute: it ended before it was ready
express-bullmq.js|REDIS_URL is not set
END
}

@test "the count is counted: V8 does not fold it" {
    start_original express-inline
    get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?n=1000000000" | grep -qxF '{"count":1000000000}'
    # 10 counts a nanosecond are beyond any core.
    work=$(sed -n 's/^Server-Timing:.*work;dur=\([0-9]*\)\..*/\1/p' "$BATS_TEST_TMPDIR/head")
    [ "$work" -ge 100 ]
    end_original
}

@test "inline: one request blocks every other path, and SIGTERM ends it meanwhile" {
    start_original express-inline
    measure_hold
    connect c
    printf 'GET /heavy?sleep_ms=%d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' "$((1500 + HOLD))" >&"$c"
    until_blocked
    drain "$c" | grep -q "\"slept_ms\":$((1500 + HOLD))"
    [ "$(get "$URL/ping")" = pong ]
    connect c
    printf 'GET /heavy?sleep_ms=500000 HTTP/1.1\r\nHost: x\r\n\r\n' >&"$c"
    until_blocked
    end_original
}

@test "threads: 8 of them for every request, which end with it; /ping is answered" {
    start_original express-threads
    measure_hold
    clients=()
    for i in 1 2 3; do
        in_background "reply$i" "/heavy?sleep_ms=$HOLD"
        clients+=("$CLIENT")
    done
    until_stats '.requests.heavy.begun == 3'
    [ "$(get "$URL/ping")" = pong ]
    wait "${clients[@]}"
    cat "$BATS_TEST_TMPDIR"/reply? | sort -u | diff - <(echo "{\"slept_ms\":$HOLD}")
    until_stats '.threads | .started == 24 and .live == 0 and .peak >= 8 and .peak <= 24'
    stats .run_wait_ended_s | grep -qx null # not measured, which is not 0
    end_original

    start_original express-threads --threads 3
    [ "$(get "$URL/heavy?n=1000001")" = '{"count":1000001}' ]
    until_stats '.threads | .started == 3 and .live == 0 and .peak <= 3'
    end_original
}

@test "threads: those that cannot be made are 503, and the program lives on" {
    [ "$(id -u)" -eq 0 ] || skip "only root can take another user's place"
    # A user that has no other process: Node takes some 8 threads for itself.
    UNDER="setpriv --reuid=$((50000 + BASHPID % 10000)) --clear-groups --inh-caps=-all
        prlimit --nproc=12" start_original express-threads
    for i in 1 2; do
        get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?n=8" |
            jq -e '.error | test("a thread failed: EAGAIN")'
        grep -q '^HTTP/1.1 503 ' "$BATS_TEST_TMPDIR/head"
        grep -q $'^Retry-After: 1\r$' "$BATS_TEST_TMPDIR/head"
        [ "$(get "$URL/ping")" = pong ]
        until_stats '.threads.live == 0'
    done
    until_stats '.requests.heavy == {"begun":2,"completed":0,"rejected":0,"aborted":0,"failed":2}'
    until_stats '.threads.started < 16'
    end_original
}

@test "piscina: 8 run and the others wait in line; /ping is answered" {
    start_original express-piscina
    measure_hold
    get --parallel --parallel-immediate --parallel-max 20 "$URL/heavy?sleep_ms=$HOLD&[1-20]" \
        >"$BATS_TEST_TMPDIR/replies" 3>&- &
    client=$!
    until_stats '.requests.heavy.begun == 20 and .queue_depth == 12'
    [ "$(get "$URL/ping")" = pong ]
    wait "$client"
    sort "$BATS_TEST_TMPDIR/replies" | uniq -c | grep -qx " *20 {\"slept_ms\":$HOLD}"
    until_stats '[.threads, .queue_depth] == [{"live":8,"started":8,"peak":8},0]'
    # All came in the first round of the pool, and the last of them ran in the third.
    histogram wait ".max_ns > ${HOLD}e6"
    end_original

    start_original express-piscina --threads 2
    until_stats '.threads == {"live":2,"started":2,"peak":2}'
    end_original
}

@test "a client that goes away is counted as aborted" {
    start_original express-piscina --threads 1
    measure_hold
    connect c
    printf 'GET /heavy?sleep_ms=%d HTTP/1.1\r\nHost: x\r\n\r\n' "$HOLD" >&"$c"
    until_stats '.requests.heavy.begun == 1'
    exec {c}>&-
    until_stats '.requests.heavy == {begun: 1, completed: 0, rejected: 0, aborted: 1, failed: 0}'
    [ "$(get "$URL/heavy?n=9")" = '{"count":9}' ]
    end_original
}

@test "compute: a process of its own works; without it 502" {
    start_named express-compute
    service=$(stats .compute.pid)
    [ "$(cat "/proc/$service/comm")" = bench-compute ]
    measure_hold
    in_background reply "/heavy?sleep_ms=$HOLD"
    until_stats '.requests.heavy.begun == 1'
    [ "$(get "$URL/ping")" = pong ]
    kill -KILL "$service"
    wait "$CLIENT"
    jq -e '.error | test("^the compute service: ")' "$BATS_TEST_TMPDIR/reply"
    until_stats '.compute.up == false'
    [ "$(get -o /dev/null -w '%{http_code}' "$URL/heavy?n=5")" = 502 ]
    [ "$(get "$URL/ping")" = pong ]
    until_stats '.requests.heavy == {"begun":2,"completed":0,"rejected":0,"aborted":0,"failed":2}'
    end_original
}

@test "compute: the service in Rust does the same, and ends with the gateway" {
    [ -x "$RUST" ] || skip "the Rust service is not built yet (rust_service.bats builds it)"
    start_target --work count:3k
    for query in "${QUERIES[@]}"; do
        get "$URL/heavy?$query"
    done >"$BATS_TEST_TMPDIR/ours"
    stop_target
    start_original express-compute --compute "$RUST" --work count:3000
    for query in "${QUERIES[@]}"; do
        get "$URL/heavy?$query"
    done | cmp - "$BATS_TEST_TMPDIR/ours"
    get "$URL/heavy?sleep_ms=30" >"$BATS_TEST_TMPDIR/slept"
    histogram work '.count == 7 and .max_ns >= 30e6'
    service=$(stats .compute.pid)
    [ "$(cat "/proc/$service/comm")" = rust-compute ]
    kill -KILL "$PID"
    until_gone "$service"
}

@test "compute: the service does not outlive a killed gateway" {
    start_named express-compute
    service=$(stats .compute.pid)
    kill -KILL "$PID"
    until_gone "$service"
}
