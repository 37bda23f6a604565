#!/usr/bin/env bats
# bench-rank: four ranks on one machine.

load common
load scale

setup() {
    own_folder
    need_mpi
    RANKS+=(--oversubscribe -n 4)
}

teardown() {
    end_hosts
}

rank() { # OPTION...
    begin_here "$BENCH_BUILD/bench-rank" run "$@"
}

@test "four ranks send exactly what was asked, by the server's own count" {
    start_faulty
    rank --stream -c 6 -R 500 -a 1003 "$URL/ok"
    end_ranks # a window this short may be found to have opened late on one of them
    accounted '{"completed":1003}'
    result '.connections == 6 and (.merged.parts | length) == 4'
    result '([.merged.parts[].sent] | sort) == [250, 251, 251, 251]'
    result '[.merged.parts[].connections] == [1, 2, 1, 2]'
    end_faulty
    served '{"/ok":[1003,1003]}'
    until_none_left
}

@test "the stream has the hosts, the window, every second of all, and the result" {
    start_faulty
    rank --stream -R 400 -d 3 "$URL/ok"
    end_ranks
    jq -s -e '
        (.[0] | .schema == "bench.fleet/1" and .event == "hosts" and (.hosts | map(.index)) == [0, 1, 2, 3] and
            all(.hosts[]; (.host | length) > 0 and .cores > 0 and .version != null)) and
        .[1] == {"schema": "bench.fleet/1", "event": "window"} and
        (.[-2] == {"schema": "bench.fleet/1", "event": "end"}) and
        (.[2:-2] | length >= 3 and all(.[]; .schema == "bench.second/1" and .hosts == 4) and
            (map(.due) | add) == 1200) and
        (.[-1] | .schema == "bench.result/1")' out
    result '.accounting.due == 1200 and .accounting.sent == 1200'
    result 'all(.merged.parts[]; .state == "whole" and .start_skew_us >= 0 and .clock_error_us != null)'
    end_faulty
}

@test "the report is that of bench merge, and the result is saved" {
    start_faulty
    rank -c 4 -R 100 -a 100 -o saved.json "$URL/ok"
    end_ranks
    grep -q '4 shares on 1 host' out
    [ "$(jq .accounting.completed saved.json)" -eq 100 ]
    grep -q 'saved to saved.json' err
}

@test "SIGUSR1 to mpirun ends the window: a partial result, and exit 130" {
    start_faulty
    rank --stream -c 4 -d 60 "$URL/ok"
    until_line '.schema == "bench.second/1"'
    kill -USR1 "$RANKS_PID"
    end_ranks
    [ "$STATUS" -eq 130 ]
    result '.schema == "bench.result/1" and .interrupted'
    until_none_left
}

@test "kill -9 of mpirun leaves no process and no file" {
    start_faulty
    rank --stream -c 4 -d 60 "$URL/ok"
    until_line '.schema == "bench.second/1"'
    # The memory that the ranks share lies among the files that are removed.
    [ -n "$(find "$TMPDIR" -path '*ompi.*' -name 'vader_segment.*')" ]
    kill -KILL "$RANKS_PID"
    until_none_left
}

@test "what nothing can be measured for is said in one sentence" {
    rank -c 4 --strategy pool
    end_ranks
    [ "$STATUS" -eq 2 ]
    grep -q 'bench-rank takes no --strategy: every host would start a server of its own' err
    rank -c 3 -d 1 http://127.0.0.1:9/
    end_ranks
    [ "$STATUS" -eq 2 ]
    grep -q '3 connections.* 4 shares' err
    rank --stream -c 4 -d 1 http://127.0.0.1:9/
    end_ranks
    result '.event == "failed" and (.message | test("refused"))'
    until_none_left
}

# other_bench COMMAND: bench-rank in a folder of its own, with a bench that runs the command.
other_bench() {
    mkdir other
    cp "$BENCH_BUILD/bench-rank" other
    printf '#!/bin/sh\n%s\n' "$1" >other/bench
    chmod +x other/bench
}

# A rank of this build and one of the other folder.
two_kinds() { # OPTION...
    begin_here -n 1 "$BENCH_BUILD/bench-rank" run "$@" : -n 1 other/bench-rank run "$@"
}

@test "hosts with different versions or plans are refused by name" {
    start_faulty
    RANKS=("${RANKS[@]:0:${#RANKS[@]}-2}")
    other_bench "[ \"\$1\" != --version ] || exec echo bench 9.9.9; exec '$BENCH_BUILD/bench' \"\$@\""
    two_kinds --stream -c 4 -d 1 "$URL/ok"
    end_ranks
    [ "$STATUS" -eq 2 ]
    result '.event == "failed" and (.message | test("has version .* and .* has 9\\.9\\.9"))'
    rm -r other
    other_bench "case \" \$* \" in *' --dry-run '*) set -- \"\$@\" http://127.0.0.1:9/;; esac
        exec '$BENCH_BUILD/bench' \"\$@\""
    two_kinds --stream -c 4 -d 1 "$URL/ok"
    end_ranks
    [ "$STATUS" -eq 2 ]
    result '.event == "failed" and (.message | test("would do something else than"))'
    rm -r other
    other_bench 'exec no-such-program'
    two_kinds --stream -c 4 -d 1 "$URL/ok"
    end_ranks
    [ "$STATUS" -eq 2 ]
    result '.event == "failed" and (.message | test("does not run: exit 127"))'
    until_none_left
}

@test "a generator that is killed is named, and the result is that of the time before" {
    start_faulty
    rank --stream -c 4 -R 200 -d 60 "$URL/ok"
    until_line '.schema == "bench.second/1" and .at_s >= 2'
    kill -KILL "$(generator 2/4)"
    until_line '.event == "lost" and .index == 2 and (.why | test("Killed"))'
    end_ranks
    [ "$STATUS" -eq 5 ]
    result '.schema == "bench.result/1" and .merged.lost_after_s >= 2 and (.merged.partial | not)'
    result '.merged.parts[2] | .state == "lost" and (.why | test("Killed"))'
    until_none_left
}

@test "with --on-lost continue the others go on, and the result is partial" {
    start_faulty
    rank --stream --on-lost continue -c 4 -R 200 -d 5 "$URL/ok"
    until_line '.schema == "bench.second/1"'
    kill -KILL "$(generator 2/4)"
    until_line '.event == "lost" and .index == 2'
    until_line '.schema == "bench.second/1" and .hosts == 3'
    end_ranks
    [ "$STATUS" -eq 5 ]
    result '.merged.partial and ([.merged.parts[].state] == ["whole", "whole", "lost", "whole"])'
    until_none_left
}

@test "a generator that is stopped is named" {
    start_faulty
    rank --stream -c 4 -R 200 -d 60 "$URL/ok"
    until_line '.schema == "bench.second/1" and .at_s >= 1'
    kill -STOP "$(generator 2/4)"
    until_line '.event == "lost" and .index == 2 and (.why | test("silent"))'
    end_ranks
    [ "$STATUS" -eq 5 ]
    until_none_left
}

# mpirun ends its ranks then, and kills them after twice this time. What they print may be lost, as it
# does not wait until all of that has come; a file is not.
end_soon() { # SIGNAL
    kill -"$1" "$RANKS_PID"
    end_ranks
    [ "$STATUS" -ne 0 ]
    URL='' until_true test -s saved.json # the program that merges may outlive mpirun
}

begin_saved() { # OPTION...
    RANKS=(mpirun --bind-to none --mca odls_base_sigkill_timeout 5 --oversubscribe -n 4)
    start_target --strategy inline --work count:1k
    rank -c 4 -d 60 -o saved.json "$@" "$URL/heavy"
    until_stats '.requests.heavy.completed > 0'
}

@test "Ctrl-C at mpirun, and SIGTERM: what was measured is saved" {
    local signal
    for signal in INT TERM; do
        begin_saved
        end_soon "$signal"
        jq -e '.interrupted and .accounting.completed > 0 and
            ([.merged.parts[].state] == ["incomplete", "incomplete", "incomplete", "incomplete"])' saved.json
        stop_target
        until_none_left
        rm saved.json
    done
}

@test "a generator that hangs does not keep the others from a result after Ctrl-C" {
    begin_saved -R 200
    until_stats '.requests.heavy.completed > 1000' # so five seconds are over, and the first is told
    kill -STOP "$(generator 2/4)"
    end_soon INT
    jq -e '.merged.lost_after_s > 0 and
        (.merged.parts[2] | .state == "lost" and (.why | test("mpirun ended it")))' saved.json
    stop_target
    until_none_left
}
