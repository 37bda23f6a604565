#!/usr/bin/env bats
# The strategy queue and bench-worker: what is accepted is done, whoever is killed.

load common
load queue_jobs

setup() {
    own_folder
    FILE=$BATS_TEST_TMPDIR/jobs.db
    BROKER=sqlite:$FILE
}

# job ID FILTER
job() {
    get "$URL/jobs/$1" | jq -c "$2"
}

worker_pid() {
    stats '.queue.workers[0].pid'
}

# completed FILE: the jobs of the ids in it are all completed.
completed() {
    [ -s "$1" ]
    sed "s|.*|url = \"$URL/jobs/&\"|" "$1" | curl -sS --max-time "$PATIENCE" -K - |
        jq -es --argjson want "$(wc -l <"$1")" 'map(select(.state == "completed")) | length == $want'
}

@test "an accepted job is told where it is, and is done" {
    start_target --strategy queue --work count:3k
    pid=$(worker_pid)
    folder=$(ls -d "$TMPDIR"/bench-queue-*)
    for ask in '' n=2500000 sleep_ms=1.5; do
        id=$(post "$ask")
        [ "$(cat "$BATS_TEST_TMPDIR/body")" = "{\"id\":\"$id\",\"state\":\"waiting\"}" ]
        until_true job_is "$id" '.state == "completed"'
        job_is "$id" '.error == null and .attempts == 1 and .attempts_max == 3'
        job_is "$id" '.added_unix_ms > 1.7e12 and .added_unix_ms <= .started_unix_ms
            and .started_unix_ms <= .ended_unix_ms'
        job "$id" '[.id, .data, .result]'
    done >"$BATS_TEST_TMPDIR/jobs"
    [ "$(jq -c .[1] "$BATS_TEST_TMPDIR/jobs" | tr '\n' ' ')" = '{"n":3000} {"n":2500000} {"sleep_ms":1.5} ' ]
    [ "$(jq -c .[2] "$BATS_TEST_TMPDIR/jobs" | tr '\n' ' ')" = '{"count":3000} {"count":2500000} {"slept_ms":1.5} ' ]
    [ "$(get -d '{"n":7}' -o /dev/null -w '%{http_code}' "$URL/heavy")" = 202 ]
    until_true queue_is '.completed == 4'
    until_stats '.queue | del(.workers, .health) == {"broker":"sqlite","accepted":4,"waiting":0,"delayed":0,"active":0,"completed":4,"failed":0,"missing":0}'
    until_stats '.requests.heavy == {"begun":4,"completed":4,"rejected":0,"aborted":0,"failed":0}'
    grep -q bench-worker "/proc/$pid/comm"
    stop_target
    until_gone "$pid"
    [ ! -e "$folder" ]
}

@test "a worker is a server of its own, with the times of its jobs" {
    start_target --strategy queue --worker-concurrency 3
    for i in 1 2 3; do post n=1000; done
    until_true queue_is '.completed == 3'
    WORKER_URL=http://127.0.0.1:$(stats '.queue.workers[0].port')
    until_true worker_is '. == {taken: 3, completed: 3, retried: 0, failed: 0, lost: 0}'
    get "$WORKER_URL/stats" | jq -e '.strategy == "worker" and .threads.live == 3
        and (.histograms | keys) == ["job", "wait", "work"]'
    [ "$(get "$WORKER_URL/ping")" = pong ]
    [ "$(get "$WORKER_URL/healthz")" = ok ]
    [ "$(get -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$WORKER_URL/heavy")" = 404 ]
    jq -e '.error | test("queue")' "$BATS_TEST_TMPDIR/body"
    stop_target
    run -0 "$BENCH_BUILD/bench-worker" --help
    [[ $output == *--concurrency* && $output == *--broker* && $output != *--strategy* ]]
    [[ $output != *--worker-concurrency* && $output != *--pool-size* && $output != */heavy* ]]
}

@test "what is no job is 404, what is no way to ask is 405" {
    start_target --strategy queue --queue-workers 0
    post n=1
    long=$(printf '%0100d' 0)
    for id in '' 999999 nope -1 "$long" "1'" '1%27%20or%201=1' ../stats '1/' '%3' '%00' 1%00 1e0 01; do
        run -0 get --path-as-is -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$URL/jobs/$id"
        [ "$id $output" = "$id 404" ]
        jq -e '.error | length > 0' "$BATS_TEST_TMPDIR/body"
    done
    [ "$(get "$URL/jobs/%31" | jq -r .id)" = 1 ]
    [ "$(get -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$URL/jobs")" = 404 ]
    grep -qF "/heavy, /ping, /healthz, /jobs/ID and /stats" "$BATS_TEST_TMPDIR/body"
    get -X DELETE -D "$BATS_TEST_TMPDIR/head" -o /dev/null "$URL/jobs/1"
    grep -q '^HTTP/1.1 405 ' "$BATS_TEST_TMPDIR/head"
    grep -q $'^Allow: GET, HEAD\r$' "$BATS_TEST_TMPDIR/head"
    [ "$(get -o /dev/null -w '%{http_code}' "$URL/heavy?n=x")" = 400 ]
    until_stats '.queue.workers == []'
    stop_target
}

@test "past --max-backlog 503 with Retry-After, and room again when jobs are done" {
    start_target --strategy queue --broker "$BROKER" --queue-workers 0 --max-backlog 3
    for i in 1 2 3; do post n=1; done
    get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?n=1" | jq -e '.error | test("backlog")'
    grep -q '^HTTP/1.1 503 ' "$BATS_TEST_TMPDIR/head"
    grep -q $'^Retry-After: 1\r$' "$BATS_TEST_TMPDIR/head"
    until_stats '[.queue.accepted, .queue.waiting, .queue_depth, .requests.heavy.rejected] == [3,3,3,1]'
    start_worker
    until_true queue_is '.completed == 3'
    post n=1
    until_true queue_is '.completed == 4'
    stop_worker
    stop_target
}

@test "a killed worker: its jobs run again, none is lost, none is counted twice" {
    start_target --strategy queue --worker-concurrency 2 --job-lease 500ms
    measure_hold
    first=$(worker_pid)
    for i in 1 2 3 4; do post sleep_ms=$HOLD; done >"$BATS_TEST_TMPDIR/ids"
    until_true queue_is '.active >= 2'
    kill -KILL "$first"
    for i in 5 6; do post n=1000; done >>"$BATS_TEST_TMPDIR/ids"
    until_true drained
    completed "$BATS_TEST_TMPDIR/ids"
    until_stats '[.queue.accepted, .queue.completed, .queue.failed] == [6,6,0]'
    [ "$(worker_pid)" -ne "$first" ]
    kill -TERM "$TARGET_PID"
    wait_target
    [ "$STATUS" -eq 0 ]
    [ "$(wc -l <"$BATS_TEST_TMPDIR/stderr")" -eq 1 ]
    grep -q 'the worker ended by itself (signal 9 (Killed)); it is started again in 100 ms' \
        "$BATS_TEST_TMPDIR/stderr"
}

@test "a worker that was stopped for longer than its lease loses the job, not the count" {
    start_target --strategy queue --broker "$BROKER" --queue-workers 0 --job-lease 400ms
    start_worker --job-lease 400ms --concurrency 1
    measure_hold
    id=$(post sleep_ms=$HOLD)
    until_true queue_is '.active == 1'
    stopped=$WORKER_PID
    stopped_url=$WORKER_URL
    kill -STOP "$stopped"
    start_worker --job-lease 400ms --concurrency 1
    until_true queue_is '.completed == 1'
    kill -CONT "$stopped"
    WORKER_URL=$stopped_url until_true worker_is '.lost == 1 and .completed == 0'
    job_is "$id" '.state == "completed"'
    [ "$(job "$id" '.ended_unix_ms - .added_unix_ms')" -lt 25000 ]
    until_stats '[.queue.completed, .queue.active, .queue.waiting] == [1,0,0]'
    kill -TERM "$stopped"
    wait "$stopped"
    stop_worker
    stop_target
}

@test "a job that takes longer than its lease is not run twice" {
    start_target --strategy queue --broker "$BROKER" --queue-workers 0 --job-lease 1
    start_worker --job-lease 1 --concurrency 1
    first=$WORKER_URL
    start_worker --job-lease 1 --concurrency 1
    id=$(post sleep_ms=2500)
    until_true queue_is '.completed == 1'
    [ "$(for url in "$first" "$WORKER_URL"; do get "$url/stats?brief=1"; done | jq -s 'map(.worker.taken) | add')" -eq 1 ]
    job_is "$id" '.attempts == 1'
    stop_worker
    stop_target
}

@test "a gateway killed under load: every job that got a 202 is done after the restart" {
    start_target --strategy queue --broker "$BROKER" --job-lease 1
    clients=()
    for i in 1 2 3 4; do
        curl -s --max-time "$PATIENCE" -D - -o /dev/null "$URL/heavy?n=100000&[1-3000]" \
            >"$BATS_TEST_TMPDIR/heads$i" 2>/dev/null 3>&- &
        clients+=($!)
    done
    until_true queue_is '.accepted > 300 and .completed > 10'
    pid=$(worker_pid)
    kill -KILL "$TARGET_PID"
    wait "$TARGET_PID" || true
    wait "${clients[@]}" || true
    until_gone "$pid"
    sed -n 's/^Location: \/jobs\/\(.*\)\r$/\1/p' "$BATS_TEST_TMPDIR"/heads? >"$BATS_TEST_TMPDIR/ids"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/ids")" -gt 300 ]
    [ "$(sort -u "$BATS_TEST_TMPDIR/ids" | wc -l)" -eq "$(wc -l <"$BATS_TEST_TMPDIR/ids")" ]
    start_target --strategy queue --broker "$BROKER" --job-lease 1
    until_true drained
    completed "$BATS_TEST_TMPDIR/ids"
    until_true queue_is ".failed == 0 and .completed >= $(wc -l <"$BATS_TEST_TMPDIR/ids")"
    stop_target
}

@test "a job that fails is tried --job-attempts times, with a pause twice as long each time" {
    start_target --strategy queue --broker "$BROKER" --queue-workers 0 --job-backoff 200ms
    start_worker --work count:1 --max-work count:1k --job-backoff 200ms
    id=$(post n=1001)
    good=$(post n=1000)
    until_true job_is "$id" '.state == "failed"'
    job "$id" .
    job_is "$id" '.attempts == 3 and .result == null and (.error | test("--max-work"))
        and .ended_unix_ms - .added_unix_ms >= 600'
    until_true job_is "$good" '.state == "completed"'
    until_stats '[.queue.completed, .queue.failed] == [1,1]'
    until_true worker_is '. == {taken: 4, completed: 1, retried: 2, failed: 1, lost: 0}'
    stop_worker
    stop_target
}

@test "--job-attempts and --job-backoff are those of the options" {
    start_target --strategy queue --broker "$BROKER" --queue-workers 0 --job-attempts 2 --job-backoff 1500ms
    start_worker --work count:1 --max-work count:1k --job-attempts 2 --job-backoff 1500ms
    id=$(post n=1001)
    until_true job_is "$id" '.state == "failed"'
    job_is "$id" '.attempts == 2 and .ended_unix_ms - .added_unix_ms >= 1500'
    until_true worker_is '. == {taken: 2, completed: 0, retried: 1, failed: 1, lost: 0}'
    stop_worker
    stop_target
}

# found ID: 200 or 404
found() {
    get -o /dev/null -w '%{http_code}' "$URL/jobs/$1"
}

@test "of the jobs that have ended, --keep-jobs are found" {
    start_target --strategy queue --broker "$BROKER" --keep-jobs 2
    for i in 1 2 3 4 5; do
        post n=1 >>ids
        until_true queue_is ".completed == $i"
    done
    [ "$(while read -r id; do found "$id"; done <ids)" = 404404404200200 ]
    stop_target
}

# What SQLite then waits for is a test of its own (unit/targets/queue/sqlite/file).
@test "--broker-sync is for the workers, too" {
    for how in full normal; do
        start_target --strategy queue --broker "$BROKER" --broker-sync "$how"
        tr '\0' ' ' <"/proc/$(worker_pid)/cmdline" >words
        grep -q -e "--broker-sync $how" words
        post n=1 >/dev/null
        until_true queue_is '.completed >= 1'
        stop_target
    done
}

@test "what cannot be a broker is told in one sentence and exits 2" {
    head -c 20000 /dev/urandom >"$BATS_TEST_TMPDIR/noise.db"
    for path in "$BATS_TEST_TMPDIR/noise.db" "$BATS_TEST_TMPDIR/none/jobs.db" /proc/jobs.db \
        "$BATS_TEST_TMPDIR"; do
        run -2 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench-target" --strategy queue --broker "sqlite:$path"
        [ "$(wc -l <<<"$stderr")" -eq 1 ]
        [[ $stderr == *"$path"* ]]
        run -2 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench-worker" --broker "sqlite:$path"
        [[ $stderr == *"$path"* ]]
    done
    cmp <(head -c 20000 "$BATS_TEST_TMPDIR/noise.db") "$BATS_TEST_TMPDIR/noise.db"
    TMPDIR=$BATS_TEST_TMPDIR/none run -2 --separate-stderr "$BENCH_BUILD/bench-target" --strategy queue
    [[ $stderr == *TMPDIR* ]]
    [ -z "$(ls "$TMPDIR")" ]
}

@test "bad options say what to do" {
    while read -r options; do
        # shellcheck disable=SC2086 # options are words
        run -2 --separate-stderr "$BENCH_BUILD/bench-target" --strategy queue $options
        [[ $stderr == *"${options%% *}"* ]]
    done <<'END'
--broker rediss://127.0.0.1:6379
--broker sqlite:
--broker jobs.db
--broker-sync never
--queue a:b
--queue-workers 65
--worker-concurrency 1025
--job-attempts 0
--job-backoff 0
--job-lease 1ms
--max-backlog 0
END
    run -2 --separate-stderr "$BENCH_BUILD/bench-target" --strategy queue --queue ''
    [[ $stderr == *--queue* ]]
    run -2 --separate-stderr "$BENCH_BUILD/bench-worker"
    [[ $stderr == *--broker* && $stderr == *sqlite:PATH* ]]
    cp "$BENCH_BUILD/bench-target" "$BATS_TEST_TMPDIR/"
    run -2 --separate-stderr "$BATS_TEST_TMPDIR/bench-target" --strategy queue
    [[ $stderr == *'cannot find bench-worker'* ]]
    [ -z "$(ls "$TMPDIR")" ]
}

@test "a full disk: 503s that say why, no 202 that is not kept, and room again" {
    start_target --strategy queue --broker "$BROKER" --queue-workers 0
    prlimit --pid "$TARGET_PID" --fsize=150000:unlimited
    get -D "$BATS_TEST_TMPDIR/heads" "$URL/heavy?n=1000&[1-400]" >"$BATS_TEST_TMPDIR/bodies"
    sed -n 's/^Location: \/jobs\/\(.*\)\r$/\1/p' "$BATS_TEST_TMPDIR/heads" >"$BATS_TEST_TMPDIR/ids"
    refused=$(grep -c '^HTTP/1.1 503 ' "$BATS_TEST_TMPDIR/heads")
    [ "$refused" -gt 0 ]
    [ "$(grep -c $'^Retry-After: 1\r$' "$BATS_TEST_TMPDIR/heads")" -eq "$refused" ]
    [ $((refused + $(wc -l <"$BATS_TEST_TMPDIR/ids"))) -eq 400 ]
    until_stats "[.requests.heavy.failed, .queue.accepted] == [$refused,$((400 - refused))]"
    [ "$(get "$URL/ping")" = pong ]
    prlimit --pid "$TARGET_PID" --fsize=unlimited:unlimited
    post n=1000 >>"$BATS_TEST_TMPDIR/ids"
    kill -TERM "$TARGET_PID"
    wait_target
    [ "$STATUS" -eq 0 ]
    # Once a second at most.
    [ "$(wc -l <"$BATS_TEST_TMPDIR/stderr")" -le 20 ]
    grep -q "the broker: .*$FILE" "$BATS_TEST_TMPDIR/stderr"
    start_target --strategy queue --broker "$BROKER"
    until_true drained
    completed "$BATS_TEST_TMPDIR/ids"
    stop_target
}

@test "a worker that cannot store a result keeps the job and stores it later" {
    start_target --strategy queue --broker "$BROKER" --queue-workers 0 --job-lease 60
    start_worker --job-lease 60
    measure_hold
    id=$(post sleep_ms=$HOLD)
    until_true queue_is '.active == 1'
    prlimit --pid "$WORKER_PID" --fsize=4096:unlimited
    until_true grep -q 'the broker: .*trying again' "$BATS_TEST_TMPDIR/worker-stderr"
    job_is "$id" '.state == "active"'
    prlimit --pid "$WORKER_PID" --fsize=unlimited:unlimited
    until_true job_is "$id" '.state == "completed" and .attempts == 1'
    until_true worker_is '.taken == 1 and .completed == 1'
    stop_worker
    stop_target
}

@test "a private folder is gone after a stop, and after a kill when the next one starts" {
    start_target --strategy queue
    folder=$(ls -d "$TMPDIR"/bench-queue-*)
    [ "$(stat -c %a "$folder")" = 700 ]
    id=$(post n=1)
    other=$TARGET_PID
    other_url=$URL
    start_target --strategy queue # beside a living one, whose folder stays
    [ "$(ls -d "$TMPDIR"/bench-queue-* | wc -l)" -eq 2 ]
    [ "$(get -o /dev/null -w '%{http_code}' "$other_url/jobs/$id")" = 200 ]
    stop_target
    [ "$(ls -d "$TMPDIR"/bench-queue-*)" = "$folder" ]
    worker=$(get "$other_url/stats?brief=1" | jq '.queue.workers[0].pid')
    kill -KILL "$other"
    until_gone "$worker"
    [ -e "$folder" ]
    mkdir "$TMPDIR/bench-queue-mine" "$TMPDIR/bench-queue"
    start_target --strategy queue --queue-workers 0
    [ ! -e "$folder" ]
    stop_target
    [ "$(ls "$TMPDIR" | tr '\n' ' ')" = 'bench-queue bench-queue-mine ' ]
}

@test "two workers share the work, also what was there before the second one" {
    start_target --strategy queue --broker "$BROKER" --queue-workers 0
    measure_hold # the second worker starts within this time
    for i in {1..20}; do post sleep_ms=$((HOLD / 5)); done
    stop_target
    start_target --strategy queue --broker "$BROKER" --queue-workers 2 --worker-concurrency 1
    until_stats '.queue.workers | map(.pid) | unique | length == 2'
    until_true queue_is '.completed == 20'
    for port in $(stats '.queue.workers[].port'); do
        get "http://127.0.0.1:$port/stats?brief=1"
    done | jq -es 'map(.worker.completed) | add == 20 and min >= 1'
    stop_target
}

@test "a stopped worker ends what can be ended in time, and gives back the rest at once" {
    start_target --strategy queue --broker "$BROKER" --queue-workers 0
    start_worker --concurrency 2 --grace 1
    long=$(post sleep_ms=600000)
    short=$(post sleep_ms=300)
    more=$(post sleep_ms=600000)
    until_true queue_is '.active >= 2'
    stop_worker
    [ ! -s "$BATS_TEST_TMPDIR/worker-stderr" ]
    job_is "$short" '.state == "completed"'
    job_is "$long" '.state == "waiting"'
    job_is "$more" '.state == "waiting"'
    until_stats '[.queue.waiting, .queue.active, .queue.completed] == [2,0,1]'
    stop_target
}

@test "a second signal ends a worker at once; its job is given back" {
    start_target --strategy queue --broker "$BROKER" --queue-workers 0
    start_worker --grace 600
    id=$(post sleep_ms=600000)
    until_true queue_is '.active == 1'
    kill -TERM "$WORKER_PID"
    kill -INT "$WORKER_PID"
    wait "$WORKER_PID"
    job_is "$id" '.state == "waiting"'
    stop_target
}

@test "a stop of the gateway lets its worker end what runs; the next one has the rest" {
    start_target --strategy queue --broker "$BROKER" --worker-concurrency 1 --grace 60
    measure_hold
    runs=$(post sleep_ms=$HOLD)
    until_true queue_is '.active == 1'
    waits=$(post n=1000)
    pid=$(worker_pid)
    stop_target
    until_gone "$pid"
    start_target --strategy queue --broker "$BROKER" --queue-workers 0
    job_is "$runs" '.state == "completed"'
    job_is "$waits" '.state == "waiting"'
    stop_target
    start_target --strategy queue --broker "$BROKER" --grace 600
    until_true job_is "$waits" '.state == "completed"'
    post sleep_ms=500000
    until_true queue_is '.active == 1'
    kill -TERM "$TARGET_PID"
    kill -INT "$TARGET_PID" # and now no more waiting
    wait_target
    [ "$STATUS" -eq 0 ]
}

@test "queues of other names in one file do not see each other" {
    start_target --strategy queue --broker "$BROKER" --queue a --queue-workers 0
    id=$(post n=1)
    stop_target
    start_target --strategy queue --broker "$BROKER" --queue b
    [ "$(get -o /dev/null -w '%{http_code}' "$URL/jobs/$id")" = 404 ]
    until_stats '.queue.waiting == 0'
    stop_target
    start_target --strategy queue --broker "$BROKER" --queue a
    until_true job_is "$id" '.state == "completed"'
    stop_target
}

@test "bench run measures the gateway; every job that it sent is accepted" {
    start_target --strategy queue
    measure "$URL/heavy?n=1000" -c 10 -a 500
    accounted '{"completed":500}'
    until_true queue_is '.accepted == 500 and .completed == 500'
    stop_target
}
