#!/usr/bin/env bats
# The originals' compute service in Rust: it is built by bench on first use, answers as bench-compute
# does, and ends like it. What is built with a cargo of the test's own is in rust_build.bats.

load common
load rust

# A skip in setup_file is a failure to bats 1.8.
setup_file() {
    ! has_rust_tools || build_rust
}

setup() {
    need_rust_tools
    own_folder
    STARTED=()
}

teardown() {
    local pid
    kill_leftovers
    for pid in "${STARTED[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
}

# start_service PROGRAM OPTION...: sets URL, PORT and SERVICE_PID.
start_service() {
    exec {SERVICE_OUT}< <(exec "$1" --with-parent "${@:2}" 2>"$BATS_TEST_TMPDIR/stderr" 3>&-)
    SERVICE_PID=$!
    STARTED+=("$SERVICE_PID")
    read -r -t "$PATIENCE" READY <&"$SERVICE_OUT" || { cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
    PORT=$(jq .port <<<"$READY")
    URL=http://127.0.0.1:$PORT
}

end_service() {
    kill -TERM "$SERVICE_PID"
    wait "$SERVICE_PID"
    [ ! -s "$BATS_TEST_TMPDIR/stderr" ]
}

# What is comparable of a reply: status, type, body, and the headers that tell a client what to do.
reply_to() { # METHOD PATH
    local option=(-X "$1")
    [ "$1" != HEAD ] || option=(-I)
    get "${option[@]}" -g -D head -o body "$URL$2"
    tr -d '\r' <head | sed -n '1p; s/^\(content-type\|content-length\|retry-after\): /\L\1: /Ip' | sort
    [ "$1" = HEAD ] || cat body
}

replies_of() { # PROGRAM
    local query path
    start_service "$1" --work count:3k --compute-threads 3
    jq -cS 'del(.pid, .port)' <<<"$READY"
    for query in '' n=0 n=1 n=7 n=05 n=2500000 'n=1&n=2' 'x=1' 'n=5&x=1' sleep_ms=1.5 sleep_ms=2 \
        sleep_ms=.5 sleep_ms=0 n= n=abc n=-1 n=1.5 n=1e3 n=+5 n=%35 n=99999999999999999999999 \
        'n=1&sleep_ms=1' sleep_ms=x sleep_ms=-1 sleep_ms=1e3; do
        echo "? $query"
        reply_to GET "/heavy?$query"
    done
    for path in /ping /healthz; do
        echo "$path"
        reply_to GET "$path"
        reply_to HEAD "$path"
        reply_to POST "$path"
    done
    reply_to HEAD '/heavy?n=4'
    reply_to DELETE '/heavy?n=4'
    # Their texts differ.
    for path in /nope /heavy/ '/heavy?n=10000000001' '/heavy?sleep_ms=3600001'; do
        get -o body -w "%{http_code} $path\n" "$URL$path"
        jq -e '.error | length > 0' body
    done
    end_service
}

@test "the same requests have the same replies as of bench-compute" {
    replies_of "$BENCH_BUILD/bench-compute" >c
    replies_of "$RUST" >rust
    diff c rust
    [ "$(wc -l <rust)" -gt 150 ]
}

@test "Server-Timing tells the work, which is counted and not folded away" {
    start_service "$RUST" --compute-threads 1
    get -D head "$URL/heavy?n=1000000000" | grep -qxF '{"count":1000000000}'
    grep -Eiq $'^server-timing: wait;dur=[0-9]+\\.[0-9]{3},work;dur=[0-9]+\\.[0-9]{3}\r$' head
    # 10 counts a nanosecond are beyond any core.
    [ "$(sed -n 's/^server-timing:.*work;dur=\([0-9]*\)\..*/\1/Ip' head)" -ge 100 ]
    get -D head "$URL/heavy?sleep_ms=30"
    [ "$(sed -n 's/^server-timing:.*work;dur=\([0-9]*\)\..*/\1/Ip' head)" -ge 30 ]
    end_service
}

# has_read N: so many clients have sent something, and the service has taken all of it.
has_read() {
    ss -Htni state established "sport = :$PORT" >sockets
    [ "$(grep -c 'bytes_received:' sockets)" -eq "$1" ] && ! grep -q '^[1-9]' sockets
}

@test "other paths are answered while every thread of the pool works; a full queue is 503" {
    start_service "$RUST" --compute-threads 1 --max-queue 1
    measure_hold get "$URL/ping"
    get --parallel --parallel-immediate -o /dev/null -w '%{http_code} %header{retry-after}\n' \
        "$URL/heavy?sleep_ms=$((1500 + HOLD))&[1-5]" >statuses 3>&- &
    client=$!
    # One is begun, one waits; the others come too early, or for nothing.
    until_true test -s statuses
    [ "$(get "$URL/ping")" = pong ]
    wait "$client"
    sort -u statuses | diff - <(printf '200 \n503 1\n')
    [ "$(grep -c ^503 statuses)" -ge 3 ]
    end_service
}

@test "an idle connection is closed, one that waits for its reply is not" {
    start_service "$RUST" --idle-timeout 300ms
    connect idle
    connect half
    printf 'GET /heavy?n=5 HT' >&"$half"
    connect busy
    printf 'GET /heavy?sleep_ms=1200 HTTP/1.1\r\nHost: localhost\r\n\r\n' >&"$busy"
    [ -z "$(drain "$idle")" ]
    [ -z "$(drain "$half")" ]
    drain "$busy" | grep -q '"slept_ms":1200' # and is closed afterwards
    end_service
}

@test "SIGTERM: what is begun is finished, what waits is 503, the rest is refused" {
    start_service "$RUST" --compute-threads 1
    measure_hold get "$URL/ping"
    get "$URL/heavy?sleep_ms=$((500 + HOLD))" >first 3>&- &
    first=$!
    until_true has_read 1
    get -o second -w '%{http_code}' "$URL/heavy?n=5" >status 3>&- &
    second=$!
    until_true has_read 2
    kill -TERM "$SERVICE_PID"
    wait "$SERVICE_PID" # 0
    wait "$first" "$second"
    grep -qxF "{\"slept_ms\":$((500 + HOLD))}" first
    [ "$(cat status)" = 503 ]
    grep -qF 'the server is stopping' second
    no_answer "$URL/ping"
}

@test "the grace time ends what takes longer, and a second signal all" {
    start_service "$RUST" --grace 200ms
    get "$URL/heavy?sleep_ms=60000" >reply 2>/dev/null 3>&- &
    client=$!
    until_true has_read 1
    end_service
    ! wait "$client"

    start_service "$RUST" --grace 3600
    get "$URL/heavy?sleep_ms=60000" >reply 2>/dev/null 3>&- &
    client=$!
    until_true has_read 1
    kill -TERM "$SERVICE_PID"
    until_true no_answer "$URL/ping"
    kill -INT "$SERVICE_PID"
    wait "$SERVICE_PID"
    ! wait "$client"
}

@test "it ends with its parent" {
    bash -c '"$0" --with-parent >ready & echo "$!" >pid; wait' "$RUST" 3>&- &
    parent=$!
    until_true test -s ready
    kill -KILL "$parent"
    until_gone "$(cat pid)"
}

@test "options that are none: one sentence and exit 2" {
    while IFS='|' read -r options want; do
        run -2 --separate-stderr "$RUST" $options
        [ -z "$output" ]
        [ "${#stderr_lines[@]}" -eq 1 ]
        grep -qF -- "rust-compute: $want" <<<"$stderr"
    done <<END
--work 5|--work: '5' is not valid work; try count:20M or sleep:50ms
--work count:x|--work: 'x' is not a number
--port 70000|--port: 70000 is more than 65535
--idle-timeout 5h|--idle-timeout: '5h' is not a number
--grace|there is no option --grace without a value
--pool-size 8|there is no option --pool-size; see --help
8080|there is no option 8080
--host 203.0.113.1|203.0.113.1, port 0: 
END
    [[ $("$RUST" --help) == usage:* ]]
    [[ $("$RUST" --version) == "rust-compute "* ]]
}

@test "bench measures our gateway and the service in front of it, and it is started again" {
    measure --strategy offload --compute-program "$RUST" --work count:100001 -c 5 -a 200
    accounted '{"completed":200}'
    result '.mismatches == 0 and ([.server.processes[].role] | sort) == ["compute", "target"]'
    start_target --strategy offload --compute-program "$RUST"
    pid=$(stats .compute.pid)
    in_progress() { get "$URL/heavy?sleep_ms=60000" >reply 3>&-; }
    in_progress &
    client=$!
    until_stats '.requests.heavy.begun == 1'
    kill -KILL "$pid"
    wait "$client"
    jq -e '.error | test("^the compute service")' reply
    until_stats '.compute.up and .compute.restarts == 1'
    [ "$(get "$URL/heavy?n=5")" = '{"count":5}' ]
    kill -TERM "$TARGET_PID"
    wait_target
    [ "$STATUS" -eq 0 ]
    grep -q 'the compute service ended by itself (signal 9 (Killed))' "$BATS_TEST_TMPDIR/stderr"
}
