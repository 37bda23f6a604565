#!/usr/bin/env bats
# bench-target alone: its HTTP, its limits, its stop; what all strategies have in common.

load common

@test "the ready line is JSON and tells where and who" {
    start_target --strategy inline
    jq -e '.ready == true and .host == "127.0.0.1" and .strategy == "inline"' <<<"$READY"
    [ "$(jq .pid <<<"$READY")" -eq "$TARGET_PID" ]
    [ "$(get "$URL/ping")" = pong ]
    stop_target
}

@test "a heavy reply is exact, for every strategy and way to ask" {
    for strategy in inline threads pool offload; do
        start_target --strategy "$strategy" --work count:3k
        [ "$(get "$URL/heavy")" = '{"count":3000}' ]
        [ "$(get "$URL/heavy?n=2500000")" = '{"count":2500000}' ]
        [ "$(get "$URL/heavy?sleep_ms=1.5")" = '{"slept_ms":1.5}' ]
        [ "$(get -d '{"n":7}' "$URL/heavy")" = '{"count":7}' ]
        [ "$(get -d '{"sleep_ms":2}' "$URL/heavy")" = '{"slept_ms":2}' ]
        [ "$(get -H 'Transfer-Encoding: chunked' -d '{"n":8}' "$URL/heavy")" = '{"count":8}' ]
        get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?n=20000000" >"$BATS_TEST_TMPDIR/body"
        printf '{"count":20000000}\n' | cmp - "$BATS_TEST_TMPDIR/body"
        grep -q $'^Content-Type: application/json\r$' "$BATS_TEST_TMPDIR/head"
        grep -q $'^Content-Length: 19\r$' "$BATS_TEST_TMPDIR/head"
        grep -Eq $'^Server-Timing: wait;dur=[0-9]+\\.[0-9]{3},work;dur=[0-9]+\\.[0-9]{3}\r$' \
            "$BATS_TEST_TMPDIR/head"
        until_stats '.requests.heavy == {"begun":7,"completed":7,"rejected":0,"aborted":0,"failed":0}'
        stop_target
    done
}

@test "bad requests get their status and a reason" {
    start_target --max-work count:30M
    while read -r want method path; do
        run -0 get -X "$method" -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$URL$path"
        [ "$output" = "$want" ]
        jq -e '.error | length > 0' "$BATS_TEST_TMPDIR/body"
    done <<'END'
400 GET /heavy?n=abc
400 GET /heavy?n=30000001
400 GET /heavy?n=1&sleep_ms=1
400 POST /heavy?sleep_ms=x
404 GET /
404 POST /heavy/
405 PUT /heavy
405 POST /ping
405 DELETE /stats
END
    run -0 get -d '{"n":' -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$URL/heavy"
    [ "$output" = 400 ]
    jq -e '.error | test("not JSON")' "$BATS_TEST_TMPDIR/body"
    get -X PUT -D - "$URL/heavy" | grep -q $'^Allow: GET, HEAD, POST\r$'
    get -X PUT -D - "$URL/ping" | grep -q $'^Allow: GET, HEAD\r$'
    until_stats '[.requests.heavy.begun, .requests.ping, .requests.other] == [0,0,13]' # with this one
    stop_target
}

@test "bytes that are not HTTP are answered 400 and end the connection" {
    start_target
    connect c
    printf 'hello there\r\n\r\n' >&"$c"
    drain "$c" | head -1 | grep -q '^HTTP/1.1 400 '
    stop_target
}

@test "HEAD has the head of GET and no body" {
    start_target
    connect c
    printf 'HEAD /heavy?n=5 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&"$c"
    drain "$c" | tr -d '\r' | sed '/^Server-Timing/d; /^Date/d' >"$BATS_TEST_TMPDIR/got"
    diff - "$BATS_TEST_TMPDIR/got" <<'END'
HTTP/1.1 200 OK
Content-Type: application/json
Content-Length: 12

HTTP/1.1 200 OK
Content-Type: text/plain
Content-Length: 5
Connection: close

pong
END
    stop_target
}

@test "pipelined requests are answered in their order, the quick behind the slow" {
    start_target --strategy pool --pool-size 2
    connect c
    printf 'GET /heavy?sleep_ms=40 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /heavy?n=1 HTTP/1.1\r\nHost: localhost\r\n\r\n%s' \
        $'GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&"$c"
    drain "$c" | tr -d '\r' | grep -E '^(\{|pong)' >"$BATS_TEST_TMPDIR/got"
    printf '{"slept_ms":40}\n{"count":1}\npong\n' | diff - "$BATS_TEST_TMPDIR/got"
    stop_target
}

@test "more pipelined requests than one connection may be owed are all answered" {
    start_target --strategy pool
    connect c
    for ((i = 0; i < 300; i++)); do
        printf 'GET /heavy?n=%d HTTP/1.1\r\nHost: localhost\r\n\r\n' "$i"
    done >"$BATS_TEST_TMPDIR/requests"
    printf 'GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >>"$BATS_TEST_TMPDIR/requests"
    cat "$BATS_TEST_TMPDIR/requests" >&"$c"
    drain "$c" | sed -n 's/^{"count":\(.*\)}$/\1/p' | cmp - <(seq 0 299)
    until_stats ".requests.heavy.completed == 300"
    stop_target
}

@test "a request that comes byte by byte is understood" {
    start_target
    connect c
    request=$'POST /heavy HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 7\r\n'
    request+=$'Connection: close\r\n\r\n{"n":9}'
    for ((i = 0; i < ${#request}; i++)); do
        printf %s "${request:i:1}" >&"$c"
    done
    drain "$c" >"$BATS_TEST_TMPDIR/got"
    head -1 "$BATS_TEST_TMPDIR/got" | grep -q '^HTTP/1.1 100 '
    [ "$(tail -1 "$BATS_TEST_TMPDIR/got")" = '{"count":9}' ]
    stop_target
}

@test "HTTP/1.0 connections close unless asked to stay" {
    start_target
    connect c
    printf 'GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /ping HTTP/1.0\r\n\r\n' >&"$c"
    drain "$c" | tr -d '\r' | grep -E '^(Connection|pong)' >"$BATS_TEST_TMPDIR/got"
    printf 'Connection: keep-alive\npong\nConnection: close\npong\n' |
        diff - "$BATS_TEST_TMPDIR/got"
    stop_target
}

@test "limits: 431 for the header, 413 for the body, known length or not" {
    start_target --max-header 512 --max-body 64
    long=$(printf 'x%.0s' {1..600})
    [ "$(get -o /dev/null -w '%{http_code}' -H "X: ${long:0:300}" "$URL/ping")" = 200 ]
    [ "$(get -o /dev/null -w '%{http_code}' -H "X: $long" "$URL/ping")" = 431 ]
    [ "$(get -o /dev/null -w '%{http_code}' "$URL/ping?$long")" = 431 ]
    [ "$(get -o /dev/null -w '%{http_code}' -d "{\"x\":\"${long:0:50}\"}" "$URL/heavy?n=1")" = 200 ]
    [ "$(get -o /dev/null -w '%{http_code}' -d "{\"x\":\"$long\"}" "$URL/heavy")" = 413 ]
    [ "$(get -o /dev/null -w '%{http_code}' -H 'Transfer-Encoding: chunked' \
        -d "{\"x\":\"$long\"}" "$URL/heavy")" = 413 ]
    get -d "{\"x\":\"$long\"}" "$URL/heavy" | jq -e '.error | test("--max-body")'
    get "$URL/ping?$long" | jq -e '.error | test("--max-header")'
    stop_target
}

@test "a full queue is answered 503 with Retry-After, at once" {
    start_target --strategy pool --pool-size 1 --max-queue 1
    measure_hold
    get "$URL/heavy?sleep_ms=$HOLD" >"$BATS_TEST_TMPDIR/first" 3>&- &
    first=$!
    until_stats '.requests.heavy.begun == 1'
    get "$URL/heavy?n=1" >"$BATS_TEST_TMPDIR/second" 3>&- &
    second=$!
    until_stats '.queue_depth == 1'
    get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?n=2" | jq -e '.error == "the queue is full"'
    grep -q '^HTTP/1.1 503 ' "$BATS_TEST_TMPDIR/head"
    grep -q $'^Retry-After: 1\r$' "$BATS_TEST_TMPDIR/head"
    [ "$(get "$URL/ping")" = pong ]
    wait "$first" "$second"
    [ "$(cat "$BATS_TEST_TMPDIR/first")" = "{\"slept_ms\":$HOLD}" ]
    [ "$(cat "$BATS_TEST_TMPDIR/second")" = '{"count":1}' ]
    until_stats '.requests.heavy == {"begun":3,"completed":2,"rejected":1,"aborted":0,"failed":0}'
    until_stats '.threads == {"live":1,"started":1,"peak":1}'
    stop_target
}

@test "clients that go away, running or queued, are counted as aborted; their work is done" {
    start_target --strategy pool --pool-size 1
    measure_hold
    connect running
    printf 'GET /heavy?sleep_ms=%d HTTP/1.1\r\nHost: localhost\r\n\r\nGET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n' \
        "$HOLD" >&"$running"
    until_stats '.requests.heavy.begun == 1'
    connect queued
    printf 'GET /heavy?n=1 HTTP/1.1\r\nHost: localhost\r\n\r\n' >&"$queued"
    until_stats '.queue_depth == 1'
    exec {running}>&- {queued}>&-
    until_stats '.requests.heavy == {begun: 2, completed: 0, rejected: 0, aborted: 2, failed: 0}'
    until_stats '.connections.open == 1'
    stop_target
}

@test "with many clients every request ends in exactly one counter" {
    start_target --strategy pool --pool-size 2 --max-queue 4
    clients=()
    for ((i = 0; i < 8; i++)); do
        get --parallel --parallel-max 10 "$URL/heavy?n=1000&[1-20]" >/dev/null 3>&- &
        clients+=($!)
    done
    wait "${clients[@]}"
    until_stats '.requests.heavy | .begun == 160 and .begun == .completed + .rejected'
    get "$URL/stats" | jq -e '.histograms | (.wait | length > 20) and (.work | length > 20)'
    stop_target
}

@test "inline: one request blocks every other path" {
    start_target --strategy inline
    connect c
    printf 'GET /heavy?sleep_ms=2500 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&"$c"
    until_blocked
    drain "$c" | grep -q '"slept_ms":2500'
    [ "$(get "$URL/ping")" = pong ]
    stop_target
}

@test "a stop answers what runs, turns away what waits, and refuses new clients" {
    start_target --strategy pool --pool-size 1 --grace 60
    measure_hold
    get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?sleep_ms=$HOLD" >"$BATS_TEST_TMPDIR/running" 3>&- &
    running=$!
    until_stats '.requests.heavy.begun == 1'
    get "$URL/heavy?n=1" >"$BATS_TEST_TMPDIR/waiting" 3>&- &
    waiting=$!
    until_stats '.queue_depth == 1'
    connect idle
    until_stats '.connections.open == 4'
    kill -TERM "$TARGET_PID"
    [ -z "$(drain "$idle")" ] # closed at once
    no_answer "$URL/ping"
    wait "$running" "$waiting"
    end_target
    [ "$(cat "$BATS_TEST_TMPDIR/running")" = "{\"slept_ms\":$HOLD}" ]
    grep -q $'^Connection: close\r$' "$BATS_TEST_TMPDIR/head"
    jq -e '.error == "the server is stopping"' "$BATS_TEST_TMPDIR/waiting"
}

@test "SIGINT stops an idle target as well" {
    start_target
    connect idle
    get "$URL/heavy?n=1"
    kill -INT "$TARGET_PID"
    end_target
}

# ask_for_long STRATEGY QUERY: work that would outlast the test has begun.
ask_for_long() {
    connect c
    printf 'GET /heavy?%s HTTP/1.1\r\nHost: localhost\r\n\r\n' "$2" >&"$c"
    if [ "$1" = inline ]; then
        until_blocked
    else
        until_stats '.requests.heavy.begun == 1 and .queue_depth == 0'
    fi
}

@test "a second signal ends it at once, and so does the end of the grace time" {
    for strategy in inline threads pool offload; do
        start_target --strategy "$strategy" --grace 600
        ask_for_long "$strategy" sleep_ms=500000
        kill -TERM "$TARGET_PID"
        kill -INT "$TARGET_PID"
        wait_target
        [ "$STATUS" -eq 130 ]

        start_target --strategy "$strategy" --grace 50ms
        ask_for_long "$strategy" n=10000000000
        kill -TERM "$TARGET_PID"
        wait_target
        [ "$STATUS" -eq 130 ]
        grep -q 'before every request was answered' "$BATS_TEST_TMPDIR/stderr"
    done
    # Longer than the grace time that there is without the option.
    start_target --strategy pool --grace 60
    get "$URL/heavy?sleep_ms=6000" >"$BATS_TEST_TMPDIR/reply" 3>&- &
    local client=$!
    until_stats '.requests.heavy.begun == 1'
    kill -TERM "$TARGET_PID"
    wait "$client"
    [ "$(cat "$BATS_TEST_TMPDIR/reply")" = '{"slept_ms":6000}' ]
    end_target
}

@test "idle connections and slow requests are closed" {
    start_target --idle-timeout 500ms
    local began=$SECONDS
    connect silent
    connect slow
    printf 'GET /ping HTTP/1.1\r\nHost: localhost\r\nX: ' >&"$slow"
    connect used
    printf 'GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n' >&"$used"
    [ -z "$(drain "$silent")" ]
    [ -z "$(drain "$slow")" ]
    [ "$(drain "$used" | tail -1)" = pong ]
    [ "$((SECONDS - began))" -lt 40 ]
    [ "$(get "$URL/heavy?sleep_ms=800")" = '{"slept_ms":800}' ] # work is not idleness
    stop_target
}

@test "a target without descriptors turns clients away and recovers" {
    UNDER="prlimit --nofile=24" start_target
    for ((i = 0; i < 30; i++)); do
        connect "client$i"
    done
    [ -z "$(drain "$client29")" ] # turned away at once
    for ((i = 0; i < 30; i++)); do
        name=client$i
        eval "exec ${!name}>&-"
    done
    until_stats '.connections.open == 1'
    [ "$(get "$URL/ping")" = pong ]
    kill -TERM "$TARGET_PID"
    wait_target
    [ "$STATUS" -eq 0 ]
    [ "$(wc -l <"$BATS_TEST_TMPDIR/stderr")" -eq 1 ]
    grep -q 'ulimit -n' "$BATS_TEST_TMPDIR/stderr"
}

@test "what cannot start says why in one sentence and exits 2" {
    start_target
    while IFS='|' read -r options want; do
        run -2 --separate-stderr "$BENCH_BUILD/bench-target" $options
        [ -z "$output" ]
        [ "${#stderr_lines[@]}" -eq 1 ]
        grep -qF -- "$want" <<<"$stderr"
    done <<END
--port $PORT|cannot listen on 127.0.0.1 port $PORT: address already in use
--host nowhere|'nowhere' is not an address
--strategy magic|unknown value 'magic'; choose from: inline, threads, pool, offload
--strategi pool|did you mean --strategy?
--port 70000|too large
--work count:11G|--max-work
--work 5|'5' is not valid work
--pool-size|needs a value
extra|'extra' is not an option
END
    stop_target
}

@test "--help lists strategies and options, --version the version" {
    run -0 "$BENCH_BUILD/bench-target" --help
    for word in inline threads pool offload --strategy --port --work --max-queue --idle-timeout; do
        grep -q -- "$word" <<<"$output"
    done
    run -0 "$BENCH_BUILD/bench-target" --version
    [[ $output =~ ^bench-target\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "--with-parent: it dies with the process that started it" {
    mkfifo "$BATS_TEST_TMPDIR/hold"
    exec {out}< <(exec bash -c '"$BENCH_BUILD/bench-target" --with-parent & read -r <"$1"' \
        parent "$BATS_TEST_TMPDIR/hold" 3>&-)
    parent=$!
    read -r -t "$PATIENCE" line <&"$out"
    kill -KILL "$parent"
    [ -z "$(drain "$out")" ] # the last holder of its stdout is gone
    no_answer "http://127.0.0.1:$(jq .port <<<"$line")/ping"
}
