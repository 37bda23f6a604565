#!/usr/bin/env bats
# HTTP/2 servers that go wrong: each fault lands in exactly its own counter, and no request is lost
# or invented. The server's own counts are the second witness.

load common
load http2

@test "each fault of a stream lands in its own counter, and the connection lives on" {
    start_h2
    each_fault 6 -c 1 -p 1 < <(stream_faults)
    each_fault 40 -c 2 -p 8 < <(stream_faults)
    result '.accounting.connected <= 2'
    each_fault 40 -c 2 -p 8 -R 2000 < <(stream_faults)
    conserved
    end_faulty
    # Seven paths three times, /rst four times as often.
    counted '[.[] | objects | select(.requests > 0) | .requests] | all(. == 86 or . == 344)'
    counted '.["/rst"] | .refused == 86 and .reset == 258'
    counted '([.[] | objects | .connections] | all(. >= 5)) and .too_many == 0'
}

@test "each fault of a connection takes along what is open on it, and is no other's" {
    start_h2
    each_fault 6 -c 1 -p 1 < <(connection_faults)
    each_fault 40 -c 2 -p 8 < <(connection_faults)
    each_fault 40 -c 2 -p 8 -R 2000 < <(connection_faults)
    conserved
    end_faulty
    counted '[.[] | objects | .replies] | add == 0'
}

@test "a reset of the connection behind a part of a reply" {
    start_h2
    drive /reset-body -c 1 -p 1 -a 6
    # Whether the answer to its SETTINGS is written before the reset is seen is up to the kernel.
    only reset write
    drive /reset-body -c 2 -p 8 -a 40
    only reset write
}

@test "silence: time-outs, and what waits behind them on the connection is dropped" {
    start_h2
    while read -r path count; do
        drive "$path" -c 2 -p 1 -a 6 -t 200ms
        accounted '{"timed_out":6}'
        result '.valid and (.warnings | any(.code == "nothing-completed"))'
        drive "$path" -c 2 -p 8 -a "$count" -t 200ms
        only timed_out dropped
        result '.accounting.timed_out > 0'
        drive "$path" -c 2 -p 8 -R 1000 -a "$count" -t 200ms
        only timed_out dropped
        conserved
    done <<'END'
/silent 8
/stall 40
/stall-body 40
END
    end_faulty
}

@test "a stream that does not end is given up, and the connection is not" {
    start_h2
    drive /endless -c 2 -p 1 -a 6 -t 1
    accounted '{"timed_out":6}'
    result '.accounting.connected <= 2'
    drive /endless -c 2 -p 8 -a 32 -t 1
    accounted '{"timed_out":32}'
    result '.accounting.connected <= 2 and .client.rss_peak_bytes < 500e6'
    end_faulty
    # The last ones may be closed with the connection.
    counted '.resets >= 38 - 18 and .["/endless"].requests == 38'
}

@test "for a time, in a closed and in an open loop: only its own counter, and what was open" {
    start_h2
    while read -r path timeout counters; do
        # shellcheck disable=SC2086
        {
            drive "$path" -c 2 -p 8 -d 300ms -t "$timeout"
            only in_flight_at_end $counters
            drive "$path" -c 1 -d 300ms -t "$timeout"
            only in_flight_at_end $counters
            drive "$path" -c 2 -p 8 -R 300 -d 300ms -t "$timeout"
            only in_flight_at_end $counters
            conserved
            result '.accounting.due == 90'
        }
    done <<'END'
/rst 10 stream
/rst?code=7 10 refused
/goaway-error 10 goaway
/stall 100ms timed_out dropped
/garbage 10 parse
/reset 10 reset
/eof 10 eof
/endless 100ms timed_out dropped
/large-head 10 parse
/ping-flood 10 parse
END
}

@test "the memory of bench is bounded, whatever the server sends" {
    start_h2
    for path in /large-head /huge-field /pieces /huge-frame /ping-flood /settings-flood; do
        drive "$path" -c 2 -p 8 -a 100
        accounted '{"parse":100}'
        result '.client.rss_peak_bytes < 500e6'
    done
}

@test "lost requests are told with the reason" {
    start_h2
    while IFS='|' read -r path kind words; do
        drive "$path" -c 2 -a 6
        result ".accounting.loss_reasons | map(.count) == [6] and .[0].kind == \"$kind\""
        result ".warnings | any(.code == \"lost\" and (.message | contains(\"$words\")))"
    done <<'END'
/rst?code=2|stream|INTERNAL_ERROR
/rst?code=11|stream|ENHANCE_YOUR_CALM
/rst?code=7|refused|REFUSED_STREAM
/goaway-error|goaway|INTERNAL_ERROR
/large-head|parse|a head over 64 KiB
/push|parse|a push, although push is off
/ping-flood|parse|a flood of PING or SETTINGS
/pieces|parse|a head in too many frames
/bad-index|parse|a head that cannot be decompressed
/no-settings|parse|it does not speak HTTP/2
/http1|parse|it speaks HTTP/1.1, not HTTP/2
/tls-alert|parse|it speaks TLS; try https://
END
}

@test "some streams are refused, and the others are answered" {
    start_h2
    drive /refuse-some -c 2 -p 8 -a 300
    only completed refused
    end_faulty
    witnessed /refuse-some
    result '.accounting | .failed.refused >= 90 and .failed.refused <= 100 and .connected <= 2'
    start_h2
    drive /refuse-some -c 1 -a 30
    accounted '{"completed":20,"refused":10}'
    start_h2
    drive /refuse-some -c 2 -p 8 -R 2000 -a 300
    only completed refused
    conserved
    end_faulty
    witnessed /refuse-some
}

@test "a server that is not there, or goes away" {
    run -5 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run --http2 \
        http://127.0.0.1:9/ -c 2 -d 300ms --no-save
    [[ $stderr == *"nothing listens there"* ]]
    start_h2
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run --http2 --json --no-save "$URL/ok" -c 2 -p 8 -d 5 \
        >"$BATS_TEST_TMPDIR/result.json" 2>/dev/null 3>&- &
    bench=$!
    until_seen '.["/ok"].replies > 10'
    end_faulty
    wait "$bench"
    RESULT=$BATS_TEST_TMPDIR/result.json
    only completed reset eof write
    result '.accounting | .connect_failed > 0 and .gone_after_ns > 0'
    result '.warnings | any(.code == "server-gone")'
    result ".accounting.completed <= $(jq '.["/ok"].replies' <<<"$COUNTS")"
}

@test "a server of HTTP/1.1: said so, and nothing hangs" {
    start_faulty
    drive /ok -c 2 -a 6
    accounted '{"parse":6}'
    result '.accounting.loss_reasons | map(.reason) == ["it speaks HTTP/1.1, not HTTP/2"]'
}

@test "Ctrl-C: everything until then, marked" {
    start_h2
    begin run --http2 "$URL/ok" -c 2 -p 8 -d 60 -w 1 -o result.json
    until_seen '.["/ok"].replies > 20'
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    RESULT=result.json
    only completed in_flight_at_end
    result '.interrupted and .valid and .accounting.completed > 10 and .duration < 50'
}
