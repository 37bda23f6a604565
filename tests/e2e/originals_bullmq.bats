#!/usr/bin/env bats
# The published Node program with BullMQ, rebuilt: its jobs are done by other processes, each is
# counted once, and no worker outlives it.

load common
load originals

setup_file() {
    install_originals
}

# post QUERY: a job; prints its id, as the Location says.
post() {
    get -D "$BATS_TEST_TMPDIR/head" -o "$BATS_TEST_TMPDIR/body" "$URL/heavy?$1"
    grep -q '^HTTP/1.1 202 Accepted' "$BATS_TEST_TMPDIR/head" ||
        { cat "$BATS_TEST_TMPDIR/body"; return 1; }
    sed -n 's/^Location: \/jobs\/\([0-9]*\)\r$/\1/p' "$BATS_TEST_TMPDIR/head"
}

job_is() { # ID FILTER
    get "$URL/jobs/$1" | jq -e "$2" >/dev/null
}

# The private server of this program; its address is in the environment.
redis() {
    local url
    url=$(tr '\0' '\n' <"/proc/$PID/environ" | sed -n 's/^REDIS_URL=//p')
    REDISCLI_AUTH='' redis-cli --no-auth-warning -u "$url" "$@"
}

@test "bullmq: an accepted job is told where it is, and is done by another process" {
    start_bullmq --work count:3000
    for query in '' n=2500000 sleep_ms=1.5; do
        id=$(post "$query")
        printf '{"id":"%s","state":"waiting"}\n' "$id" | cmp - "$BATS_TEST_TMPDIR/body"
        until_true job_is "$id" '.state == "completed"'
        job_is "$id" '.error == null and .attempts == 1
            and .added_unix_ms > 1.7e12 and .added_unix_ms <= .started_unix_ms
            and .started_unix_ms <= .ended_unix_ms'
        get "$URL/jobs/$id" | jq -c '[.id, .data, .result]'
    done >"$BATS_TEST_TMPDIR/jobs"
    diff - "$BATS_TEST_TMPDIR/jobs" <<'END'
["1",{"n":3000},{"count":3000}]
["2",{"n":2500000},{"count":2500000}]
["3",{"sleep_ms":1.5},{"slept_ms":1.5}]
END
    [ "$(get -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$URL/jobs/99")" = 404 ]
    jq -e '.error | length > 0' "$BATS_TEST_TMPDIR/body"
    until_stats '.queue | del(.workers, .broker) == {"accepted":3,"waiting":0,"delayed":0,"active":0,"completed":3,"failed":0}'
    until_stats '.queue.broker == "redis (bullmq)"'
    until_stats '.requests.heavy == {"begun":3,"completed":3,"rejected":0,"aborted":0,"failed":0}'
    # As bench tells the roles apart.
    [ "$(cat "/proc/$PID/comm")" = bench-gateway ]
    worker=$(stats '.queue.workers[0].pid')
    [ "$(cat "/proc/$worker/comm")" = bench-worker ]
    URL=http://127.0.0.1:$(stats '.queue.workers[0].port')
    until_stats '.worker == {taken: 3, completed: 3, failed: 0}'
    until_stats "[.strategy, .pid] == [\"worker\", $worker]"
    histogram work '.count == 3 and .max_ns >= 1.5e6'
    histogram wait '.count == 3'
    histogram job '.count == 3 and .max_ns >= 1e6'
    end_original
}

# The sum of the jobs is that of the places where they can be, at whatever moment one asks.
adds_up() {
    stats '.queue | .accepted == .waiting + .delayed + .active + .completed + .failed' |
        grep -qx true || { stats .queue; return 1; }
}

@test "bullmq: no moment of a burst in which a job is nowhere or twice" {
    start_bullmq --workers 2
    clients=()
    for i in {1..8}; do
        get --parallel --parallel-max 12 "$URL/heavy?n=10000000&[1-50]" \
            >"$BATS_TEST_TMPDIR/reply$i" 3>&- &
        clients+=($!)
    done
    until_stats '.queue | .waiting > 0 and .active > 0'
    moments=0
    while stats '.queue.completed + .queue.failed < 400' | grep -q true; do
        adds_up
        moments=$((moments + 1))
    done
    wait "${clients[@]}"
    [ "$moments" -gt 0 ]
    [ "$(cat "$BATS_TEST_TMPDIR"/reply* | jq -r .id | sort -un | wc -l)" -eq 400 ]
    until_stats '.queue | del(.workers, .broker) == {"accepted":400,"waiting":0,"delayed":0,"active":0,"completed":400,"failed":0}'
    until_stats '.requests.heavy == {"begun":400,"completed":400,"rejected":0,"aborted":0,"failed":0}'
    # A second witness: the two workers' own counts.
    sum=0
    for port in $(stats '.queue.workers[].port'); do
        sum=$((sum + $(get "http://127.0.0.1:$port/stats?brief=1" | jq .worker.completed)))
    done
    [ "$sum" -eq 400 ]
    end_original
}

@test "bullmq: a job that fails is counted, and says why" {
    start_bullmq
    gateway=$URL
    # Somebody else's job, without what the worker needs.
    (cd "$FOLDER" && REDIS_URL=$(tr '\0' '\n' <"/proc/$PID/environ" | sed -n 's/^REDIS_URL=//p') \
        node -e '
            const { Queue } = require("bullmq");
            const queue = new Queue("heavy", { connection: { url: process.env.REDIS_URL } });
            queue.add("heavy", { n: "many" }).then(() => queue.close());
        ')
    until_stats '.queue.failed == 1'
    adds_up
    job_is 1 '.state == "failed" and .result == null and (.error | length > 0)'
    URL=http://127.0.0.1:$(stats '.queue.workers[0].port')
    until_stats '.worker == {taken: 1, completed: 0, failed: 1}'
    URL=$gateway
    end_original
}

@test "bullmq: what Redis does not take is 503, not a job" {
    start_bullmq
    redis config set maxmemory 1
    get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?n=1" | jq -e '.error | test("^the queue: ")'
    grep -q '^HTTP/1.1 503 ' "$BATS_TEST_TMPDIR/head"
    redis config set maxmemory 0
    id=$(post n=1)
    until_true job_is "$id" '.state == "completed"'
    adds_up
    until_stats '.requests.heavy == {"begun":2,"completed":1,"rejected":0,"aborted":0,"failed":1}'
    kill -TERM "$TARGET_PID"
    wait_target
}

@test "bullmq: no worker outlives its gateway, not in the middle of a job either" {
    start_bullmq --workers 2
    post n=10000000000
    until_stats '.queue.active == 1'
    [ "$(get "$URL/ping")" = pong ]
    workers=$(stats '.queue.workers[].pid')
    SECONDS=0
    end_original
    [ "$SECONDS" -le 5 ]
    for pid in $workers; do is_gone "$pid"; done

    start_bullmq
    worker=$(stats '.queue.workers[0].pid')
    kill -KILL "$PID"
    until_gone "$worker"
}
