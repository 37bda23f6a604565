#!/usr/bin/env bats
# What other load generators are known to get wrong, where no other file has a test of it.
# tests/flaws.txt lists all of these flaws.

load common
load nginx

teardown() {
    end_nginx
    kill_leftovers
}

# Arrivals at the delay server, by its own clock, fall into so many tenths of seconds.
arrived_in_tenths() { # AT-LEAST
    cut -d ' ' -f 1 log | awk '{ print int($1 / 1e8) }' | sort -u >tenths
    [ "$(wc -l <tenths)" -ge "$1" ] || { cat tenths; return 1; }
}

@test "a rate is spread over its seconds, and not sent at their beginning" {
    # Three seconds have 30 tenths. Bursts of 150 ms would fall into two of each second.
    for rate in "-r 50 -c 1" "-R 50" "-R 50 -w 2 -c 5"; do
        start_target --strategy delay --delay constant:1ms --delay-log log
        # shellcheck disable=SC2086
        measure "$URL/heavy" $rate -d 3
        result '.accounting.due == 150'
        conserved
        stop_target
        arrived_in_tenths 11
        rm log
    done
}

@test "a rate below the number of connections opens all of them, and they take turns" {
    start_faulty
    measure "$URL/ok" -R 50 -c 10 -a 30
    accounted '{"completed":30}'
    result '.connections == 10 and .accounting.connected == 10'
    result '.fairness.min >= 1'
    end_faulty
    [ "$(jq '.["/ok"].connections' <<<"$COUNTS")" -eq 10 ]
}

@test "a run ends with its last response, and not with a sample" {
    start_faulty
    for options in "-a 40" "-M 20 -d 60" "-O 40 -d 60" "-R 200 -a 40"; do
        # shellcheck disable=SC2086
        measure "$URL/ok" -c 2 -L 50000 $options
        accounted '{"completed":40}'
        result '.duration < 40'
    done
}

@test "a warm-up has its own end, also beside -a" {
    start_target --strategy delay --delay constant:20ms
    measure "$URL/heavy" -c 1 -a 2 -W [ -c 1 -d 600ms ]
    accounted '{"completed":2}'
    result '.accounting.warmup_discarded > 2'
    stop_target
}

@test "latencies below a millisecond are told, and their fractions" {
    start_target --strategy delay --delay constant:1ns
    measure "$URL/heavy" -c 1 -a 200
    result '.latency | .min > 0 and .min < .max'
    result '.latency | [.min, .p50, .p75, .p90, .max, .average] | any(. != floor)'
    result '.latency.average >= .latency.min and .latency.average <= .latency.max'
    stop_target
}

@test "a second without a response is in min, and nothing completed has none" {
    start_faulty
    measure "$URL/freeze?ms=2500" -c 2 -d 2.2
    result '.requests.min == 0 and .throughput.min == 0 and (.series | any(.requests == 0))'
    result '.latency | .min == null and .max == null and .average == null and .p50 == null'
}

@test "requests under way at the end are told, with their age" {
    start_faulty
    measure "$URL/stall" -c 3 -p 2 -d 300ms
    accounted '{"in_flight_at_end":6}'
    result '.requests.sent == 6 and .requests.total == 0 and .histograms.unfinished.count == 6'
    at_least unfinished 0 250
}

@test "a rate does not add samples, nor requests" {
    start_target --strategy delay --delay constant:50ms
    measure "$URL/heavy" -r 10 -c 3 -a 30
    accounted '{"completed":30}'
    result '.latency.totalCount == 30 and .requests.sent == 30 and .histograms.latency.count == 30'
    # None was faster than the server, whatever the rate.
    at_least latency 0 50
    stop_target
}

@test "each request of a pipeline has its own time, from when it was sent" {
    start_faulty
    # The first reply of a connection freezes the server, and the others wait behind it; later ones
    # are as fast as without a pipeline.
    measure "$URL/freeze?ms=300" -c 1 -p 4 -a 200
    accounted '{"completed":200}'
    result '.histograms.latency.count == 200 and .latency.max >= 290 and .latency.p50 < 150'
    # A report says that requests share connections.
    "$BENCH_BUILD/bench" report "$RESULT" >report
    grep -q '4 requests in flight on each' report
}

@test "threads: all connections that were asked for, and one figure of all" {
    start_faulty
    measure "$URL/ok" -c 10 -w 4 -a 42
    accounted '{"completed":42}'
    result '.connections == 10 and .workers == 4 and .accounting.connected == 10'
    end_faulty
    [ "$(jq '.["/ok"].connections' <<<"$COUNTS")" -eq 10 ]
    start_faulty
    # A sample is a second of all threads, and not one of each.
    measure "$URL/ok" -c 4 -w 4 -d 1.5
    result '.samples == 2 and (.series | length) == 2 and .duration >= 1.5 and .duration < 3'
    result '(.series | map(.requests) | add) == .accounting.completed'
}

@test "a body from a file is sent by every thread" {
    head -c 3000 /dev/urandom | base64 >body
    start_faulty
    measure "$URL/echo" -m POST -i body -w 2 -c 4 -a 20 -E "$(cat body)"$'\n'
    accounted '{"completed":20}'
    result '.mismatches == 0'
}

@test "a body of any bytes keeps them beside a placeholder" {
    start_target --strategy queue --work count:1 --queue-workers 0
    printf '{"n": 1, "text": "\xc3\xa9\xe2\x82\xac", "id": "[<id>]"}' >body
    measure "$URL/heavy" -m POST -i body -I -a 3 -c 1 --expect-status 202
    accounted '{"completed":3}'
    result '.mismatches == 0'
    for job in 1 2 3; do
        get "$URL/jobs/$job" | jq -r '.data | .text, .id' >>jobs
    done
    [ "$(sed -n 1p jobs)" = é€ ]
    [ "$(grep -cE '^[A-Za-z0-9_-]{22}-[0-9]{10}$' jobs)" -eq 3 ]
    [ "$(sort -u jobs | wc -l)" -eq 4 ]
    stop_target
}

# request OPTION...: the bytes that would be sent.
request() {
    "$BENCH_BUILD/bench" run --dry-run http://127.0.0.1:1/ "$@" | jq -r .request | tr -d '\r'
}

@test "a header that is given twice is sent twice, one of ours is replaced" {
    request -H 'X-A: 1' -H 'X-A: 2' -H 'Connection: close' -H 'Host: other' -H a=b >sent
    [ "$(grep -c '^X-A: [12]$' sent)" -eq 2 ]
    [ "$(grep -ci '^connection:' sent)" -eq 1 ]
    grep -qx 'Connection: close' sent
    [ "$(grep -ci '^host:' sent)" -eq 1 ]
    grep -qx 'Host: other' sent
    grep -qx 'a: b' sent
    # Who asks is said.
    grep -q '^User-Agent: bench/' sent
}

@test "no value is taken for a number, a list or an option" {
    request -m POST -b 007 >sent
    [ "$(tail -n 1 sent)" = 007 ]
    request -m POST -b 'a[<id>]' >sent
    [ "$(tail -n 1 sent)" = 'a[<id>]' ]
    request -m POST -b '["a", 1]' >sent
    [ "$(tail -n 1 sent)" = '["a", 1]' ]
    start_faulty
    measure "$URL/echo" -m POST -b 123 -E 123 -a 4 -c 2
    result '.mismatches == 0 and .accounting.completed == 4'
    run -2 --separate-stderr "$BENCH_BUILD/bench" run --conections 5 "$URL/ok"
    [[ $stderr == *"--connections"* ]]
}

@test "a password in the URL is in no document" {
    start_faulty
    measure "${URL/\/\//\/\/me:pass-of-mine@}/ok" -a 4 -c 2
    accounted '{"completed":4}'
    run ! grep -qF pass-of-mine "$RESULT" "$BATS_TEST_TMPDIR/stderr"
}

@test "a document is one line, also with a warm-up" {
    start_faulty
    measure "$URL/ok" -a 10 -W 50ms
    [ "$(wc -l <"$RESULT")" -eq 1 ]
    result '.accounting.completed == 10 and .warmup.duration == 0.05 and .warmup.completed > 0'
}

@test "with threads a terminal shows the run, too" {
    start_faulty
    script -qec "'$BENCH_BUILD/bench' run --no-save '$URL/ok' -c 4 -w 2 -d 1500ms >out" typed \
        </dev/null >/dev/null 3>&-
    grep -aq 'busiest thread' typed
}

@test "a body that nothing looks at is not kept" {
    mkdir www
    truncate -s 200M www/large
    start_nginx "listen 127.0.0.1:@PORT@;"
    measure "http://127.0.0.1:$PORT/large" -c 2 -a 4
    accounted '{"completed":4}'
    result '.accounting.bytes_received > 4 * 209715200 and .client.rss_peak_bytes < 150e6'
}

@test "what a server prints is not mixed into what bench prints" {
    cat >noisy <<END
#!/bin/sh
echo on stdout; echo on stderr >&2
exec "$FAULTY" --port "\$1"
END
    chmod +x noisy
    run -0 --separate-stderr "$BENCH_BUILD/bench" run --cmd './noisy {port}' /ok -c 1 -a 5 --no-save --json 3>&-
    [ "${#lines[@]}" -eq 1 ]
    jq -e '.["2xx"] == 5' <<<"$output"
    [ -z "$stderr" ]
}

@test "without a live view the tables are there" {
    start_faulty
    for option in -n --no-progress; do
        run -0 --separate-stderr "$BENCH_BUILD/bench" run "$option" "$URL/ok" -c 1 -a 20 --no-save 3>&-
        [[ $output == *p50*p99*"20 sent = 20 completed"* ]]
        # The tail stands before the average that hides it.
        [[ ${output%%mean*} == *p50*p99*max* ]]
    done
}
