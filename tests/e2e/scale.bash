# What the tests of a load of several hosts share, beside common.bash: hosts that are namespaces.
#
# A host is a network, UTS and time namespace: it has a name and an address of its own, and its
# clocks are another number of seconds ahead. The hosts are joined by a bridge in a namespace of
# its own. A namespace has no name: it is that of a process, and gone with the last process in it.

# What bench-rank needs of mpirun (docs/scale.md), and what only a test may.
MPIRUN=(mpirun --enable-recovery --bind-to none --mca odls_base_sigkill_timeout 1
    --mca oob_tcp_keepalive_time 5 --mca oob_tcp_keepalive_intvl 2 --mca oob_tcp_keepalive_probes 3)
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

need_mpi() {
    command -v mpirun >/dev/null || skip "mpirun of the package openmpi-bin is not installed"
    [ -x "$BENCH_BUILD/bench-rank" ] || skip "bench-rank was not built: libopenmpi-dev is missing"
}

# make_hosts NAME:SECONDS...: the first has 10.77.0.1, and its clocks are ahead by SECONDS.
make_hosts() {
    local host number=0
    need_mpi
    PATH=$PATH:/usr/sbin:/sbin
    command -v ip >/dev/null || skip "ip of the package iproute2 is not installed"
    unshare --net --uts --time true 2>"$BATS_TEST_TMPDIR/why" ||
        skip "no network, UTS and time namespaces may be made here: $(cat "$BATS_TEST_TMPDIR/why")"
    declare -gA HOSTS=()
    PIDS=()
    mkdir "$BATS_TEST_TMPDIR/hosts"
    make_host switch unshare --net
    on_switch ip link add bridge type bridge 2>"$BATS_TEST_TMPDIR/why" ||
        skip "the kernel makes no bridge here: $(cat "$BATS_TEST_TMPDIR/why")"
    on_switch ip link set bridge up
    for host; do
        make_host "${host%:*}" unshare --net --uts --time --monotonic="${host#*:}" \
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
    exec {held}< <(exec "$@" setpriv --pdeathsig KILL sh -c 'echo ready; exec sleep 300' 3>&-)
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
    nsenter --net --uts --time -t "$pid" "$@"
}

connect_host() { # NAME NUMBER
    on_switch ip link add "$1" type veth peer name cable netns "${HOSTS[$1]}"
    on_switch ip link set "$1" master bridge up
    on "$1" ip link set lo up
    on "$1" ip link set cable up
    on "$1" ip address add "10.77.0.$2/24" dev cable
}

# Its packets are lost, and nobody is told so.
cut() { # HOST
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
exec nsenter --net --uts --time -t "\$pid" /bin/sh -c "\$*"
END
    chmod +x "$AGENT"
}

# What was started here and still runs: its command line has the word.
end_hosts() {
    local pid
    for pid in $(grep -lsF -e "$BATS_TEST_TMPDIR" /proc/[0-9]*/environ | grep -oE '[0-9]+'); do
        [ "$pid" -eq $$ ] || [ "$pid" -eq "$BASHPID" ] || continue
    done
    for pid in "${PIDS[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
}
