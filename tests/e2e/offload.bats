#!/usr/bin/env bats
# The strategy offload and bench-compute: what is forwarded, split, lost and recovered.

load common

teardown() {
    kill_leftovers
    [ -z "${STOPPED_PID:-}" ] || kill -CONT "$STOPPED_PID" 2>/dev/null || true
}

# start_compute OPTION...: bench-compute alone; sets COMPUTE_URL and COMPUTE_PID.
start_compute() {
    local out line
    exec {out}< <(exec "$BENCH_BUILD/bench-compute" --with-parent "$@" 3>&-)
    COMPUTE_PID=$!
    read -r -t "$PATIENCE" line <&"$out"
    COMPUTE_URL=http://127.0.0.1:$(jq .port <<<"$line")
}

compute_pid() {
    stats .compute.pid
}

@test "the reply is the service's, exact, with its times" {
    start_target --strategy offload --work count:3k --compute-threads 3
    [ "$(get "$URL/heavy")" = '{"count":3000}' ]
    for n in 0 1 2 5 7999999; do
        [ "$(get "$URL/heavy?n=$n")" = "{\"count\":$n}" ]
    done
    [ "$(get "$URL/heavy?sleep_ms=1.5")" = '{"slept_ms":1.5}' ]
    [ "$(get -d '{"sleep_ms":2}' "$URL/heavy")" = '{"slept_ms":2}' ]
    get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?n=20000000" >"$BATS_TEST_TMPDIR/body"
    printf '{"count":20000000}\n' | cmp - "$BATS_TEST_TMPDIR/body"
    grep -Eq $'^Server-Timing: wait;dur=[0-9]+\\.[0-9]{3},work;dur=[1-9][0-9]*\\.[0-9]{3}\r$' \
        "$BATS_TEST_TMPDIR/head"
    until_stats '.requests.heavy == {"begun":9,"completed":9,"rejected":0,"aborted":0,"failed":0}'
    grep -q bench-compute "/proc/$(compute_pid)/comm"
    pid=$(compute_pid)
    stop_target
    until_gone "$pid"
}

@test "bench-compute is a server of its own, which splits one request" {
    start_compute --compute-threads 3 --work count:1000
    URL=$COMPUTE_URL
    [ "$(get "$URL/ping")" = pong ]
    [ "$(get "$URL/healthz")" = ok ]
    [ "$(get "$URL/heavy")" = '{"count":1000}' ]
    [ "$(get "$URL/heavy?n=2")" = '{"count":2}' ]
    [ "$(get -d '{"n":20000001}' "$URL/heavy")" = '{"count":20000001}' ]
    [ "$(get "$URL/heavy?sleep_ms=3")" = '{"slept_ms":3}' ]
    until_stats '[.strategy, .threads] == ["compute",{"live":3,"started":3,"peak":3}]'
    kill -TERM "$COMPUTE_PID"
    wait "$COMPUTE_PID"
    run -0 "$BENCH_BUILD/bench-compute" --help
    [[ $output == *--compute-threads* && $output != *--strategy* && $output != *--pool-size* ]]
}

@test "connections are kept, never more than --offload-connections" {
    start_compute
    start_target --strategy offload --compute-url "$COMPUTE_URL" --offload-connections 4
    get "$URL/heavy?n=1"
    clients=()
    for ((i = 0; i < 4; i++)); do
        get --parallel --parallel-max 10 "$URL/heavy?n=1001&[1-40]" >>"$BATS_TEST_TMPDIR/all" 3>&- &
        clients+=($!)
    done
    wait "${clients[@]}"
    [ "$(sort -u "$BATS_TEST_TMPDIR/all")" = '{"count":1001}' ]
    until_stats '[.requests.heavy.completed, .compute.pid] == [161,null]'
    # The gateway's, and the one that asks here.
    get "$COMPUTE_URL/stats?brief=1" |
        jq -e '.connections.accepted <= 4 + 1 and .requests.heavy.completed == 161'
    stop_target
}

@test "more requests than connections wait here; past --max-queue 503" {
    start_target --strategy offload --offload-connections 1 --max-queue 1 --offload-timeout 60
    measure_hold
    get "$URL/heavy?sleep_ms=$HOLD" >"$BATS_TEST_TMPDIR/first" 3>&- &
    first=$!
    until_stats '.requests.heavy.begun == 1'
    get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?n=3" >"$BATS_TEST_TMPDIR/second" 3>&- &
    second=$!
    until_stats '.queue_depth == 1'
    [ "$(get -o /dev/null -w '%{http_code}' "$URL/heavy?n=4")" = 503 ]
    wait "$first" "$second"
    [ "$(cat "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second")" = "{\"slept_ms\":$HOLD}"$'\n{"count":3}' ]
    wait_ms=$(sed -n 's/^Server-Timing: wait;dur=\([0-9]*\)\..*/\1/p' "$BATS_TEST_TMPDIR/head")
    [ "$wait_ms" -ge 100 ] # the wait in the gateway's own queue is told
    stop_target
}

@test "a service without room is 503 with Retry-After" {
    start_compute --compute-threads 1 --max-queue 1
    start_target --strategy offload --compute-url "$COMPUTE_URL/heavy" --offload-timeout 60
    measure_hold
    for i in 1 2; do
        get "$URL/heavy?sleep_ms=$HOLD" >/dev/null 3>&- &
        until_stats ".requests.heavy.begun == $i"
    done
    URL=$COMPUTE_URL until_stats '.queue_depth == 1'
    get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?n=1" | jq -e '.error | test("no room")'
    grep -q '^HTTP/1.1 503 ' "$BATS_TEST_TMPDIR/head"
    grep -q $'^Retry-After: 1\r$' "$BATS_TEST_TMPDIR/head"
    wait %1 %2
    until_stats '[.requests.heavy.completed, .requests.heavy.rejected] == [2,1]'
    stop_target
}

@test "what a service does wrong is 502, or 504 when it does nothing" {
    start_faulty
    faulty=$URL
    while read -r path want; do
        # Only those that do nothing are waited for to the end.
        patience=$PATIENCE
        [ "$want" != 504 ] || patience=300ms
        start_target --strategy offload --compute-url "$faulty$path" --offload-timeout "$patience"
        for i in 1 2; do
            run -0 get -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$URL/heavy?n=10"
            [ "$path $output" = "$path $want" ]
            jq -e '.error | test("compute service")' "$BATS_TEST_TMPDIR/body"
        done
        if [ "$want" = 503 ]; then
            until_stats '.requests.heavy.rejected == 2'
        else
            until_stats '.requests.heavy.failed == 2'
        fi
        stop_target
    done <<'END'
/ok 502
/wrong-body 502
/204 502
/500 502
/503 503
/reset 502
/eof 502
/truncate 502
/garbage 502
/badchunk 502
/stall 504
/stall-body 504
/no-reply-forever 504
END
}

@test "who waits for a connection to a silent service waits no longer than the others" {
    start_faulty
    start_target --strategy offload --compute-url "$URL/stall" --offload-timeout 400ms \
        --offload-connections 1
    clients=()
    for i in 1 2 3; do
        get -w ' %{http_code}\n' "$URL/heavy?n=10" >>"$BATS_TEST_TMPDIR/said" 3>&- &
        clients+=($!)
    done
    wait "${clients[@]}"
    [ "$(grep -c ' 504$' "$BATS_TEST_TMPDIR/said")" -eq 3 ]
    stop_target
}

@test "nobody at --compute-url: 502, until there is somebody" {
    start_compute
    port=${COMPUTE_URL##*:}
    kill -TERM "$COMPUTE_PID"
    wait "$COMPUTE_PID"
    http_proxy=http://127.0.0.1:9/ start_target --strategy offload --compute-url "$COMPUTE_URL"
    [ "$(get -o /dev/null -w '%{http_code}' "$URL/heavy?n=1")" = 502 ]
    start_compute --port "$port"
    [ "$(get "$URL/heavy?n=11")" = '{"count":11}' ]
    until_stats '[.requests.heavy.completed, .requests.heavy.failed] == [1,1]'
    stop_target
}

@test "a killed service: 502s while it is away, then it is back" {
    start_target --strategy offload --compute-threads 2 --offload-timeout "$PATIENCE"
    first=$(compute_pid)
    # One request is with the service for certain when it is killed, whatever the others do.
    get -o /dev/null -w '%{http_code}\n' "$URL/heavy?sleep_ms=${PATIENCE}000" >"$BATS_TEST_TMPDIR/held" 3>&- &
    held=$!
    until_stats '.requests.heavy.begun == 1'
    clients=()
    for i in 1 2 3 4; do
        until [ -e "$BATS_TEST_TMPDIR/enough" ]; do
            get --parallel --parallel-max 5 -o /dev/null -w '%{http_code}\n' "$URL/heavy?n=5000000&[1-20]"
        done >>"$BATS_TEST_TMPDIR/codes" 3>&- &
        clients+=($!)
    done
    until_stats '.requests.heavy.completed > 20'
    kill -KILL "$first"
    wait "$held"
    until_stats '.compute.up and .compute.restarts == 1'
    touch "$BATS_TEST_TMPDIR/enough"
    wait "${clients[@]}"
    [ "$(cat "$BATS_TEST_TMPDIR/held")" = 502 ]
    cat "$BATS_TEST_TMPDIR/held" >>"$BATS_TEST_TMPDIR/codes"
    [ -z "$(grep -vx -e 200 -e 502 "$BATS_TEST_TMPDIR/codes")" ]
    until_stats ".requests.heavy | .begun == $(wc -l <"$BATS_TEST_TMPDIR/codes") and
        .completed == $(grep -c 200 "$BATS_TEST_TMPDIR/codes") and .failed == $(grep -c 502 "$BATS_TEST_TMPDIR/codes")"
    [ "$(compute_pid)" -ne "$first" ]
    [ "$(get "$URL/heavy?n=12")" = '{"count":12}' ]
    kill -TERM "$TARGET_PID"
    wait_target
    [ "$STATUS" -eq 0 ]
    [ "$(wc -l <"$BATS_TEST_TMPDIR/stderr")" -eq 1 ]
    grep -q 'compute service ended by itself (signal 9 (Killed)); it is started again in 100 ms' \
        "$BATS_TEST_TMPDIR/stderr"
}

@test "a service that hangs is 504; nothing is lost when it goes on" {
    start_target --strategy offload --offload-timeout 2
    STOPPED_PID=$(compute_pid)
    kill -STOP "$STOPPED_PID"
    local began=$SECONDS
    [ "$(get -o /dev/null -w '%{http_code}' "$URL/heavy?n=1")" = 504 ]
    [ "$((SECONDS - began))" -lt 25 ]
    kill -CONT "$STOPPED_PID"
    [ "$(get "$URL/heavy?n=13")" = '{"count":13}' ]
    stop_target
}

@test "no bench-compute outlives a killed bench-target" {
    start_target --strategy offload
    pid=$(compute_pid)
    kill -KILL "$TARGET_PID"
    until_gone "$pid"
}

@test "a stop answers what runs and turns away what waits, here and in the service" {
    start_target --strategy offload --compute-threads 1 --offload-connections 2 --grace 60 --offload-timeout 60
    measure_hold
    pid=$(compute_pid)
    get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?sleep_ms=$HOLD" >"$BATS_TEST_TMPDIR/running" 3>&- &
    running=$!
    until_stats '.requests.heavy.begun == 1'
    get "$URL/heavy?n=1" >"$BATS_TEST_TMPDIR/there" 3>&- &
    there=$!
    until_stats '.requests.heavy.begun == 2'
    get "$URL/heavy?n=2" >"$BATS_TEST_TMPDIR/here" 3>&- &
    here=$!
    until_stats '.queue_depth == 1'
    kill -TERM "$TARGET_PID"
    wait "$running" "$there" "$here"
    end_target
    until_gone "$pid"
    [ "$(cat "$BATS_TEST_TMPDIR/running")" = "{\"slept_ms\":$HOLD}" ]
    grep -q $'^Connection: close\r$' "$BATS_TEST_TMPDIR/head"
    for waiting in there here; do
        jq -e '.error == "the server is stopping"' "$BATS_TEST_TMPDIR/$waiting"
    done
}

@test "a second signal ends both programs at once" {
    for url in "" /stall; do
        start_faulty
        start_target --strategy offload --grace 600 ${url:+--compute-url "$URL$url"}
        pid=$(compute_pid)
        connect c
        printf 'GET /heavy?sleep_ms=500000 HTTP/1.1\r\nHost: localhost\r\n\r\n' >&"$c"
        until_stats '.requests.heavy.begun == 1'
        kill -TERM "$TARGET_PID"
        kill -INT "$TARGET_PID"
        wait_target
        [ "$STATUS" -eq 130 ]
        [ "$pid" = null ] || until_gone "$pid"
        exec {c}>&-
        end_faulty
    done
}

@test "a client that goes away is counted as aborted" {
    start_target --strategy offload
    measure_hold
    connect c
    printf 'GET /heavy?sleep_ms=%d HTTP/1.1\r\nHost: localhost\r\n\r\n' "$HOLD" >&"$c"
    until_stats '.requests.heavy.begun == 1'
    exec {c}>&-
    until_stats '.requests.heavy.aborted == 1'
    [ "$(get "$URL/heavy?n=9")" = '{"count":9}' ]
    stop_target
}

@test "what cannot start says why in one sentence and exits 2" {
    cp "$BENCH_BUILD/bench-target" "$BATS_TEST_TMPDIR/"
    run -2 --separate-stderr "$BATS_TEST_TMPDIR/bench-target" --strategy offload
    grep -q 'cannot find bench-compute' <<<"$stderr"
    printf '#!/bin/sh\necho "no licence" >&2\nexit 3\n' >"$BATS_TEST_TMPDIR/bench-compute"
    chmod +x "$BATS_TEST_TMPDIR/bench-compute"
    run -2 --separate-stderr "$BATS_TEST_TMPDIR/bench-target" --strategy offload
    grep -q 'the compute service did not start (exit 3): no licence' <<<"$stderr"
    for url in ftp://127.0.0.1/ 127.0.0.1:80 http://; do
        run -2 --separate-stderr "$BENCH_BUILD/bench-target" --strategy offload --compute-url "$url"
        grep -q -- '--compute-url' <<<"$stderr"
    done
    run -2 --separate-stderr "$BENCH_BUILD/bench-target" --strategy offload --compute-program mine
    [[ $stderr == *"--compute-program: 'mine' is not a path; try ./mine"* ]]
    run -2 --separate-stderr "$BENCH_BUILD/bench-target" --strategy offload --compute-program ./mine \
        --compute-url http://127.0.0.1:9/
    [[ $stderr == *"--compute-url and --compute-program name two services; give one"* ]]
    run -2 --separate-stderr "$BENCH_BUILD/bench-target" --strategy offload --compute-program ./mine
    [[ $stderr == *"./mine"* ]]
    [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "another program is started as the service, with the options of bench-compute" {
    printf '#!/bin/sh\necho "$@" >"$0.given"\nexec "%s" "$@"\n' "$BENCH_BUILD/bench-compute" >"$BATS_TEST_TMPDIR/mine"
    chmod +x "$BATS_TEST_TMPDIR/mine"
    start_target --strategy offload --compute-program "$BATS_TEST_TMPDIR/mine" --compute-threads 2 --grace 3
    [ "$(get "$URL/heavy?n=5")" = '{"count":5}' ]
    until_stats '.compute.up'
    grep -q -e '--grace 3' "$BATS_TEST_TMPDIR/mine.given"
    stop_target
}

@test "bench run measures both processes" {
    measure --strategy offload --work count:100001 -c 5 -a 200
    accounted '{"completed":200}'
    result '.mismatches == 0 and ([.server.processes[].role] | sort) == ["compute", "target"]'
}
