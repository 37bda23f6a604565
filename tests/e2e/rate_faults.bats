#!/usr/bin/env bats
# The open loop and servers that go wrong: a request that is lost is lost, and is not sent again; a
# server that goes away ends no run late, and everything that was due is counted.

load common

@test "each fault lands in its own counter, and nothing is sent twice" {
    local path counter options want='{}'
    start_faulty
    while read -r path counter options; do
        # shellcheck disable=SC2086
        measure "$URL$path" -R 200 -c 2 -a 6 $options
        accounted "{\"$counter\":6}"
        result '.accounting.due == 6 and .accounting.unsent == 0 and .latency.totalCount == 0'
        conserved
        want=$(jq --arg path "$path" '.[$path] = [6, 0]' <<<"$want")
    done <<'END'
/reset reset
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

@test "a lost request is not sent again: the server's count is ours" {
    start_faulty
    measure "$URL/nth-reset?n=10" -R 1000 -c 1 -a 100
    accounted '{"completed":90,"reset":10}'
    result '.accounting.due == 100'
    conserved
    end_faulty
    served '{"/nth-reset":[100,90]}'
    # On more connections each has its own tenth request.
    start_faulty
    measure "$URL/nth-reset?n=10" -R 1000 -c 5 -w 2 -a 200
    result '.accounting | .sent == 200 and .due == 200 and .completed + .failed.reset == 200 and
        .failed.reset > 0'
    conserved
    end_faulty
    served "{\"/nth-reset\":[200,$(jq .accounting.completed "$RESULT")]}"
}

@test "time-outs free the connection for what waits" {
    start_faulty
    # Each of the three waits for the time-out of the one before it.
    measure "$URL/stall" -R 100 -a 3 -t 200ms -c 1
    accounted '{"timed_out":3}'
    result '.accounting.due == 3 and .accounting.unsent == 0'
    conserved
    at_least unfinished 0 195 50 380 100 560
    end_faulty
    served '{"/stall":[3,0]}'
}

@test "time-outs for a time: all is conserved" {
    start_faulty
    measure "$URL/stall" -R 100 -d 1 -t 100ms -c 4
    result '.accounting | .due == 100 and .completed == 0 and .timed_out > 0'
    conserved
    end_faulty
    # One that was sent as the run ended may not have been read.
    jq -e --argjson sent "$(jq .accounting.sent "$RESULT")" \
        '.["/stall"].requests | . <= $sent and . >= $sent - 4' <<<"$COUNTS"
}

@test "a server that closes behind its reply: a connection for each request, and no loss" {
    start_faulty
    for path in /close /to-close /http10; do
        measure "$URL$path" -R 200 -c 3 -a 30
        accounted '{"completed":30}'
        result '.accounting.due == 30 and .errors == 0 and .accounting.connected >= 30'
        conserved
    done
    end_faulty
    served '{"/close":[30,30],"/to-close":[30,30],"/http10":[30,30]}'
    # One that does not announce it: whether the next request was on its way is up to the kernel.
    start_faulty
    measure "$URL/close-silent" -R 50 -c 1 -a 10
    result '.accounting | .sent == 10 and .completed >= 5 and .completed + .failed.eof == 10'
    conserved
    end_faulty
    jq -e --argjson completed "$(jq .accounting.completed "$RESULT")" \
        '.["/close-silent"].replies == $completed' <<<"$COUNTS"
}

@test "a pipeline on a server that closes: what was behind the reply is lost, and only that" {
    start_faulty
    measure "$URL/close" -R 5000 -c 1 -p 4 -a 40
    result '.accounting | .sent == 40 and .due == 40 and .completed + .failed.eof == 40 and .completed >= 10'
    conserved
    end_faulty
    completed=$(jq .accounting.completed "$RESULT")
    served "{\"/close\":[$completed,$completed]}"
}

@test "a reset, a stall and a bad reply in a pipeline: the others are dropped" {
    local path counter options
    start_faulty
    while read -r path counter options; do
        # shellcheck disable=SC2086
        measure "$URL$path" -R 1000 -c 1 -p 4 -a 8 $options
        result ".accounting | .due == 8 and .sent == 8 and .completed == 0 and
            (.failed + {timed_out}).$counter > 0"
        conserved
    done <<'END'
/stall timed_out -t 200ms
/garbage parse
/reset reset
END
}

@test "a server that was never there: exit 5, in time" {
    run -5 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run http://127.0.0.1:9/ -R 100 -d 300ms --no-save
    [ -z "$output" ]
    [[ $stderr == *"nothing listens there"* ]]
    start_faulty --deaf
    run -5 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run "$URL/ok" -R 100 -d 500ms -t 100ms -c 2 --no-save
    [[ $stderr == *"no connection could be opened"* ]]
}

# until_gone_away OPTION...: bench on a server that goes away once it has answered ten requests.
until_gone_away() {
    RESULT=$BATS_TEST_TMPDIR/result.json
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run --json --no-save "$URL/ok" "$@" >"$RESULT" \
        2>/dev/null 3>&- &
    local bench=$!
    until_seen '.["/ok"].replies > 10'
    end_faulty
    wait "$bench"
}

@test "a server that goes away: the run ends in time, with all that was due" {
    start_faulty
    until_gone_away -R 50 -d 10
    result '.accounting.due == 500 and .duration == 10 and .valid and (.interrupted | not)'
    result '.accounting | .unsent > 0 and .connect_failed > 0 and .gone_after_ns > 0'
    result '.warnings | any(.code == "server-gone") and any(.code == "unsent")'
    conserved
    result ".accounting.completed <= $(jq '.["/ok"].replies' <<<"$COUNTS")"
}

@test "a server that goes away, a number of requests and no time: it is given up" {
    start_faulty
    until_gone_away -R 50 -a 1000000 -t 1
    result '.accounting | .due < 1000000 and .unsent > 0 and .connect_failed > 0'
    result '.duration < 50 and (.warnings | any(.code == "gave-up"))'
    conserved
}

@test "a target that dies in the middle: exit 5, and what was due until then" {
    begin run --strategy pool --work "$WORK" -R 100 -d 60 -o result.json
    until_loading
    until_stats '.requests.heavy.completed > 10'
    kill -KILL "$(stats .pid)"
    end_bench
    [ "$STATUS" -eq 5 ]
    RESULT=result.json
    result '(.valid | not) and .duration < 50 and .accounting.due > 10 and .accounting.due < 5000'
    conserved
    until_processes 0 "$WORK"
}

@test "Ctrl-C in the middle: what was due until then, marked" {
    local signal code
    start_faulty
    while read -r signal code; do
        begin run "$URL/ok" -R 100 -d 60 -w 1 -o result.json
        until_seen '.["/ok"].replies > 20'
        kill "-$signal" "$BENCH_PID"
        end_bench
        [ "$STATUS" -eq "$code" ]
        RESULT=result.json
        # Exactly as many as the time that it lasted gives: up to its end, not beyond.
        result '.interrupted and .valid and .duration < 50 and .accounting.completed > 10 and
            (.accounting.due - 100 * .duration | . >= 0 and . <= 1)'
        conserved
        grep -qi interrupted out
        end_faulty
        start_faulty
    done <<'END'
INT 130
TERM 143
END
}

@test "Ctrl-C while everything waits for one connection" {
    start_faulty
    begin run "$URL/stall" -R 100 -d 60 -t 60 -c 1 --json --no-save
    until_seen '.["/stall"].requests == 1'
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    RESULT=out
    accounted '{"in_flight_at_end":1}'
    result '.interrupted and .accounting.unsent == .accounting.due - 1'
    conserved
}
