#!/usr/bin/env bats
# How a run ends, and what is counted when: -M, -O, -B, -f, -x, -L and --wait-open. Each flaw that
# autocannon has here is a test. With FAULTY_TLS the server speaks TLS.

load common

# Every line of a file of results: true of all of them together.
lines() { # FILE FILTER
    jq -es "$2" "$1" >/dev/null || { jq -c 'del(.histograms)' "$1"; return 1; }
}

@test "-M: each connection sends so many, and what is in flight is waited for" {
    start_faulty
    for threads in 1 3; do
        for pipelining in 1 4; do
            measure "$URL/ok" -c 5 -M 7 -d 60 -w "$threads" -p "$pipelining"
            accounted '{"completed":35}'
            result '.fairness | .min == 7 and .max == 7'
            result '.duration < 60 and (.interrupted | not)'
        done
    done
    # With a warm-up, whose requests are none of them.
    measure "$URL/ok" -c 3 -M 7 -d 60 -W 50ms
    accounted '{"completed":21}'
    # Together with -D, on connections that are lost, and with a rate.
    measure "$URL/ok" -c 3 -M 7 -D 2 -d 60
    accounted '{"completed":21}'
    measure "$URL/close-silent" -c 3 -M 7 -d 60
    result '.accounting.sent == 21 and .fairness.max <= 7'
    measure "$URL/ok" -c 3 -M 7 -R 2000 -d 60
    accounted '{"completed":21}'
    result '.accounting | .due == 21 and .unsent == 0'
}

@test "-O: so many in all, split over the threads without a rest" {
    start_faulty
    for threads in 1 3; do
        measure "$URL/ok" -c 5 -O 32 -d 60 -w "$threads" -p 3
        accounted '{"completed":32}'
        result '.duration < 60'
    done
    measure "$URL/ok" -c 5 -O 3 -d 60
    accounted '{"completed":3}'
    measure "$URL/ok" -c 5 -O 32 -R 2000 -d 60 -w 2
    accounted '{"completed":32}'
    # The duration may come first.
    measure "$URL/stall" -c 5 -O 32 -d 50ms
    accounted '{"in_flight_at_end":5}'
}

@test "-a beats -M, which beats -O, and the one without effect is named" {
    start_faulty
    measure "$URL/ok" -c 4 -a 30 -M 5 -O 7
    accounted '{"completed":30}'
    result '.config | .max_connection_requests == 0 and .max_overall_requests == 0'
    grep -q -e '-M/--max-connection-requests has no effect beside -a/--amount' "$BATS_TEST_TMPDIR/stderr"
    grep -q -e '-O/--max-overall-requests has no effect beside -a/--amount' "$BATS_TEST_TMPDIR/stderr"
    measure "$URL/ok" -c 4 --maxConnectionRequests 5 --maxOverallRequests 7 -d 60
    accounted '{"completed":20}'
    result '.config.max_connection_requests == 5'
    # The rate of each connection beats that of all.
    measure "$URL/ok" -c 2 -a 5 -R 1 -r 1000
    result '.accounting.due == 5 and .duration < 4'
    grep -q -e '-R/--rate has no effect beside -r/--connection-rate' "$BATS_TEST_TMPDIR/stderr"
}

# bailed OPTION...: the run ended by -B, as a partial result with exit code 1.
bailed() {
    measure -d 60 "$@" && return 1
    [ "$STATUS" -eq 1 ]
    result '.bailout and .interrupted and .duration < 60'
}

@test "-B: the fault that reaches the number is the last one" {
    start_faulty
    for protocol in 1 4; do
        bailed "$URL/nothing-here" -c 8 -p "$protocol" -B 5 --bailout-on non-2xx
        result '.accounting | .completed == 5 and .non_2xx == 5'
        bailed "$URL/ok" -c 8 -p "$protocol" -B 5 -E other
        result '.accounting | .completed == 5 and .mismatches == 5'
    done
    bailed "$URL/reset" -c 8 -B 5
    result '.accounting.failed.reset == 5 and .errors == 5'
    bailed "$URL/stall" -c 8 -t 1 -B 5
    result '.accounting.timed_out == 5'
    # One reply is one fault, also when it is two kinds of one.
    bailed "$URL/nothing-here" -c 8 -B 5 -E other --bailout-on errors,non-2xx,mismatches
    result '.accounting.completed == 5'
    # With a rate, and all that is sent is accounted for.
    bailed "$URL/nothing-here" -R 500 -B 5 --bailout-on non-2xx
    result '.accounting.completed == 5'
    conserved
}

@test "-B: all threads count together, and all of them end" {
    start_faulty
    bailed "$URL/nothing-here" -c 9 -w 3 -B 20 --bailout-on non-2xx
    # The other threads are told at once; each may have read some replies until then.
    result '.accounting | .non_2xx >= 20 and .sent == .completed + .in_flight_at_end'
}

@test "-B N%: a share of the requests that are over, of a hundred or more" {
    start_faulty
    bailed "$URL/nothing-here" -c 4 -B 10% --bailout-on non-2xx
    result '.accounting.completed == 100'
    # Every tenth is lost: that is no fifth of them.
    measure "$URL/nth-reset?n=10" -c 2 -a 300 -B 50%
    result '(has("bailout") | not) and (.interrupted | not)'
}

@test "-B that is not reached changes nothing" {
    start_faulty
    measure "$URL/nothing-here" -a 50 -B 5
    accounted '{"completed":50}'
    result '(has("bailout") | not) and (.interrupted | not)'
    # A report says how it ended.
    run -1 timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save "${TRUST[@]}" "$URL/nothing-here" -B 5 --bailout-on non-2xx
    [[ $output == *"BAILED OUT (-B) after "*": partial result."* ]]
}

@test "--wait-open: what is open at the end is answered, and is in no other figure" {
    start_target --strategy inline --work sleep:300ms
    measure "$URL/heavy" -c 1 -d 100ms --wait-open 30
    result '.accounting | .in_flight_at_end == 1 and .completed == 0 and .completed_after_end == 1'
    result '.histograms | .after_end.count == 1 and .latency.count == 0'
    result '.duration < 30'
    at_least after_end 50 300
    # With a rate and threads; and with too little time it ends without it.
    measure "$URL/heavy" -c 2 -w 2 -R 20 -d 100ms --wait-open 30
    result '.accounting | .completed == 0 and .in_flight_at_end > 0 and
        .completed_after_end == .in_flight_at_end'
    measure "$URL/heavy" -c 1 -d 20ms --wait-open 1ms
    result '.accounting | .in_flight_at_end == 1 and .completed_after_end == 0'
    measure "$URL/heavy" -c 1 -d 20ms
    result '(.accounting | has("completed_after_end") | not) and (.histograms | has("after_end") | not)'
}

@test "--wait-open: a server that never answers is waited for so long and no longer" {
    start_faulty
    measure "$URL/stall" -c 3 -d 50ms --wait-open 100ms
    accounted '{"in_flight_at_end":3}'
    result '.accounting.completed_after_end == 0'
    # The time-out of a request holds there, too, and is no time-out of the run.
    measure "$URL/stall" -c 3 -d 50ms -t 100ms --wait-open 60
    accounted '{"in_flight_at_end":3}'
}

@test "-x: what is no 2xx has no latency and no bytes, and counts as a request" {
    start_faulty
    measure "$URL/nothing-here" -a 40 -x
    result '.requests.total == 40 and .non2xx == 40 and (.series | map(.requests) | add) == 40'
    result '.latency.totalCount == 0 and .throughput.total == 0 and .histograms.first_byte.count == 0'
    measure "$URL/ok" -a 40 --exclude-error-stats
    result '.latency.totalCount == 40 and .throughput.total > 0'
    # It is read back, and says the same.
    measure "$URL/nothing-here" -a 40 --excludeErrorStats -R 1000
    "$BENCH_BUILD/bench" report "$RESULT" >report
    grep -q '40 non-2xx' report
}

@test "-L: samples of another length, and rates per second" {
    start_faulty
    measure "$URL/ok" -c 2 -d 1 -L 100
    result '.sampleInt == 100 and (.series | length) >= 5 and (.series | length) <= 11'
    result '(.series | map(.requests) | add) == .accounting.completed'
    # A hundredth of a second has a tenth of a second's requests, and the same rate.
    result '(.requests.total / .duration) as $rate | .requests.mean | . > $rate / 2 and . < $rate * 2'
    measure "$URL/ok" -c 2 -d 200ms --sampleInt 10 -w 2
    result '(.series | map(.requests) | add) == .accounting.completed'
    measure "$URL/ok" -R 100 -d 300ms -L 50
    result '(.series | map(.due) | add) == 30'
    "$BENCH_BUILD/bench" report "$RESULT" >/dev/null
}

@test "-f: a line for each round, and all of them as one at the end" {
    start_faulty
    begin run "${TRUST[@]}" "$URL/ok" -f -d 100ms -L 20 -c 2 -w 2 -j --no-save
    until_true has_lines 3
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    lines out 'length >= 4 and all(.[]; .schema == "bench.result/1")'
    lines out '.[:-1] as $rounds | .[-1] | .rounds == ($rounds | length) and
        .accounting.completed == ($rounds | map(.accounting.completed) | add) and
        .histograms.latency.count == .accounting.completed and
        (.series | map(.requests) | add) == .accounting.completed'
    lines out 'all(.[:-1][]; (has("rounds") | not) and .accounting.completed > 0)'
    # Each round has its own counts and samples, and none of the ones before it.
    lines out 'all(.[]; .statusCodeStats == {"200": {"count": .requests.total}} and .sampleInt == 20)'
    lines out 'all(.[:-1][]; .samples <= 6) and any(.[1:-2][]; .samples >= 2)'
    tail -n 1 out >sum.json
    "$BENCH_BUILD/bench" report sum.json >report
    grep -q 'in [0-9]* rounds' report
}

has_lines() { # COUNT
    [ "$(wc -l <out)" -ge "$1" ]
}

# As timeout does it: it signals bench, and then the process group, which bench is in.
@test "-f: signals that come at once are one, and the sum is there" {
    start_faulty
    for try in 1 2 3; do
        begin run "${TRUST[@]}" "$URL/ok" -f -d 100ms -c 2 -j --no-save
        until_true has_lines 1
        for ((i = 0; i < 3; i++)); do
            kill -INT "$BENCH_PID" || true # it may have ended by the first one
        done
        end_bench
        [ "$STATUS" -eq 130 ]
        lines out '.[-1].rounds == length - 1 and length >= 2'
    done
}

@test "-f: a round that is cut before its first reply has no line" {
    start_faulty
    begin run "${TRUST[@]}" "$URL/stall" -f -d 60 -c 2 -t 60 -j --no-save
    until_seen '.["/stall"].requests >= 2'
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    [ ! -s out ]
}

@test "-f with -B: the round that bails out is the last, and a server that is gone is told" {
    start_faulty
    run -1 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run "${TRUST[@]}" "$URL/nothing-here" -f -d 60 \
        -B 5 --bailout-on non-2xx --no-save
    [[ ${lines[0]} == "round 1 "* && $output == *"BAILED OUT (-B)"* ]]
    end_faulty
    run -5 timeout "$PATIENCE" "$BENCH_BUILD/bench" run "${TRUST[@]}" "$URL/ok" -f -d 60 --no-save
    [[ $output == *"nothing listens there"* ]]
}

@test "HTTP/2: each of them the same" {
    load http2
    start_h2
    drive /ok -c 3 -M 7 -d 60 -p 4
    accounted '{"completed":21}'
    drive /ok -c 3 -O 20 -d 60 -p 4 -w 2
    accounted '{"completed":20}'
    bailed --http2 "$URL/ok" -c 2 -p 4 -B 5 -E other
    result '.accounting | .completed == 5 and .mismatches == 5'
    bailed --http2 "$URL/rst" -c 2 -p 4 -B 5
    result '.accounting.failed.stream == 5'
}

# refused WORDS OPTION...: exit code 2, with these words, before anything is sent.
refused() {
    run -2 timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save http://127.0.0.1:1/ "${@:2}"
    [[ $output == *"$1"* ]] || { echo "$output"; return 1; }
}

@test "what cannot be, or has no sense, is refused with a sentence" {
    refused "is neither a number of faults nor a share" -B none
    refused "is neither a number of faults nor a share" -B 0
    refused "is not a share of the requests" -B 0%
    refused "is not a share of the requests" -B 101%
    refused "is not a share of the requests" -B 0.01%
    refused "give -B too" --bailout-on errors
    refused "unknown value 'timeouts'" -B 5 --bailout-on timeouts
    refused "unknown value ''" -B 5 --bailout-on ,
    refused "unknown value ''" -B 5 --bailout-on errors,
    refused "nothing is expected of a response" -B 5 --bailout-on mismatches
    refused "is too small" -L 9
    refused "is too large" -L 60001
    refused "more than a million samples" -L 10 -d 24h
    refused "a verdict needs a run that ends" -f --fail 'p99>1s'
    refused "is too small" -M 0
    refused "is too small" -O 0
}
