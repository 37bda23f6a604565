#!/usr/bin/env bats
# Servers whose TLS goes wrong: while connections are opened, between two requests, and in the middle
# of a reply. Each is counted once, as what it is.

load common
load https

teardown() {
    end_servers
}

@test "what breaks TLS loses the request as that, with the reason" {
    start_tls
    want='{}'
    while IFS='|' read -r path words; do
        for version in 1.2 1.3; do
            measure "$URL$path" -c 2 -a 6 --tls-min "$version" --tls-max "$version"
            accounted '{"tls":6}'
            result ".accounting.loss_reasons | length == 1 and .[0].kind == \"tls\" and .[0].count == 6"
            result ".warnings | any(.code == \"lost\" and (.message | contains(\"$words\")))"
        done
        want=$(jq --arg path "$path" '.[$path] = [12, 0]' <<<"$want")
    done <<'LIST'
/tls-cut|without the end of its data (close_notify)
/tls-cut-body|without the end of its data (close_notify)
/tls-cut-first|without the end of its data (close_notify)
/tls-garbage|a damaged record came
/tls-damaged|a damaged record came
/tls-alert-first|ended the connection with an alert
LIST
    end_faulty
    served "$want"
}

@test "an end in good order is none of it" {
    start_tls
    while read -r path want; do
        measure "$URL$path" -c 2 -a 6
        accounted "$want"
    done <<'LIST'
/to-close {"completed":6}
/truncate {"eof":6}
/eof {"eof":6}
/reset {"reset":6}
/to-close-reset {"reset":6}
LIST
    end_faulty
}

@test "what breaks TLS behind a reply costs the request that was already sent" {
    start_tls
    measure "$URL/tls-cut-idle" -c 1 -a 10
    accounted '{"completed":5,"tls":5}'
    # What came in one piece with the reply is seen before the next request is sent.
    for path in /tls-damaged-after /tls-alert-after; do
        measure "$URL$path" -c 1 -a 10
        result '.accounting | .sent == 10 and .completed >= 5 and .completed + .failed.tls == 10'
    done
    # One that is the last of its connection has its reply.
    for path in /tls-cut-idle /tls-damaged-after /tls-alert-after; do
        measure "$URL$path" -c 1 -a 10 -H 'Connection: close'
        accounted '{"completed":10}'
    done
    end_faulty
}

@test "a server that sends new keys and nothing else is given up" {
    start_tls
    measure "$URL/tls-flood" -c 2 -a 6 --tls-min 1.3
    accounted '{"tls":6}'
    result '.warnings | any(.code == "lost" and (.message | contains("only messages of TLS")))'
    end_faulty
}

@test "pipelined: all that were under way are lost" {
    start_tls
    for path in /tls-cut /tls-garbage /tls-damaged /tls-alert-first; do
        measure "$URL$path" -c 1 -p 4 -a 4
        accounted '{"tls":4}'
    done
    end_faulty
}

@test "an open loop counts them, too" {
    start_tls
    for path in /tls-cut-idle /tls-cut-body; do
        measure "$URL$path" -c 2 -R 40 -d 1
        conserved
        result '.accounting | .failed.tls + .in_flight_at_end + .completed == .sent'
    done
    result '.accounting | .failed.tls > 0 and .completed == 0'
    end_faulty
}

@test "bench's own handshake fails: the reason, and no load" {
    while IFS='|' read -r fault text; do
        start_tls --tls-fault "$fault"
        refused 5 "$text" "${TRUST[@]}" -t 2 "$URL/ok"
        untouched
        jq -e '.faults == 1 and .handshakes == 0' <<<"$COUNTS"
    done <<'LIST'
cut|the connection was closed during the handshake
stall|it accepts connections, and does not answer the handshake
garble|cannot open TLS to 127.0.0.1:
alert|the peer ended the connection with an alert (alert "internal error")
LIST
}

@test "one that fails in the load is a failed connect with its trouble, and no request" {
    while read -r fault trouble; do
        # One for bench's own try, and one that stays.
        start_tls --tls-fault "$fault" --tls-fault-after 2
        measure "$URL/tls-after-fault" -c 2 -a 2
        accounted '{"completed":2}'
        result ".accounting | .connected == 1 and .connect_failed >= 1 and
            (.connect_errors | length == 1 and .[0].tls == \"$trouble\" and (.[0].text | length > 20)) and
            .connect_errors[0].count == .connect_failed"
        result '.warnings | any(.code == "connects-failed" and (.message | contains("mostly in TLS: ")))'
        result '.tls.handshakes == 1 and .histograms.handshake.count == 1'
        end_faulty
        served '{"/tls-after-fault":[2,2]}'
    done <<'LIST'
cut closed_in_handshake
garble other
alert alert
LIST
}

@test "one that is stuck does not keep the others" {
    start_tls --tls-fault stall --tls-fault-after 2
    measure "$URL/ok" -c 2 -a 40 -t 30
    accounted '{"completed":40}'
    result '.accounting.connected == 1 and .accounting.connect_failed == 0'
    end_faulty
    served '{"/ok":[40,40]}'
}

@test "Ctrl-C while all handshakes are stuck" {
    start_tls --tls-fault stall --tls-fault-after 1
    begin run --no-save "${TRUST[@]}" "$URL/ok" -c 2 -d 1h -t 1h
    until_loading
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    grep 'interrupted before any connection was open' said
    end_faulty
    jq -e 'keys | any(startswith("/")) | not' <<<"$COUNTS"
}

# each_record FAULT VERSION OPTION...: the fault at the first record of the server, then at the next,
# until there is none that could be the one. Sets RECORDS.
each_record() {
    RECORDS=0
    while true; do
        start_tls --tls-fault "$1" --tls-fault-at "$((RECORDS + 1))" --tls-fault-after 1
        bench_anyway "$URL/ok" -c 2 "${@:3}" --tls-min "$2" --tls-max "$2"
        end_faulty
        [ "$(jq .faults <<<"$COUNTS")" -gt 0 ] || break
        RECORDS=$((RECORDS + 1))
        lost_all "$1" "$(jq .handshakes <<<"$COUNTS")" || { echo "$* at $RECORDS"; return 1; }
    done
    # without the fault
    [ "$STATUS" -eq 0 ]
    result '.accounting | .completed > 0 and .failed.tls == 0 and .connect_failed == 0'
}

# bench_anyway OPTION...: as measure, but the exit status is not judged.
bench_anyway() {
    measure "$@" >said || true
}

# Either no connection could be opened, or each was, in TLS 1.3, and its only request is lost.
lost_all() { # FAULT HANDSHAKES
    if [ "$STATUS" -eq 5 ]; then
        [ "$2" -eq 1 ]
        [ ! -s "$RESULT" ]
        # The reason follows, unless there was just no answer.
        [ "$1" = stall ] || grep 'no connection could be opened: [a-zA-Z].*; ' "$BATS_TEST_TMPDIR/stderr"
        return
    fi
    [ "$STATUS" -eq 0 ]
    result '.accounting | .connected > 0 and .completed == 0 and .connect_failed == 0 and
        .sent == .failed.tls + .timed_out + .in_flight_at_end'
    [ "$1" = stall ] || result '.accounting | .failed.tls > 0 and .timed_out == 0'
}

@test "a cut at each record of the handshake" {
    each_record cut 1.2 -d 300ms
    [ "$RECORDS" -ge 6 ]
    each_record cut 1.3 -d 300ms
    [ "$RECORDS" -ge 6 ]
}

@test "a damaged record at each place of the handshake" {
    each_record garble 1.2 -d 300ms
    [ "$RECORDS" -ge 6 ]
    each_record garble 1.3 -d 300ms
    [ "$RECORDS" -ge 6 ]
}

@test "an alert in place of each record of the handshake" {
    each_record alert 1.2 -d 300ms
    [ "$RECORDS" -ge 6 ]
    each_record alert 1.3 -d 300ms
    [ "$RECORDS" -ge 6 ]
}

@test "silence at each record of the handshake" {
    each_record stall 1.2 -d 1500ms -t 1
    [ "$RECORDS" -ge 6 ]
    each_record stall 1.3 -d 1500ms -t 1
    [ "$RECORDS" -ge 6 ]
}
