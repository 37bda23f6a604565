#!/usr/bin/env bats
# The queue on a Redis that goes wrong: a 202 is kept whatever is killed, nothing is accepted that
# was not stored, nothing hangs, and all goes on by itself when Redis does.

load common
load queue_jobs

setup() {
    command -v redis-server >/dev/null || skip "redis-server is not installed: apt-get install redis-server"
    unset REDISCLI_AUTH
    export TMPDIR=$BATS_TEST_TMPDIR/tmp
    DATA=$BATS_TEST_TMPDIR/redis
    mkdir "$TMPDIR" "$DATA"
    SOCKET=$DATA/socket
    BROKER=redis+unix://$SOCKET
    IDS=$BATS_TEST_TMPDIR/ids
    cat >"$BATS_TEST_TMPDIR/redis.conf" <<END
port 0
unixsocket $SOCKET
dir $DATA
appendonly yes
appendfsync always
save ""
END
    start_redis
}

teardown() {
    local pid
    [ -z "${LOADING:-}" ] || rm -f "$LOADING"
    # Some are stopped by SIGSTOP; those of with-parent end with this shell.
    for pid in ${REDIS_PID:-} ${TARGET_PID:-} ${WORKER_PIDS:-}; do
        kill -KILL "$pid" 2>/dev/null || true
    done
    [ -z "${REDIS_PID:-}" ] || wait "$REDIS_PID" 2>/dev/null || true
}

# ---- Redis ----

redis() { # WORD...
    timeout 20 redis-cli --raw -s "$SOCKET" "$@"
}

redis_is_up() {
    [ "$(redis ping 2>/dev/null)" = PONG ]
}

# The same address and the same data each time. A file that cannot grow does not end it.
start_redis() {
    env --ignore-signal=XFSZ setpriv --pdeathsig KILL redis-server "$BATS_TEST_TMPDIR/redis.conf" \
        >>"$BATS_TEST_TMPDIR/redis.log" 2>&1 3>&- &
    REDIS_PID=$!
    until_true 20 redis_is_up || { cat "$BATS_TEST_TMPDIR/redis.log"; return 1; }
}

kill_redis() {
    kill -KILL "$REDIS_PID"
    wait "$REDIS_PID" 2>/dev/null || true
}

# add ID FIELD VALUE...: a job as another producer may write it, at the end of the queue.
add() {
    redis hset "bull:heavy:$1" "${@:2}" >/dev/null
    redis lpush bull:heavy:wait "$1" >/dev/null
    redis zadd bull:heavy:marker 0 0 >/dev/null
}

# No id is anywhere on its way.
nothing_waits() {
    [ "$(redis llen bull:heavy:wait) $(redis llen bull:heavy:active) $(redis zcard bull:heavy:delayed)" = '0 0 0' ]
}

# ---- gateway and workers ----

gateway() { # OPTION...
    start_target --strategy queue --broker "$BROKER" "$@"
}

# It ends well, whatever it had to say on the way.
end_troubled_target() {
    wait_target
    [ "$STATUS" -eq 0 ] || { cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
}

stop_troubled_target() {
    kill -TERM "$TARGET_PID"
    end_troubled_target
}

is_accepted() {
    post n=5 >/dev/null
}

# refused FILTER: a job is answered 503 with Retry-After, and the filter is true of the reason.
refused() {
    get -D "$BATS_TEST_TMPDIR/head" -o "$BATS_TEST_TMPDIR/body" "$URL/heavy?n=5"
    if grep -q '^HTTP/1.1 503 ' "$BATS_TEST_TMPDIR/head" &&
        grep -q $'^Retry-After: 1\r$' "$BATS_TEST_TMPDIR/head" &&
        jq -e ".error | $1" "$BATS_TEST_TMPDIR/body" >/dev/null; then
        return 0
    fi
    cat "$BATS_TEST_TMPDIR/head" "$BATS_TEST_TMPDIR/body"
    return 1
}

until_job() { # ID FILTER
    until_true 20 job_is "$@" || { get "$URL/jobs/$1"; return 1; }
}

# The jobs of IDS are all completed, each by one attempt that was counted.
all_completed() {
    [ -s "$IDS" ]
    sed "s|.*|url = \"$URL/jobs/&\"|" "$IDS" | curl -sS --max-time 60 -K - |
        jq -es --argjson want "$(wc -l <"$IDS")" \
            'map(select(.state == "completed" and .attempts == 1)) | length == $want'
}

# Each of so many pings is answered while others wait.
pings() { # COUNT
    [ "$(curl -sS --max-time 2 "$URL/ping?[1-$1]" | grep -o pong | wc -l)" -eq "$1" ]
}

# ---- load ----

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

# ---- the tests ----

@test "Redis is killed and started again under load: 503 meanwhile, and each 202 is kept" {
    local accepted refused
    gateway --job-lease 2 --stalled-interval 500ms --keep-jobs 1M
    start_load n=1000
    until_true 30 queue_is '.accepted > 300 and .completed > 10'
    kill_redis
    until_true 30 replied 503 200
    pings 50
    [ "$(get -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$URL/jobs/1")" = 503 ]
    accepted=$(stats .queue.accepted)
    start_redis
    until_true 30 queue_is ".accepted > $accepted + 100"
    end_load
    until_true 60 drained
    all_completed
    # Of all that were stored, also those whose 202 went missing.
    [ "$(redis zcard bull:heavy:completed)" -eq "$(redis get bull:heavy:id)" ]
    [ "$(stats '[.queue.completed, .queue.failed]')" = "[$(redis get bull:heavy:id),0]" ]
    [ "$(stats .queue.accepted)" -eq "$(wc -l <"$IDS")" ]
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
    [ "$(wc -l <"$BATS_TEST_TMPDIR/stderr")" -le 40 ]
}

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
    until_true 30 nothing_waits
    all_completed
    worker_is ".completed == $stored and .retried == 1 and .failed == 1 and .lost == 0"
    refused 'test("OOM")'
    stop_worker
    [ ! -s "$BATS_TEST_TMPDIR/worker-stderr" ]
    redis config set maxmemory 0
    post n=5
    start_worker
    until_true 20 nothing_waits
    stop_worker
    stop_troubled_target
}

# no_broker URL WORDS: gateway and worker say so in one line, without what is secret, and exit 2.
no_broker() {
    local program
    for program in "bench-target --strategy queue --queue-workers 0" bench-worker; do
        # shellcheck disable=SC2086 # the program has options
        run -2 --separate-stderr timeout 20 "$BENCH_BUILD"/$program --broker "$1"
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
    [ "$(stats '[.queue.completed, .queue.failed, .queue.waiting]')" = '[4,0,0]' ]
    stop_troubled_target
    grep -q 'the broker: .*WRONGTYPE' "$BATS_TEST_TMPDIR/stderr"
}

@test "a foreign job that cannot be run fails with the reason, and keeps nobody up" {
    local id
    gateway
    add text name a data 'not JSON' opts '{}' timestamp 1
    add cut name a data '{"n":5' opts '{}' timestamp 1
    add bytes name a data $'\xff\xfe' opts '{}' timestamp 1
    add list name a data '[5]' opts '{}' timestamp 1
    add other name a data '{"n":"five"}' opts '{}' timestamp 1
    add none name a opts '{}' timestamp 1
    add bare data '{"n":5}'
    add words name a data '{"n":5}' opts 'no JSON at all' timestamp soon
    add array name $'\xff\n\x01 name' data '{"n":5}' opts '[1]' timestamp 99999999999999
    add 'its "id"' name a data '{"n":5}' opts '{}' timestamp 1
    redis lpush bull:heavy:wait nobody
    redis hset bull:heavy:early name a data '{"n":5}' opts '{}' timestamp 1
    redis zadd bull:heavy:delayed -5 early
    redis zadd bull:heavy:marker -inf 7 0 1
    until_job early '.state == "completed"'
    id=$(post n=5)
    until_job "$id" '.state == "completed"'
    until_true 20 nothing_waits
    for id in text cut bytes; do
        job_is "$id" '.state == "failed" and .attempts == 1 and (.error | test("not JSON"))'
    done
    job_is list '.state == "failed" and (.error | test("JSON object"))'
    job_is other '.state == "failed" and (.error | test("whole number"))'
    job_is none '.state == "failed"'
    [ "$(redis hget bull:heavy:none failedReason)" = "the job has no data" ]
    [ "$(redis zrange bull:heavy:completed 0 -1 | sort | tr '\n' ' ')" = '1 array bare early its "id" words ' ]
    [ "$(redis zcard bull:heavy:failed)" -eq 6 ]
    [ -z "$(redis --scan --pattern 'bull:heavy:*:lock')" ]
    stop_target
}

@test "a foreign job whose numbers are none takes no other job with it" {
    local field id odd=()
    gateway --queue-workers 0
    for field in atm ats timestamp; do
        redis hset "bull:heavy:text-$field" name a data '{"n":5}' "$field" soon
        redis hset "bull:heavy:huge-$field" name a data '{"n":5}' "$field" 9223372036854775807
        redis hset "bull:heavy:least-$field" name a data '{"n":5}' "$field" -9223372036854775808
        odd+=("text-$field" "huge-$field" "least-$field")
    done
    redis hset bull:heavy:limit name a data '{"n":5}' opts '{"removeOnComplete":{"age":3600,"limit":1.5}}'
    odd+=(limit)
    redis lpush bull:heavy:wait "${odd[@]}"
    redis hset bull:heavy:due name a data '{"n":5}' priority soon
    redis zadd bull:heavy:delayed 1 due
    redis hset bull:heavy:dropped name a data '{"n":5}' stc soon # of a worker that died
    redis rpush bull:heavy:active dropped
    redis sadd bull:heavy:stalled dropped
    odd+=(due dropped)
    redis hset bull:heavy:century name a data '{"n":5}' delay 1
    redis zadd bull:heavy:delayed 1e17 century # in more than 500 years
    get "$URL/heavy?n=5&[1-20]" | jq -r .id >"$IDS"
    start_worker --concurrency 4
    until_true 20 queue_is '.waiting + .active == 0 and .delayed == 1'
    all_completed
    [ "$(redis zrange bull:heavy:delayed 0 -1)" = century ]
    [ "$(redis zrange bull:heavy:completed 0 -1 | grep -v '^[0-9]' | sort)" = "$(printf '%s\n' "${odd[@]}" | sort)" ]
    [ "$(redis zcard bull:heavy:completed)" -eq $((20 + ${#odd[@]})) ]
    for id in "${odd[@]}"; do echo "url = \"$URL/jobs/$id\""; done | curl -sS --max-time 20 -K - |
        jq -es "map(select(.state == \"completed\")) | length == ${#odd[@]}"
    run ! grep 'Redis refused' "$BATS_TEST_TMPDIR/worker-stderr"
    stop_worker
    stop_target
}

@test "settings in meta that are no whole numbers harm no job" {
    local id
    gateway --queue-workers 0
    redis hset bull:heavy:meta concurrency 2.5 max 5.5 duration 1.5 opts.maxLenEvents many
    get "$URL/heavy?n=5&[1-20]" | jq -r .id >"$IDS"
    start_worker
    until_true 20 drained
    all_completed
    id=$(tail -n 1 "$IDS")
    [ "$(redis hmget "bull:heavy:$id" ats stc | tr '\n' ' ')" = '1  ' ]
    stop_worker
    stop_target
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
    until_true 20 refused 'test("MISCONF")' >/dev/null
    pings 2
    prlimit --pid "$REDIS_PID" --fsize=unlimited:unlimited
    until_true 20 is_accepted
    until_true 20 nothing_waits
    [ "$(redis zcard bull:heavy:completed)" -eq "$(redis get bull:heavy:id)" ]
    stop_troubled_target
}

@test "a worker that was stopped for longer than its lock loses the job, not the count" {
    local id stopped stopped_url
    gateway --queue-workers 0
    start_worker --job-lease 1 --stalled-interval 300ms --concurrency 1
    id=$(post sleep_ms=1500)
    until_true 20 queue_is '.active == 1'
    stopped=$WORKER_PID
    stopped_url=$WORKER_URL
    kill -STOP "$stopped"
    start_worker --job-lease 1 --stalled-interval 300ms --concurrency 1
    until_job "$id" '.state == "completed"'
    kill -CONT "$stopped"
    WORKER_URL=$stopped_url until_true 20 worker_is '. == {taken: 1, completed: 0, retried: 0, failed: 0, lost: 1}'
    worker_is '. == {taken: 1, completed: 1, retried: 0, failed: 0, lost: 0}'
    [ "$(redis hmget "bull:heavy:$id" atm ats stc | tr '\n' ' ')" = '1 2 1 ' ]
    [ "$(redis zrange bull:heavy:completed 0 -1)" = "$id" ]
    [ "$(stats '[.queue.completed, .queue.active, .queue.waiting]')" = '[1,0,0]' ]
    kill -TERM "$stopped"
    wait "$stopped"
    stop_worker
    stop_target
}

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
    until_true 20 drained
    all_completed
    id=$(head -n 1 "$IDS")
    redis hget "bull:heavy:$id" data | head -c "$size" | cmp - "$BATS_TEST_TMPDIR/whole"
    get "$URL/jobs/$id" | jq -e '.data.n == 5 and (.data.pad | length) > 1048000 and .result == {count: 5}'
    [ "$(stats '[.queue.accepted, .queue.completed]')" = '[3,3]' ]
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
    [ "$(stats .queue.waiting)" -eq 100000 ]
    curl -sS --max-time 5 "$URL/heavy?n=0&[1-10]" | jq -r .id >"$IDS"
    [ "$(tr '\n' ' ' <"$IDS")" = "$(printf '%s ' {100001..100010})" ]
    refused 'test("backlog is full")'
    [ "$(stats '[.queue.waiting, .queue.accepted, .requests.heavy.rejected]')" = '[100010,10,1]' ]
    job_is 50000 '.state == "waiting"'
    start_worker
    until_true 60 queue_is '.waiting < 100000'
    is_accepted
    pings 20
    until_true 60 drained
    all_completed
    [ "$(stats '[.queue.completed, .queue.failed, .queue.accepted]')" = '[100011,0,11]' ]
    worker_is '.completed == 100011 and .lost == 0'
    # The newest are kept, of both kinds of memory.
    [ "$(redis zcard bull:heavy:completed)" -eq 10000 ]
    [ "$(redis --scan --pattern 'bull:heavy:[0-9]*' | wc -l)" -eq 10000 ]
    stop_worker
    stop_target
}

@test "a gateway killed under load: every job that got a 202 is done after the restart" {
    local worker
    gateway --job-lease 1 --stalled-interval 300ms --keep-jobs 1M
    start_load n=100000
    until_true 30 queue_is '.accepted > 300 and .completed > 10'
    worker=$(stats '.queue.workers[0].pid')
    kill -KILL "$TARGET_PID"
    wait "$TARGET_PID" || true
    until_true 20 grep -q '^curl:' "$BATS_TEST_TMPDIR/replies1"
    until_gone "$worker"
    end_load
    [ "$(wc -l <"$IDS")" -gt 300 ]
    gateway --job-lease 1 --stalled-interval 300ms --keep-jobs 1M
    until_true 60 drained
    all_completed
    [ "$(redis zcard bull:heavy:completed)" -eq "$(redis get bull:heavy:id)" ]
    queue_is ".failed == 0 and .completed >= $(wc -l <"$IDS")"
    stop_target
}

@test "a worker killed in mid-job: its jobs run again, and each is counted once" {
    local i first
    gateway --worker-concurrency 2 --job-lease 1 --stalled-interval 300ms
    first=$(stats '.queue.workers[0].pid')
    for i in 1 2 3 4; do post sleep_ms=1000; done >"$IDS"
    until_true 20 queue_is '.active >= 2'
    kill -KILL "$first"
    post n=1000 >>"$IDS"
    until_true 60 drained
    all_completed
    [ "$(redis hget "bull:heavy:$(head -n 1 "$IDS")" ats)" -eq 2 ]
    [ "$(stats '[.queue.accepted, .queue.completed, .queue.failed]')" = '[5,5,0]' ]
    [ "$(stats '.queue.workers[0].pid')" -ne "$first" ]
    stop_troubled_target
    [ "$(wc -l <"$BATS_TEST_TMPDIR/stderr")" -eq 1 ]
    grep -q 'the worker ended by itself (signal 9 (Killed))' "$BATS_TEST_TMPDIR/stderr"
}

# The gateway and the worker alone end well, and in time.
stop_both() {
    local began=$SECONDS
    kill -TERM "$TARGET_PID" "$WORKER_PID"
    wait "$WORKER_PID"
    end_troubled_target
    [ $((SECONDS - began)) -le 12 ]
}

@test "a stop while Redis is away ends gateway and workers in time" {
    local worker
    gateway --grace 1 --worker-concurrency 1
    worker=$(stats '.queue.workers[0].pid')
    start_worker --grace 1 --concurrency 1
    for i in 1 2; do post sleep_ms=600000; done
    until_true 20 queue_is '.active == 2'
    kill_redis
    until_true 20 refused 'test("socket")' >/dev/null
    stop_both
    until_gone "$worker"
    grep -q 'the broker is away' "$BATS_TEST_TMPDIR/stderr"
    grep -q 'the broker is away' "$BATS_TEST_TMPDIR/worker-stderr"
}

@test "a stop while Redis hangs ends gateway and workers in time, and answers who waits" {
    local client
    gateway --queue-workers 0 --grace 20
    start_worker --grace 1
    post sleep_ms=600000
    until_true 20 queue_is '.active == 1'
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
