# Programs that lack descriptors or memory: each ends by itself, says why, and leaves nothing.
load common

setup() {
    own_folder
    # root may raise even the hard limit, but for this capability
    UNDER=()
    [ "$(id -u)" -ne 0 ] || UNDER=(setpriv --bounding-set -sys_resource)
    COMPARISON=$BATS_TEST_TMPDIR/comparison.json
    RESULT=$BATS_TEST_TMPDIR/result.json
}

# Two documents to read.
make_documents() {
    "$BENCH_BUILD/bench" compare --strategies inline,pool --rounds 1 -d 200ms -c 2 --work count:1k \
        -o "$COMPARISON" >/dev/null 2>&1 3>&-
    "$BENCH_BUILD/bench" run --strategy inline -d 200ms -c 2 --work count:1k -o "$RESULT" \
        >/dev/null 2>&1 3>&-
}

# A program that is out of memory ends at once; the next start removes its folder.
has_left_something() {
    ! grep -q 'out of memory' "$BATS_TEST_TMPDIR/err" ||
        "$BENCH_BUILD/bench" check "$RESULT" >/dev/null 2>&1 3>&- || true
    ! is_empty "$TMPDIR"
}

# starved LIMIT PROGRAM WORD...: LIMIT is an option of ulimit with its value, as "-n 20". The bound
# is only there to find what does not end.
starved() {
    local limit=$1 status=0
    shift
    "${UNDER[@]}" bash -c "ulimit $limit; exec \"\$@\"" starved timeout -s KILL "$PATIENCE" \
        "$BENCH_BUILD/$1" "${@:2}" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" \
        </dev/null 3>&- || status=$?
    if [ "$status" -gt 5 ] || { [ "$status" -ne 0 ] && [ ! -s "$BATS_TEST_TMPDIR/err" ]; } ||
        has_left_something || grep -q 'Sanitizer' "$BATS_TEST_TMPDIR/err"; then
        echo "ulimit $limit: $*: exit status $status, left: $(ls -A "$TMPDIR")"
        cat "$BATS_TEST_TMPDIR/err"
        return 1
    fi
}

# A server ends when its client, here this test, has seen that it is ready.
starved_server() { # LIMIT OPTION...
    local limit=$1 status=0 line= out pid
    exec {out}< <(exec "${UNDER[@]}" bash -c "ulimit $limit; exec \"\$@\"" starved \
        "$BENCH_BUILD/bench" serve "${@:2}" 2>"$BATS_TEST_TMPDIR/err" 3>&-)
    pid=$!
    read -r -t "$PATIENCE" line <&"$out" && kill -TERM "$pid"
    until_gone "$pid"
    wait "$pid" || status=$?
    exec {out}<&-
    if [ "$status" -gt 5 ] || { [ -z "$line" ] && [ ! -s "$BATS_TEST_TMPDIR/err" ]; } ||
        ! is_empty "$TMPDIR" || grep -qE 'Sanitizer|guard process failed' "$BATS_TEST_TMPDIR/err"; then
        echo "ulimit $limit: serve ${*:2}: exit status $status, left: $(ls -A "$TMPDIR")"
        cat "$BATS_TEST_TMPDIR/err"
        return 1
    fi
}

@test "no descriptors: what reads a document, or nothing" {
    local n
    make_documents
    for n in {4..12} 16 24 32 48 64; do
        starved "-n $n" bench --help
        starved "-n $n" bench doctor
        starved "-n $n" bench check "$RESULT"
        starved "-n $n" bench report "$COMPARISON"
        starved "-n $n" bench report -o pictures "$COMPARISON"
    done
}

@test "no descriptors: what starts programs" {
    local n
    for n in {4..12} 16 24 32 48 64 80; do
        starved "-n $n" bench run --strategy queue -d 100ms -c 2 --work count:1k --no-save
        starved "-n $n" bench compare --strategies inline,pool,threads,offload,queue --rounds 1 \
            -d 100ms -c 2 --work count:1k --no-save
    done
}

@test "no descriptors: servers" {
    local n strategy
    for n in {4..32} 40 48 64; do
        for strategy in inline threads pool offload queue; do
            starved_server "-n $n" --port 0 --strategy "$strategy"
        done
    done
}

@test "too few descriptors for the loops of many workers are refused, with the number" {
    start_faulty
    starved "-n 164" bench run "$URL/ok" -c 100 -w 33 -a 100 --no-save
    [ "$(wc -l <"$BATS_TEST_TMPDIR/err")" -eq 1 ]
    grep -q "the limit is 164.*ulimit -n.*(-w)" "$BATS_TEST_TMPDIR/err"
}

@test "no memory: no program crashes" {
    local kib
    ! grep -q __asan_init "$BENCH_BUILD/bench" || skip "the sanitizer needs more memory than there is"
    make_documents
    for ((kib = 4000; kib <= 64000; kib += 3000)); do
        # below, it is not even loaded
        (ulimit -v "$kib"; exec "$BENCH_BUILD/bench" --version) >/dev/null 2>&1 3>&- || continue
        starved "-v $kib" bench report -o pictures "$COMPARISON"
        ! grep -q 'not installed' "$BATS_TEST_TMPDIR/err"
        starved "-v $kib" bench check "$RESULT"
        starved "-v $kib" bench run --strategy inline -d 100ms -c 2 --work count:1k --no-save
    done
}

@test "a program that is there but cannot be executed is not called missing" {
    mkdir there
    printf '#!/bin/sh\necho "gnuplot: error while loading shared libraries: libm.so.6" >&2\nexit 127\n' \
        >there/gnuplot
    chmod +x there/gnuplot
    make_documents
    PATH=$PWD/there:$PATH run -2 --separate-stderr "$BENCH_BUILD/bench" report -o pictures "$COMPARISON" 3>&-
    [[ $stderr == *"gnuplot failed (exit 127)"*"loading shared libraries"* ]]
    [[ $stderr != *"not installed"* ]]
}
