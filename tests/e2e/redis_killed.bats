#!/usr/bin/env bats
# Redis, the gateway or a worker of the queue on Redis is killed: each job that got a 202 is done.

load common
load queue_jobs
load redis_queue

# Four clients, one request after the other, until end_load. The replies go to files.
start_load() { # QUERY
    local i
    LOADING=$BATS_TEST_TMPDIR/loading
    CLIENTS=()
    touch "$LOADING"
    for i in 1 2 3 4; do
        while [ -e "$LOADING" ]; do
            curl -s -i --max-time 10 "$URL/heavy?$1&[1-100]" || echo "curl: $?"
        done >"$BATS_TEST_TMPDIR/replies$i" 2>/dev/null 3>&- &
        CLIENTS+=($!)
    done
}

end_load() {
    rm "$LOADING"
    wait "${CLIENTS[@]}"
    sed -n 's/^Location: \/jobs\/\([0-9]*\)\r$/\1/p' "$BATS_TEST_TMPDIR"/replies? >"$IDS"
    [ "$(sort -u "$IDS" | wc -l)" -eq "$(wc -l <"$IDS")" ]
}

replied() { # STATUS COUNT: at least so many
    [ "$(cat "$BATS_TEST_TMPDIR"/replies? | grep -c "^HTTP/1.1 $1 ")" -ge "$2" ]
}

@test "Redis is killed and started again under load: 503 meanwhile, and each 202 is kept" {
    local accepted refused
    gateway --job-lease 2 --stalled-interval 500ms --keep-jobs 1M
    start_load n=1000
    until_true queue_is '.accepted > 300 and .completed > 10'
    kill_redis
    until_true replied 503 200
    pings 50
    [ "$(get -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$URL/jobs/1")" = 503 ]
    accepted=$(stats .queue.accepted)
    start_redis
    until_true queue_is ".accepted > $accepted + 100"
    end_load
    until_true drained
    all_completed
    # Of all that were stored, also those whose 202 went missing.
    [ "$(redis zcard bull:heavy:completed)" -eq "$(redis get bull:heavy:id)" ]
    until_stats "[.queue.completed, .queue.failed] == [$(redis get bull:heavy:id),0]"
    until_stats ".queue.accepted == $(wc -l <"$IDS")"
    # No reply but these two, each 503 with its reason.
    cat "$BATS_TEST_TMPDIR"/replies? >"$BATS_TEST_TMPDIR/replies"
    refused=$(grep -c '^HTTP/1.1 503 ' "$BATS_TEST_TMPDIR/replies")
    [ "$(grep -c $'^Retry-After: 1\r$' "$BATS_TEST_TMPDIR/replies")" -eq "$refused" ]
    [ "$(grep -c "^{\"error\":\".*$BROKER: .*\"}" "$BATS_TEST_TMPDIR/replies")" -eq "$refused" ]
    [ "$(grep -c '^HTTP/1.1 ' "$BATS_TEST_TMPDIR/replies")" -eq $((refused + $(wc -l <"$IDS"))) ]
    run ! grep '^curl:' "$BATS_TEST_TMPDIR/replies"
    stop_troubled_target
    grep -q "the broker is away: $BROKER: .*; trying again" "$BATS_TEST_TMPDIR/stderr"
    grep -q 'the broker is back' "$BATS_TEST_TMPDIR/stderr"
    # Once at the start and once at the end.
    [ "$(grep -c 'the broker' "$BATS_TEST_TMPDIR/stderr")" -eq 2 ]
}

@test "a gateway killed under load: every job that got a 202 is done after the restart" {
    local worker
    gateway --job-lease 1 --stalled-interval 300ms --keep-jobs 1M
    start_load n=100000
    until_true queue_is '.accepted > 300 and .completed > 10'
    worker=$(stats '.queue.workers[0].pid')
    kill -KILL "$TARGET_PID"
    wait "$TARGET_PID" || true
    until_true grep -q '^curl:' "$BATS_TEST_TMPDIR/replies1"
    until_gone "$worker"
    end_load
    [ "$(wc -l <"$IDS")" -gt 300 ]
    gateway --job-lease 1 --stalled-interval 300ms --keep-jobs 1M
    until_true drained
    all_completed
    [ "$(redis zcard bull:heavy:completed)" -eq "$(redis get bull:heavy:id)" ]
    until_true queue_is ".failed == 0 and .completed >= $(wc -l <"$IDS")"
    stop_target
}

@test "a worker killed in mid-job: its jobs run again, and each is counted once" {
    local i first
    gateway --worker-concurrency 2 --job-lease 1 --stalled-interval 300ms
    measure_hold
    first=$(stats '.queue.workers[0].pid')
    for i in 1 2 3 4; do post sleep_ms=$HOLD; done >"$IDS"
    until_true queue_is '.active >= 2'
    kill -KILL "$first"
    post n=1000 >>"$IDS"
    until_true drained
    all_completed
    [ "$(redis hget "bull:heavy:$(head -n 1 "$IDS")" ats)" -eq 2 ]
    until_stats '[.queue.accepted, .queue.completed, .queue.failed] == [5,5,0]'
    [ "$(stats '.queue.workers[0].pid')" -ne "$first" ]
    stop_troubled_target
    [ "$(wc -l <"$BATS_TEST_TMPDIR/stderr")" -eq 1 ]
    grep -q 'the worker ended by itself (signal 9 (Killed))' "$BATS_TEST_TMPDIR/stderr"
}

@test "a worker that was stopped for longer than its lock loses the job, not the count" {
    local id stopped stopped_url
    gateway --queue-workers 0
    start_worker --job-lease 1 --stalled-interval 300ms --concurrency 1
    measure_hold
    id=$(post sleep_ms=$HOLD)
    until_true queue_is '.active == 1'
    stopped=$WORKER_PID
    stopped_url=$WORKER_URL
    kill -STOP "$stopped"
    start_worker --job-lease 1 --stalled-interval 300ms --concurrency 1
    until_job "$id" '.state == "completed"'
    kill -CONT "$stopped"
    WORKER_URL=$stopped_url until_true worker_is '. == {taken: 1, completed: 0, retried: 0, failed: 0, lost: 1}'
    until_true worker_is '. == {taken: 1, completed: 1, retried: 0, failed: 0, lost: 0}'
    [ "$(redis hmget "bull:heavy:$id" atm ats stc | tr '\n' ' ')" = '1 2 1 ' ]
    [ "$(redis zrange bull:heavy:completed 0 -1)" = "$id" ]
    until_stats '[.queue.completed, .queue.active, .queue.waiting] == [1,0,0]'
    kill -TERM "$stopped"
    wait "$stopped"
    stop_worker
    stop_target
}
