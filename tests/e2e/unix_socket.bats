#!/usr/bin/env bats
# A server behind a unix socket: the counts of both witnesses, losses, errors of connecting, the
# probe, comparisons. The socket is named by a relative path, which is short wherever the test runs.

load common

SOCKET=app.sock

# start_on_socket OPTION...: as start_faulty. The port of the URL is nobody's.
start_on_socket() {
    rm -f "$SOCKET"
    start_faulty --socket "$SOCKET" "$@"
    URL=http://localhost:9
}

get() {
    curl -sS --max-time "$PATIENCE" --unix-socket "$SOCKET" "$@"
}

# over PATH OPTION...: measure through the socket.
over() {
    measure -S "$SOCKET" "$URL$1" "${@:2}"
}

# refused CODE TEXT OPTION...: bench run ends so, in one line.
refused() {
    run -"$1" --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save -c 1 -a 1 "${@:3}" 3>&-
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [[ $stderr == *"$2"* ]] || { echo "want: $2"; echo "got: $stderr"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ] || { echo "stderr: $stderr"; return 1; }
}

@test "every request is counted once, by both sides" {
    while read -r path options; do
        start_on_socket
        over "$path" $options -a 200
        accounted '{"completed":200}'
        end_faulty
        served "{\"$path\":[200,200]}"
    done <<'END'
/ok -c 1
/ok -c 4 -w 2
/ok -c 2 -p 8
/chunked -c 4
/close -c 4
/ok -c 4 -H Connection:close
/echo -c 4 -m POST -b some-text
END
}

@test "a connection is kept, and the one that tried the socket is closed" {
    start_on_socket
    over /ok -c 3 -a 300 -E $'ok\n'
    result '.accounting.connected == 3 and .mismatches == 0 and .accounting.connect_failed == 0'
    end_faulty
    [ "$(jq .accepted <<<"$COUNTS")" -eq 4 ]
}

@test "the warm-up goes there too" {
    start_on_socket
    over /ok -c 2 -a 200 -W 500ms
    accounted '{"completed":200}'
    all=$((200 + $(jq .accounting.warmup_discarded "$RESULT")))
    end_faulty
    served "{\"/ok\":[$all,$all]}"
}

@test "the probe has connections of its own on the same socket" {
    start_on_socket
    over /ok -c 2 -d 2 --probe /chunked
    result '.probe | .path == "/chunked" and .completed > 0 and .failed == 0 and .non_2xx == 0'
    probes=$(jq .probe.completed "$RESULT")
    end_faulty
    jq -e --argjson probes "$probes" '.["/chunked"].replies >= $probes' <<<"$COUNTS"
}

@test "each fault lands in its own counter" {
    start_on_socket
    want='{}'
    while read -r path counter options; do
        over "$path" -c 2 -a 6 $options
        accounted "{\"$counter\":6}"
        want=$(jq --arg path "$path" '.[$path] = [6, 0]' <<<"$want")
    done <<'END'
/eof eof
/truncate eof
/stall timed_out -t 200ms
/stall-body timed_out -t 200ms
/garbage parse
/badchunk parse
END
    end_faulty
    served "$want"
}

# There is no RST: a close is orderly when nothing was left unread.
@test "a server that ends without a reply is an end, one that leaves bytes unread is an error" {
    start_on_socket
    over /reset -c 2 -a 6
    accounted '{"eof":6}'
    head -c 8388608 /dev/zero >"$BATS_TEST_TMPDIR/body"
    # Whether it is seen by the read or by the write is up to the kernel.
    over /shut-unread -m POST -i "$BATS_TEST_TMPDIR/body" -c 2 -a 6 -t 20
    result '.accounting | .sent == 6 and .completed == 0 and .failed.reset + .failed.write == 6'
    end_faulty
    served '{"/reset":[6,0],"/shut-unread":[6,0]}'
}

@test "a reply that comes before its request is written counts" {
    start_on_socket
    head -c 8388608 /dev/zero >"$BATS_TEST_TMPDIR/body"
    for path in /early-413 /early-413-close; do
        over "$path" -m POST -i "$BATS_TEST_TMPDIR/body" -a 20 -c 2 -t 20
        accounted '{"completed":20}'
        result '.statusCodeStats == {"413": {"count": 20}}'
    done
    end_faulty
}

@test "a server that goes away: refused connects are counted, and the warning names the socket" {
    start_on_socket
    "$BENCH_BUILD/bench" run --json --no-save -S "$SOCKET" "$URL/ok" -c 2 -d 5 \
        >"$BATS_TEST_TMPDIR/result.json" 2>/dev/null 3>&- &
    bench=$!
    until_seen '.["/ok"].replies > 10'
    end_faulty
    wait "$bench"
    RESULT=$BATS_TEST_TMPDIR/result.json
    result '.accounting | .connect_failed >= 2 and .connect_failed <= 60 and
        .connect_errors == [{errno: 111, name: "ECONNREFUSED", count: .connect_failed}] and
        .sent == .completed + .timed_out + (.failed | add) + .in_flight_at_end'
    result '.warnings | any(.code == "server-gone") and any(.code == "connects-failed" and
        (.message | contains("attempts to connect to app.sock failed")))'
    result ".accounting.completed <= $(jq '.["/ok"].replies' <<<"$COUNTS")"
    result ".accounting.completed >= $(jq '.["/ok"].replies - 2' <<<"$COUNTS")"
}

@test "a full listen queue is a failed connect, and no request" {
    start_on_socket --deaf
    # The connect that tries the socket has the only place.
    refused 5 "no connection to $SOCKET could be opened, so nothing was measured (the listen queue is full" \
        -S "$SOCKET" "$URL/ok" -d 400ms
    # From now on not even that one gets in.
    refused 5 "cannot connect to $SOCKET: Resource temporarily unavailable (errno 11): its listen queue is full" \
        -S "$SOCKET" "$URL/ok" -t 100ms
}

@test "what cannot be connected to is told in one line" {
    URL=http://localhost/ok
    refused 5 "cannot connect to none.sock: No such file or directory (errno 2): start the server" -S none.sock "$URL"
    : >file
    mkdir folder
    refused 5 "cannot connect to file: it is not a socket" -S file "$URL"
    refused 5 "cannot connect to folder: it is not a socket" -S folder "$URL"
    start_on_socket
    if [ "$(id -u)" -ne 0 ]; then # to root everything is open
        chmod 0 "$SOCKET"
        refused 5 "Permission denied" -S "$SOCKET" "$URL/ok"
    fi
    end_faulty
    refused 5 "cannot connect to $SOCKET: Connection refused (errno 111): no server listens there any more" \
        -S "$SOCKET" "$URL/ok"
}

@test "what cannot be a server's socket is refused before anything is sent" {
    URL=http://localhost/ok
    refused 2 "at most 107 bytes, and this one has 108" -S "$(printf 'x%.0s' {1..108})" "$URL"
    refused 2 "abstract socket" -S @app "$URL"
    refused 2 "'' is not a path" -S '' "$URL"
    refused 2 "give the URL too" -S "$SOCKET"
    refused 2 "not for a server that bench starts" -S "$SOCKET" --strategy pool
    refused 2 "not for a server that bench starts" -S "$SOCKET" --cmd "$SERVER" /ok
}

@test "an interrupt ends the wait for a listen queue" {
    start_on_socket --deaf
    refused 5 "no connection" -S "$SOCKET" "$URL/ok" -d 100ms # takes the only place
    begin compare --strategies none --arm a="--socket-path $SOCKET $URL/ok" -c 1 -a 1 -t 1 --rounds 50
    while read -r -t "$PATIENCE" line <&"$SAID"; do
        [[ $line != *"not reachable yet"* ]] || break
    done
    [[ $line == *"a: cannot connect to $SOCKET"*"its listen queue is full"* ]]
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
}

@test "the report and the document name the socket" {
    local root=$BATS_TEST_DIRNAME/../..
    start_on_socket
    run -0 timeout "$PATIENCE" "$BENCH_BUILD/bench" run -S "$SOCKET" "$URL/ok" -c 2 -a 100 -o saved.json 3>&-
    [[ $output == *"$URL/ok (unix socket $SOCKET)"* ]]
    jq -e '.url == "http://localhost:9/ok" and .socketPath == "app.sock" and
        .target.address == "app.sock" and .config.socket_path == "app.sock"' saved.json
    "$root/tests/schema/validate" "$root/docs/bench.result.1.schema.json" saved.json
    run -0 "$BENCH_BUILD/bench" report saved.json
    [[ $output == *"$URL/ok (unix socket $SOCKET)"* ]]
    # A path alone, autocannon's spelling, and a run over TCP, which has neither.
    measure --socketPath "$SOCKET" /ok -c 1 -a 1
    result '.url == "http://localhost/ok" and .socketPath == "app.sock"'
    measure --cmd "$SERVER" /ok -c 1 -a 1
    result '(has("socketPath") | not) and .config.socket_path == null'
}

@test "bench diff names another socket as it does another URL" {
    start_on_socket
    ln -s "$SOCKET" other.sock
    for socket in "$SOCKET" other.sock; do
        timeout "$PATIENCE" "$BENCH_BUILD/bench" run -S "$socket" "$URL/ok" -c 2 -a 100 -o "$socket.json" 3>&-
    done
    LC_ALL=C run -0 "$BENCH_BUILD/bench" diff "$SOCKET.json" other.sock.json
    [[ $output =~ plan\ +"socket path: app.sock -> other.sock" ]]
    LC_ALL=C run -0 "$BENCH_BUILD/bench" diff "$SOCKET.json" "$SOCKET.json"
    [[ $output != *"socket path"* ]]
}

@test "an arm on a socket beside one on a port" {
    start_on_socket
    timeout "$PATIENCE" "$BENCH_BUILD/bench" compare --strategies none --rounds 2 --no-repeat /ok -c 2 -a 50 \
        --arm tcp="$SERVER" --arm unix="--socket-path $SOCKET $URL/chunked" -o doc.json 3>&-
    jq -e '[.arms[] | {name, runs: [.results[] | [.valid, .accounting.completed, .config.socket_path]]}] ==
        [{name: "tcp", runs: [[true, 50, null], [true, 50, null]]},
         {name: "unix", runs: [[true, 50, "app.sock"], [true, 50, "app.sock"]]}]' doc.json
    end_faulty
    served '{"/chunked":[100,100]}'
}

@test "a session goes on only with the same socket" {
    start_on_socket
    options=(--arm base="$URL/ok" --arm head="$URL/chunked" -c 2 -d 120ms -W 10ms --max-blocks 6 --seed 5
        --fail 'errors>+50%')
    timeout "$PATIENCE" "$BENCH_BUILD/bench" check -S "$SOCKET" "${options[@]}" --session s.json >verdict 3>&- || true
    jq -e '(.blocks | length) == 6 and all(.blocks[].sides[]; .accounting.completed > 0)' s.json
    ln -s "$SOCKET" other.sock
    run -4 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" check -S other.sock "${options[@]}" \
        --continue s.json 3>&-
    [[ $stderr == *"its socket_path of base is app.sock, and now it is other.sock"* ]]
}
