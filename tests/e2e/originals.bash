# What the tests of the published Node programs share: they are installed once, started, and end
# with the test.

FOLDER=$BENCH_BUILD/originals

# For setup_file: their packages are installed.
install_originals() {
    local program
    for program in node npm; do
        command -v "$program" >/dev/null || skip "$program is not installed"
    done
    node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' ||
        skip "node is older than 18"
    # Two installs at once would disturb each other.
    # shellcheck disable=SC2016 # the inner shell expands these
    flock "$FOLDER/package.json" bash -c '
        [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] ||
            npm ci --prefix "$1" --no-audit --no-fund --loglevel=error
        touch "$1/node_modules/.package-lock.json"' install "$FOLDER" >&2
}

setup() {
    own_folder
    STARTED=()
}

# What a test that failed has left running.
teardown() {
    local pid
    kill_leftovers
    for pid in "${STARTED[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
}

# start_original NAME OPTION...: starts the program, waits for its ready line, sets what
# start_target sets, and PID, the program's own where UNDER runs it.
start_original() {
    exec {TARGET_OUT}< <(exec setpriv --pdeathsig KILL ${UNDER:-} node "$FOLDER/$1.js" "${@:2}" \
        2>"$BATS_TEST_TMPDIR/stderr" 3>&-)
    TARGET_PID=$!
    STARTED+=("$TARGET_PID")
    read -r -t "$PATIENCE" READY <&"$TARGET_OUT" || { cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
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
