#!/usr/bin/env bats
# Good replies of every form, and the options that shape a run: exact counts, by two witnesses. With
# FAULTY_TLS the server speaks TLS.

load common

@test "a good reply is completed, however it is written" {
    start_faulty
    want='{}'
    while read -r path class; do
        measure "$URL$path" -c 3 -a 30
        accounted '{"completed":30}'
        result ".[\"$class\"] == 30 and .latency.totalCount == 30 and
            .histograms.latency.count == 30 and .histograms.unfinished.count == 0 and
            .mismatches == 0 and .errors == 0 and .valid and (.interrupted | not)"
        want=$(jq --arg path "$path" '.[$path] = [30, 30]' <<<"$want")
    done <<'END'
/ok 2xx
/chunked 2xx
/echo 2xx
/bytewise 2xx
/interim 2xx
/two-lengths-equal 2xx
/te-and-cl 2xx
/wrong-body 2xx
/204 2xx
/304 3xx
/500 5xx
/503 5xx
END
    end_faulty
    served "$want"
}

@test "a method in lower case is sent in capitals, and its reply is read as such" {
    start_target --strategy inline --work count:1
    measure "$URL/ping" -m head -c 2 -M 5
    accounted '{"completed":10}'
    result '.["2xx"] == 10 and .accounting.connected == 2'
    stop_target
}

@test "an empty line behind a reply is passed over" {
    start_faulty
    measure "$URL/ok-and-line" -c 2 -M 20
    accounted '{"completed":40}'
    result '.accounting.connected == 2 and .accounting.unasked == 0'
    measure "$URL/ok-and-line" -c 2 -a 40 -p 4
    accounted '{"completed":40}'
    end_faulty
}

# RFC 9112, 9.5: what is left of the body is not sent, and the connection is of no more use.
@test "a reply that comes before its request is written counts, whatever becomes of the rest" {
    start_faulty
    head -c 8388608 /dev/zero >"$BATS_TEST_TMPDIR/body"
    for path in /early-413 /early-413-close; do
        for method in POST PUT; do
            measure "$URL$path" -m "$method" -i "$BATS_TEST_TMPDIR/body" -a 20 -c 2 -t 20
            accounted '{"completed":20}'
            result '.statusCodeStats == {"413": {"count": 20}} and .accounting.connected >= 20'
        done
    done
    end_faulty
}

@test "a request whose writing is stuck times out" {
    start_faulty
    head -c 8388608 /dev/zero >"$BATS_TEST_TMPDIR/body"
    measure "$URL/no-reply-forever" -m POST -i "$BATS_TEST_TMPDIR/body" -a 4 -c 2 -t 300ms
    accounted '{"timed_out":4}'
    end_faulty
}

# RFC 9112, 9.6: the client said that the request is the connection's last.
@test "Connection: close is obeyed: a connection for each request, and no failure" {
    start_faulty
    while read -r path header; do
        measure "$URL$path" -c 3 -a 30 -H "$header"
        accounted '{"completed":30}'
        result '.accounting.connected >= 30 and .accounting.connected <= 32 and .errors == 0'
    done <<'END'
/close-silent Connection: close
/close Connection: close
/ok connection=TE, Close
END
    measure "$URL/close-silent" -c 2 -W 100ms -d 200ms -H 'Connection: close'
    result '.accounting.failed | add == 0'
    end_faulty
}

@test "an interim reply is no reply" {
    start_faulty
    measure "$URL/interim" -c 1 -a 5
    result '.statusCodeStats == {"200": {"count": 5}} and .["1xx"] == 0'
}

@test "a reply that announces its close loses nothing and skews nothing" {
    start_faulty
    for path in /close /to-close /http10; do
        measure "$URL$path" -c 3 -a 30
        accounted '{"completed":30}'
        # The last request leaves up to two connections without one.
        result '.accounting.connected >= 30 and .accounting.connected <= 32 and
            .histograms.connect.count == .accounting.connected and
            .latency.p50 < 100 and .errors == 0'
    done
    end_faulty
    served '{"/close":[30,30],"/to-close":[30,30],"/http10":[30,30]}'
    jq -e '[.["/close", "/to-close", "/http10"].connections] == [30, 30, 30]' <<<"$COUNTS"
}

@test "keep-alive: one connection serves all" {
    start_faulty
    measure "$URL/ok" -c 2 -M 50
    result '.accounting.connected == 2 and .histograms.connect.count == 2'
    end_faulty
    [ "$(jq '.["/ok"].connections' <<<"$COUNTS")" -eq 2 ]
}

@test "pipelined: the exact number" {
    exactly /ok -c 10 -p 10 -a 100
    exactly /ok -c 3 -p 7 -a 100
    exactly /ok -c 1 -p 4 -a 3
    exactly /chunked -c 2 -p 4 -a 50
    exactly /bytewise -c 2 -p 4 -a 30
    exactly /two-in-one -c 2 -p 2 -a 40
    exactly /two-in-one -c 1 -p 2 -a 7
}

@test "threads split exactly" {
    exactly /ok -w 2 -c 3 -a 7
    exactly /ok -w 3 -c 3 -a 3
    exactly /ok -w 2 -c 5 -p 3 -a 101
    exactly /ok -w 4 -c 10 -a 42
}

@test "latency counts to the last byte, first_byte to the first" {
    start_faulty
    measure "$URL/slow-header" -c 2 -a 6
    accounted '{"completed":6}'
    result '.latency.min >= 39 and .latency.max < 5000'
    result '.histograms.first_byte.count == 6'
}

@test "the expected body: only another one is a mismatch" {
    start_faulty
    measure "$URL/ok" -c 1 -a 5 -E $'ok\n'
    result '.mismatches == 0 and .accounting.completed == 5'
    measure "$URL/chunked" -c 1 -a 5 -E $'ok\n'
    result '.mismatches == 0 and .accounting.completed == 5'
    for wrong in '' o ok $'ok\nx' $'no\n'; do
        measure "$URL/ok" -c 1 -a 5 -E "$wrong"
        result '.mismatches == 5 and .accounting.completed == 5'
    done
    measure "$URL/wrong-body" -c 1 -a 5 -E $'ok\n'
    result '.mismatches == 5 and .accounting.completed == 5 and .["2xx"] == 5'
    result '.warnings | any(.code == "mismatches")'
    measure "$URL/500" -c 1 -a 5 -E $'ok\n' # an error is counted as such
    result '.mismatches == 0 and .non2xx == 5'
}

@test "HEAD: the reply has no body, whatever its head says" {
    exactly /ok -m HEAD -c 2 -a 20
    exactly /chunked -m HEAD -c 2 -a 20
}

@test "a body is sent as it stands" {
    start_faulty
    for body in 007 '[<id>' '{"a":[1]}' ' '; do
        measure "$URL/echo" -m POST -b "$body" -E "$body" -c 2 -a 4
        accounted '{"completed":4}'
        result '.mismatches == 0'
        [ "$(get "$URL/counts" | jq -r .last_body)" = "$body" ]
    done
}

@test "a body larger than the socket takes arrives whole" {
    head -c 200000 /dev/urandom >"$BATS_TEST_TMPDIR/body"
    start_faulty
    measure "$URL/echo" -m POST -i "$BATS_TEST_TMPDIR/body" -c 2 -p 4 -a 24
    accounted '{"completed":24}'
    result '.accounting.bytes_received > 24 * 200000 and .accounting.bytes_received < 24 * 201000'
    end_faulty
    served '{"/echo":[24,24]}'
}

@test "the warm-up is left out, on the same connections" {
    start_faulty
    measure "$URL/ok" -c 2 -a 50 -W 200ms
    accounted '{"completed":50}'
    result '.latency.totalCount == 50 and .accounting.warmup_discarded > 0'
    end_faulty
    all=$((50 + $(jq .accounting.warmup_discarded "$RESULT")))
    served "{\"/ok\":[$all,$all]}"
    [ "$(jq '.["/ok"].connections' <<<"$COUNTS")" -eq 2 ]
}

@test "a request from before the window that is answered in it counts in the rate, and nowhere else" {
    start_target --strategy delay --delay constant:200ms
    measure "$URL/heavy" -c 4 -d 1 -W 300ms
    result '.accounting.carried >= 1 and .accounting.carried <= 4'
    result '.accounting.completed == .latency.totalCount and .latency.min >= 200'
    "$BENCH_BUILD/bench" report "$RESULT" | tr -s ' \n' ' ' >said
    grep -q "the $(jq .accounting.carried "$RESULT") answered in it count in rates and costs only" said
    half_less=$(jq '(.accounting.completed + .accounting.carried - 0.5) / .duration' "$RESULT")
    half_more=$(jq '(.accounting.completed + .accounting.carried + 0.5) / .duration' "$RESULT")
    run -0 "$BENCH_BUILD/bench" check "$RESULT" --fail "rps<$half_less"
    run -1 "$BENCH_BUILD/bench" check "$RESULT" --fail "rps<$half_more"
}

@test "a warm-up on fewer connections, in autocannon's brackets" {
    start_faulty
    measure "$URL/ok" -c 3 -M 10 -W [ -c 1 -d 300ms ]
    accounted '{"completed":30}'
    result '.accounting.warmup_discarded > 0 and .accounting.connected == 3'
    end_faulty
    [ "$(jq '.["/ok"].connections' <<<"$COUNTS")" -eq 3 ]
}

@test "-a and -d: whichever ends first" {
    start_faulty
    measure "$URL/ok" -c 2 -a 20 -d 30
    accounted '{"completed":20}'
    result '.duration < 20'
    measure "$URL/slow-header" -c 1 -a 100000 -d 300ms
    result '.accounting.sent < 100 and .duration < 20'
}

has_ipv6() {
    [ "$(cat /proc/sys/net/ipv6/conf/lo/disable_ipv6 2>/dev/null)" = 0 ]
}

@test "IPv6" {
    has_ipv6 || skip "no IPv6 here"
    start_faulty --host ::1
    measure "$SCHEME://[::1]:$PORT/ok" -c 2 -a 10
    accounted '{"completed":10}'
    result ".target.address == \"[::1]:$PORT\""
    end_faulty
    served '{"/ok":[10,10]}'
}

@test "localhost: a server on 127.0.0.1 only is found" {
    start_faulty
    measure "$SCHEME://localhost:$PORT/ok" -c 2 -a 10
    accounted '{"completed":10}'
    result ".target.address == \"127.0.0.1:$PORT\""
}

# with_hosts COMMAND...: where localhost has both addresses, as most machines have it.
with_hosts() {
    printf '::1 localhost\n127.0.0.1 localhost\n' >"$BATS_TEST_TMPDIR/hosts"
    unshare --mount sh -c 'mount --bind "$0" /etc/hosts && exec "$@"' "$BATS_TEST_TMPDIR/hosts" "$@"
}

@test "localhost: with both addresses, the one that has a server is found" {
    has_ipv6 || skip "no IPv6 here"
    with_hosts true 2>/dev/null || skip "needs a mount namespace"
    RESULT=$BATS_TEST_TMPDIR/result.json
    for host in 127.0.0.1 ::1; do
        start_faulty --host "$host"
        with_hosts "$BENCH_BUILD/bench" run --json --no-save "${TRUST[@]}" \
            "$SCHEME://localhost:$PORT/ok" -c 2 -a 10 >"$RESULT" 3>&-
        accounted '{"completed":10}'
        result ".target.address | contains(\"$host\")"
        end_faulty
        served '{"/ok":[10,10]}'
    done
}
