#!/usr/bin/env bats
# A name with several addresses, which only a machine with a file of hosts of its own has: the tests
# run in a mount namespace, and are left out where none can be made.

load common

setup() {
    own_folder
    in_namespace 127.0.0.1 true 2>/dev/null || skip "needs a mount namespace, which this user may not make"
}

teardown() {
    kill_servers
}

# in_namespace "ADDRESS..." COMMAND...: where the name several.test has these addresses.
in_namespace() {
    local address
    for address in $1; do printf '%s several.test\n' "$address"; done >"$BATS_TEST_TMPDIR/hosts"
    unshare --mount sh -c 'mount --bind "$0" /etc/hosts && exec "$@"' "$BATS_TEST_TMPDIR/hosts" "${@:2}"
}

has_ipv6() {
    [ "$(cat /proc/sys/net/ipv6/conf/lo/disable_ipv6 2>/dev/null)" = 0 ]
}

# start_servers ADDRESS...: a faulty server on each, all on the port that the first one got. Another
# program may have that port on another address: then all begin anew.
start_servers() {
    local address try
    for try in {1..20}; do
        PIDS=() OUTS=() PORT=0
        for address; do
            start_faulty --host "$address" --port "$PORT" 2>/dev/null || break
            PIDS+=("$FAULTY_PID") OUTS+=("$FAULTY_OUT")
        done
        FAULTY_PID=
        [ "${#PIDS[@]}" -ne "$#" ] || return 0
        kill_servers
    done
    echo "no port is free on $*"
    return 1
}

kill_servers() {
    local pid
    for pid in "${PIDS[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    PIDS=()
}

# Ends them; CONNECTIONS and REPLIES are what each of them had for /ok.
end_servers() {
    local i
    CONNECTIONS=() REPLIES=()
    kill -TERM "${PIDS[@]}"
    for i in "${!PIDS[@]}"; do
        drain "${OUTS[i]}" >"$BATS_TEST_TMPDIR/counts"
        CONNECTIONS+=("$(jq '.["/ok"].connections // 0' "$BATS_TEST_TMPDIR/counts")")
        REPLIES+=("$(jq '.["/ok"].replies // 0' "$BATS_TEST_TMPDIR/counts")")
    done
    PIDS=()
}

# measure_name "ADDRESS..." OPTION...: as measure does, of several.test at these addresses.
measure_name() {
    RESULT=$BATS_TEST_TMPDIR/result.json
    in_namespace "$1" timeout "$PATIENCE" "$BENCH_BUILD/bench" run --json --no-save \
        "http://several.test:$PORT/ok" "${@:2}" >"$RESULT" 2>"$BATS_TEST_TMPDIR/stderr" 3>&-
}

@test "--addresses all: each connection goes to the next address, and all are used" {
    local addresses="127.0.0.1 127.0.0.2"
    ! has_ipv6 || addresses+=" ::1"
    set -- $addresses
    for threads in 1 2; do
        start_servers "$@"
        measure_name "$addresses" -c 12 -w "$threads" -M 10 -d 60 --addresses all
        accounted '{"completed":120}'
        end_servers
        # Each thread begins at the first, and has its own turn.
        printf '%s\n' "${CONNECTIONS[@]}" | sort -un >each
        [ "$(cat each)" = "$((12 / $#))" ] || { echo "connections: ${CONNECTIONS[*]}"; return 1; }
        printf '%s\n' "${REPLIES[@]}" | sort -un >each
        [ "$(cat each)" = "$((120 / $#))" ] || { echo "replies: ${REPLIES[*]}"; return 1; }
    done
    # Connections that are opened again go on with the turn.
    start_servers "$@"
    measure_name "$addresses" -c 1 -D 1 -a 30 --addresses all
    accounted '{"completed":30}'
    end_servers
    for i in "${!REPLIES[@]}"; do
        [ "${REPLIES[i]}" -eq "$((30 / $#))" ] || { echo "replies: ${REPLIES[*]}"; return 1; }
    done
}


@test "without it, all connections go to the first that accepts" {
    start_servers 127.0.0.2 127.0.0.1
    measure_name "127.0.0.2 127.0.0.1" -c 6 -M 5 -d 60
    accounted '{"completed":30}'
    end_servers
    [ "$((REPLIES[0] * REPLIES[1]))" -eq 0 ] && [ "$((REPLIES[0] + REPLIES[1]))" -eq 30 ]
    # Nothing listens at the first one.
    start_servers 127.0.0.1
    measure_name "127.0.0.2 127.0.0.1" -c 6 -M 5 -d 60
    accounted '{"completed":30}'
    result ".target.address == \"127.0.0.1:$PORT\""
}

@test "--addresses all: an address where nothing listens is left out, and told" {
    start_servers 127.0.0.1
    measure_name "127.0.0.1 127.0.0.2" -c 4 -M 5 -d 60 --addresses all
    accounted '{"completed":20}'
    end_servers
    [ "${CONNECTIONS[*]}" = 4 ]
    grep -qF "127.0.0.2:$PORT does not accept connections (Connection refused), so it is left out" \
        "$BATS_TEST_TMPDIR/stderr"
}

@test "-4 and -6 leave only their kind of a name's addresses" {
    has_ipv6 || skip "no IPv6 here"
    start_servers 127.0.0.1 127.0.0.2 ::1
    measure_name "127.0.0.1 127.0.0.2 ::1" -c 4 -M 5 -d 60 --addresses all -4
    accounted '{"completed":20}'
    measure_name "127.0.0.1 127.0.0.2 ::1" -c 4 -M 5 -d 60 --addresses all -6
    accounted '{"completed":20}'
    end_servers
    [ "${CONNECTIONS[*]}" = "2 2 4" ]
}
