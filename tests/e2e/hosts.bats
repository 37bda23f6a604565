#!/usr/bin/env bats
# The queue on more than one host: gateway and Redis on one, workers on two others, each host a
# network namespace on one bridge. A worker host is cut off in mid-job.
#
# A namespace has no name: it is that of a process, and gone with the last process in it. So
# whatever ends a test leaves nothing behind, and a user without any rights can run it where the
# kernel lets users make namespaces.

load common
load queue_jobs

LEASE=(--job-lease 2 --stalled-interval 1)
PASSWORD=secret

setup() {
    local host number=0
    own_folder
    command -v redis-server >/dev/null || skip "redis-server is not installed"
    PATH=$PATH:/usr/sbin:/sbin
    command -v ip >/dev/null || skip "ip of the package iproute2 is not installed"
    PIDS=()
    declare -gA HOSTS=()
    find_way
    # In the first is the bridge. The others are made from within it: a user's namespaces are one
    # family, and only then can an interface be moved from one to the other.
    make_host switch "${MAKE[@]}"
    on switch ip link add bridge type bridge 2>"$BATS_TEST_TMPDIR/why" ||
        skip "the kernel makes no bridge here: $(cat "$BATS_TEST_TMPDIR/why")"
    on switch ip link set bridge up
    for host in home left right; do
        make_host "$host" "${ENTER[@]}" -t "${HOSTS[switch]}" unshare --net
        connect_host "$host" $((++number))
    done
    start_redis
}

teardown() {
    local pid
    for pid in "${PIDS[@]}" ${TARGET_PID:-}; do kill -KILL "$pid" 2>/dev/null || true; done
}

# How namespaces are made and entered: as root, or as a user who is root in a namespace of his own.
find_way() {
    MAKE=(unshare --net) ENTER=(nsenter --net)
    ! "${MAKE[@]}" true 2>/dev/null || return 0
    MAKE=(unshare --user --map-root-user --net) ENTER=(nsenter --user --preserve-credentials --net)
    "${MAKE[@]}" true 2>"$BATS_TEST_TMPDIR/why" ||
        skip "no network namespaces may be made here: $(cat "$BATS_TEST_TMPDIR/why")"
}

# make_host NAME COMMAND...: the command makes the namespace; a process in it holds it.
make_host() {
    local name=$1 held
    shift
    # The parent dies with the test, and the kernel ends the rest with it.
    exec {held}< <(exec "$@" setpriv --pdeathsig KILL sh -c 'echo ready; exec sleep 120' 3>&-)
    HOSTS[$name]=$!
    PIDS+=($!)
    read -r -t "$PATIENCE" -u "$held"
}

# on HOST COMMAND...
on() {
    local pid=${HOSTS[$1]}
    shift
    "${ENTER[@]}" -t "$pid" "$@"
}

# connect_host NAME NUMBER: a cable to the bridge, and the address 10.77.0.NUMBER.
connect_host() {
    on switch ip link add "$1" type veth peer name cable netns "${HOSTS[$1]}"
    on switch ip link set "$1" master bridge up
    on "$1" ip link set lo up
    on "$1" ip link set cable up
    on "$1" ip address add "10.77.0.$2/24" dev cable
}

cut() { # HOST
    on switch ip link set "$1" down
}

mend() { # HOST
    on switch ip link set "$1" up
}

start_redis() {
    local log
    exec {log}< <(exec "${ENTER[@]}" -t "${HOSTS[home]}" setpriv --pdeathsig KILL redis-server \
        --bind 127.0.0.1 10.77.0.1 --port 6379 --requirepass "$PASSWORD" --save '' \
        --appendonly no --dir "$BATS_TEST_TMPDIR" --logfile redis.log 3>&-)
    PIDS+=($!)
    until_true redis_is PING PONG
}

redis() { # WORD...
    on home env REDISCLI_AUTH="$PASSWORD" timeout "$PATIENCE" redis-cli "$@"
}

redis_is() { # WORD... ANSWER
    [ "$(redis "${@:1:$#-1}" 2>&1)" = "${*: -1}" ]
}

# start_worker HOST: its URL is in WORKERS, under the host's name.
start_worker() {
    local out line
    exec {out}< <(BENCH_BROKER=redis://default:$PASSWORD@10.77.0.1 exec "${ENTER[@]}" \
        -t "${HOSTS[$1]}" "$BENCH_BUILD/bench-worker" --with-parent --concurrency 2 \
        "${LEASE[@]}" 2>"$BATS_TEST_TMPDIR/$1.stderr" 3>&-)
    PIDS+=($!)
    read -r -t "$PATIENCE" line <&"$out" || { cat "$BATS_TEST_TMPDIR/$1.stderr"; return 1; }
    WORKERS[$1]=http://127.0.0.1:$(jq .port <<<"$line")
}

# Loopback is the host's own, so these also answer when its cable is cut.
worker_is() { # HOST FILTER
    on "$1" curl -sS --max-time "$PATIENCE" "${WORKERS[$1]}/stats?brief=1" | jq -e ".worker | $2" >/dev/null
}

# All that common.bash asks the gateway for is asked on its own host.
get() {
    on home curl -sS --max-time "$PATIENCE" "$@"
}

post() { # QUERY
    get -X POST "$URL/heavy?$1" | jq -er .id
}

# How many events of a kind Redis has for a job of this id.
events() { # KIND ID
    redis --raw XRANGE bull:heavy:events - + |
        awk -v kind="$1" -v id="$2" '
            previous == "event" { is_kind = $0 == kind }
            previous == "jobId" && is_kind && $0 == id { count++ }
            { previous = $0 }
            END { print count + 0 }'
}

# Gateway, and two jobs that the worker on the host `left` is running, for at least MS and for as long
# as it takes here to cut it off.
begin_on_left() { # MS
    local id query
    declare -gA WORKERS=() BEGUN_MS=()
    UNDER="${ENTER[*]} -t ${HOSTS[home]}" start_target --strategy queue --queue-workers 0 \
        --broker "redis://default:$PASSWORD@10.77.0.1"
    start_worker left
    measure_hold
    query=sleep_ms=$(($1 + HOLD))
    FIRST=$(post "$query")
    SECOND=$(post "$query")
    until_true worker_is left '.taken == 2'
    until_true queue_is '.active == 2'
    for id in "$FIRST" "$SECOND"; do
        BEGUN_MS[$id]=$(get "$URL/jobs/$id" | jq .started_unix_ms)
    done
}

# Each of the two was begun twice, not before its lock was over, and ended once.
ended_once() {
    local id
    for id in "$FIRST" "$SECOND"; do
        job_is "$id" ".started_unix_ms - ${BEGUN_MS[$id]} >= 1900"
        job_is "$id" '.state == "completed" and .attempts == 1 and .error == null'
        [ "$(redis HMGET "bull:heavy:$id" ats atm stc | tr '\n' ' ')" = '2 1 1 ' ]
        [ "$(events completed "$id") $(events failed "$id")" = '1 0' ]
        [ "$(events stalled "$id")" -eq 1 ]
        redis_is EXISTS "bull:heavy:$id:lock" 0
    done
}

@test "the jobs of a host that is cut off are run by another, and its late results are dropped" {
    begin_on_left 3000
    cut left
    start_worker right
    third=$(post sleep_ms=1)
    until_true job_is "$third" '.state == "completed"'
    until_true queue_is '.completed == 3 and .active == 0 and .waiting == 0'
    until_true worker_is right '. == {taken: 3, completed: 3, retried: 0, failed: 0, lost: 0}'
    until_true worker_is left '.completed == 0 and .lost == 0' # it cannot know
    mend left
    until_true worker_is left '.lost == 2'
    until_true worker_is left '. == {taken: 2, completed: 0, retried: 0, failed: 0, lost: 2}'
    ended_once
    until_true queue_is '.completed == 3 and .failed == 0'
    # Its host is back in the queue: with the other gone, it alone can run this.
    cut right
    fourth=$(post sleep_ms=1)
    until_true job_is "$fourth" '.state == "completed"'
    until_true worker_is left '.completed == 1'
}

@test "a host that is back while another runs its jobs cannot end them" {
    begin_on_left 4000
    cut left
    start_worker right
    until_true worker_is right '.taken == 2'
    mend left
    until_true worker_is left '.lost == 2'
    until_true worker_is right '.completed == 2'
    until_true worker_is left '. == {taken: 2, completed: 0, retried: 0, failed: 0, lost: 2}'
    until_true worker_is right '. == {taken: 2, completed: 2, retried: 0, failed: 0, lost: 0}'
    ended_once
    until_true queue_is '.completed == 2 and .failed == 0 and .active == 0 and .waiting == 0'
    stop_target
}
