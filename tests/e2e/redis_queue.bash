# What the tests of the queue on a Redis server of their own share, beside queue_jobs.bash: that
# server, a gateway on it, jobs and pings.

# A server on a socket in the folder of the test. Sets BROKER, and IDS, the file that takes the ids of
# jobs.
setup() {
    command -v redis-server >/dev/null || skip "redis-server is not installed: apt-get install redis-server"
    unset REDISCLI_AUTH
    own_folder
    DATA=$BATS_TEST_TMPDIR/redis
    mkdir "$DATA"
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

# What a test that failed has left running.
teardown() {
    local pid
    [ -z "${LOADING:-}" ] || rm -f "$LOADING"
    # Some are stopped by SIGSTOP. Those started by --with-parent end with this shell.
    for pid in ${REDIS_PID:-} ${TARGET_PID:-} ${WORKER_PIDS:-}; do
        kill -KILL "$pid" 2>/dev/null || true
    done
    [ -z "${REDIS_PID:-}" ] || wait "$REDIS_PID" 2>/dev/null || true
}

# ---- Redis ----

redis() { # WORD...
    timeout "$PATIENCE" redis-cli --raw -s "$SOCKET" "$@"
}

redis_is_up() {
    [ "$(redis ping 2>/dev/null)" = PONG ]
}

# The same address and the same data each time. A file that cannot grow does not end it.
start_redis() {
    env --ignore-signal=XFSZ setpriv --pdeathsig KILL redis-server "$BATS_TEST_TMPDIR/redis.conf" \
        >>"$BATS_TEST_TMPDIR/redis.log" 2>&1 3>&- &
    REDIS_PID=$!
    until_true redis_is_up || { cat "$BATS_TEST_TMPDIR/redis.log"; return 1; }
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
    until_true job_is "$@" || { get "$URL/jobs/$1"; return 1; }
}

# The jobs of IDS are all completed, each by one attempt that was counted.
all_completed() {
    [ -s "$IDS" ]
    sed "s|.*|url = \"$URL/jobs/&\"|" "$IDS" | curl -sS --max-time "$PATIENCE" -K - |
        jq -es --argjson want "$(wc -l <"$IDS")" \
            'map(select(.state == "completed" and .attempts == 1)) | length == $want'
}

# Each of so many pings is answered while others wait.
pings() { # COUNT
    [ "$(curl -sS --max-time 2 "$URL/ping?[1-$1]" | grep -o pong | wc -l)" -eq "$1" ]
}
