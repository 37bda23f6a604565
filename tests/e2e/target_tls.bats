#!/usr/bin/env bats
# bench-target with --tls: the same HTTP, beneath it what only TLS has: handshakes that fail, records
# that are none, the end that is said (close_notify).

load common
load tls_client
load queue_jobs

PING=$'GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n'
LAST=$'GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'

statuses() {
    sed -n 's/^HTTP\/1.1 \([0-9]*\) .*/\1/p' | tr '\n' ' '
}

@test "the ready line has the certificate, and clients that trust it are served" {
    start_target --strategy inline
    [ "$(jq -c 'keys' <<<"$READY")" = '["host","pid","port","ready","strategy"]' ]
    get "$URL/stats?brief=1" | jq -e '.connections | keys == ["accepted", "open"]'
    stop_target

    start_tls --strategy inline
    jq -e '.scheme == "https" and .ready == true' <<<"$READY"
    print=$(openssl x509 -in ca.pem -noout -fingerprint -sha256)
    [ "${print#*=}" = "$(jq -r .fingerprint <<<"$READY")" ]
    unset CURL_CA_BUNDLE
    for name in localhost 127.0.0.1; do
        [ "$(get --cacert ca.pem "https://$name:$PORT/ping")" = pong ]
    done
    run -60 get "$URL/ping" # not trusted without
    export CURL_CA_BUNDLE=$PWD/ca.pem
    until_tls '.tls_opened >= 3 and .tls_failed == 1 and .tls_broken == 0'
    stop_target
}

@test "every strategy answers as without TLS" {
    for strategy in inline threads pool offload; do
        start_tls --strategy "$strategy" --work count:3k
        [ "$(get "$URL/heavy")" = '{"count":3000}' ]
        [ "$(get "$URL/heavy?sleep_ms=1.5")" = '{"slept_ms":1.5}' ]
        [ "$(get -d '{"n":7}' "$URL/heavy")" = '{"count":7}' ]
        [ "$(get -H 'Transfer-Encoding: chunked' -d '{"n":8}' "$URL/heavy")" = '{"count":8}' ]
        [ "$(get -o /dev/null -w '%{http_code}' "$URL/nowhere")" = 404 ]
        [ "$(get -I -o /dev/null -w '%{http_code}' "$URL/ping")" = 200 ]
        until_stats '.requests.heavy == {"begun":4,"completed":4,"rejected":0,"aborted":0,"failed":0}'
        stop_target
    done
    start_tls --strategy queue
    id=$(post n=3000)
    until_true job_is "$id" '.state == "completed" and .result == {"count": 3000}'
    stop_target
    start_tls --strategy delay --delay constant:2ms
    [ "$(get "$URL/heavy")" = ok ]
    stop_target
}

@test "a kept connection, TLS 1.2 and 1.3, and the protocol that was agreed on" {
    start_tls
    [ "$(get "$URL/ping" "$URL/heavy?n=1" "$URL/ping")" = $'pong\n{"count":1}\npong' ]
    until_tls '.accepted == .tls_opened and .tls_opened <= 3'
    for version in 1_2 1_3; do
        printf %s "$PING$LAST" | s_client "-tls$version" -alpn http/1.1 >got
        [ "$(grep -c '^pong$' got)" -eq 2 ]
    done
    printf %s "$LAST" | openssl s_client -CAfile ca.pem -connect "127.0.0.1:$PORT" -ign_eof \
        -alpn h2,http/1.1 >said 2>&1
    grep -q '^ALPN protocol: http/1.1$' said
    before=$(stats .connections.tls_failed)
    run ! s_client -alpn h2 </dev/null
    until_tls ".tls_failed == $before + 1"
    stop_target
}

@test "pipelined requests are answered in their order, more of them than may be owed" {
    start_tls --strategy pool
    for ((i = 0; i < 300; i++)); do
        printf 'GET /heavy?n=%d HTTP/1.1\r\nHost: localhost\r\n\r\n' "$i"
    done >requests
    { cat requests; printf %s "$LAST"; } | s_client | sed -n 's/^{"count":\(.*\)}$/\1/p' >got
    seq 0 299 | cmp - got
    # The same from a client that closes its side at once, behind all that it has sent.
    tls_client '
c = Client().open()
c.send(sys.stdin.buffer.read())
c.end()
show(c.rest())' <requests | sed -n 's/^{"count":\(.*\)}$/\1/p' >got
    seq 0 299 | cmp - got
    until_stats '.requests.heavy.completed == 600 and .connections.open == 1'
    stop_target
}

@test "bytes come one by one, or as one record with the end of the handshake" {
    start_tls
    request=$'POST /heavy HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 7\r\n'
    request+=$'Connection: close\r\n\r\n{"n":9}'
    tls_client '
c = Client().open(piece=1)
head, body = sys.argv[2].encode()[:-7], sys.argv[2].encode()[-7:]
for byte in head:
    c.send(bytes([byte]), piece=1)
show(c.until(c.tls.read, 65536))
for byte in body:
    c.send(bytes([byte]), piece=1)
show(c.rest())' "$request" >got
    head -1 got | grep -q '^HTTP/1.1 100 '
    [ "$(tail -1 got)" = '{"count":9}' ]
    tls_client '
c = Client()
c.socket.sendall(c.hello())
while True:
    c.wire.write(c.socket.recv(65536))
    try:
        c.tls.do_handshake()
        break
    except ssl.SSLWantReadError:
        pass
c.send(sys.argv[2].encode())
show(c.rest())' "$request" >got
    [ "$(tail -1 got)" = '{"count":9}' ]
    stop_target
}

keys_were_renewed() { # TIMES
    [ "$(grep -c '^KEYUPDATE$' said)" -ge "$1" ]
}

@test "a client renews its keys, and asks for those of the server" {
    start_tls
    mkfifo typed
    openssl s_client -CAfile ca.pem -tls1_3 -connect "127.0.0.1:$PORT" <typed >got 2>said 3>&- &
    client=$!
    exec {typed}>typed
    for i in 1 2 3; do
        printf 'K\n' >&"$typed" # alone in one read, it is a command
        until_true keys_were_renewed "$i"
        printf %s "$PING" >&"$typed"
        until_stats ".requests.ping == $i"
    done
    printf %s "$LAST" >&"$typed"
    wait "$client"
    exec {typed}>&-
    [ "$(grep -c '^pong$' got)" -eq 4 ]
    until_tls '.tls_broken == 0 and .open == 1'
    stop_target
}

@test "bodies of 1 MB go both ways, and replies wait for a slow client" {
    start_tls --strategy queue --queue-workers 0 --max-body 2MiB
    printf '{"n":1,"x":"%01000000d"}' 0 >job
    [ "$(post '' -d @job)" = 1 ]
    [ "$(post '' -d @job -H 'Transfer-Encoding: chunked')" = 2 ]
    get "$URL/jobs/2" | jq -e '.data.x | length == 1000000'
    for ((i = 0; i < 20; i++)); do
        printf 'GET /jobs/1 HTTP/1.1\r\nHost: localhost\r\n\r\n%s' "$PING"
    done >requests
    { cat requests; printf %s "$LAST"; } | s_client | tr -d '\r' >got
    [ "$(grep -c '^pong$' got)" -eq 21 ]
    [ "$(grep -c '^{"id":"1","state":"waiting",.*"error":null}' got)" -eq 20 ]
    tls_client '
c = Client().open()
c.send(sys.stdin.buffer.read())
c.end()
show(c.rest())' <requests >got
    [ "$(grep -c '^{"id":"1","state":"waiting",.*"error":null}' got)" -eq 20 ]
    until_stats '.connections.open == 1'
    stop_target
}

@test "clients that read nothing are closed, and hold little memory until then" {
    start_tls --strategy queue --queue-workers 0 --max-body 2MiB --idle-timeout 1
    printf '{"n":1,"x":"%01000000d"}' 0 >job
    get -d @job "$URL/heavy" >/dev/null
    mkfifo hold
    exec {asked}< <(tls_client '
held = []
while len(held) < 10:
    try:
        c = Client([(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)]).open()
        c.send(b"GET /jobs/1 HTTP/1.1\r\nHost: localhost\r\n\r\n" * 64)
        held.append(c)
    except OSError: # on a busy machine it can be closed before it has asked
        pass
print("asked", flush=True)
sys.stdin.read()' <hold 3>&-)
    exec {hold}>hold
    read -r -t "$PATIENCE" line <&"$asked"
    until_stats '.connections.accepted > 10 and .connections.open == 1'
    # All replies at once would be 640 MB. (A sanitizer keeps what was freed, 256 MiB.)
    get "$URL/stats?brief=1" | jq -e '.usage.rss_peak_bytes < 550000000'
    exec {hold}>&-
    stop_target
}

@test "every orderly end is said: after the last reply, and of an idle connection" {
    start_tls --idle-timeout 2
    tls_client '
c = Client().open()
c.send(sys.argv[2].encode())
show(c.rest())
c.end()' "$LAST" >got
    [ "$(tail -1 got)" = pong ] # and not "cut"
    [ -z "$(tls_client 'show(Client().open().rest())')" ]
    until_tls '.tls_failed == 0 and .open == 1'
    stop_target
}

@test "a client that has said its end is answered, and told of ours" {
    start_tls --strategy pool
    tls_client '
c = Client().open()
c.send(b"GET /heavy?sleep_ms=50 HTTP/1.1\r\nHost: localhost\r\n\r\n" + sys.argv[2].encode())
c.end()
show(c.rest())' "$PING" >got
    [ "$(statuses <got)" = "200 200 " ]
    [ "$(tail -1 got)" = pong ]
    # One that only stops sending, without a word, is answered as well.
    tls_client '
c = Client().open()
c.send(b"GET /heavy?sleep_ms=50 HTTP/1.1\r\nHost: localhost\r\n\r\n")
c.socket.shutdown(socket.SHUT_WR)
show(c.rest())' >got
    [ "$(tail -1 got)" = '{"slept_ms":50}' ]
    [ -z "$(tls_client '
c = Client().open()
c.end()
show(c.rest())')" ]
    until_stats '.requests.heavy.completed == 2 and .connections.open == 1'
    stop_target
}

@test "clients that go away are counted as aborted" {
    start_tls --strategy pool --pool-size 1
    measure_hold
    mkfifo hold
    exec {asked}< <(tls_client '
c = Client().open()
c.send(b"GET /heavy?sleep_ms=%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % int(sys.argv[2]))
print("asked", flush=True)
sys.stdin.read()' "$HOLD" <hold 3>&-)
    exec {hold}>hold
    read -r -t "$PATIENCE" line <&"$asked"
    until_stats '.requests.heavy.begun == 1'
    exec {hold}>&-
    until_stats '.requests.heavy == {begun: 1, completed: 0, rejected: 0, aborted: 1, failed: 0}'
    until_stats '.connections.open == 1'
    stop_target
}

@test "plain HTTP and garbage on the port end the connection, and are counted" {
    start_tls
    run ! curl -sS --max-time "$PATIENCE" "http://127.0.0.1:$PORT/ping"
    until_tls '.tls_failed == 1'
    connect c
    printf 'hello there\r\n\r\n' >&"$c"
    drain "$c" >/dev/null
    until_tls '.tls_failed == 2'
    connect c
    head -c 100000 /dev/zero >&"$c" || true # it may be closed before the end of this
    drain "$c" >/dev/null || true
    until_tls '.tls_failed == 3'
    connect c
    printf '\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00' >&"$c" # a ClientHello of one byte
    drain "$c" >alert
    [ "$(head -c 2 alert | od -An -tx1 | tr -d ' ')" = 1503 ]
    until_tls '.tls_failed == 4 and .tls_broken == 0 and .open == 1'
    [ "$(get "$URL/ping")" = pong ]
    until_stats '.requests.heavy.begun == 0'
    stop_target
}

@test "a handshake that stalls ends like a head that never comes" {
    start_tls --idle-timeout 2
    connect silent
    connect begun
    printf '\x16\x03\x01' >&"$begun"
    tls_client '
c = Client()
c.socket.sendall(c.hello())
while c.socket.recv(65536):
    pass' # what the server says is read, and not answered
    [ -z "$(drain "$silent")" ]
    [ -z "$(drain "$begun")" ]
    until_tls '.tls_failed == 3 and .open == 1'
    # The head has its own time after the handshake.
    [ -z "$(tls_client '
c = Client().open()
c.send(b"GET /ping HTTP/1.1\r\nHost: localhost\r\nX: ")
show(c.rest())')" ]
    until_tls '.tls_failed == 3 and .open == 1'
    stop_target
}

@test "a connection that is cut or damaged harms no other" {
    start_tls
    tls_client 'Client().socket.close()' # it has only looked whether the port is open
    until_tls '.accepted >= 2 and .open == 1 and .tls_failed == 0'
    tls_client '
c = Client()
c.socket.sendall(c.hello())
c.socket.recv(1)
c.socket.close()'
    until_tls '.tls_failed == 1'
    tls_client '
c = Client()
c.socket.sendall(c.hello()[:20])
c.socket.close()'
    until_tls '.tls_failed == 2'
    tls_client '
c = Client().open()
c.socket.sendall(c.record(sys.argv[2].encode())[:-5])
c.socket.close()' "$PING"
    until_tls '.tls_failed == 2 and .open == 1'
    until_stats '.requests.ping == 0'
    # A record whose last byte is another, behind one that is whole: only the first is a request.
    tls_client '
c = Client().open()
whole = c.record(sys.argv[2].encode())
other = c.record(sys.argv[2].encode())
c.socket.sendall(whole + other[:-1] + bytes([other[-1] ^ 1]))
try:
    show(c.rest())
except ssl.SSLError as e:
    print(e.reason)' "$PING" >got
    [ "$(tail -1 got)" = SSLV3_ALERT_BAD_RECORD_MAC ] || { cat got; return 1; }
    until_tls '.tls_broken == 1 and .tls_failed == 2 and .open == 1'
    # With a request at work: its reply cannot be sent any more.
    tls_client '
c = Client().open()
c.send(b"GET /heavy?sleep_ms=100 HTTP/1.1\r\nHost: localhost\r\n\r\n")
c.socket.sendall(b"\x17\x03\x03\x00\x20" + bytes(32))
try:
    c.rest()
except ssl.SSLError:
    pass'
    until_tls '.tls_broken == 2 and .tls_failed == 2 and .open == 1'
    until_stats '.requests.heavy == {begun: 1, completed: 0, rejected: 0, aborted: 1, failed: 0}'
    [ "$(get "$URL/ping")" = pong ]
    stop_target
}

@test "a stop answers what runs, and ends the idle and the unfinished" {
    start_tls --strategy pool --pool-size 1 --grace 60
    measure_hold
    get -D head "$URL/heavy?sleep_ms=$HOLD" >running 3>&- &
    running=$!
    until_stats '.requests.heavy.begun == 1'
    mkfifo idle
    exec {idle}< <(tls_client '
c = Client().open()
print("open", flush=True)
show(c.rest() + b"end\n")' 3>&-)
    read -r -t "$PATIENCE" line <&"$idle"
    connect silent
    until_tls '.open == 4'
    kill -TERM "$TARGET_PID"
    [ -z "$(drain "$silent")" ]
    [ "$(drain "$idle")" = end ]
    wait "$running"
    end_target
    [ "$(cat running)" = "{\"slept_ms\":$HOLD}" ]
    grep -q $'^Connection: close\r$' head
}
