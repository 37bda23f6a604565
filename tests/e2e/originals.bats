#!/usr/bin/env bats
# The published Node programs, rebuilt: each alone does what it is there to show, answers with the
# bytes of our own targets, and counts what it did.

load common

FOLDER=$BENCH_BUILD/originals

setup_file() {
    local program
    for program in node npm; do
        command -v "$program" >/dev/null || skip "$program is not installed"
    done
    node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' ||
        skip "node is older than 18"
    # Whoever else installs there takes the same lock.
    # shellcheck disable=SC2016 # the inner shell expands these
    flock "$FOLDER/package.json" bash -c '
        [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] ||
            npm ci --prefix "$1" --no-audit --no-fund --loglevel=error
        touch "$1/node_modules/.package-lock.json"' install "$FOLDER" >&2
}

setup() {
    export TMPDIR=$BATS_TEST_TMPDIR
    STARTED=()
}

teardown() {
    local pid
    for pid in "${STARTED[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
}

# start_original NAME OPTION...: starts the program, waits for its ready line, sets what
# start_target sets, and PID, the program's own where UNDER runs it.
start_original() {
    exec {TARGET_OUT}< <(exec setpriv --pdeathsig KILL ${UNDER:-} node "$FOLDER/$1.js" "${@:2}" \
        2>"$BATS_TEST_TMPDIR/stderr" 3>&-)
    TARGET_PID=$!
    STARTED+=("$TARGET_PID")
    read -r -t 40 READY <&"$TARGET_OUT" || { cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
    PORT=$(jq .port <<<"$READY")
    PID=$(jq .pid <<<"$READY")
    STARTED+=("$PID")
    URL=http://127.0.0.1:$PORT
}

# With its own Redis, and the service that is built here.
start_bullmq() {
    command -v redis-server >/dev/null || skip "redis-server is not installed"
    UNDER="$BENCH_BUILD/bench-redis" start_original express-bullmq "$@"
}

start_named() {
    case $1 in
    express-bullmq) start_bullmq "${@:2}" ;;
    express-compute) start_original "$1" --compute "$BENCH_BUILD/bench-compute" "${@:2}" ;;
    *) start_original "$@" ;;
    esac
}

# SIGTERM; it and all below it are gone, and nothing was said on the way.
end_original() {
    local below
    below=$(pgrep -P "$PID" || true)
    kill -TERM "$TARGET_PID"
    wait_target
    until_gone "$PID" $below
    [ ! -s "$BATS_TEST_TMPDIR/stderr" ] || { cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
}

# in_background NAME PATH: a request; its reply is in the file NAME; sets CLIENT.
in_background() {
    get "$URL$2" >"$BATS_TEST_TMPDIR/$1" 3>&- &
    CLIENT=$!
}

# histogram NAME FILTER: true of the histogram, read by ours; theirs says its shape.
histogram() {
    get "$URL/stats" | jq -r ".histograms.$1" >"$BATS_TEST_TMPDIR/histogram"
    "$BENCH_BUILD/tests/hist_tool" decode 50 <"$BATS_TEST_TMPDIR/histogram" | jq -e "$2"
    (cd "$FOLDER" && node -e '
        const hdr = require("hdr-histogram-js");
        const h = hdr.decodeFromCompressedBase64(require("fs").readFileSync(0, "utf8").trim(), 64);
        const fits = h.numberOfSignificantValueDigits === 3 && h.highestTrackableValue === 3600e9;
        process.exit(fits ? 0 : 1);
    ') <"$BATS_TEST_TMPDIR/histogram"
}

QUERIES=('' n=1 n=7 n=2500000 sleep_ms=1.5 sleep_ms=2)

@test "the ready line, and the bytes of bench-target, for every way to ask" {
    start_target --work count:3k
    for query in "${QUERIES[@]}"; do
        get "$URL/heavy?$query"
    done >"$BATS_TEST_TMPDIR/ours"
    stop_target
    for name in express-inline express-threads express-piscina express-compute; do
        start_named "$name" --work count:3000
        jq -e --arg name "$name" '. == {ready: true, port, pid, strategy: $name}' <<<"$READY"
        [ "$PID" -eq "$TARGET_PID" ]
        for query in "${QUERIES[@]}"; do
            get "$URL/heavy?$query"
        done | cmp - "$BATS_TEST_TMPDIR/ours"
        get -D "$BATS_TEST_TMPDIR/head" -o /dev/null "$URL/heavy?sleep_ms=30"
        grep -Eq $'^Server-Timing: wait;dur=[0-9]+\\.[0-9]{3},work;dur=[0-9]+\\.[0-9]{3}\r$' \
            "$BATS_TEST_TMPDIR/head"
        work=$(sed -n 's/^Server-Timing:.*work;dur=\([0-9]*\)\..*/\1/p' "$BATS_TEST_TMPDIR/head")
        [ "$work" -ge 30 ]
        grep -q '^Content-Type: application/json' "$BATS_TEST_TMPDIR/head"
        [ "$(stats .requests.heavy)" = \
            '{"begun":7,"completed":7,"rejected":0,"aborted":0,"failed":0}' ]
        histogram work '.count == 7 and .max_ns >= 30e6'
        histogram wait '.count == 7 and .min_ns >= 0'
        stats '[.usage[] | . > 0] == [true, true, true, true, true]' | grep -q true
        stats '.connections | .open >= 1 and .accepted > .open' | grep -q true
        end_original
    done
}

@test "--work sleep is the default work as well" {
    for name in express-inline express-threads express-piscina express-compute; do
        start_named "$name" --work sleep:40000000
        [ "$(get "$URL/heavy")" = '{"slept_ms":40}' ]
        [ "$(get "$URL/heavy?n=5")" = '{"count":5}' ]
        histogram work '.max_ns >= 40e6'
        end_original
    done
}

@test "what is no work is 400 with a reason, what is no path 404; neither counts as begun" {
    for name in express-inline express-threads express-piscina express-compute express-bullmq; do
        start_named "$name"
        for query in n=abc n= n=0 n=-1 n=1.5 n=1e3 n=10000000001 n=1\&n=2 n=1\&sleep_ms=1 \
            sleep_ms=x sleep_ms=0 sleep_ms=-1 sleep_ms=3600001; do
            run -0 get -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$URL/heavy?$query"
            [ "$query $output" = "$query 400" ]
            jq -e '.error | length > 0' "$BATS_TEST_TMPDIR/body"
        done
        [ "$(get -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' "$URL/nope")" = 404 ]
        jq -e '.error | length > 0' "$BATS_TEST_TMPDIR/body"
        [ "$(get "$URL/ping")" = pong ]
        [ "$(get "$URL/healthz")" = ok ]
        [ "$(stats '[.requests.heavy.begun, .requests.ping, .requests.other]')" = '[0,1,16]' ]
        end_original
    done
}

@test "options that are none: one sentence and exit 2" {
    while IFS='|' read -r options want; do
        run -2 --separate-stderr env -u REDIS_URL node "$FOLDER/"$options
        [ -z "$output" ]
        [ "${#stderr_lines[@]}" -eq 1 ]
        grep -qF -- "$want" <<<"$stderr"
    done <<END
express-inline.js --work 5|'5' is not valid work
express-inline.js --work count:0|n must be a whole number from 1
express-inline.js --threads 8|--threads
express-piscina.js --threads x|--threads: 'x' is not a number
express-compute.js --compute /nowhere/bench-compute|--compute: spawn /nowhere/bench-compute
express-compute.js --compute /bin/false|--compute: it ended before it was ready
express-bullmq.js|REDIS_URL is not set
END
}

@test "the count is counted: V8 does not fold it" {
    start_original express-inline
    get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?n=1000000000" | grep -qxF '{"count":1000000000}'
    # 10 counts a nanosecond are beyond any core.
    work=$(sed -n 's/^Server-Timing:.*work;dur=\([0-9]*\)\..*/\1/p' "$BATS_TEST_TMPDIR/head")
    [ "$work" -ge 100 ]
    end_original
}

@test "inline: one request blocks every other path, and SIGTERM ends it meanwhile" {
    start_original express-inline
    connect c
    printf 'GET /heavy?sleep_ms=2500 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' >&"$c"
    until_blocked
    drain "$c" | grep -q '"slept_ms":2500'
    [ "$(get "$URL/ping")" = pong ]
    connect c
    printf 'GET /heavy?sleep_ms=500000 HTTP/1.1\r\nHost: x\r\n\r\n' >&"$c"
    until_blocked
    end_original
}

@test "threads: 8 of them for every request, which end with it; /ping is answered" {
    start_original express-threads
    clients=()
    for i in 1 2 3; do
        in_background "reply$i" "/heavy?sleep_ms=1500"
        clients+=("$CLIENT")
    done
    until_stats '.requests.heavy.begun == 3'
    [ "$(get "$URL/ping")" = pong ]
    wait "${clients[@]}"
    cat "$BATS_TEST_TMPDIR"/reply? | sort -u | diff - <(echo '{"slept_ms":1500}')
    until_stats '.threads | .started == 24 and .live == 0 and .peak >= 8 and .peak <= 24'
    stats .run_wait_ended_s | grep -qx null # not measured, which is not 0
    end_original

    start_original express-threads --threads 3
    [ "$(get "$URL/heavy?n=1000001")" = '{"count":1000001}' ]
    until_stats '.threads | .started == 3 and .live == 0 and .peak <= 3'
    end_original
}

@test "threads: those that cannot be made are 503, and the program lives on" {
    [ "$(id -u)" -eq 0 ] || skip "only root can take another user's place"
    # A user that has no other process: Node takes some 8 threads for itself.
    UNDER="setpriv --reuid=$((50000 + BASHPID % 10000)) --clear-groups --inh-caps=-all
        prlimit --nproc=12" start_original express-threads
    for i in 1 2; do
        get -D "$BATS_TEST_TMPDIR/head" "$URL/heavy?n=8" |
            jq -e '.error | test("a thread failed: EAGAIN")'
        grep -q '^HTTP/1.1 503 ' "$BATS_TEST_TMPDIR/head"
        grep -q $'^Retry-After: 1\r$' "$BATS_TEST_TMPDIR/head"
        [ "$(get "$URL/ping")" = pong ]
        until_stats '.threads.live == 0'
    done
    [ "$(stats .requests.heavy)" = \
        '{"begun":2,"completed":0,"rejected":0,"aborted":0,"failed":2}' ]
    stats '.threads.started < 16' | grep -q true
    end_original
}

@test "piscina: 8 run and the others wait in line; /ping is answered" {
    start_original express-piscina
    get --parallel --parallel-immediate --parallel-max 20 "$URL/heavy?sleep_ms=2000&[1-20]" \
        >"$BATS_TEST_TMPDIR/replies" 3>&- &
    client=$!
    until_stats '.requests.heavy.begun == 20 and .queue_depth == 12'
    [ "$(get "$URL/ping")" = pong ]
    wait "$client"
    sort "$BATS_TEST_TMPDIR/replies" | uniq -c | grep -qx ' *20 {"slept_ms":2000}'
    [ "$(stats '[.threads, .queue_depth]')" = '[{"live":8,"started":8,"peak":8},0]' ]
    # All came in the first round of the pool, and the last of them ran in the third.
    histogram wait '.max_ns > 2000e6'
    end_original

    start_original express-piscina --threads 2
    [ "$(stats .threads)" = '{"live":2,"started":2,"peak":2}' ]
    end_original
}

@test "a client that goes away is counted as aborted" {
    start_original express-piscina --threads 1
    connect c
    printf 'GET /heavy?sleep_ms=800 HTTP/1.1\r\nHost: x\r\n\r\n' >&"$c"
    until_stats '.requests.heavy.begun == 1'
    exec {c}>&-
    until_stats '.requests.heavy == {begun: 1, completed: 0, rejected: 0, aborted: 1, failed: 0}'
    [ "$(get "$URL/heavy?n=9")" = '{"count":9}' ]
    end_original
}

@test "compute: a process of its own works; without it 502" {
    start_named express-compute
    service=$(stats .compute.pid)
    [ "$(cat "/proc/$service/comm")" = bench-compute ]
    in_background reply "/heavy?sleep_ms=1500"
    until_stats '.requests.heavy.begun == 1'
    [ "$(get "$URL/ping")" = pong ]
    kill -KILL "$service"
    wait "$CLIENT"
    jq -e '.error | test("^the compute service: ")' "$BATS_TEST_TMPDIR/reply"
    until_stats '.compute.up == false'
    [ "$(get -o /dev/null -w '%{http_code}' "$URL/heavy?n=5")" = 502 ]
    [ "$(get "$URL/ping")" = pong ]
    [ "$(stats .requests.heavy)" = \
        '{"begun":2,"completed":0,"rejected":0,"aborted":0,"failed":2}' ]
    end_original
}

@test "compute: the service does not outlive a killed gateway" {
    start_named express-compute
    service=$(stats .compute.pid)
    kill -KILL "$PID"
    until_gone "$service"
}

# --- BullMQ ---

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
        until_true 20 job_is "$id" '.state == "completed"'
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
    [ "$(stats '.queue | del(.workers, .broker)')" = \
        '{"accepted":3,"waiting":0,"delayed":0,"active":0,"completed":3,"failed":0}' ]
    [ "$(stats .queue.broker)" = '"redis (bullmq)"' ]
    [ "$(stats .requests.heavy)" = \
        '{"begun":3,"completed":3,"rejected":0,"aborted":0,"failed":0}' ]
    # As bench tells the roles apart.
    [ "$(cat "/proc/$PID/comm")" = bench-gateway ]
    worker=$(stats '.queue.workers[0].pid')
    [ "$(cat "/proc/$worker/comm")" = bench-worker ]
    URL=http://127.0.0.1:$(stats '.queue.workers[0].port')
    until_stats '.worker == {taken: 3, completed: 3, failed: 0}'
    stats "[.strategy, .pid] == [\"worker\", $worker]" | grep -q true
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
    [ "$(stats '.queue | del(.workers, .broker)')" = \
        '{"accepted":400,"waiting":0,"delayed":0,"active":0,"completed":400,"failed":0}' ]
    [ "$(stats .requests.heavy)" = \
        '{"begun":400,"completed":400,"rejected":0,"aborted":0,"failed":0}' ]
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
    until_true 20 job_is "$id" '.state == "completed"'
    adds_up
    [ "$(stats .requests.heavy)" = \
        '{"begun":2,"completed":1,"rejected":0,"aborted":0,"failed":1}' ]
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
