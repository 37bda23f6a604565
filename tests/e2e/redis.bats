#!/usr/bin/env bats
# bench-redis: a command with a private redis-server beside it, and nothing left, whoever is killed.

load common

setup() {
    command -v redis-server >/dev/null || skip "redis-server is not installed"
    own_folder
    export REDISCLI_AUTH=
    STDERR=$BATS_TEST_TMPDIR/stderr
    # What a command does with its server: says its own pid and the address, then waits for its end.
    WAIT='echo "$$ $REDIS_URL"; exec sleep 300'
}

teardown() {
    local pid
    for pid in ${BESIDE_PIDS:-}; do kill -KILL "$pid" 2>/dev/null || true; done
    # Those that have our environment: a number may mean somebody else by now.
    for pid in ${COMMAND_PID:-} ${SERVER_PID:-}; do
        ! grep -qsaF "TMPDIR=$TMPDIR" "/proc/$pid/environ" || kill -KILL "$pid" || true
    done
    kill_leftovers
}

# beside WORD...: bench-redis in the background; sets BESIDE_PID and OUT.
beside() {
    # What runs in the background ignores SIGINT, and would hand that on.
    exec {OUT}< <(exec env --default-signal=INT "$BENCH_BUILD/bench-redis" "$@" </dev/null \
        2>>"$STDERR" 3>&-)
    BESIDE_PID=$!
    BESIDE_PIDS+=" $BESIDE_PID"
}

# The same until the command waits; sets COMMAND_PID, ADDRESS, SERVER_PID and GUARD_PID.
waiting() {
    beside "$@"
    read -r -t "$PATIENCE" COMMAND_PID ADDRESS <&"$OUT" || { cat "$STDERR"; return 1; }
    find_server
}

find_server() {
    SERVER_PID=$(ask "$ADDRESS" info server | tr -d '\r' | sed -n 's/^process_id://p')
    GUARD_PID=$(sed 's/.*) . \([0-9]*\) .*/\1/' "/proc/$SERVER_PID/stat")
    [ "$(cat "/proc/$GUARD_PID/comm")" = bench-guard ]
}

ask() { # ADDRESS WORD...
    timeout "$PATIENCE" redis-cli --no-auth-warning -u "$@"
}

wait_beside() {
    STATUS=0
    until_true is_gone "$BESIDE_PID"
    wait "$BESIDE_PID" || STATUS=$?
}

# put_server LINE: what is found as redis-server is this script from now on.
put_server() {
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\n%s\n' "$1" >"$BATS_TEST_TMPDIR/bin/redis-server"
    chmod +x "$BATS_TEST_TMPDIR/bin/redis-server"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

folders() {
    find "$TMPDIR" -mindepth 1 | wc -l
}

no_folder() {
    [ "$(folders)" -eq 0 ]
}

nothing_left() {
    until_gone "$COMMAND_PID" "$SERVER_PID" "$GUARD_PID"
    until_true no_folder
}

@test "the command stores and reads through REDIS_URL, and has our stdin, stdout and stderr" {
    run -0 --separate-stderr "$BENCH_BUILD/bench-redis" sh -c '
        read -r value
        redis-cli --no-auth-warning -u "$REDIS_URL" set key "$value"
        redis-cli --no-auth-warning -u "$REDIS_URL" get key
        find "$TMPDIR" -mindepth 1 -maxdepth 1 -type d -printf "%m %f\n"
        echo words >&2' <<<"a value"
    [ "${lines[0]}" = OK ]
    [ "${lines[1]}" = "a value" ]
    [[ ${lines[2]} == "700 bench-redis-"* ]]
    [ "${#lines[@]}" -eq 3 ]
    [ "$stderr" = words ]
    [ "$(folders)" -eq 0 ]
}

@test "a log that takes no more ends nobody, and the command has its own signals" {
    # redis-server cannot write its files, and the reason goes to a file that is full.
    run -1 bash -c 'ulimit -f 0; exec "$@" 2>full' limited "$BENCH_BUILD/bench-redis" true
    [ ! -s full ]
    [ "$(folders)" -eq 0 ]
    run -0 "$BENCH_BUILD/bench-redis" grep SigIgn /proc/self/status
    [ "$output" = "$(grep SigIgn /proc/self/status)" ]
}

@test "without the password nothing is answered" {
    waiting sh -c "$WAIT"
    [[ $ADDRESS =~ ^redis://default:[0-9a-f]{48}@127\.0\.0\.1:([0-9]+)$ ]]
    run timeout "$PATIENCE" redis-cli -p "${BASH_REMATCH[1]}" get key
    [[ $output == *NOAUTH* ]]
    kill -TERM "$BESIDE_PID"
    wait_beside
    nothing_left
}

@test "the exit code is the command's, and its options are its own" {
    run -0 "$BENCH_BUILD/bench-redis" true
    run -0 timeout "$PATIENCE" env --ignore-signal=CHLD "$BENCH_BUILD/bench-redis" true
    run -3 "$BENCH_BUILD/bench-redis" sh -c 'exit 3'
    run -143 "$BENCH_BUILD/bench-redis" sh -c 'kill -TERM $$'
    run -137 "$BENCH_BUILD/bench-redis" -- sh -c 'kill -KILL $$'
    run -0 "$BENCH_BUILD/bench-redis" printf '%s ' --version --help -x
    [ "$output" = "--version --help -x " ]
    [ "$(folders)" -eq 0 ]
}

@test "SIGTERM, SIGINT and SIGHUP reach the command" {
    for signal in TERM INT HUP; do
        waiting sh -c 'trap "echo '$signal'; exit 7" '$signal'; echo "$$ $REDIS_URL"
            tail -f /dev/null & wait'
        kill -"$signal" "$BESIDE_PID"
        wait_beside
        [ "$STATUS" -eq 7 ]
        [ "$(drain "$OUT")" = "$signal" ]
        nothing_left
    done
    waiting sh -c "$WAIT"
    kill -INT "$BESIDE_PID"
    wait_beside
    [ "$STATUS" -eq 130 ]
    nothing_left
    [ ! -s "$STDERR" ]
}

@test "the command may read from a terminal, and Ctrl-C ends it" {
    command -v script >/dev/null || skip "no script(1) here"
    run -0 timeout "$PATIENCE" script -qec "exec '$BENCH_BUILD/bench-redis' sh -c 'read -r word; echo \"got \$word\"'" \
        /dev/null < <(echo a-word)
    [[ $output == *"got a-word"* ]]
    # A shell between script and the command would get the signal too, and might die of it.
    mkfifo "$BATS_TEST_TMPDIR/keys"
    exec {keys}<>"$BATS_TEST_TMPDIR/keys"
    exec {OUT}< <(exec timeout "$PATIENCE" script -qec "exec '$BENCH_BUILD/bench-redis' sh -c '
        trap \"echo caught; exit 9\" INT; echo waits; read -r word'" /dev/null \
        <"$BATS_TEST_TMPDIR/keys" 3>&-)
    BESIDE_PID=$!
    read -r -t "$PATIENCE" word <&"$OUT"
    [ "${word%$'\r'}" = waits ]
    printf '\003' >&"$keys"
    wait_beside
    [ "$STATUS" -eq 9 ]
    [[ $(drain "$OUT") == *caught* ]]
    until_true no_folder
}

@test "what the command leaves running ends with it" {
    mkfifo "$BATS_TEST_TMPDIR/end"
    waiting sh -c 'tail -f /dev/null & echo "$! $REDIS_URL"; read -r code <"$0"; exit "$code"' \
        "$BATS_TEST_TMPDIR/end"
    echo 4 >"$BATS_TEST_TMPDIR/end"
    wait_beside
    [ "$STATUS" -eq 4 ]
    nothing_left
}

@test "redis-server is killed: the command is ended, and it is told" {
    waiting sh -c 'trap "echo ended; exit 0" TERM; echo "$$ $REDIS_URL"; tail -f /dev/null & wait'
    kill -KILL "$SERVER_PID"
    wait_beside
    [ "$STATUS" -eq 1 ]
    [ "$(drain "$OUT")" = ended ]
    grep -qF 'bench-redis: redis-server ended by itself (signal 9 (Killed)); its last lines:' "$STDERR"
    grep -q 'Server initialized' "$STDERR"
    nothing_left
}

@test "a command that does not end when redis-server has is killed" {
    waiting sh -c 'trap "" TERM; echo "$$ $REDIS_URL"; exec sleep 300'
    kill -KILL "$SERVER_PID"
    wait_beside
    [ "$STATUS" -eq 1 ]
    nothing_left
}

@test "the guard of redis-server is killed: the command is ended, and it is told" {
    waiting sh -c "$WAIT"
    kill -KILL "$GUARD_PID"
    wait_beside
    [ "$STATUS" -eq 1 ]
    grep -qF 'bench-redis: the guard process of the redis-server was killed' "$STDERR"
    nothing_left
}

@test "the command is killed: redis-server is gone" {
    waiting sh -c "$WAIT"
    kill -KILL "$COMMAND_PID"
    wait_beside
    [ "$STATUS" -eq 137 ]
    nothing_left
    [ ! -s "$STDERR" ]
}

@test "bench-redis is killed: all is gone, and the folder" {
    waiting sh -c "$WAIT"
    kill -KILL "$BESIDE_PID"
    wait_beside
    nothing_left
}

@test "bench is killed: bench-redis, its server and its command are gone" {
    begin run -c 1 -d 300 --no-save /ping --cmd "'$BENCH_BUILD/bench-redis' sh -c '
        echo \"\$\$ \$REDIS_URL \$PPID\" >said-by-command
        exec \"$BENCH_BUILD/bench-target\" --port {port}'"
    until_loading
    read -r COMMAND_PID ADDRESS BESIDE_PID <said-by-command
    find_server
    kill -KILL "$BENCH_PID"
    wait "$BENCH_PID" || true
    BENCH_PID=
    until_gone "$BESIDE_PID" "$COMMAND_PID" "$SERVER_PID" "$GUARD_PID"
    # Two guards raced; what the inner one could not remove is removed by the next start.
    run -0 "$BENCH_BUILD/bench-redis" true
    [ "$(folders)" -eq 0 ]
}

@test "two at once do not disturb each other" {
    waiting sh -c "$WAIT"
    first=("$BESIDE_PID" "$ADDRESS" "$COMMAND_PID" "$SERVER_PID" "$GUARD_PID")
    waiting sh -c "$WAIT"
    [ "$ADDRESS" != "${first[1]}" ]
    ask "${first[1]}" set key one
    ask "$ADDRESS" set key two
    [ "$(ask "${first[1]}" get key)" = one ]
    [ "$(find "$TMPDIR" -mindepth 1 -maxdepth 1 | wc -l)" -eq 2 ]
    kill -TERM "$BESIDE_PID"
    wait_beside
    [ "$STATUS" -eq 143 ]
    until_gone "$COMMAND_PID" "$SERVER_PID" "$GUARD_PID"
    [ "$(ask "${first[1]}" get key)" = one ]
    BESIDE_PID=${first[0]}
    kill -TERM "$BESIDE_PID"
    wait_beside
    until_gone "${first[@]:2}"
    until_true no_folder
}

@test "a stop while redis-server is not ready" {
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    put_server "echo begun >'$BATS_TEST_TMPDIR/fifo'; exec sleep 300"
    beside echo never
    [ "$(timeout "$PATIENCE" cat "$BATS_TEST_TMPDIR/fifo")" = begun ]
    kill -TERM "$BESIDE_PID"
    wait_beside
    [ "$STATUS" -eq 143 ]
    [ -z "$(drain "$OUT")" ]
    until_true no_folder
}

@test "what cannot be run is told, and exits as a shell does" {
    run -127 "$BENCH_BUILD/bench-redis" no-such-command
    [ "$output" = "bench-redis: cannot run no-such-command: it is not found" ]
    run -126 "$BENCH_BUILD/bench-redis" "$TMPDIR"
    [ "$output" = "bench-redis: cannot run $TMPDIR: Permission denied" ]
    run -2 "$BENCH_BUILD/bench-redis"
    [ "$output" = "bench-redis: no command is given; see --help" ]
    run -2 "$BENCH_BUILD/bench-redis" --
    [ "$output" = "bench-redis: no command is given; see --help" ]
    run -2 "$BENCH_BUILD/bench-redis" --hlep true
    [ "$output" = "bench-redis: unknown option --hlep; did you mean --help?" ]
    [ "$(folders)" -eq 0 ]
}

@test "no redis-server, or no place for it, is told with the remedy" {
    run -2 env PATH=/nonexistent "$BENCH_BUILD/bench-redis" true
    [ "$output" = "bench-redis: redis-server is not in PATH; install it: apt-get install redis-server" ]
    run -2 env TMPDIR=/nonexistent "$BENCH_BUILD/bench-redis" true
    [[ $output == *"no private folder can be made in /nonexistent: No such file or directory; set TMPDIR"* ]]
    long=$TMPDIR/$(printf '%0100d' 0)
    mkdir "$long"
    run -2 env TMPDIR="$long" "$BENCH_BUILD/bench-redis" true
    [[ $output == *"a socket's path has at most 107 bytes, and this one "*"; set TMPDIR to a shorter one" ]]
    rmdir "$long"
    [ "$(folders)" -eq 0 ]
}

@test "a redis-server that does not begin is told with its words" {
    put_server 'echo "*** FATAL: bad directive" >&2; exit 1'
    run -1 "$BENCH_BUILD/bench-redis" echo never
    [[ $output == *"redis-server ended before it was ready (exit 1); it must be Redis 7.0 or newer"* ]]
    [[ $output == *"FATAL: bad directive"* && $output != *never* ]]
    [ "$(folders)" -eq 0 ]
}

@test "a folder of one's own is kept" {
    mkdir -m 700 mine
    run -0 "$BENCH_BUILD/bench-redis" --folder "$PWD/mine" sh -c 'redis-cli --no-auth-warning -u "$REDIS_URL" set a b'
    [ "$output" = OK ]
    grep -q "^b" mine/*.incr.aof
    [ -z "$(ls -A "$TMPDIR")" ]
    run -2 "$BENCH_BUILD/bench-redis" --folder
    [[ $output == *"--folder needs a value"* ]]
}

@test "--help and --version" {
    run -0 "$BENCH_BUILD/bench-redis" --help
    [[ $output == "Usage: bench-redis [options] COMMAND"* && $output == *REDIS_URL* ]]
    run -0 "$BENCH_BUILD/bench-redis" -v
    [[ $output == "bench-redis "[0-9]* ]]
}
