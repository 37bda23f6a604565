#!/usr/bin/env bats
# bench-rank on three hosts with a fourth one as the server: clocks that differ by seconds, and what
# can happen to a host.

load common
load scale

setup() {
    own_folder
    need_mpi
    make_hosts alpha:0 beta:3 gamma:-7 server:0
    UNDER="nsenter --net -t ${HOSTS[server]}" start_target --host 10.77.0.4 --allow-host 10.77.0.4 \
        --strategy inline --work count:1k
    URL=http://10.77.0.4:$PORT/heavy
    RANKS+=(--host alpha,beta,gamma:2)
}

teardown() {
    end_hosts
}

# On the first host, as a user would.
ranks() { # OPTION...
    begin_ranks "$BENCH_BUILD/bench-rank" run "$@"
}

# mpirun on the first host; RANKS_PID is itself.
begin_ranks() {
    UNDER="nsenter --net --uts --time --mount --wd=$PWD -t ${HOSTS[alpha]}" begin_here "$@"
}

# A rank that dies is not to end the others.
begin_long() { # OPTION...
    RANKS+=(--enable-recovery --mca oob_tcp_keepalive_time 30 --mca oob_tcp_keepalive_intvl 5
        --mca oob_tcp_keepalive_probes 3)
    ranks --stream -R 200 -d 120 -c 8 "$@" "$URL"
    until_line '.schema == "bench.second/1" and .at_s >= 1 and .hosts == 4'
}

# A host was lost, that it is named, and what all did until then is the result.
lost() { # HOST
    until_line ".event == \"lost\" and .host == \"$1\""
    dismiss_ranks
    result '.schema == "bench.result/1" and (.merged.lost_after_s >= 1)'
    result ".merged.parts | map(select(.state == \"lost\") | .host) == [\"$1\"]"
}

@test "hosts whose clocks differ by seconds open their windows together" {
    ranks --stream -R 400 -d 2 -c 8 "$URL"
    end_ranks
    result '[.merged.parts[].host] == ["alpha", "beta", "gamma", "gamma"]'
    result '.accounting.due == 800 and .merged.overlap > 0.5'
    # A clock of another host is seconds away, so an error of an offset would be, too.
    result 'all(.merged.parts[]; .start_skew_us < 1e6 and .clock_error_us < 1e6)'
    until_none_left
}

@test "20,000/s from three hosts: the merged result is the server's own count" {
    ranks --stream -R 20000 -a 40000 -t 60 -c 96 "$URL"
    end_ranks
    accounted '{"completed":40000}'
    result '.histograms.latency.count == 40000 and ([.merged.parts[].completed] | add) == 40000'
    result '[.merged.parts[].sent] == [10000, 10000, 10000, 10000]'
    [ "$(on server curl -fsS "http://10.77.0.4:$PORT/stats" | jq .requests.heavy.completed)" -eq 40000 ]
    until_none_left
}

@test "kill -9 of a rank" {
    begin_long
    kill -KILL "$(of_test bench-rank beta)"
    lost beta
    until_none_left
}

@test "kill -9 of the daemon of a host" {
    begin_long
    kill -KILL "$(of_test orted beta)"
    lost beta
    until_none_left
}

@test "a rank that is stopped" {
    begin_long
    kill -STOP "$(of_test bench-rank beta)"
    lost beta
    until_none_left
}

@test "a link that falls silent" {
    begin_long
    cut_off beta
    URL='' until_true none_left beta # it ends by itself
    [ -z "$(find "$TMPDIR" -path '*ompi.beta.*')" ]
    until_line '.event == "lost" and .host == "beta"'
    until_line '.schema == "bench.result/1"'
    # mpirun waits for a daemon that nothing reaches; who started it ends it in the end.
    kill -KILL "$RANKS_PID" $(of_test mpirun)
    URL='' until_true none_left
}

@test "a host that cannot be reached, and one without the program" {
    RANKS=("${RANKS[@]:0:${#RANKS[@]}-1}" alpha,nowhere)
    ranks --stream -c 2 -d 1 "$URL"
    end_ranks
    [ "$STATUS" -ne 0 ]
    grep -q 'host nowhere' err
    RANKS=("${RANKS[@]:0:${#RANKS[@]}-1}" alpha,beta)
    mkdir programs
    cp "$BENCH_BUILD/bench" "$BENCH_BUILD/bench-rank" programs
    on beta mount -t tmpfs none programs
    begin_ranks "$PWD/programs/bench-rank" run --stream -c 2 -d 1 "$URL"
    end_ranks
    [ "$STATUS" -ne 0 ]
    grep -q 'beta' err
    until_none_left
}

@test "a full disk on the host of rank 0 costs no figure" {
    local full=$PWD/full
    mkdir full
    on alpha mount -t tmpfs -o size=16k none "$full"
    on alpha sh -c 'cat /dev/zero 2>/dev/null >"$1"/zeros' sh "$full" || true
    ranks -c 4 -R 100 -a 100 -o "$full/result.json" "$URL"
    end_ranks
    cut_lines err
    [ "$STATUS" -eq 2 ]
    grep -q 'full/result.json' err
    grep -q '100 sent' out
    until_none_left
}
