#!/usr/bin/env bats
# --hosts with hosts of their own: three namespaces with clocks that differ by seconds. bench and the
# server are on the first.

load common
load scale

setup() {
    own_folder
    need_mpi
    make_hosts alpha:0 beta:3 gamma:-7
    export OMPI_MCA_plm_rsh_agent=$AGENT
}

teardown() {
    end_hosts
}

# As `begin` of common.bash, on the first host.
begin_fleet() { # ARGUMENT...
    nsenter --net --uts --time --mount --wd="$PWD" -t "${HOSTS[alpha]}" \
        "$BENCH_BUILD/bench" run --mpi-net 10.77.0.0/24 --bind 10.77.0.1 --strategy inline \
        --work count:1k --ndjson -o r.json "$@" >out 2>err 3>&- &
    BENCH_PID=$!
    PIDS+=($!)
}

end_fleet() {
    STATUS=0
    URL='' until_true is_gone "$BENCH_PID" || { cut_lines out; cut_lines err; return 1; }
    wait "$BENCH_PID" || STATUS=$?
    BENCH_PID=
}

@test "the server is here, and two hosts load it together" {
    begin_fleet --hosts beta,gamma:2 -R 300 -d 2 -c 6
    end_fleet
    grep -q 'bind 10.77.0.1: as long as it runs' err
    jq -e '[.merged.parts[].host] == ["beta", "gamma", "gamma"]' r.json
    jq -e '.accounting.due == 600 and ([.merged.parts[].due] == [200, 200, 200])' r.json
    jq -e '.mismatches == 0 and .target.counted >= .accounting.completed' r.json
    jq -e '.server.total.cpu_user_s >= 0 and .probe.completed > 0' r.json
    jq -e '.environment.hostname == "alpha" and .target.address == (.target.address | select(startswith("10.77.0.1:")))' r.json
    until_none_left
}

@test "a host that falls silent is named, the others stop, and nothing is left" {
    begin_fleet --hosts beta,gamma -R 100 -d 120 -c 4
    until_line '.schema == "bench.second/1" and .at_s >= 2'
    cut_off gamma
    end_fleet
    [ "$STATUS" -eq 5 ]
    grep -q 'lost gamma: ' err
    jq -e '.valid == false and .merged.lost_after_s >= 1' r.json
    jq -e '.merged.parts | map(select(.state == "lost") | .host) == ["gamma"]' r.json
    # A real host would have time to remove Open MPI's files; this one is killed with bench's processes.
    URL='' until_true none_left
}

@test "the host that gathers the figures dies: those that were heard are the result, and nothing is left" {
    local way
    for way in stop continue; do
        begin_fleet --hosts beta,gamma -R 100 -d 120 -c 4 --on-lost "$way"
        until_line '.schema == "bench.second/1" and .at_s >= 2'
        kill -KILL "$(of_test bench-rank beta)"
        end_fleet
        [ "$STATUS" -eq 5 ]
        jq -e '.valid == false and .interrupted and .accounting.completed > 0' r.json
        jq -e '[.warnings[].code] | any(. == "hosts-silent")' r.json
        URL='' until_true none_left
        rm r.json
    done
}

@test "a host that cannot be reached is named before anything is measured" {
    begin_fleet --hosts beta,nowhere -d 2 -c 4
    end_fleet
    [ "$STATUS" -eq 5 ]
    grep -q 'connect to host nowhere port 22: No route to host' err
    until_none_left
}

@test "a host without the program is named, within seconds, and nothing is left" {
    mkdir programs
    cp "$BENCH_BUILD"/bench "$BENCH_BUILD"/bench-* programs
    on beta mount -t tmpfs none programs
    BENCH_BUILD=$PWD/programs begin_fleet --hosts gamma,beta -d 2 -c 4
    end_fleet
    [ "$STATUS" -eq 2 ]
    grep -q "beta does not have $PWD/programs/bench-rank, or cannot run it: install the package bench-rank there" err
    [ ! -e r.json ]
    until_none_left
}

@test "a network that Open MPI ignores is warned of, by run and by doctor" {
    local warning='Open MPI uses no interface whose name begins with vir'
    on alpha ip link set cable down
    on alpha ip link set cable name virbr7
    on alpha ip link set virbr7 up
    run -0 on alpha "$BENCH_BUILD/bench" doctor
    [[ $output == *"only on virbr7: $warning"* ]]
    for options in "--mpi-net 10.77.0.0/24 http://10.77.0.1:1/" "http://10.77.0.1:1/" "--bind 10.77.0.1 --strategy inline"; do
        run on alpha timeout 60 "$BENCH_BUILD/bench" run --hosts nowhere --no-save -c 1 -d 1 $options
        [[ $output == *" on virbr7, and $warning"* ]]
    done
    on alpha ip link add other type veth peer name far
    on alpha ip address add 10.78.0.1/24 dev other
    on alpha ip link set other up
    run on alpha "$BENCH_BUILD/bench" doctor
    [[ $output != *"$warning"* ]]
    run on alpha timeout 60 "$BENCH_BUILD/bench" run --hosts nowhere --mpi-net 10.78.0.0/24 --no-save -c 1 -d 1 http://10.77.0.1:1/
    [[ $output != *"$warning"* ]]
}
