#!/usr/bin/env bats
# Good replies of HTTP/2 in every form, and what a server may do to a client: exact counts, by two
# witnesses.

load common
load http2

@test "a good reply is completed, however it is written" {
    local path class mode want
    for mode in '-c 1 -p 1' '-c 2 -p 8' '-c 2 -p 8 -R 2000'; do
        start_h2
        want='{}'
        while read -r path class; do
            # shellcheck disable=SC2086
            drive "$path" $mode -a 60
            accounted '{"completed":60}'
            result ".[\"$class\"] == 60 and .latency.totalCount == 60 and .errors == 0 and .valid and
                .histograms.unfinished.count == 0 and .accounting.connected <= 2 and
                .http2 == {max_streams: null, limit_changes: 0, goaways: 0, blocked: 0, blocked_s: 0}"
            want=$(jq --arg path "${path%\?*}" '.[$path] = [60, 60]' <<<"$want")
        done <<'END'
/ok 2xx
/empty 2xx
/trailers 2xx
/interim 2xx
/padded 2xx
/bytewise 2xx
/empty-data 2xx
/continued 2xx
/unknown 2xx
/tables 2xx
/pings 2xx
/batch?code=503 5xx
END
        end_faulty
        served "$want"
        counted '.pings == 6000 and .foreign == 0 and .resets == 0 and .too_many == 0 and .goaways == 0'
    done
}

@test "statuses, and bodies of every size" {
    start_h2
    local code len
    for code in 200 204 304 404 500 999; do
        drive "/ok?code=$code&len=0" -c 2 -p 8 -a 40
        result ".statusCodeStats == {\"$code\": {count: 40}}"
        accounted '{"completed":40}'
    done
    for len in 1 16383 16384 16385 100000 3000000; do
        drive "/ok?len=$len" -c 2 -p 4 -a 20
        accounted '{"completed":20}'
        # With the heads of frames, and a status of a few bytes.
        result ".accounting.bytes_received / 20 | . >= $len + 18 and . <= $len * 1.001 + 60"
    done
}

@test "streams: as many as -p says, and never more than the server allows" {
    start_h2
    drive "/batch" -c 1 -p 8 -a 200
    accounted '{"completed":200}'
    end_faulty
    counted '.most <= 8 and .most > 1 and .["/batch"].connections == 1'
    for mode in '' '-R 5000'; do
        for limit in 1 3 8 100; do
            start_h2
            # shellcheck disable=SC2086
            drive "/batch?streams=$limit" -c 1 -p 8 -a 200 $mode
            accounted '{"completed":200}'
            result ".http2.max_streams == $limit and .http2.limit_changes == 0"
            end_faulty
            counted ".most <= $limit and .most <= 8 and .too_many == 0"
        done
    done
}

@test "the limit goes down and up in the middle" {
    start_h2
    drive /limits -c 2 -p 16 -a 600
    accounted '{"completed":600}'
    result '.http2.max_streams <= 1 and .http2.limit_changes >= 10 and .accounting.connected <= 2'
    end_faulty
    served '{"/limits":[600,600]}'
    counted '.too_many == 0'
    start_h2
    drive /limits -c 2 -p 16 -R 3000 -a 600
    accounted '{"completed":600}'
    conserved
    end_faulty
    served '{"/limits":[600,600]}'
    counted '.too_many == 0'
}

@test "a server that allows no streams at all hangs nothing" {
    start_h2
    # One request is sent before the server says so; the next needs a connection of its own.
    drive "/ok?streams=0" -c 2 -p 8 -a 6 -t 100ms
    accounted '{"completed":6}'
    result '.http2.max_streams == 0 and .accounting.connected >= 5'
    drive "/ok?streams=0" -c 2 -p 8 -d 300ms
    accounted '{"completed":2}'
    drive "/ok?streams=0" -c 2 -p 8 -R 100 -d 300ms
    result '.accounting | .due == 30 and .completed == .sent and .unsent > 0'
    conserved
}

@test "GOAWAY in good order loses nothing that was sent before it" {
    start_h2
    drive /graceful -c 1 -p 1 -a 100
    accounted '{"completed":100}'
    result '.http2.goaways >= 4'
    drive /goaway-after -c 1 -p 1 -a 20
    accounted '{"completed":20}'
    result '.http2.goaways == 20 and .accounting.connected == 20'
    drive /graceful -c 2 -p 8 -a 400
    accounted '{"completed":400}'
    drive /graceful -c 2 -p 8 -a 400 -R 3000
    accounted '{"completed":400}'
    conserved
    end_faulty
    counted '.["/graceful"] | .requests == 900 and .replies == 900'
}

@test "GOAWAY in the middle: what the server did not begin with is told, the rest is answered" {
    start_h2
    drive /goaway-middle -c 1 -p 8 -a 200
    only completed goaway
    result '.accounting | .failed.goaway > 0 and .completed > 0'
    end_faulty
    witnessed /goaway-middle
    counted ".[\"/goaway-middle\"].goaways == $(jq .http2.goaways "$RESULT")"
    start_h2
    drive /goaway-middle -c 2 -p 8 -a 200 -R 3000
    only completed goaway
    conserved
    end_faulty
    witnessed /goaway-middle
    start_h2
    drive /goaway-after -c 2 -p 8 -a 200
    only completed goaway
    end_faulty
    witnessed /goaway-after
}

@test "a body that the server has no window for times out, and is told as blocked" {
    start_h2
    head -c 200000 /dev/urandom >"$BATS_TEST_TMPDIR/body"
    while read -r mode; do
        # shellcheck disable=SC2086
        drive /no-window -m POST -i "$BATS_TEST_TMPDIR/body" -t 200ms $mode
        only timed_out dropped in_flight_at_end
        result '.accounting.timed_out > 0 and .http2.blocked > 0 and .http2.blocked_s > 0.1 and
            .http2.blocked_s < 100'
    done <<'END'
-c 1 -p 1 -a 4
-c 2 -p 8 -a 40
-c 2 -p 8 -d 500ms
-c 2 -p 8 -a 40 -R 1000
END
    conserved
    end_faulty
    counted '.["/no-window"] | .replies == 0 and .body_bytes <= 65535 * .connections'
}

@test "a narrow window: bodies arrive whole, and waited" {
    start_h2
    head -c 80000 /dev/urandom >"$BATS_TEST_TMPDIR/body"
    drive /narrow -m POST -i "$BATS_TEST_TMPDIR/body" -c 2 -p 4 -a 24
    accounted '{"completed":24}'
    result '.http2.blocked >= 1 and .http2.blocked_s > 0'
    end_faulty
    served '{"/narrow":[24,24]}'
    counted '.["/narrow"].body_bytes == 24 * 80000'
}

@test "a body is sent as it stands, whatever its size" {
    local len
    for len in 1 16384 300000; do
        start_h2
        head -c "$len" /dev/urandom >"$BATS_TEST_TMPDIR/body"
        drive /ok -m POST -i "$BATS_TEST_TMPDIR/body" -c 2 -p 4 -a 24
        accounted '{"completed":24}'
        result ".accounting.bytes_sent / 24 | . > $len and . < $len + 300"
        end_faulty
        served '{"/ok":[24,24]}'
        counted ".[\"/ok\"].body_bytes == 24 * $len"
    done
}

# RFC 9113, 8.1: the reply is whole; what is left of the body is not sent.
@test "a reply that comes before its request is written counts" {
    start_h2
    head -c 8388608 /dev/zero >"$BATS_TEST_TMPDIR/body"
    drive /early -m POST -i "$BATS_TEST_TMPDIR/body" -a 20 -c 2 -p 4 -t 20
    accounted '{"completed":20}'
    result '.statusCodeStats == {"413": {"count": 20}}'
}

@test "HEAD: the reply has no body" {
    start_h2
    drive /ok -m HEAD -c 2 -p 8 -a 60
    accounted '{"completed":60}'
    end_faulty
    served '{"/ok":[60,60]}'
}

@test "the expected body: only another one is a mismatch" {
    start_h2
    for path in /ok /padded /bytewise /empty-data /trailers; do
        drive "$path" -c 2 -p 8 -a 40 -E $'ok\n'
        result '.mismatches == 0 and .accounting.completed == 40'
    done
    for wrong in '' o ok $'ok\nx' $'no\n'; do
        drive /ok -c 2 -p 8 -a 40 -E "$wrong"
        result '.mismatches == 40 and .accounting.completed == 40'
    done
    drive "/ok?code=500" -c 1 -a 5 -E nothing # an error is counted as such
    result '.mismatches == 0 and .non2xx == 5'
}

@test "the warm-up is left out, on the same connections" {
    start_h2
    drive /ok -c 2 -p 8 -a 50 -W 200ms
    accounted '{"completed":50}'
    result '.latency.totalCount == 50 and .accounting.warmup_discarded > 0'
    end_faulty
    all=$((50 + $(jq .accounting.warmup_discarded "$RESULT")))
    served "{\"/ok\":[$all,$all]}"
    counted '.["/ok"].connections == 2'
}

@test "threads split exactly" {
    start_h2
    drive /ok -w 2 -c 3 -p 5 -a 101
    accounted '{"completed":101}'
    drive /ok -w 4 -c 10 -p 2 -a 42
    accounted '{"completed":42}'
    end_faulty
    served '{"/ok":[143,143]}'
}

@test "Connection: close has no meaning here, and is refused" {
    run -2 --separate-stderr "$BENCH_BUILD/bench" run --http2 http://127.0.0.1:9/ -d 1 --no-save \
        -H 'Connection: close'
    [ -z "$output" ]
    [[ $stderr == *"Connection"* ]]
}
