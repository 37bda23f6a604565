#!/usr/bin/env bats
# The queue on Redis with the longest body that it takes, and with 100,000 jobs.

load common
load queue_jobs
load redis_queue

@test "a body of a megabyte is stored whole and run; a longer one is 413" {
    local id size=1048576 head='{"n":5,"pad":"'
    { printf %s "$head"; head -c $((size - ${#head} - 2)) /dev/zero | tr '\0' x; printf '"}'; } \
        >"$BATS_TEST_TMPDIR/whole"
    [ "$(stat -c %s "$BATS_TEST_TMPDIR/whole")" -eq "$size" ]
    sed 's/x"/xx"/' "$BATS_TEST_TMPDIR/whole" >"$BATS_TEST_TMPDIR/longer"
    gateway
    [ "$(get -H Expect: --data-binary "@$BATS_TEST_TMPDIR/longer" -o /dev/null -w '%{http_code}' "$URL/heavy")" = 413 ]
    get -H Expect: --data-binary "@$BATS_TEST_TMPDIR/whole" "$URL/heavy?[1-3]" | jq -r .id >"$IDS"
    [ "$(wc -l <"$IDS")" -eq 3 ]
    until_true drained
    all_completed
    id=$(head -n 1 "$IDS")
    redis hget "bull:heavy:$id" data | head -c "$size" | cmp - "$BATS_TEST_TMPDIR/whole"
    get "$URL/jobs/$id" | jq -e '.data.n == 5 and (.data.pad | length) > 1048000 and .result == {count: 5}'
    until_stats '[.queue.accepted, .queue.completed] == [3,3]'
    stop_target
}

@test "100,000 jobs wait: 202 and /stats at once, an end to the backlog, and all are worked off" {
    redis config set appendfsync everysec
    redis eval 'for i = 1, 100000 do
            redis.call("HSET", "bull:heavy:" .. i, "name", "heavy", "data", "{\"n\":0}", "opts", "{}",
                "timestamp", ARGV[1], "delay", 0, "priority", 0)
            redis.call("LPUSH", "bull:heavy:wait", i)
        end
        return redis.call("INCRBY", "bull:heavy:id", 100000)' 0 "$(date +%s%3N)"
    gateway --queue-workers 0 --max-backlog 100010
    until_stats ".queue.waiting == 100000"
    curl -sS --max-time 10 "$URL/heavy?n=0&[1-10]" | jq -r .id >"$IDS"
    [ "$(tr '\n' ' ' <"$IDS")" = "$(printf '%s ' {100001..100010})" ]
    refused 'test("backlog is full")'
    until_stats '[.queue.waiting, .queue.accepted, .requests.heavy.rejected] == [100010,10,1]'
    job_is 50000 '.state == "waiting"'
    start_worker
    until_true queue_is '.waiting < 100000'
    is_accepted
    pings 20
    PATIENCE=200 until_true drained # on a busy machine
    all_completed
    until_stats '[.queue.completed, .queue.failed, .queue.accepted] == [100011,0,11]'
    until_true worker_is '.completed == 100011 and .lost == 0'
    # The newest are kept, of both kinds of memory.
    [ "$(redis zcard bull:heavy:completed)" -eq 10000 ]
    [ "$(redis --scan --pattern 'bull:heavy:[0-9]*' | wc -l)" -eq 10000 ]
    stop_worker
    stop_target
}
