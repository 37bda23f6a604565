# What the tests of a load of several hosts share, beside common.bash: hosts that are namespaces.
#
# A host is a network, UTS, time and mount namespace: it has a name, an address and folders of its
# own, and its clocks are ahead or behind. The hosts are joined by a bridge in a namespace of its
# own. A namespace has no name: it is that of a process, and gone with the last process in it.

# LeakSanitizer reports what MPI keeps. Only a test runs MPI as root.
RANKS=(mpirun --bind-to none --mca odls_base_sigkill_timeout 1)
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 ASAN_OPTIONS=detect_leaks=0

need_mpi() {
    command -v mpirun >/dev/null || skip "mpirun of the package openmpi-bin is not installed"
    [ -x "$BENCH_BUILD/bench-rank" ] || skip "bench-rank was not built: libopenmpi-dev is missing"
    PIDS=()
}

# --- hosts ---

# make_hosts NAME:SECONDS...: the first has 10.77.0.1; the clocks of each are ahead by SECONDS.
make_hosts() {
    local host number=0
    PATH=$PATH:/usr/sbin:/sbin
    command -v ip >/dev/null || skip "ip of the package iproute2 is not installed"
    unshare --net --uts --time --mount true 2>"$BATS_TEST_TMPDIR/why" ||
        skip "no network, UTS and time namespaces may be made here: $(cat "$BATS_TEST_TMPDIR/why")"
    declare -gA HOSTS=()
    mkdir "$BATS_TEST_TMPDIR/hosts"
    make_host switch unshare --net
    on_switch ip link add bridge type bridge 2>"$BATS_TEST_TMPDIR/why" ||
        skip "the kernel makes no bridge here: $(cat "$BATS_TEST_TMPDIR/why")"
    on_switch ip link set bridge up
    for host; do
        make_host "${host%:*}" unshare --net --uts --mount --time --monotonic="${host#*:}" \
            --boottime="${host#*:}" sh -c 'hostname "$1"; shift; exec "$@"' sh "${host%:*}"
        connect_host "${host%:*}" $((++number))
    done
    make_agent
}

# make_host NAME COMMAND...: the command makes the namespaces; a process in them holds them.
make_host() {
    local name=$1 held
    shift
    # The parent dies with the test, and the kernel ends the rest with it.
    exec {held}< <(exec "$@" setpriv --pdeathsig KILL sh -c 'echo ready; exec sleep 600' 3>&-)
    HOSTS[$name]=$!
    PIDS+=($!)
    read -r -t "$PATIENCE" -u "$held"
    echo "${HOSTS[$name]}" >"$BATS_TEST_TMPDIR/hosts/$name"
}

on_switch() { # COMMAND...
    nsenter --net -t "${HOSTS[switch]}" "$@"
}

on() { # HOST COMMAND...
    local pid=${HOSTS[$1]}
    shift
    nsenter --net --uts --time --mount --wd="$PWD" -t "$pid" "$@"
}

connect_host() { # NAME NUMBER
    on_switch ip link add "$1" type veth peer name cable netns "${HOSTS[$1]}"
    on_switch ip link set "$1" master bridge up
    on "$1" ip link set lo up
    on "$1" ip link set cable up
    on "$1" ip address add "10.77.0.$2/24" dev cable
}

# Its packets are lost, and nobody is told so.
cut_off() { # HOST
    on_switch ip link set "$1" down
}

# What mpirun starts its daemons with, instead of ssh. A host without a file cannot be reached.
make_agent() {
    AGENT=$BATS_TEST_TMPDIR/agent
    cat >"$AGENT" <<END
#!/bin/sh
host=\$1
shift
pid=\$(cat "$BATS_TEST_TMPDIR/hosts/\$host" 2>/dev/null) || {
    echo "ssh: connect to host \$host port 22: No route to host" >&2
    exit 255
}
exec nsenter --net --uts --time --mount --wd=/ -t "\$pid" /bin/sh -c "\$*"
END
    chmod +x "$AGENT"
    RANKS+=(--mca plm_rsh_agent "$AGENT")
}

# --- a load ---

# begin_here WORD...: RANKS and the words, in the background, below UNDER. Its output goes to the
# files out and err; RANKS_PID is mpirun.
begin_here() {
    ${UNDER:-} "${RANKS[@]}" "$@" >out 2>err 3>&- &
    RANKS_PID=$!
    PIDS+=($!)
}

# Of the stream: true when one of its lines is so.
has_line() { # FILTER
    jq -R -s -e "[split(\"\n\")[] | fromjson? | select($1)] | length > 0" out >/dev/null
}

until_line() { # FILTER
    URL='' until_true has_line "$1" || { cut_lines out; cut_lines err; return 1; }
}

cut_lines() { # FILE
    cut -c1-400 "$1" >&2
}

# Waits for its end; sets STATUS, and RESULT is the last line.
end_ranks() {
    STATUS=0
    URL='' until_true is_gone "$RANKS_PID" || { cut_lines out; return 1; }
    wait "$RANKS_PID" || STATUS=$?
    RESULT=$BATS_TEST_TMPDIR/result.json
    tail -n 1 out >"$RESULT"
}

# What a reader of the stream does once it has the last line of a run that lost a host.
dismiss_ranks() {
    until_line '.schema == "bench.result/1" or .event == "failed"'
    kill -TERM "$RANKS_PID" 2>/dev/null || true
    URL='' until_true is_gone "$RANKS_PID"
    RESULT=$BATS_TEST_TMPDIR/result.json
    tail -n 1 out >"$RESULT"
}

# The processes of this test with this name; of one host only, if given.
of_test() { # NAME [HOST]
    local pid
    for pid in $(pgrep -x "$1"); do
        grep -qsF "TMPDIR=$TMPDIR" "/proc/$pid/environ" || continue
        [ -z "${2:-}" ] ||
            [ "$(readlink "/proc/$pid/ns/net")" = "$(readlink "/proc/${HOSTS[$2]}/ns/net")" ] || continue
        ! is_gone "$pid" || continue
        echo "$pid"
    done
}

# The generator of one share of this test's run, which bench-rank has started.
generator() { # INDEX/COUNT
    local pid
    for pid in $(of_test bench); do
        ! tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q -e "--share $1 " || echo "$pid"
    done
}

none_left() { # [HOST]
    [ -z "$(of_test mpirun "$@")$(of_test orted "$@")$(of_test bench-rank "$@")$(of_test bench "$@")" ]
}

# No process of the test stays on any host, and no file of Open MPI.
until_none_left() {
    URL='' until_true none_left || {
        echo "left: mpirun $(of_test mpirun), orted $(of_test orted), ranks $(of_test bench-rank)"
        return 1
    }
    local left
    left=$(find "$TMPDIR" -path '*ompi.*')
    [ -z "$left" ] || { echo "left: $left"; return 1; }
}

end_hosts() {
    local pid
    kill_leftovers
    for pid in $(of_test mpirun) $(of_test orted) $(of_test bench-rank) $(of_test bench) "${PIDS[@]}"; do
        kill -KILL "$pid" 2>/dev/null || true
    done
}
