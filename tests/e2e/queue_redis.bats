#!/usr/bin/env bats
# The queue on Redis: a private server that goes with its run, and a user's whose other keys stay.

load common
load queue_jobs

setup() {
    command -v redis-server >/dev/null || skip "redis-server is not installed: apt-get install redis-server"
    own_folder
    export REDISCLI_AUTH=
}

teardown() {
    [ -z "${USERS_PID:-}" ] || kill -KILL "$USERS_PID" 2>/dev/null || true
    [ -z "${TARGET_PID:-}" ] || kill -KILL "$TARGET_PID" 2>/dev/null || true
    kill_leftovers
}

# No process of the run, and no folder but those that were there before.
is_clean() {
    [ "$(processes_with "$WORK")" -eq 0 ] && [ "$(processes_with "$TMPDIR/bench-run")" -eq 0 ] &&
        [ "$(ls "$TMPDIR")" = "${USERS_FOLDER:-}" ]
}

nothing_left() {
    URL='' until_true is_clean || { ls -lA "$TMPDIR"; return 1; }
}

# A Redis of the user's; sets ADDRESS, PASSWORD, USERS_PID and USERS_FOLDER.
start_users() {
    exec {USERS_OUT}< <(exec "$BENCH_BUILD/bench-redis" sh -c 'echo "$REDIS_URL"; exec sleep 300' \
        </dev/null 3>&-)
    USERS_PID=$!
    read -r -t "$PATIENCE" ADDRESS <&"$USERS_OUT"
    USERS_FOLDER=$(ls "$TMPDIR")
    PASSWORD=${ADDRESS#redis://default:}
    PASSWORD=${PASSWORD%@*}
    [ "${#PASSWORD}" -ge 20 ]
    ask set other value >/dev/null
}

ask() { # WORD...
    timeout "$PATIENCE" redis-cli --no-auth-warning -u "$ADDRESS" "$@"
}

# The address that the workers of URL's gateway were given; sets ADDRESS, PASSWORD and SERVER_PID.
find_private() {
    local worker
    worker=$(stats '.queue.workers[0].pid')
    ADDRESS=$(tr '\0' '\n' <"/proc/$worker/environ" | sed -n 's/^BENCH_BROKER=//p')
    PASSWORD=${ADDRESS#redis://default:}
    PASSWORD=${PASSWORD%@*}
    [ "${#PASSWORD}" -ge 20 ]
    SERVER_PID=$(ask info server | tr -d '\r' | sed -n 's/^process_id://p')
    [ "$(cat "/proc/$SERVER_PID/comm")" = redis-server ]
}

@test "a private Redis: every job that was answered 202 is done, and nothing stays" {
    measure --strategy queue --broker redis --work "$WORK" -c 8 -a 300 --drain wait
    accounted '{"completed":300}'
    result '.statusCodeStats == {"202": {count: 300}}'
    result '.queue | .broker == "redis" and .accepted == 300 and .failed == 0 and .workers_lost == 0'
    result '.queue | .backlog_start == 0 and .accepted == .completed + .drain.completed'
    result '.queue.drain | .how == "measured" and .left == 0'
    result '.histograms.job.count == 300 and .histograms.work.count == 300'
    result '.warnings | map(.code) | all(. != "jobs-unaccounted" and . != "jobs-not-stored")'
    result '.server.processes | map(.role) | sort == ["broker", "target", "worker"]'
    result '.config | .broker == "private: a redis-server, removed after the run" and .prefix == "bull"'
    "$BENCH_BUILD/bench" report "$RESULT" >text
    tr -s '\n ' ' ' <text | grep -qF 'broker redis (private: a redis-server, removed after the run)'
    nothing_left
}

@test "the password is in no command line and in no file of ours" {
    begin run --strategy queue --broker redis --work "$WORK" -c 2 -d 60 -o r.json
    until_loading
    until_stats '.queue.accepted > 10'
    find_private
    [ "$(processes_with "$PASSWORD")" -eq 0 ]
    [ "$(processes_with "$WORK")" -ge 2 ] # it would have been seen
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    run -1 grep -rlF "$PASSWORD" .
    jq -e '.target.argv | index("--broker") as $i | .[$i + 1] == "redis"' r.json
    nothing_left
}

@test "the password of a user's Redis is in no command line and in no file, given or in the variable" {
    local given
    start_users
    for given in "--broker=$ADDRESS" --no-progress; do
        [ "$given" != --no-progress ] || export BENCH_BROKER=$ADDRESS
        begin run --strategy queue --work "$WORK" -c 2 -d 60 -o r.json "$given"
        until_loading
        until_stats '.queue.accepted > 10 and .queue.broker == "redis"'
        [ "$(processes_with "$PASSWORD")" -eq 0 ]
        [ "$(processes_with "$WORK")" -ge 2 ]
        kill -INT "$BENCH_PID"
        end_bench
        [ "$STATUS" -eq 130 ]
        run -1 grep -rlF "$PASSWORD" .
        jq -e --arg address "${ADDRESS/default:$PASSWORD@/}" \
            '.target.argv | index("--broker") as $i | .[$i + 1] == $address' r.json
        rm r.json
    done
}

@test "a Redis that removes keys, and one without an append-only file: the result warns" {
    start_users
    measure --strategy queue --broker "$ADDRESS" --work "$WORK" -c 2 -a 10
    result '.warnings | map(.code) | all(startswith("broker-") | not)'
    ask config set maxmemory-policy allkeys-lru
    ask config set appendonly no
    measure --strategy queue --broker "$ADDRESS" --work "$WORK" -c 2 -a 10
    result '.warnings | map(select(.code == "broker-evicts"))[0].message | test("allkeys-lru")'
    result '.warnings | any(.code == "broker-no-log")'
}

@test "a Redis that dies in mid-run: the result warns" {
    start_users
    begin run --strategy queue --broker "$ADDRESS" --work "$WORK" -c 2 -d 60 -o r.json
    until_loading
    until_stats '.queue.accepted > 10'
    kill -KILL "$(ask info server | tr -d '\r' | sed -n 's/^process_id://p')"
    until_stats '.queue.health.away'
    kill -INT "$BENCH_PID"
    end_bench
    jq -e '.warnings | any(.code == "broker-died")' r.json
}

@test "serve hides the password in its command line" {
    start_users
    mkfifo ready
    "$BENCH_BUILD/bench" serve --strategy queue --broker "$ADDRESS" --queue-workers 1 >ready 3>&- &
    TARGET_PID=$!
    read -r -t "$PATIENCE" _ <ready
    [ "$(processes_with "$PASSWORD")" -eq 0 ]
    [ "$(processes_with queue-workers)" -ge 1 ]
}

@test "a gateway that is stopped ends its Redis last, and says nothing" {
    start_target --strategy queue --broker redis --work "$WORK"
    find_private
    [ "$(processes_with "$PASSWORD")" -eq 0 ]
    for i in 1 2 3; do post n=1000; done
    until_stats '.queue.completed == 3'
    until_stats '.queue | .broker == "redis"'
    folder=$(ls "$TMPDIR")
    [[ $folder == bench-redis-* ]]
    stop_target
    URL='' until_gone "$SERVER_PID"
    nothing_left
}

@test "a gateway that is killed leaves no Redis and no folder" {
    start_target --strategy queue --broker redis --work "$WORK"
    find_private
    kill -KILL "$TARGET_PID"
    wait_target
    URL='' until_gone "$SERVER_PID"
    nothing_left
}

@test "a Redis that is killed: told once, 503, and a stop that does not hang" {
    start_target --strategy queue --broker redis --work "$WORK" --grace 1
    find_private
    post n=1000
    kill -KILL "$SERVER_PID"
    until_true refused
    [ "$(get "$URL/ping")" = pong ]
    jq -e '.error | length > 0' "$BATS_TEST_TMPDIR/refusal"
    run -1 grep -F "$PASSWORD" "$BATS_TEST_TMPDIR/refusal"
    kill -TERM "$TARGET_PID"
    wait_target
    [ "$STATUS" -eq 0 ]
    [ "$(grep -c 'redis-server ended by itself (signal 9 (Killed))' "$BATS_TEST_TMPDIR/stderr")" -eq 1 ]
    run -1 grep -F "$PASSWORD" "$BATS_TEST_TMPDIR/stderr"
    nothing_left
}

refused() {
    [ "$(get -o "$BATS_TEST_TMPDIR/refusal" -w '%{http_code}' "$URL/heavy?n=1")" = 503 ]
}

@test "kill -9 of bench, of the gateway or of its guard leaves no process and no folder" {
    for victim in bench gateway guard; do
        begin run --strategy queue --broker redis --work "$WORK" -c 2 -d 60 -o r.json
        until_loading
        until_stats '.queue.accepted > 10'
        find_private
        gateway=$(stats .pid)
        case $victim in
            bench) kill -KILL "$BENCH_PID" ;;
            gateway) kill -KILL "$gateway" ;;
            guard) kill -KILL "$(sed -n 's/^PPid:\t//p' "/proc/$gateway/status")" ;;
        esac
        end_bench
        [ "$STATUS" -eq $([ "$victim" = bench ] && echo 137 || echo 5) ]
        URL='' until_gone "$SERVER_PID"
        nothing_left
    done
}

@test "a terminal that hangs up ends a run as Ctrl-C does; nohup does not notice" {
    start_users
    begin run --strategy queue --broker "$ADDRESS" --work "$WORK" -c 2 -d 60 -o r.json
    until_loading
    until_stats '.queue.accepted > 10'
    kill -HUP "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 129 ]
    jq -e '.interrupted and .queue.accepted > 10' r.json
    [ "$(ask keys '*')" = other ]
    start_target --strategy queue --broker "$ADDRESS" --drop-queue --work "$WORK"
    post n=1
    kill -HUP "$TARGET_PID"
    wait_target
    [ "$STATUS" -eq 0 ]
    [ "$(ask keys '*')" = other ]
    UNDER="env --ignore-signal=HUP" start_target --strategy inline
    kill -HUP "$TARGET_PID"
    [ "$(get "$URL/ping")" = pong ]
    stop_target
}

@test "a folder that is no use, or in use, is refused in one sentence" {
    mkdir -m 700 mine
    start_target --strategy queue --broker redis --broker-folder "$PWD/mine" --work "$WORK"
    run -2 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench-target" --strategy queue --broker redis \
        --broker-folder "$PWD/mine"
    [[ $stderr == *"--broker-folder: another server is in $PWD/mine; give each its own" ]]
    stop_target
    run -2 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench-target" --strategy queue --broker redis \
        --broker-folder /nonexistent
    [[ $stderr == *"--broker-folder: /nonexistent: No such file or directory" ]]
}

@test "a folder of one's own is kept" {
    mkdir -m 700 mine
    measure --strategy queue --broker redis --broker-folder "$PWD/mine" --work "$WORK" -c 2 -a 20
    grep -qa 'bull:heavy:' mine/*.incr.aof
    nothing_left
}

@test "a Redis of the user's: each run has its own queue, and only that is removed" {
    start_users
    for run in 1 2; do
        measure --strategy queue --broker "$ADDRESS" --work "$WORK" -c 4 -a 200 --drain wait
        result '.queue | .broker == "redis" and .accepted == 200 and .backlog_start == 0'
        result '.histograms.job.count == 200'
        result '.config | .drop_queue and (.queue | test("private"))'
        result '.target.argv | index("--drop-queue") != null'
        jq -r '.target.argv | .[index("--queue") + 1]' "$RESULT" >>names
        [ "$(ask keys '*')" = other ]
        run -1 grep -F "$PASSWORD" "$RESULT"
        result '.config.broker | test("^redis://127.0.0.1:[0-9]+$")'
        nothing_left
    done
    grep -Evc '^heavy-[0-9a-f]{12}$' names | grep -qx 0
    [ "$(sort -u names | wc -l)" -eq 2 ]
}

@test "its queue is removed also while jobs wait and run" {
    start_users
    measure --strategy queue --broker "$ADDRESS" --work sleep:60s --worker-concurrency 1 -c 2 -a 50
    result '.queue | .accepted == 50 and .backlog_end == 50'
    [ "$(ask keys '*')" = other ]
    begin run --strategy queue --broker "$ADDRESS" --work sleep:60s -c 2 -d 60 --no-save
    until_loading
    until_stats '.queue.accepted > 10'
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    [ "$(ask keys '*')" = other ]
}

@test "a queue that the user names is kept, and found again" {
    start_users
    for before in 0 30; do
        measure --strategy queue --queue mine --broker "$ADDRESS" --queue-workers 0 -c 2 -a 30
        result ".queue | .accepted == 30 and .backlog_start == $before"
        result '.config | .queue == "mine" and (.drop_queue | not)'
    done
    [ "$(ask llen bull:mine:wait)" -eq 60 ]
    measure --strategy queue --queue mine --prefix other --broker "$ADDRESS" --queue-workers 0 -c 2 -a 5
    [ "$(ask llen other:mine:wait)" -eq 5 ]
    measure --strategy queue --queue mine --broker "$ADDRESS" --drop-queue --work count:1 -c 2 -a 5 --drain wait
    [ "$(ask keys 'bull:*' | wc -w)" -eq 0 ]
    [ "$(ask get other)" = value ]
}

@test "a comparison: each trial has its own, and the pages name the broker" {
    start_users
    timeout 100 "$BENCH_BUILD/bench" compare --strategies pool,queue --rounds 2 --broker "$ADDRESS" \
        --work count:1k -c 2 -a 100 -o c.json >text 3>&-
    tr -s '\n ' ' ' <text | grep -Eq 'queue: the broker is redis \(redis://127.0.0.1:[0-9]+\)'
    [ "$(ask keys '*')" = other ]
    run -1 grep -rF "$PASSWORD" c.json text
    [ "$(jq '[.arms[1].results[].target.argv | .[index("--queue") + 1]] | unique | length' c.json)" -eq 2 ]
    jq -e '[.arms[0].results[] | .config.broker == null and (.target.argv | index("--broker")) == null] | all' c.json
    timeout 100 "$BENCH_BUILD/bench" compare --strategies queue --broker redis --format md \
        --work "$WORK" -c 2 -a 100 --no-save >md 3>&-
    grep -qF -- '- queue: the broker is redis (private: a redis-server, removed after the run)' md
    nothing_left
}

@test "the published comparison takes it for its queues alone" {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" compare --article --broker redis --dry-run >plan
    [ "$(jq -c '[.arms[] | select(.plan.config.broker != null) | .name]' plan)" = '["queue","queue-x10"]' ]
    [ "$(jq -r '.arms[].plan.config.broker // empty' plan | sort -u)" = \
        'private: a redis-server, removed after the run' ]
}

@test "bench serve has a private one too" {
    exec {TARGET_OUT}< <(exec "$BENCH_BUILD/bench" serve --strategy queue --broker redis \
        --work "$WORK" 2>"$BATS_TEST_TMPDIR/stderr" 3>&-)
    TARGET_PID=$!
    read -r -t "$PATIENCE" READY <&"$TARGET_OUT"
    URL=http://127.0.0.1:$(jq .port <<<"$READY")
    id=$(post n=5)
    until_true job_is "$id" '.state == "completed" and .result == {count: 5}'
    stop_target
    nothing_left
}

@test "no redis-server is told with the package, before anything is started" {
    no_redis() {
        run -2 env PATH=/nonexistent "$BENCH_BUILD/$1" "${@:2}"
        [[ $output == *"redis-server is not in PATH; install it: apt-get install redis-server"* ]]
    }
    no_redis bench run --strategy queue --broker redis -d 1
    no_redis bench compare --strategies pool,queue --broker redis -d 1
    no_redis bench compare --article --broker redis
    no_redis bench-target --strategy queue --broker redis
    no_redis bench serve --strategy queue --broker redis
    nothing_left
}

@test "what is no broker, or not obeyed by it, is told without the password" {
    refuses() { # WANT OPTION...
        local program
        for program in bench-target 'bench run'; do
            run -2 timeout "$PATIENCE" $BENCH_BUILD/$program --strategy queue "${@:2}"
            [[ $output == *"$1"* && $output != *geheim* ]] || { echo "$output"; return 1; }
        done
    }
    refuses 'TLS' --broker rediss://u:geheim@127.0.0.1
    refuses 'needs a host' --broker redis://u:geheim@
    refuses 'must be 1 to 65535' --broker redis://u:geheim@127.0.0.1:x
    refuses 'absolute path' --broker redis+unix://geheim
    refuses 'not a broker' --broker geheim
    refuses 'appendfsync' --broker redis://u:geheim@127.0.0.1 --broker-sync full
    refuses 'only applies to --broker redis' --broker redis://u:geheim@127.0.0.1 --broker-folder /tmp
    refuses '--drop-queue' --drop-queue
    run -2 "$BENCH_BUILD/bench-worker" --broker redis
    [[ $output == *"only a gateway starts a private one"* ]]
    BENCH_BROKER=rediss://u:geheim@h run -2 "$BENCH_BUILD/bench-worker"
    [[ $output == *TLS* && $output != *geheim* ]]
    run -0 "$BENCH_BUILD/bench-worker" --help
    [[ $output == *BENCH_BROKER* && $output == *--stalled-interval* ]]
    nothing_left
}

# The data as they came, whatever else is in them.
keeps_bodies() { # BROKER
    start_target --strategy queue --broker "$1" --work count:7 --max-body 2M
    sent='{ "n":5,"who":"Ren\u00e9","price":1.10, "list":[{"n":1}] }'
    id=$(post '' -d "$sent")
    until_true job_is "$id" '.state == "completed" and .result == {count: 5}'
    job_is "$id" ".data == $sent"
    id=$(post '' -d '{"who":1}')
    until_true job_is "$id" '.state == "completed" and .result == {count: 7} and .data == {who: 1}'
    id=$(post n=9 -d '{"sleep_ms":60000,"who":1}') # the query says more than the body
    until_true job_is "$id" '.result == {count: 9} and .data == {n: 9, who: 1}'
    id=$(post n=9)
    until_true job_is "$id" '.result == {count: 9} and .data == {n: 9}'
    { printf '{"n":3,"pad":"'; head -c 1000000 /dev/zero | tr '\0' x; printf '"}'; } >"$BATS_TEST_TMPDIR/large"
    id=$(post '' --data-binary "@$BATS_TEST_TMPDIR/large")
    until_true job_is "$id" '.result == {count: 3} and (.data.pad | length) == 1000000'
    [ "$(get -o /dev/null -w '%{http_code}' -d '[1]' "$URL/heavy")" = 400 ]
    [ "$(get -o /dev/null -w '%{http_code}' -d '{"n":' "$URL/heavy")" = 400 ]
}

@test "the body is the job's data, as it was sent, on Redis" {
    keeps_bodies redis
    find_private
    [ "$(ask hget bull:heavy:1 data)" = "$sent" ]
    [ "$(ask hget bull:heavy:4 data)" = '{"n":9}' ]
    stop_target
    nothing_left
}

@test "the body is the job's data, as it was sent, in sqlite" {
    keeps_bodies "sqlite:$PWD/jobs.db"
    stop_target
}
