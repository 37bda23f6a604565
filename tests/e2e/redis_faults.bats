#!/usr/bin/env bats
# The queue on a Redis that goes wrong: nothing is accepted that was not stored, nothing hangs, and
# all goes on by itself when Redis does.

load common
load queue_jobs
load redis_queue

@test "Redis is out of memory: 503 and nothing stored, what waits is worked off, room again" {
    local pad used stored
    pad=$(printf '%04000d' 0)
    gateway --queue-workers 0
    add foreign name a data 'not JSON' opts '{"attempts":2,"backoff":50}'
    used=$(redis info memory | tr -d '\r' | sed -n 's/^used_memory://p')
    redis config set maxmemory $((used + 1000000)) maxmemory-policy noeviction
    get -i -d "{\"n\":5,\"pad\":\"$pad\"}" "$URL/heavy?[1-500]" >"$BATS_TEST_TMPDIR/replies"
    sed -n 's/^Location: \/jobs\/\([0-9]*\)\r$/\1/p' "$BATS_TEST_TMPDIR/replies" >"$IDS"
    stored=$(wc -l <"$IDS")
    [ "$stored" -gt 50 ]
    [ "$stored" -lt 500 ]
    [ "$(grep -c '^HTTP/1.1 503 ' "$BATS_TEST_TMPDIR/replies")" -eq $((500 - stored)) ]
    [ "$(grep -c '^{"error":".*OOM ' "$BATS_TEST_TMPDIR/replies")" -eq $((500 - stored)) ]
    [ "$(redis llen bull:heavy:wait)" -eq $((stored + 1)) ]
    [ "$(redis --scan --pattern 'bull:heavy:[0-9]*' | wc -l)" -eq "$stored" ]
    [ "$(redis get bull:heavy:id)" -eq "$stored" ]
    # Nothing makes room from here on: a worker comes, works off all, and ends.
    redis config set maxmemory 1
    start_worker --stalled-interval 200ms
    until_true nothing_waits
    all_completed
    until_true worker_is ".completed == $stored and .retried == 1 and .failed == 1 and .lost == 0"
    refused 'test("OOM")'
    stop_worker
    [ ! -s "$BATS_TEST_TMPDIR/worker-stderr" ]
    redis config set maxmemory 0
    post n=5
    start_worker
    until_true nothing_waits
    stop_worker
    stop_troubled_target
}

# no_broker URL WORDS: gateway and worker say so in one line, without what is secret, and exit 2.
no_broker() {
    local program
    for program in "bench-target --strategy queue --queue-workers 0" bench-worker; do
        # shellcheck disable=SC2086 # the program has options
        run -2 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD"/$program --broker "$1"
        [ -z "$output" ] || { echo "$1: $output"; return 1; }
        [[ $stderr == *"the broker "*"$2"* && $stderr != *$'\n'* && $stderr != *s3cret* ]] ||
            { echo "$1: $stderr"; return 1; }
    done
}

@test "no Redis there, or not for us: one sentence without the password, and exit 2" {
    redis acl setuser bob on '>s3cret' '~*' '&*' +@all
    redis acl setuser eve on '>s3cret' '~other:*' '&*' +@all
    no_broker "redis+unix://bob:s3cret-not@$SOCKET" "AUTH was refused"
    no_broker "redis+unix://nobody:s3cret@$SOCKET" "AUTH was refused"
    no_broker "redis+unix://eve:s3cret@$SOCKET" "NOPERM"
    no_broker "$BROKER?db=4000" "SELECT was refused"
    redis config set requirepass s3cret
    no_broker "$BROKER" "NOAUTH"
    no_broker "redis+unix://bob:s3cret@$BATS_TEST_TMPDIR/none" "No such file or directory"
    no_broker redis://bob:s3cret@127.0.0.1:1 "redis://127.0.0.1:1: Connection refused"
    start_target --strategy inline
    no_broker "redis://bob:s3cret@127.0.0.1:$PORT" "redis://127.0.0.1:$PORT: "
    stop_target
}

@test "a key of a wrong type before the start: it is told, and exit 2" {
    local key
    for key in wait meta completed pc; do
        redis sadd "bull:heavy:$key" text
        no_broker "$BROKER" WRONGTYPE
        [ "$(redis smembers "bull:heavy:$key")" = text ]
        redis del "bull:heavy:$key"
    done
}

@test "a key becomes of a wrong type while all runs: 503 with the reason, until it is repaired" {
    local key id
    gateway
    id=$(post n=5)
    until_job "$id" '.state == "completed"'
    for key in wait meta events; do
        redis copy "bull:heavy:$key" kept
        redis del "bull:heavy:$key"
        redis xadd "bull:heavy:$key" '*' a b
        [ "$key" != events ] || { redis del bull:heavy:events && redis set bull:heavy:events text; }
        refused 'test("WRONGTYPE")'
        pings 2
        redis del "bull:heavy:$key"
        redis copy kept "bull:heavy:$key"
        redis del kept
        id=$(post n=5)
        until_job "$id" '.state == "completed"'
    done
    until_stats '[.queue.completed, .queue.failed, .queue.waiting] == [4,0,0]'
    stop_troubled_target
    grep -q 'the broker: .*WRONGTYPE' "$BATS_TEST_TMPDIR/stderr"
}

@test "a Redis that takes no writes: 503 with the reason, until it does" {
    local id
    gateway --queue-workers 1
    redis replicaof 127.0.0.1 1
    refused 'test("READONLY")'
    pings 2
    redis replicaof no one
    id=$(post n=5)
    until_job "$id" '.state == "completed"'
    redis config set appendfsync everysec # with "always" Redis ends itself on a full disk
    prlimit --pid "$REDIS_PID" --fsize=20000:unlimited
    until_true refused 'test("MISCONF")' >/dev/null
    pings 2
    prlimit --pid "$REDIS_PID" --fsize=unlimited:unlimited
    until_true is_accepted
    until_true nothing_waits
    [ "$(redis zcard bull:heavy:completed)" -eq "$(redis get bull:heavy:id)" ]
    stop_troubled_target
}

# The gateway and the worker alone end well, and in time.
stop_both() {
    local began=$SECONDS
    kill -TERM "$TARGET_PID" "$WORKER_PID"
    wait "$WORKER_PID"
    end_troubled_target
    [ $((SECONDS - began)) -le 40 ]
}

@test "a stop while Redis is away ends gateway and workers in time" {
    local worker
    gateway --grace 1 --worker-concurrency 1
    worker=$(stats '.queue.workers[0].pid')
    start_worker --grace 1 --concurrency 1
    for i in 1 2; do post sleep_ms=600000; done
    until_true queue_is '.active == 2'
    kill_redis
    until_true refused 'test("socket")' >/dev/null
    stop_both
    until_gone "$worker"
    grep -q 'the broker is away' "$BATS_TEST_TMPDIR/stderr"
    grep -q 'the broker is away' "$BATS_TEST_TMPDIR/worker-stderr"
}

@test "a stop while Redis hangs ends gateway and workers in time, and answers who waits" {
    local client
    gateway --queue-workers 0 --grace 100
    start_worker --grace 1
    post sleep_ms=600000
    until_true queue_is '.active == 1'
    kill -STOP "$REDIS_PID"
    get -i "$URL/heavy?n=5" >"$BATS_TEST_TMPDIR/reply" 3>&- &
    client=$!
    until_stats '.requests.heavy.begun == 2'
    pings 20
    stop_both
    wait "$client"
    grep -q '^HTTP/1.1 503 ' "$BATS_TEST_TMPDIR/reply"
    grep -q '^{"error":".*no answer for ' "$BATS_TEST_TMPDIR/reply"
}
