#!/usr/bin/env bats
# Servers that go wrong: each fault lands in exactly its own counter, and no request is lost or
# invented. The faulty server's own counts are the second witness. With FAULTY_TLS it speaks TLS.

load common

@test "each fault lands in its own counter" {
    start_faulty
    want='{}'
    while read -r path counter options; do
        measure "$URL$path" -c 2 -a 6 $options
        accounted "{\"$counter\":6}"
        result '.latency.totalCount == 0 and .latency.p50 == null and .latency.max == null and
            .histograms.unfinished.count == 6 and .errors == 6'
        # A server that connects and then answers nothing was measured all the same.
        result '.valid and (.warnings | any(.code == "nothing-completed"))'
        want=$(jq --arg path "$path" '.[$path] = [6, 0]' <<<"$want")
    done <<'END'
/reset reset
/eof eof
/truncate eof
/stall timed_out -t 200ms
/stall-body timed_out -t 200ms
/garbage parse
/tls-alert parse
/http2 parse
/badchunk parse
/signed-length parse
/two-lengths-differ parse
/huge-header parse
END
    end_faulty
    served "$want"
}

@test "lost requests are told with the reason or the errno" {
    start_faulty
    while IFS='|' read -r path kind words; do
        measure "$URL$path" -c 2 -a 6
        result ".accounting.loss_reasons | map(.count) == [6] and .[0].kind == \"$kind\""
        result ".warnings | any(.code == \"lost\" and (.message | contains(\"$words\")))"
    done <<'END'
/reset|reset|Connection reset by peer, errno 104
/to-close-reset|reset|Connection reset by peer, errno 104
/garbage|parse|not HTTP
/tls-alert|parse|TLS: is this an HTTPS port?
/http2|parse|does this port speak only HTTP/2?
/badchunk|parse|a chunk size without digits
/huge-header|parse|a head over 64 KiB
END
    end_faulty
}

# bench closes first, so each connection keeps its port for a minute. What a server of TLS still says
# then is answered by a RST, which frees the port.
@test "out of local ports: the warning names ports and keep-alive" {
    [ -z "${FAULTY_TLS:-}" ] || skip "TLS frees them"
    unshare --user --map-root-user --net true 2>/dev/null || skip "no namespaces here"
    cat >"$BATS_TEST_TMPDIR/inside" <<'END'
ip link set lo up
echo '40000 40040' >/proc/sys/net/ipv4/ip_local_port_range
echo 0 >/proc/sys/net/ipv4/tcp_tw_reuse
"$BENCH_BUILD/bench" run --json --no-save --cmd "$SERVER" --probe-rate 0 /ok -c 2 -d 500ms \
    -H 'Connection: close' >result.json
END
    export SERVER
    unshare --user --map-root-user --net sh -eu "$BATS_TEST_TMPDIR/inside" 3>&-
    RESULT=result.json
    result '.accounting.connect_errors | any(.name == "EADDRNOTAVAIL")'
    result '.warnings | any(.code == "connects-failed" and
        (.message | contains("no local port is free")) and
        (.remedy | contains("keep connections alive")))'
}

@test "a request that the server does not read times out" {
    head -c 8M /dev/zero >"$BATS_TEST_TMPDIR/body"
    start_faulty
    measure "$URL/no-reply-forever" -m POST -i "$BATS_TEST_TMPDIR/body" -c 1 -a 2 -t 200ms
    accounted '{"timed_out":2}'
    result '.duration >= 0.4 and .duration < 15'
    end_faulty
    served '{"/no-reply-forever":[2,0]}'
}

@test "requests open at the end are counted with their age" {
    start_faulty
    measure "$URL/stall" -c 3 -d 1
    accounted '{"in_flight_at_end":3}'
    result '.accounting.oldest_in_flight_ns > 200e6 and .accounting.oldest_in_flight_ns < 5e9'
    result '.histograms.unfinished.count == 3'
}

@test "a server that stopped answering in the warm-up is a finding too" {
    start_faulty
    measure "$URL/stall" -c 2 -d 300ms -W 100ms
    result '.valid and .accounting.completed == 0'
    result '.warnings | any(.code == "nothing-completed")'
}

@test "a reset after a reply does not take the reply along" {
    start_faulty
    measure "$URL/nth-reset?n=10" -c 1 -a 100
    accounted '{"completed":90,"reset":10}'
    end_faulty
    served '{"/nth-reset":[100,90]}'
    # Whether the next request is written before the reset is seen is up to the kernel.
    start_faulty
    measure "$URL/reset-after" -c 1 -a 10
    result '.accounting | .sent == 10 and .completed >= 5 and .completed + .failed.reset + .failed.write == 10'
    end_faulty
}

@test "a silent close behind a reply costs the request that was already sent" {
    start_faulty
    measure "$URL/close-silent" -c 1 -a 10
    # With TLS the end may come in one piece with the reply, and is seen before anything is sent.
    if [ -n "${FAULTY_TLS:-}" ]; then
        result '.accounting | .completed >= 5 and .completed + .failed.eof == 10'
        return
    fi
    accounted '{"completed":5,"eof":5}'
    end_faulty
    served '{"/close-silent":[5,5]}'
}

@test "a reply that nobody asked for is not counted" {
    start_faulty
    measure "$URL/extra" -c 1 -a 4 -d 10
    accounted '{"completed":4}'
    result '.latency.totalCount == 4 and .accounting.bytes_received == 4 * 41'
    result '.duration < 9' # ended by -a
    end_faulty
    served '{"/extra":[4,4]}'
}

@test "pipelined: only the oldest is at fault, those behind it are dropped" {
    start_faulty
    while read -r path want options; do
        measure "$URL$path" -c 1 -p 4 -a 4 $options
        accounted "$want"
    done <<'END'
/stall {"timed_out":1,"dropped":3} -t 200ms
/stall-body {"timed_out":1,"dropped":3} -t 200ms
/garbage {"parse":1,"dropped":3}
/badchunk {"parse":1,"dropped":3}
/reset {"reset":4}
/eof {"eof":4}
/truncate {"eof":4}
END
}

@test "pipelined: behind a reply that announces its close there is none" {
    start_faulty
    measure "$URL/close" -c 1 -p 4 -a 8
    accounted '{"completed":2,"eof":6}'
    end_faulty
    served '{"/close":[2,2]}'
    # and the report says what to do about it
    result '.warnings | any(.code == "pipelining" and (.remedy | test("-p 1")))'
}

@test "a server that gives nothing is asked ever more rarely" {
    start_faulty
    measure "$URL/eof" -c 1 -d 1
    failures=$(jq .accounting.failed.eof "$RESULT")
    accounted "{\"eof\":$failures}"
    [ "$failures" -ge 2 ]
    [ "$failures" -le 15 ]
    # one that gives replies is asked again at once
    measure "$URL/close" -c 1 -d 1
    result ".accounting.completed > $failures and .accounting.failed.eof == 0"
}

@test "a server that goes away: refused connects are counted, by errno, and no busy loop" {
    start_faulty
    "$BENCH_BUILD/bench" run --json --no-save "${TRUST[@]}" "$URL/ok" -c 2 -d 5 \
        >"$BATS_TEST_TMPDIR/result.json" 2>/dev/null 3>&- &
    bench=$!
    until_seen '.["/ok"].replies > 10'
    end_faulty
    wait "$bench"
    RESULT=$BATS_TEST_TMPDIR/result.json
    result '.accounting | .connect_failed >= 2 and .connect_failed <= 60 and
        .sent == .completed + .timed_out + (.failed | add) + .in_flight_at_end'
    # A handshake may be under way just then; its connection is reset, or ends.
    result ".accounting | .connect_errors | ${FAULTY_TLS:+map(select(.errno == 111)) |}
        length == 1 and .[0].name == \"ECONNREFUSED\" and .[0].count >= 2"
    result '.accounting | .connect_failed == (.connect_errors | map(.count) | add)'
    result '.accounting.gone_after_ns > 0 and .accounting.gone_after_ns < 5e9 and
        (.warnings | any(.code == "server-gone") and any(.code == "connects-failed"))'
    # every reply arrived, but for those that the end of the server cut off
    result ".accounting.completed <= $(jq '.["/ok"].replies' <<<"$COUNTS")"
    result ".accounting.completed >= $(jq '.["/ok"].replies - 2' <<<"$COUNTS")"
}

@test "a connect without an answer is not a request" {
    start_faulty --deaf
    run -5 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save "${TRUST[@]}" \
        "$URL/ok" -c 2 -d 400ms -t 100ms
    # Before it loads a server of TLS, bench tries a handshake.
    words=${FAULTY_TLS:+"it accepts one connection, but not the next"}
    [[ $stderr == *"${words:-no connection could be opened}"* ]]
}

@test "a freeze of the whole server is seen, and nothing is lost" {
    start_faulty
    measure "$URL/freeze?ms=300" -c 4 -a 100
    accounted '{"completed":100}'
    result '.latency.max >= 299 and .latency.max < 5000 and .latency.p50 < 150'
    end_faulty
    served '{"/freeze":[100,100]}'
}
