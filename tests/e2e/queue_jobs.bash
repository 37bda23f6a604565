# What the tests of the queue share, beside common.bash: workers of their own, jobs, counts.

# start_worker OPTION...: bench-worker alone, on BROKER; sets WORKER_URL and WORKER_PID.
start_worker() {
    local out line
    exec {out}< <(exec "$BENCH_BUILD/bench-worker" --with-parent --broker "$BROKER" "$@" \
        2>>"$BATS_TEST_TMPDIR/worker-stderr" 3>&-)
    WORKER_PID=$!
    WORKER_PIDS+=" $WORKER_PID"
    read -r -t "$PATIENCE" line <&"$out" || { cat "$BATS_TEST_TMPDIR/worker-stderr"; return 1; }
    WORKER_URL=http://127.0.0.1:$(jq .port <<<"$line")
}

stop_worker() {
    kill -TERM "$WORKER_PID"
    wait "$WORKER_PID"
}

# post QUERY [CURL OPTION...]: a job; prints its id, as the Location says.
post() {
    get -D "$BATS_TEST_TMPDIR/head" -o "$BATS_TEST_TMPDIR/body" "${@:2}" "$URL/heavy?$1"
    grep -q '^HTTP/1.1 202 Accepted' "$BATS_TEST_TMPDIR/head" || { cat "$BATS_TEST_TMPDIR/body"; return 1; }
    sed -n 's/^Location: \/jobs\/\([A-Za-z0-9_-]*\)\r$/\1/p' "$BATS_TEST_TMPDIR/head"
}

job_is() { # ID FILTER
    get "$URL/jobs/$1" | jq -e "$2" >/dev/null
}

queue_is() { # FILTER
    get "$URL/stats?brief=1" | jq -e ".queue | $1" >/dev/null
}

drained() {
    queue_is '.waiting + .delayed + .active == 0'
}

worker_is() { # FILTER
    get "$WORKER_URL/stats?brief=1" | jq -e ".worker | $1" >/dev/null
}
