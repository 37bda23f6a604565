#!/usr/bin/env bats
# The strategy threads: what it makes, what that costs, and what happens when there is no more.

load common

@test "every request gets its own threads, and the count is exact" {
    for fanout in 1 3 8; do
        start_target --strategy threads --fanout "$fanout" --work count:1000003
        [ "$(get "$URL/heavy")" = '{"count":1000003}' ]
        [ "$(get "$URL/heavy?n=0")" = '{"count":0}' ]
        [ "$(get "$URL/heavy?n=5")" = '{"count":5}' ]
        [ "$(get "$URL/heavy?n=7999999")" = '{"count":7999999}' ]
        [ "$(get -d '{"n":8}' "$URL/heavy")" = '{"count":8}' ]
        until_stats ".threads | .started == 5 * $fanout and .live == 0"
        until_stats ".threads.peak <= $fanout and .threads.peak >= 1"
        until_stats '.isolate == null'
        stop_target
    done
}

@test "a sleep is not split: it lasts as long as was asked" {
    start_target --strategy threads
    get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?sleep_ms=120" >"$BATS_TEST_TMPDIR/body"
    [ "$(cat "$BATS_TEST_TMPDIR/body")" = '{"slept_ms":120}' ]
    work=$(sed -n 's/^Server-Timing:.*work;dur=\([0-9]*\)\..*/\1/p' "$BATS_TEST_TMPDIR/head")
    [ "$work" -ge 120 ]
    until_stats ".threads.started == 8"
    stop_target
}

@test "requests at once have their threads at once, and /ping is answered meanwhile" {
    start_target --strategy threads --isolate-boot-ms 100
    clients=()
    for i in 1 2 3 4; do
        get "$URL/heavy?n=10001" >"$BATS_TEST_TMPDIR/reply$i" 3>&- &
        clients+=($!)
    done
    until_stats '.requests.heavy.begun == 4'
    [ "$(get "$URL/ping")" = pong ]
    wait "${clients[@]}"
    cat "$BATS_TEST_TMPDIR"/reply? | sort -u | diff - <(echo '{"count":10001}')
    until_stats '.threads | .started == 32 and .live == 0'
    # 32 threads burn 100 ms each on few cores: many wait, and they say how long.
    until_stats '.threads.peak > 8 and .threads.peak <= 32 and .run_wait_ended_s > 0.1'
    stop_target
}

@test "an isolate costs its CPU and its memory, as long as the thread lives" {
    start_target --strategy threads
    get "$URL/heavy?n=8"
    plain=$(stats .usage.rss_peak_bytes)
    stop_target

    # Booting takes much longer than starting, so all 8 are there at once on a busy machine too.
    start_target --strategy threads --isolate v8 --isolate-boot-ms 400
    [ "$(get "$URL/heavy?n=1001")" = '{"count":1001}' ]
    until_stats '.isolate == {boot_ms: 400, memory_bytes: 8703181, model: true}'
    # 8 threads: 3.2 s of CPU and 66.4 MiB.
    until_stats "(.usage.user_s + .usage.system_s) as \$cpu | .usage.rss_peak_bytes - $plain |
        \$cpu >= 3.1 and \$cpu < 6 and . > 8 * 8000000 and . < 8 * 11000000"
    rss=$(awk '/^VmRSS/ { print $2 * 1024 }' "/proc/$TARGET_PID/status")
    [ "$rss" -lt $((plain + 8 * 4000000)) ] # given back
    stop_target
}

@test "a preset's figures can be replaced one by one; plain numbers are ms and MiB" {
    while IFS='|' read -r options want; do
        start_target --strategy threads $options
        until_stats ".isolate == $want"
        stop_target
    done <<'END'
--isolate none|null
--isolate v8 --isolate-boot-ms 0|{boot_ms: 0, memory_bytes: 8703181, model: true}
--isolate v8 --isolate-mib 1|{boot_ms: 50, memory_bytes: 1048576, model: true}
--isolate-mib 512KiB|{boot_ms: 0, memory_bytes: 524288, model: true}
--isolate-boot-ms 2.5|{boot_ms: 2.5, memory_bytes: 0, model: true}
--isolate-boot-ms 1500us|{boot_ms: 1.5, memory_bytes: 0, model: true}
END
}

# A user that has no other process, so that a limit of processes is one of threads of ours.
as_lone_user() {
    [ "$(id -u)" -eq 0 ] || skip "only root can take another user's place"
    local user=$((50000 + BASHPID % 10000))
    echo "setpriv --reuid=$user --clear-groups --inh-caps=-all prlimit --nproc=$1"
}

# The kernel's count of the target's threads, the loop among them: a thread that has ended for the
# strategy still counts against the limit for a moment.
threads_are() {
    [ "$(find "/proc/$TARGET_PID/task" -mindepth 1 -maxdepth 1 | wc -l)" -eq "$1" ]
}

@test "threads that cannot be made: 503, and the server lives on" {
    under=$(as_lone_user 5) || skip "only root can take another user's place"
    UNDER=$under start_target --strategy threads --fanout 4 --isolate-boot-ms 300
    measure_hold
    get "$URL/heavy?sleep_ms=$HOLD" >"$BATS_TEST_TMPDIR/first" 3>&- &
    first=$!
    until_stats '.threads.live == 4'
    # All that the limit allows: the next request gets none.
    get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?n=1" >"$BATS_TEST_TMPDIR/body"
    grep -q '^HTTP/1.1 503 ' "$BATS_TEST_TMPDIR/head"
    grep -q $'^Retry-After: 1\r$' "$BATS_TEST_TMPDIR/head"
    jq -e '.error | test("no thread could be made")' "$BATS_TEST_TMPDIR/body"
    until_stats '[.threads.started, .threads_not_made] == [4,4]'
    [ "$(get "$URL/ping")" = pong ]
    until_stats '.threads.live == 1'
    until_true threads_are 2
    # Three of four: the one of them that has work goes on, though the request has failed.
    [ "$(get -o /dev/null -w '%{http_code}' "$URL/heavy?sleep_ms=600000")" = 503 ]
    until_stats '[.threads.started, .threads_not_made] == [7,5]'
    wait "$first"
    [ "$(cat "$BATS_TEST_TMPDIR/first")" = "{\"slept_ms\":$HOLD}" ]
    until_stats '.threads.live == 1'
    until_stats '.requests.heavy == {"begun":3,"completed":1,"rejected":0,"aborted":0,"failed":2}'
    stop_target # and does not wait for it
}

@test "when the threads of a failed request have ended there is room again" {
    under=$(as_lone_user 5) || skip "only root can take another user's place"
    # Booting keeps what is made alive until the one that fails is tried.
    UNDER=$under start_target --strategy threads --fanout 4 --isolate-boot-ms 300
    measure_hold
    for i in 1 2; do
        # One of the four sleeps on and takes a place that the next request would need.
        get "$URL/heavy?sleep_ms=$HOLD" >"$BATS_TEST_TMPDIR/good" 3>&- &
        good=$!
        until_stats '.threads.live == 1'
        [ "$(get -o /dev/null -w '%{http_code}' "$URL/heavy?n=100")" = 503 ]
        wait "$good"
        [ "$(cat "$BATS_TEST_TMPDIR/good")" = "{\"slept_ms\":$HOLD}" ]
        until_stats '.threads.live == 0'
        until_true threads_are 1
    done
    until_stats '[.requests.heavy.completed, .requests.heavy.failed] == [2,2]'
    stop_target
}

@test "a client that goes away is counted as aborted; its threads end" {
    start_target --strategy threads
    measure_hold
    connect c
    printf 'GET /heavy?sleep_ms=%d HTTP/1.1\r\nHost: localhost\r\n\r\n' "$HOLD" >&"$c"
    until_stats '.requests.heavy.begun == 1'
    exec {c}>&-
    until_stats '.requests.heavy.aborted == 1 and .threads.live == 0'
    [ "$(get "$URL/heavy?n=9")" = '{"count":9}' ]
    stop_target
}

@test "with many clients every request ends in exactly one counter" {
    start_target --strategy threads
    clients=()
    for ((i = 0; i < 8; i++)); do
        get --parallel --parallel-max 10 "$URL/heavy?n=1001&[1-20]" >>"$BATS_TEST_TMPDIR/all" 3>&- &
        clients+=($!)
    done
    wait "${clients[@]}"
    until_stats '.requests.heavy.completed == 160 and .threads.started == 8 * 160'
    stop_target
}

@test "bench run measures it" {
    measure --strategy threads --work count:100001 -c 5 -a 200
    accounted '{"completed":200}'
    result '.server.total.threads_started >= 1600 and .mismatches == 0 and .target.strategy == "threads"'
}
