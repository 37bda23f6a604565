#!/usr/bin/env bats
# What the open loop does when replies are slow: it opens connections, it waits for one where it may
# not, and the waiting is in the latency. Times have lower bounds only, which hold on every machine.

load common

@test "an arrival without a connection opens one" {
    start_faulty
    # No reply ever comes, so each request has a connection of its own.
    measure "$URL/stall" -R 100 -a 30 -t 2
    accounted '{"timed_out":30}'
    result '.accounting.due == 30 and .accounting.unsent == 0 and .accounting.connected >= 30'
    conserved
    end_faulty
    served '{"/stall":[30,0]}'
    [ "$(jq '.["/stall"].connections' <<<"$COUNTS")" -eq 30 ]
}

@test "one connection for slow replies: nothing is left out, and waiting is latency" {
    start_faulty
    # Reply k is there after 40 (k + 1) ms or later, and was due after 10 k ms.
    measure "$URL/slow-header" -R 100 -a 10 --max-connections 1
    accounted '{"completed":10}'
    result '.accounting.due == 10 and .connections == 1 and .accounting.connected == 1'
    conserved
    at_least latency 0 39 50 155 100 300
    at_least service 0 39
    at_least slip 50 115 100 260
    result '.latency.p50 >= 155 and .latency.max >= 300'
    end_faulty
    served '{"/slow-header":[10,10]}'
}

@test "-c alone is the limit, and the pipeline is room" {
    start_faulty
    for words in "-c 1" "-c 1 -w 1 --max-connections 1" "-p 1 -c 1"; do
        # shellcheck disable=SC2086
        measure "$URL/slow-header" -R 100 -a 5 $words
        accounted '{"completed":5}'
        at_least latency 100 150
    done
    measure "$URL/stall" -R 50 -d 1 -c 1 -p 4
    accounted '{"in_flight_at_end":4}'
    result '.accounting.due == 50 and .accounting.unsent == 46'
    conserved
}

@test "what is never sent is counted at its age, and said" {
    start_faulty
    measure "$URL/stall" -R 30 -d 1 -c 1
    accounted '{"in_flight_at_end":1}'
    result '.accounting.due == 30 and .accounting.unsent == 29 and .duration == 1'
    result '.warnings | any(.code == "unsent")'
    conserved
    # Request k was due after k / 30 s.
    at_least unsent 0 32 50 490 100 960
    at_least unfinished 100 990
    end_faulty
    served '{"/stall":[1,0]}'
}

@test "a cap of connections is declared, and lowers no rate" {
    start_faulty
    for words in "--max-connections 3" "-c 3" "-c 2 --max-connections 3" "-c 3 -w 3"; do
        # shellcheck disable=SC2086
        measure "$URL/stall" -R 50 -d 1 $words
        accounted '{"in_flight_at_end":3}'
        result '.accounting.due == 50 and .accounting.unsent == 47'
        result '.warnings | any(.code == "connection-limited" or .code == "unsent")'
        conserved
    done
}

@test "a freeze of the server is in the percentiles, on one connection and on many" {
    for words in "-c 1" "" "-w 2 -c 4"; do
        start_faulty
        # Of 200 requests, the 100 of the first second wait for its end: the k-th for 1 s - 10 k ms.
        # shellcheck disable=SC2086
        measure "$URL/freeze?ms=1000" -R 100 -a 200 $words
        accounted '{"completed":200}'
        at_least latency 75 490 90 780 99 950 100 980
        result '.latency.p99 >= 950'
        conserved
        end_faulty
        served '{"/freeze":[200,200]}'
    done
}

# A published failure of other tools: the rate follows the server.
@test "phases of 10 and 200 ms: as many are sent as are due" {
    start_faulty
    measure "$URL/phases?first=10&second=200&every=1000" -R 400 -a 1200 -c 40 --max-connections 500
    accounted '{"completed":1200}'
    result '.accounting.due == 1200 and .accounting.unsent == 0 and .duration >= 2.99'
    conserved
    at_least service 0 9 100 199
    end_faulty
    served '{"/phases":[1200,1200]}'
    start_faulty
    measure "$URL/phases?first=10&second=200&every=1000" -R 400 -a 1200 -c 100
    accounted '{"completed":1200}'
    result '.accounting.due == 1200 and .accounting.unsent == 0 and .duration >= 2.99'
    conserved
}

@test "phases of 200 ms on 40 connections: what cannot be sent is said" {
    start_faulty
    # 40 connections bring at most 40 replies in 200 ms, so 240 are sent in a second.
    measure "$URL/phases?first=200&every=600000" -R 400 -d 1 -c 40
    result '.accounting | .due == 400 and .sent <= 240 and .unsent >= 160'
    result '.warnings | any(.code == "connection-limited" or .code == "unsent")'
    conserved
    # Of 300, the last is sent after 1.4 s or later, and was due after 750 ms.
    measure "$URL/phases?first=200&every=600000" -R 400 -a 300 -c 40
    accounted '{"completed":300}'
    result '.warnings | any(.code == "connection-limited")'
    at_least latency 100 840
    at_least slip 100 640
}

# Another: fewer are sent than are asked for, and nothing says so.
@test "a new connection for each request: what is due is sent, or it is said" {
    start_faulty
    measure "$URL/ok" -R 300 -d 1 -H 'Connection: close'
    result '.accounting | .due == 300 and .sent + .unsent == 300 and (.failed | add) == 0'
    conserved
    end_faulty
    start_faulty
    measure "$URL/ok" -R 200 -a 30 -H 'Connection: close'
    accounted '{"completed":30}'
    result '.accounting.due == 30 and .accounting.connected >= 30 and .errors == 0'
    conserved
    end_faulty
    served '{"/ok":[30,30]}'
    [ "$(jq '.["/ok"].connections' <<<"$COUNTS")" -eq 30 ]
}

@test "-C: latency is the time from sending, and the slip is measured all the same" {
    start_faulty
    measure "$URL/slow-header" -R 100 -a 10 -c 1 -C
    accounted '{"completed":10}'
    result '.offered.latency_from_sending and .histograms.latency.data == .histograms.service.data'
    at_least slip 50 115 100 260
    conserved
    "$BENCH_BUILD/bench" report "$RESULT" | tr -s ' \n' ' ' | grep -qF -- '(-C), not from when it was due'
    measure "$URL/slow-header" -R 100 -a 10 -c 1
    result '.offered.latency_from_sending == false and .histograms.latency.data != .histograms.service.data'
    at_least latency 50 155
}
