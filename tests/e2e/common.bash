# What the e2e tests share: a bench-target that is ready, raw connections to it, bounded waiting.
# BENCH_BUILD names the build folder.

bats_require_minimum_version 1.5.0

# start_target OPTION...: starts bench-target, waits for its ready line, sets READY, PORT, URL and
# TARGET_PID. It dies with the test. UNDER may hold a command that runs it.
start_target() {
    exec {TARGET_OUT}< <(exec ${UNDER:-} "$BENCH_BUILD/bench-target" --with-parent "$@" \
        2>"$BATS_TEST_TMPDIR/stderr" 3>&-)
    TARGET_PID=$!
    read -r -t 20 READY <&"$TARGET_OUT" || { cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
    PORT=$(jq .port <<<"$READY")
    URL=http://127.0.0.1:$PORT
}

# Waits for the end of the target and sets STATUS.
wait_target() {
    STATUS=0
    wait "$TARGET_PID" || STATUS=$?
}

# The target ends by itself now; it must have ended well and said nothing on the way.
end_target() {
    wait_target
    [ "$STATUS" -eq 0 ] || { echo "exit status $STATUS"; cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
    [ ! -s "$BATS_TEST_TMPDIR/stderr" ] || { cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
}

stop_target() {
    kill -TERM "$TARGET_PID"
    end_target
}

get() {
    curl -sS --max-time 20 "$@"
}

# until_stats FILTER: asks for the counters until the jq filter is true of them.
until_stats() {
    local tries
    for ((tries = 0; tries < 1000; tries++)); do
        get "$URL/stats?brief=1" | jq -e "$1" >/dev/null && return 0
    done
    get "$URL/stats?brief=1"
    return 1
}

# stats FILTER: prints one value.
stats() {
    get "$URL/stats?brief=1" | jq -c "$1"
}

# The loop is blocked: a ping gets no answer in half a second.
until_blocked() {
    local tries status
    for ((tries = 0; tries < 100; tries++)); do
        status=0
        curl -s --max-time 0.5 "$URL/ping" >/dev/null || status=$?
        [ "$status" -eq 28 ] && return 0
    done
    return 1
}

# until_true SECONDS COMMAND...: asks again and again.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -gt "$end" ] || continue
        echo "not in time: $*"
        [ -z "${URL:-}" ] || get "$URL/stats?brief=1"
        return 1
    done
}

is_gone() { # PID; one that only waits to be reaped is gone
    [[ $(cat "/proc/$1/stat" 2>/dev/null) =~ ^([0-9]+\ \(.*\)\ Z|$) ]]
}

until_gone() { # PID...
    local pid
    for pid; do until_true 20 is_gone "$pid"; done
}

# connect NAME: opens a raw connection and puts its descriptor into the variable NAME.
connect() {
    local fd
    exec {fd}<>"/dev/tcp/127.0.0.1/$PORT"
    printf -v "$1" %s "$fd"
}

# drain FD: prints what comes until the other end closes.
drain() {
    timeout 20 cat <&"$1"
}

# start_faulty OPTION...: the faulty server, ready; sets PORT, URL and FAULTY_PID. It dies with the
# test.
start_faulty() {
    exec {FAULTY_OUT}< <(exec "$BENCH_BUILD/tests/faulty_server" "$@" 3>&-)
    FAULTY_PID=$!
    read -r -t 20 READY <&"$FAULTY_OUT"
    PORT=$(jq .port <<<"$READY")
    URL=http://127.0.0.1:$PORT
}

# Ends the faulty server; its counts are in COUNTS.
end_faulty() {
    kill -TERM "$FAULTY_PID"
    COUNTS=$(drain "$FAULTY_OUT")
    wait "$FAULTY_PID"
}

# measure OPTION...: bench run; its JSON is in the file RESULT, its exit status in STATUS.
measure() {
    RESULT=$BATS_TEST_TMPDIR/result.json
    STATUS=0
    timeout 60 "$BENCH_BUILD/bench" run --json --no-save "$@" >"$RESULT" \
        2>"$BATS_TEST_TMPDIR/stderr" 3>&- || STATUS=$?
    [ "$STATUS" -eq 0 ] || cat "$BATS_TEST_TMPDIR/stderr"
    return "$STATUS"
}

# accounted JSON: every request of the last measure is in exactly these counters and in no other.
accounted() {
    jq -e --argjson want "$1" '
        .accounting | (.failed + {completed, timed_out, in_flight_at_end}) as $all |
        if .sent != ($all | add) then error("not the sum: \(.)")
        elif ($all | with_entries(select(.value != 0))) != $want then error("got \($all)")
        else true end' "$RESULT" >/dev/null
}

# result FILTER: true of the last measure.
result() {
    jq -e "$1" "$RESULT" >/dev/null || { echo "not so: $1"; jq -c 'del(.histograms)' "$RESULT"; return 1; }
}

# served JSON: [whole requests, whole replies] of each path, by the server's own count.
served() {
    jq -e --argjson want "$1" '
        with_entries(select(.key | startswith("/")) | .value |= [.requests, .replies]) |
        del(.["/counts"]) | . == $want or error("\(.)")' <<<"$COUNTS" >/dev/null
}

# until_seen FILTER: until it is true of the server's counts.
until_seen() {
    local tries
    for ((tries = 0; tries < 1000; tries++)); do
        get "$URL/counts" | jq -e "$1" >/dev/null && return 0
    done
    get "$URL/counts"
    return 1
}

# exactly PATH OPTION... -a N: N are completed, by both counts.
exactly() {
    local amount=${*: -1}
    start_faulty
    measure "$URL$1" "${@:2}"
    accounted "{\"completed\":$amount}"
    result "(.series | map(.requests) | add) == $amount"
    end_faulty
    served "{\"$1\":[$amount,$amount]}"
}

# --- bench itself, in the background ---

# begin COMMAND OPTION...: bench in the background; sets BENCH_PID. Its stdout goes to the file out.
begin() {
    exec {SAID}< <(exec "$BENCH_BUILD/bench" "$1" --log debug "${@:2}" 2>&1 >out 3>&-)
    BENCH_PID=$!
}

# Until the load, or that of the next trial, begins; sets URL.
until_loading() {
    local line
    while read -r -t 30 line <&"$SAID"; do
        [[ $line == *"loading http"* ]] || continue
        URL=${line#*loading }
        URL=${URL%%/heavy*}
        URL=${URL%% *}
        return 0
    done
    return 1
}

# Waits for bench's end; sets STATUS, and the rest of what it said is in the file said.
end_bench() {
    drain "$SAID" >said
    STATUS=0
    wait "$BENCH_PID" || STATUS=$?
    BENCH_PID=
}

# How many processes have this in their command line (guards have bench's).
processes_with() {
    printf '%s\n' "$1" >"$BATS_TEST_TMPDIR/word"
    grep -lsF -f "$BATS_TEST_TMPDIR/word" /proc/[0-9]*/cmdline | wc -l
}

until_processes() { # COUNT WORD
    local tries
    for ((tries = 0; tries < 1000; tries++)); do
        [ "$(processes_with "$2")" -ne "$1" ] || return 0
    done
    echo "$(processes_with "$2") processes have $2"
    return 1
}

# For teardown: what a test that failed has left running.
kill_leftovers() {
    [ -z "${BENCH_PID:-}" ] || kill -KILL "$BENCH_PID" 2>/dev/null || true
    [ -z "${FAULTY_PID:-}" ] || kill -TERM "$FAULTY_PID" 2>/dev/null || true
}
