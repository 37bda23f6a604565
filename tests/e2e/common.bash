# What the e2e tests share: a folder for each, a bench-target that is ready, raw connections to it,
# bounded waiting. BENCH_BUILD names the build folder.

bats_require_minimum_version 1.5.0

# Seconds: what has not come by then does not come. No test waits that long on any machine.
PATIENCE=60

# A file that needs more has a setup of its own, which begins with own_folder.
setup() {
    own_folder
}

teardown() {
    kill_leftovers
}

# The test is in an empty folder of its own, and whatever stays behind in TMPDIR is its own too.
own_folder() {
    export TMPDIR=$BATS_TEST_TMPDIR/tmp
    mkdir "$BATS_TEST_TMPDIR/cwd" "$TMPDIR"
    cd "$BATS_TEST_TMPDIR/cwd"
    unset BENCH_BROKER
    # Words that no other process has in its command line.
    WORK=count:$((100000 + BASHPID))
    WORD=unique-$BASHPID
    FAULTY=$BENCH_BUILD/tests/faulty_server
    SERVER="exec '$FAULTY' --port {port} >/dev/null"
    TRUST=()
}

# What a test that failed has left running. A bench-target ends with the test by itself.
kill_leftovers() {
    [ -z "${BENCH_PID:-}" ] || kill -KILL "$BENCH_PID" 2>/dev/null || true
    [ -z "${FAULTY_PID:-}" ] || kill -TERM "$FAULTY_PID" 2>/dev/null || true
}

# start_target OPTION...: starts bench-target, waits for its ready line, sets READY, PORT, URL and
# TARGET_PID. It dies with the test. UNDER may hold a command that runs it.
start_target() {
    exec {TARGET_OUT}< <(exec ${UNDER:-} "$BENCH_BUILD/bench-target" --with-parent "$@" \
        2>"$BATS_TEST_TMPDIR/stderr" 3>&-)
    TARGET_PID=$!
    read -r -t "$PATIENCE" READY <&"$TARGET_OUT" || { cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
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
    curl -sS --max-time "$PATIENCE" "${TRUST[@]/#--ca/--cacert}" "$@"
}

# Nobody answers at this URL any more.
no_answer() {
    ! curl -s --max-time "$PATIENCE" "$1" >/dev/null
}

# until_stats FILTER: asks for the counters until the jq filter is true of them.
until_stats() {
    until_true stats_are "$1"
}

stats_are() {
    get "$URL/stats?brief=1" | jq -e "$1" >/dev/null
}

# Sets HOLD: how many ms work has to take for a test to see it run, wait and be waited for. A look
# takes long on a busy machine; LOOK is one, without it at the target's figures.
measure_hold() { # [LOOK...]
    local start=${EPOCHREALTIME/[.,]/} i
    [ "$#" -gt 0 ] || set -- until_stats true
    for i in 1 2 3; do "$@"; done
    HOLD=$((1000 + (${EPOCHREALTIME/[.,]/} - start) / 200))
}

# stats FILTER: prints one value.
stats() {
    get "$URL/stats?brief=1" | jq -c "$1"
}

# The loop is blocked: a ping gets no answer in half a second.
until_blocked() {
    URL='' until_true is_blocked "$URL/ping"
}

is_blocked() {
    local status=0
    curl -s --max-time 0.5 "$1" >/dev/null || status=$?
    [ "$status" -eq 28 ]
}

# until_true COMMAND...: asks again and again, and between two tries leaves the processor to what is
# waited for. Afterwards $! is no longer the caller's: keep it before.
until_true() {
    local end=$((SECONDS + PATIENCE)) silent
    exec {silent}<> <(:)
    until "$@"; do
        if [ "$SECONDS" -gt "$end" ]; then
            echo "not in time: $*"
            [ -z "${URL:-}" ] || get "$URL/stats?brief=1"
            return 1
        fi
        read -r -t 0.02 <&"$silent" || true
    done
    exec {silent}>&-
}

is_empty() { # FOLDER
    [ -z "$(ls -A "$1")" ]
}

is_gone() { # PID; one that only waits to be reaped is gone
    [[ $(cat "/proc/$1/stat" 2>/dev/null) =~ ^([0-9]+\ \(.*\)\ Z|$) ]]
}

until_gone() { # PID...
    local pid
    for pid; do until_true is_gone "$pid"; done
}

# connect NAME: opens a raw connection and puts its descriptor into the variable NAME.
connect() {
    local fd
    exec {fd}<>"/dev/tcp/127.0.0.1/$PORT"
    printf -v "$1" %s "$fd"
}

# drain FD: prints what comes until the other end closes.
drain() {
    timeout "$PATIENCE" cat <&"$1"
}

# start_faulty OPTION...: the faulty server, ready; sets PORT, SCHEME, URL and FAULTY_PID. It dies
# with the test. With FAULTY_TLS it speaks TLS, and TRUST has the options of bench to trust it.
start_faulty() {
    SCHEME=http
    if [ -n "${FAULTY_TLS:-}" ]; then
        SCHEME=https
        TRUST=(--ca "$BATS_TEST_TMPDIR/faulty.pem")
        set -- --tls --tls-cert-out "${TRUST[1]}" "$@"
    fi
    exec {FAULTY_OUT}< <(exec "$FAULTY" "$@" 3>&-)
    FAULTY_PID=$!
    read -r -t "$PATIENCE" READY <&"$FAULTY_OUT"
    PORT=$(jq .port <<<"$READY")
    URL=$SCHEME://127.0.0.1:$PORT
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
    [[ " $*" != *" https://"* ]] || set -- "${TRUST[@]}" "$@"
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run --json --no-save "$@" >"$RESULT" \
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

# conserved: in the last measure, an open loop, each request that was due was sent or was not, each
# that was sent is in one counter, and the histograms have as many as the counters.
conserved() {
    result '.accounting | .due == .sent + .unsent and
        .sent == .completed + .timed_out + (.failed | add) + .in_flight_at_end'
    result '.accounting as $a | .histograms | .latency.count == $a.completed and
        .service.count == $a.completed and .slip.count == $a.sent and .unsent.count == $a.unsent and
        .unfinished.count == $a.sent - $a.completed + $a.unsent'
}

# percentile HISTOGRAM P: of the last measure, in ns.
percentile() {
    jq -r ".histograms.$1.data" "$RESULT" | "$BENCH_BUILD/tests/hist_tool" decode "$2" |
        jq ".percentiles[\"$2\"]"
}

# at_least HISTOGRAM P MS...: for each P its MS; a slow machine only adds to them.
at_least() {
    local histogram=$1 ns
    shift
    while [ "$#" -gt 0 ]; do
        ns=$(percentile "$histogram" "$1")
        [ "$ns" -ge $(($2 * 1000000)) ] || { echo "p$1 of $histogram is $ns ns, not $2 ms"; return 1; }
        shift 2
    done
}

# served JSON: [whole requests, whole replies] of each path, by the server's own count.
served() {
    jq -e --argjson want "$1" '
        with_entries(select(.key | startswith("/")) | .value |= [.requests, .replies]) |
        del(.["/counts"]) | . == $want or error("\(.)")' <<<"$COUNTS" >/dev/null
}

# until_seen FILTER: until it is true of the server's counts.
until_seen() {
    until_true has_seen "$1" || { get "$URL/counts"; return 1; }
}

has_seen() {
    get "$URL/counts" | jq -e "$1" >/dev/null
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
    while read -r -t "$PATIENCE" line <&"$SAID"; do
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
    URL='' until_true are_processes "$@" || { echo "$(processes_with "$2") processes have $2"; return 1; }
}

are_processes() {
    [ "$(processes_with "$2")" -eq "$1" ]
}
