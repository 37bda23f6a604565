#!/usr/bin/env bats
# What the HTTP of all our servers does with clients that close early, read nothing, send bad heads,
# or are the pages of somebody else. (target.bats has the rest.)

load common
load queue_jobs

# start_program NAME OPTION...: as start_target, for the other servers.
start_program() {
    exec {TARGET_OUT}< <(exec "$BENCH_BUILD/$1" --with-parent "${@:2}" \
        2>"$BATS_TEST_TMPDIR/stderr" 3>&-)
    TARGET_PID=$!
    read -r -t "$PATIENCE" READY <&"$TARGET_OUT" || { cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
    PORT=$(jq .port <<<"$READY")
    URL=http://127.0.0.1:$PORT
}

# Every server that does work, one after the other, as words for start_program.
WORKING=("bench-target --strategy inline" "bench-target --strategy threads"
    "bench-target --strategy pool" "bench-target --strategy offload"
    "bench-target --strategy queue --queue-workers 0" bench-compute)

# half_close: sends stdin, closes its side, prints all that comes back.
half_close() {
    /usr/bin/python3 -c '
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 60)
s.sendall(sys.stdin.buffer.read())
s.shutdown(socket.SHUT_WR)
while data := s.recv(65536):
    sys.stdout.buffer.write(data)' "$PORT" | tr -d '\r'
}

# requests METHOD PATH [VERSION [HEADER]]: one request.
request() {
    printf '%s %s HTTP/%s\r\nHost: localhost\r\n%s\r\n' "$1" "$2" "${3:-1.1}" "${4:+$4$'\r\n'}"
}

statuses() {
    sed -n 's/^HTTP\/1.1 \([0-9]*\) .*/\1/p' | tr '\n' ' '
}

@test "a client that has closed its side gets all that it is owed" {
    for server in "${WORKING[@]}"; do
        start_program $server --work count:3k
        ok=200
        [[ $server != *queue* ]] || ok=202
        [ "$(request GET '/heavy?sleep_ms=30' | half_close | statuses)" = "$ok " ]
        [ "$(request GET /heavy 1.0 | half_close | statuses)" = "$ok " ]
        [ "$(request GET /heavy 1.1 'Connection: close' | half_close | statuses)" = "$ok " ]
        [ "$({ request POST /heavy 1.1 'Content-Length: 7'; printf '{"n":9}'; } | half_close |
            statuses)" = "$ok " ]
        [ "$(request GET /ping | half_close | tail -1)" = pong ]
        head=200
        [ "$ok" = 200 ] || head=405
        [ "$(request HEAD /heavy | half_close | statuses)" = "$head " ]
        # pipelined, the quick behind the slow, and one that never becomes whole
        { request GET '/heavy?sleep_ms=30'; request GET '/heavy?n=1'; request GET /ping
            printf 'GET /ping HTTP/1.1\r\nHo'; } | half_close >got
        [ "$(statuses <got)" = "$ok $ok 200 " ]
        [ "$(tail -1 got)" = pong ]
        heavy=$((ok == 200 ? 7 : 6))
        until_stats ".requests.heavy == {begun:$heavy,completed:$heavy,rejected:0,aborted:0,failed:0}"
        until_stats '.connections.open == 1'
        stop_target
    done
}

@test "more than a connection may be owed at once is answered after a half-close, too" {
    for server in "${WORKING[@]}"; do
        start_program $server
        for ((i = 0; i < 300; i++)); do request GET "/heavy?n=$i"; done >requests
        [ "$(half_close <requests | grep -c '^HTTP/1.1 20[02] ')" -eq 300 ]
        until_stats ".requests.heavy.completed == 300"
        stop_target
    done
}

@test "the worker answers a half-closed client" {
    start_program bench-worker --broker "sqlite:$TMPDIR/jobs.db"
    [ "$(request GET /ping | half_close | tail -1)" = pong ]
    [ "$(request HEAD /stats 1.0 | half_close | statuses)" = "200 " ]
    stop_target
}

@test "heads that are not HTTP/1 end with 400, 501 or 505" {
    for server in "${WORKING[@]}" "bench-worker --broker sqlite:$TMPDIR/jobs.db"; do
        start_program $server
        while IFS='|' read -r want bytes; do
            printf "$bytes" | half_close >got
            [ "$(statuses <got)" = "$want " ] || { echo "$bytes: $(cat got)"; return 1; }
            grep -q '^Connection: close$' got
            [ "$(tail -1 got | jq -r '.error | length > 0')" = true ]
        done <<'END'
400|GET /ping HTTP/1.1\r\n\r\n
400|POST /heavy HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}
400|GET /ping HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n
400|GET /ping HTTP/1.0\r\nHost: localhost\r\nHost: localhost\r\n\r\n
400|GET /ping HTTP/1.1\r\nHost : localhost\r\n\r\n
400|GET /ping HTTP/1.1\r\nHost: a b/c\r\n\r\n
400|GET /ping HTTP/1.1\r\nHost:\r\n\r\n
400|GET /ping HTTP/1.1\r\n\r\nGET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n
400|POST /heavy HTTP/1.1\r\nHost: localhost\r\nContent-Length : 2\r\n\r\n{}
400|POST /heavy HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n
501|POST /heavy HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n
501|POST /heavy HTTP/1.1\r\nHost: evil.example\r\nTransfer-Encoding: gzip\r\n\r\n
505|GET /ping HTTP/2.0\r\nHost: evil.example\r\n\r\n
505|GET /ping\r\n\r\n
END
        printf 'HEAD /ping HTTP/1.1\r\n\r\n' | half_close >got
        [ "$(statuses <got)" = "400 " ]
        [ -z "$(tail -1 got)" ]
        [ "$(printf 'GET /ping HTTP/1.0\r\n\r\n' | half_close | tail -1)" = pong ]
        stop_target
    done
}

@test "every reply says when it was made" {
    for server in "${WORKING[@]}"; do
        start_program $server
        before=$(date -u +%s)
        { request GET /heavy?n=1; request POST /ping; request GET /nowhere; request HEAD /stats
            printf 'GET /ping HTTP/1.1\r\n\r\n'; } | half_close >got
        [ "$(grep -c '^HTTP/1.1 ' got)" -eq 5 ]
        [ "$(grep -c '^Date: ' got)" -eq 5 ]
        made=$(date -d "$(sed -n 's/^Date: //p' got | head -1)" +%s)
        [ "$made" -ge "$before" ] && [ "$made" -le "$(date -u +%s)" ]
        stop_target
    done
}

# code CURL-OPTION...: the status; the body is in the file body.
code() {
    get -o body -w '%{http_code}' "$@"
}

@test "on loopback the names and pages of others are refused" {
    for server in "${WORKING[@]}" "bench-worker --broker sqlite:$TMPDIR/jobs.db"; do
        start_program $server
        for host in localhost LOCALHOST:9 127.0.0.1 127.8.9.1:80 '[::1]:80'; do
            [ "$(code -H "Host: $host" "$URL/ping")" = 200 ]
        done
        for path in ping healthz stats heavy jobs/1 nowhere; do
            [ "$(code -H 'Host: evil.example:80' "$URL/$path")" = 403 ]
            jq -e '.error | test("--allow-host evil.example")' body
        done
        [ "$(code -H 'Origin: http://evil.example' -H 'Content-Type: text/plain' -d '{"n":1}' \
            "$URL/heavy")" = 403 ]
        [ "$(code -H 'Origin: null' "$URL/stats")" = 403 ]
        [ "$(code -H 'Sec-Fetch-Site: cross-site' -H 'Sec-Fetch-Dest: image' "$URL/heavy")" = 403 ]
        [ "$(code -H 'Origin: http://localhost:3000' "$URL/stats")" = 200 ]
        [ "$(get -I -o /dev/null -w '%{http_code}' -H 'Host: evil.example' "$URL/heavy")" = 403 ]
        [ "$(printf 'GET http://evil.example/ping HTTP/1.0\r\n\r\n' | half_close | statuses)" = "403 " ]
        until_stats '.requests.heavy.begun == 0'
        stop_target
    done
}

@test "--allow-host adds names, and turns the rule on elsewhere" {
    for server in "bench-target --strategy offload" bench-compute \
        "bench-worker --broker sqlite:$TMPDIR/jobs.db"; do
        start_program $server --allow-host bench.example --allow-host 10.1.2.3
        [ "$(code -H 'Host: Bench.Example:80' "$URL/ping")" = 200 ]
        [ "$(code -H 'Host: 10.1.2.3' -H 'Origin: https://bench.example' "$URL/ping")" = 200 ]
        [ "$(code -H 'Host: localhost' "$URL/ping")" = 200 ]
        [ "$(code -H 'Host: www.bench.example' "$URL/ping")" = 403 ]
        stop_target
    done
    start_target --host 0.0.0.0
    [ "$(code -H 'Host: any.example' -H 'Origin: http://evil.example' "$URL/ping")" = 200 ]
    stop_target
    start_target --host 0.0.0.0 --allow-host bench.example
    [ "$(code -H 'Host: any.example' "$URL/ping")" = 403 ]
    [ "$(code -H 'Host: bench.example' "$URL/ping")" = 200 ]
    stop_target
    for name in http://a a:80 '' 'a b' 'a/b'; do
        run -2 "$BENCH_BUILD/bench-target" --allow-host "$name"
        [[ $output == *"--allow-host: '$name' is not a name or an address alone"* ]]
    done
}

@test "bench: a Host of the user's own needs --allow-host with a bundled target, and then works" {
    for strategy in pool offload; do
        measure --strategy "$strategy" --work "$WORK" -c 2 -a 20 -H 'Host: bench.example' || true
        result '.["4xx"] == 20 and .["2xx"] == 0'
        measure --strategy "$strategy" --work "$WORK" -c 2 -a 20 -H 'Host: bench.example' \
            --allow-host bench.example
        result '.["2xx"] == 20'
    done
    "$BENCH_BUILD/bench" compare --strategies inline,pool --work "$WORK" -c 2 -a 20 --no-save \
        --json -H 'Host: bench.example' --allow-host bench.example >compared
    jq -e '[.arms[].results[]["2xx"]] | length > 0 and all(. > 0)' compared
    jq -e '[.arms[].results[]["4xx"]] | all(. == 0)' compared
}

# wait_for_100 LINE...: sends a POST with these lines in its head behind what stdin holds, waits for
# an answer to it, then sends the body; prints all that comes back.
wait_for_100() {
    /usr/bin/python3 -c '
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 60)
before = sys.stdin.buffer.read()
lines = ["POST /heavy HTTP/1.1", *sys.argv[2:], "Content-Length: 7", "", ""]
s.sendall(before + "\r\n".join(lines).encode())
got = b""
while got.count(b"HTTP/1.1 ") <= before.count(b" HTTP/1.1") and (data := s.recv(65536)):
    got += data
s.sendall(b"{\"n\":9}")
s.shutdown(socket.SHUT_WR)
while data := s.recv(65536):
    got += data
sys.stdout.buffer.write(got)' "$PORT" "$@" </dev/stdin | tr -d '\r'
}

@test "a client that waits for 100 gets it behind what it is owed, and not for a page of others" {
    for server in "${WORKING[@]}"; do
        start_program $server
        ok=200
        [[ $server != *queue* ]] || ok=202
        expect='Expect: 100-continue'
        [ "$(wait_for_100 'Host: localhost' "$expect" </dev/null | statuses)" = "100 $ok " ]
        [ "$(request GET '/heavy?sleep_ms=100' | wait_for_100 'Host: localhost' "$expect" | statuses)" = \
            "$ok 100 $ok " ]
        [ "$(wait_for_100 'Host: evil.example' "$expect" </dev/null | statuses)" = "403 " ]
        [ "$(wait_for_100 'Host: localhost' 'Origin: http://evil.example' "$expect" </dev/null |
            statuses)" = "403 " ]
        [ "$(wait_for_100 'Host: localhost' 'Expect: more' </dev/null | statuses)" = "417 " ]
        until_stats '.requests.heavy.begun == 3'
        stop_target
    done
}

@test "HEAD stores no job" {
    start_target --strategy queue --queue-workers 0
    get -I "$URL/heavy?n=1" | tr -d '\r' >got
    grep -q '^HTTP/1.1 405 ' got
    grep -q '^Allow: GET, POST$' got
    until_stats '.queue.accepted == 0 and .queue.waiting == 0 and .requests.heavy.begun == 0'
    post n=1
    [ "$(get -I "$URL/jobs/1" | statuses)" = "200 " ]
    until_stats '.queue.accepted == 1'
    stop_target
}

# The client asks N times for PATH over each of 20 connections, and reads nothing until stdin ends.
ask_and_not_read() { # PATH N
    /usr/bin/python3 -c '
import socket, sys
held = []
for i in range(20):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.connect(("127.0.0.1", int(sys.argv[1])))
    s.sendall(b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % sys.argv[2].encode() * int(sys.argv[3]))
    held.append(s)
print("asked", flush=True)
sys.stdin.read()' "$PORT" "$@"
}

@test "clients that read nothing are closed, and hold little memory until then" {
    start_target --strategy queue --queue-workers 0 --max-body 2MiB --idle-timeout 1
    printf '{"n":1,"x":"%01000000d"}' 0 >job
    get -d @job "$URL/heavy" >/dev/null
    mkfifo hold
    exec {asked}< <(ask_and_not_read /jobs/1 64 <hold 3>&-)
    exec {hold}>hold
    read -r -t "$PATIENCE" line <&"$asked"
    until_stats '.connections.accepted > 20 and .connections.open == 1'
    # All replies at once would be 1.2 GiB. (A sanitizer keeps what was freed, 256 MiB.)
    get "$URL/stats?brief=1" | jq -e '.usage.rss_peak_bytes < 700000000'
    exec {hold}>&-
    stop_target
}

# wait_open: sends stdin, keeps its side open, prints all that comes back.
wait_open() {
    /usr/bin/python3 -c '
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 60)
s.sendall(sys.stdin.buffer.read())
while data := s.recv(65536):
    sys.stdout.buffer.write(data)' "$PORT" | tr -d '\r'
}

@test "what is owed is answered, although the next request never becomes whole" {
    for server in "bench-target --strategy threads" "bench-target --strategy pool" \
        "bench-target --strategy offload" bench-compute; do
        start_program $server --idle-timeout 1
        slow=$'GET /heavy?sleep_ms=2500 HTTP/1.1\r\nHost: localhost\r\n\r\n'
        [ "$(printf '%sGET /pi' "$slow" | wait_open | statuses)" = "200 " ]
        [ "$({ printf %s "$slow"; request POST /heavy 1.1 'Content-Length: 9'; printf '{'; } |
            wait_open | statuses)" = "200 " ]
        [ "$({ printf %s "$slow"
            request POST /heavy 1.1 $'Expect: 100-continue\r\nContent-Length: 9'; } |
            wait_open | statuses)" = "200 100 " ]
        until_stats '.requests.heavy.completed == 3 and .requests.heavy.aborted == 0'
        stop_target
    done
}

@test "a client that sends blank lines only is closed" {
    start_target --idle-timeout 1
    /usr/bin/python3 -c '
import socket, sys, time
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 60)
s.sendall(b"GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n")
s.settimeout(0.1)
end = time.monotonic() + 60
got = None
while got != b"" and time.monotonic() < end:
    try:
        s.sendall(b"\r\n")
        got = s.recv(65536)
    except TimeoutError:
        pass
    except OSError:
        got = b""
sys.exit(got != b"")' "$PORT"
    stop_target
}

@test "replies that wait for a slow client all arrive" {
    start_target --strategy queue --queue-workers 0 --max-body 2MiB
    printf '{"n":1,"x":"%01000000d"}' 0 >job
    get -d @job "$URL/heavy" >/dev/null
    for ((i = 0; i < 40; i++)); do request GET /jobs/1; request GET /ping; done >requests
    half_close <requests >got
    [ "$(grep -c '^pong$' got)" -eq 40 ]
    [ "$(grep -c '^{"id":"1","state":"waiting",.*"error":null}' got)" -eq 40 ]
    until_stats '.connections.open == 1'
    stop_target
}
