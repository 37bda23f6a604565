#!/usr/bin/env bats
# --hosts: the load comes from mpirun and bench-rank, here with two shares on this machine. Hosts of
# their own, and what becomes of them, are in rank_hosts.bats.

load common
load scale

setup() {
    own_folder
    need_mpi
}

# On a machine that is busy a share may begin late, which makes a result invalid.
measured() {
    [ "$status" -eq 0 ] || { [ "$status" -eq 5 ] && [[ $output$stderr == *host-started-late* ]]; }
}

fleet() { # COMMAND ARGUMENT...
    local command=$1
    shift
    "$BENCH_BUILD/bench" "$command" --hosts localhost:2 "$@" 3>&-
}

# So many seconds of a run with --ndjson are over.
until_seconds() { # COUNT
    URL='' until_true has_seconds "$1"
}

has_seconds() {
    [ "$(grep -c bench.second/1 out)" -ge "$1" ]
}

# Two parts, whole, and all of them adds up. Whether they began together is up to the machine.
is_whole() {
    jq -e '(.merged.parts | length) == 2
        and all(.merged.parts[]; .state == "whole")
        and ([.merged.parts[].sent] | add) == .accounting.sent' "$@"
}

@test "a server behind a URL gets exactly what was asked for, from two generators" {
    start_target --strategy inline --work count:300k
    run --separate-stderr fleet run --json -o r.json -c 5 -a 501 "$URL/heavy"
    measured
    is_whole <<<"$output"
    jq -e '.accounting.sent == 501 and .accounting.completed == 501' <<<"$output"
    jq -e '[.merged.parts[].connections] == [2, 3]' <<<"$output"
    jq -e '.config.hosts == "localhost:2" and .config.on_lost == "stop"' <<<"$output"
    jq -e '.server == null' <<<"$output"
    is_whole r.json
    [ "$(stats .requests.heavy.completed)" -eq 501 ]
    run -0 "$BENCH_BUILD/bench" report r.json
    [[ $output == *"2 shares on 1 host"* ]]
    stop_target
}

@test "a server that bench starts is sampled and probed here" {
    run --separate-stderr fleet run --json --no-save --strategy inline --work "$WORK" -c 4 -d 1 -W 300ms
    measured
    is_whole <<<"$output"
    jq -e '.mismatches == 0 and .accounting.warmup_discarded > 0' <<<"$output"
    jq -e '.target.counted >= .accounting.completed' <<<"$output"
    jq -e '.server.total.cpu_user_s > 0 and .probe.completed > 0' <<<"$output"
    jq -e '.client.cpu_user_s > 0 and .histograms.work != null' <<<"$output"
    jq -e '.url | test("^http://127\\.0\\.0\\.1:[0-9]+/heavy$")' <<<"$output"
    until_processes 0 "$WORK"
}

@test "--ndjson: the seconds of both together, with the server's figures, then the result" {
    run --separate-stderr fleet run --ndjson --no-save --strategy inline --work "$WORK" -c 4 -d 2
    measured
    [ "$(jq -s 'map(select(.schema == "bench.second/1")) | length' <<<"$output")" -ge 2 ]
    jq -se 'map(select(.schema == "bench.second/1")) | all(.[]; .server_threads == 1)' <<<"$output"
    jq -se '(map(select(.schema == "bench.second/1") | .requests) | add) <= .[-1].accounting.completed' <<<"$output"
    tail -n 1 <<<"$output" | is_whole
}

@test "a rate is one comb, whatever the number of shares" {
    run --separate-stderr fleet run --json --no-save --strategy inline --work count:1 -R 100 -d 2 -c 4
    measured
    is_whole <<<"$output"
    jq -e '.accounting.due == 200 and ([.merged.parts[].due] == [100, 100])' <<<"$output"
}

@test "verdicts and files are made here" {
    run fleet run --no-save --strategy inline --work "$WORK" -c 2 -d 1 --fail 'rps<1000000'
    [[ $output == *" fails if <1"* ]]
    [ "$status" -eq 1 ] || measured
    run fleet run -o here.json --title mine --strategy inline --work "$WORK" -c 2 -d 1 --fail 'errors>0'
    measured
    jq -e '.title == "mine"' here.json
    [ "$(ls)" = here.json ]
}

@test "--print-command: what runs, for a shell; run by itself it prints a report" {
    start_target --strategy inline --work count:3M # windows of some milliseconds need not overlap
    run -0 --separate-stderr fleet run --print-command -c 4 -a 40 -H "X-Note: two words" "$URL/heavy"
    [ -z "$stderr" ]
    [[ $output == */mpirun\ --host\ localhost:2\ * ]]
    [[ $output == *" --header 'X-Note: two words' "* ]]
    [ "$(stats .requests.heavy.completed)" -eq 0 ]
    run --separate-stderr bash -c "$output --no-save 3>&-"
    measured
    [[ $output == *"40 sent = 40 completed"* ]]
    [ "$(stats .requests.heavy.completed)" -eq 40 ]
    run -0 fleet run --print-command --hosts a,b:2 --mpi-net 10.0.0.0/24 --on-lost continue -c 4 -d 500ms "$URL/"
    [[ $output == *"--host 'a,b:2' "*" oob_tcp_if_include 10.0.0.0/24 "*" --on-lost continue "*" --duration 500ms "* ]]
    run -0 fleet run --print-command --strategy inline --work "$WORK" --bind 127.0.0.2
    [[ $output == *" 'http://127.0.0.2:{port}/heavy'" ]]
    stop_target
}

@test "a secret is in no command line, and in no output" {
    local secret=$WORD-secret pid
    run -0 --separate-stderr fleet run --print-command -H "Authorization: $secret" "http://me:$secret@127.0.0.1:1/"
    [[ $output != *"$secret"* ]]
    [[ $stderr == *"without its secrets"* ]]
    start_target --strategy inline --work count:3k
    begin run --hosts localhost:2 --json --no-save -c 2 -d 60 -H "Authorization: $secret" "$URL/heavy"
    until_stats '.requests.heavy.completed > 0'
    run cat $(pgrep -f "bench-rank|$BENCH_BUILD/bench run" | sed 's|.*|/proc/&/cmdline|')
    [[ $output == *bench-rank*--stream* ]]
    [[ $output != *"$secret"* ]]
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    run grep -F "$secret" out said
    [ "$status" -eq 1 ]
    jq -e '.accounting.completed > 0 and .accounting.non_2xx == 0' out
    stop_target
}

@test "Ctrl-C: a partial result of both, and nothing is left" {
    begin run --hosts localhost:2 --json -o r.json --strategy inline --work "$WORK" -c 4 -d 60
    until_loading
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    jq -e '.interrupted and (.merged.parts | length) == 2 and .accounting.completed > 0' r.json
    until_processes 0 "$WORK"
    until_none_left
}

@test "kill -9 of mpirun: what was heard until then is the result, and nothing is left" {
    begin run --hosts localhost:2 --ndjson -o r.json --strategy inline --work "$WORK" -c 4 -R 50 -d 60
    until_seconds 2
    kill -KILL "$(of_test mpirun)"
    end_bench
    [ "$STATUS" -eq 5 ]
    jq -e '.valid == false and .interrupted and .merged == null and .duration >= 2' r.json
    jq -e '[.warnings[] | select(.code == "hosts-silent") | .message | test("^mpirun ended \\(signal 9")] == [true]' r.json
    jq -se '(map(select(.schema == "bench.second/1") | .requests) | add) == .[-1].accounting.completed' out
    jq -e '.accounting.due > 0 and .server.total.cpu_user_s > 0 and .target.counted >= .accounting.completed' r.json
    run -0 "$BENCH_BUILD/bench" report r.json
    [[ $output == *"mpirun ended (signal 9 (Killed)) before the hosts gave a result"* ]]
    run -5 "$BENCH_BUILD/bench" check r.json --fail 'rps<1'
    until_processes 0 "$WORK"
    until_none_left
}

@test "kill -9 of bench leaves no process" {
    begin run --hosts localhost:2 --no-save --strategy inline --work "$WORK" -c 4 -d 60
    until_loading
    kill -KILL "$BENCH_PID"
    end_bench
    until_processes 0 "$WORK"
    URL='' until_true none_left # a folder of Open MPI stays, as docs/scale.md says
}

@test "a server that dies ends the hosts' load, and its last words are told" {
    begin run --hosts localhost:2 --json --no-save --strategy inline --work "$WORK" -c 4 -d 60
    until_loading
    pkill -KILL -f -- "bench-target .*$WORK"
    end_bench
    [ "$STATUS" -eq 5 ]
    jq -e '.valid == false and .target.end == "signal 9 (Killed)" and (.merged.parts | length) == 2' out
    until_none_left
}

@test "a generator that dies is named, and the result has the time when both lived" {
    begin run --hosts localhost:2 --ndjson -o r.json --strategy inline --work "$WORK" -c 4 -d 60
    until_seconds 2
    kill -KILL "$(generator 1/2)"
    end_bench
    [ "$STATUS" -eq 5 ]
    grep -q 'lost .*: ' said
    ! grep 'no connection' said
    jq -e '.valid == false and .merged.lost_after_s >= 1 and .merged.partial == false' r.json
    jq -e '[.merged.parts[].state] | index("lost") != null' r.json
    until_processes 0 "$WORK"
}

@test "--on-lost continue: a partial result, which is never accepted" {
    begin run --hosts localhost:2 --on-lost continue --ndjson -o r.json --strategy inline --work "$WORK" -c 4 -d 6
    until_seconds 1
    kill -KILL "$(generator 1/2)"
    end_bench
    jq -e '.merged.partial and ([.merged.parts[].state] == ["whole", "lost"])' r.json
    run -5 "$BENCH_BUILD/bench" check r.json --fail 'rps<1'
    run -5 "$BENCH_BUILD/bench" check r.json --allow-partial --fail 'rps<1'
    [[ $output == *"an invalid run cannot be checked"* ]]
    run -2 fleet compare --no-save --on-lost continue --strategies inline -d 1
    [[ $output == *"--on-lost continue: what fewer hosts measured is not compared"* ]]
    run -2 fleet check --no-save --on-lost continue --arm a='--strategy inline' --arm b='--strategy inline'
    [[ $output == *"--on-lost continue: what fewer hosts measured is not compared"* ]]
}

@test "a comparison takes its load from the hosts, each trial anew" {
    run --separate-stderr fleet compare --json --no-save --strategies inline,pool --work "$WORK" \
        --rounds 1 -c 4 -d 1
    measured
    jq -e '[.arms[].results[].merged.parts | length] == [2, 2]' <<<"$output"
    jq -e '[.arms[].results[].target.counted > 0] == [true, true]' <<<"$output"
}

@test "a check with --hosts measures whole trials" {
    run --separate-stderr fleet check --session s.json --format json --work "$WORK" -c 4 -d 1 -W 100ms \
        --max-blocks 6 --budget 1 --arm base='--strategy inline' --arm head='--strategy inline'
    [ "$status" -ne 2 ]
    jq -e '.layout == "trials" and (.blocks | length) >= 1' s.json
    jq -e '[.blocks[].sides[].accounting.completed > 0] | all' s.json
    jq -e '[.blocks[].sides[] | (.merged.parts | length) == 2 and
        ([.merged.parts[].sent] | add) == .accounting.sent] | all' s.json
    run "$BENCH_BUILD/bench" check s.json
    [[ $output == *"arm "*"host "*"achieved/s"*"base "*"head "*"rates and CPU over all blocks"* ]]
    run -0 "$BENCH_BUILD/bench" report s.json -o s.html
    grep -q 'What each host sent' s.html
}

@test "what is missing, or cannot be, is said before anything starts" {
    local empty=$PWD/empty
    mkdir "$empty"
    run -2 env PATH="$empty" "$BENCH_BUILD/bench" run --hosts localhost --no-save --strategy inline
    [[ $output == *"mpirun is not installed: apt-get install openmpi-bin"* ]]
    if [ "$EUID" -eq 0 ]; then
        run -2 env -u OMPI_ALLOW_RUN_AS_ROOT "$BENCH_BUILD/bench" run --hosts localhost --no-save --strategy inline
        [[ $output == *"mpirun does not run as root unless it is told twice that it may"* ]]
    fi
    run -2 fleet run --strategy inline --tls
    [[ $output == *"--hosts with --tls"* ]]
    run -2 "$BENCH_BUILD/bench" run --hosts a --strategy inline
    [[ $output == *"--bind 10.0.0.5"* ]]
    run -5 fleet run --no-save --json -c 2 -d 1 http://127.0.0.1:1/
    [[ $output == *"Connection refused"* ]]
    run -2 fleet run --no-save -c 2 -d 1 --ca /nowhere https://127.0.0.1:1/
    [[ $output == *"/nowhere"* ]]
}

@test "the commands of docs/scale.md are taken as they stand there" {
    local line
    mapfile -t lines < <(grep -hE '^\$ bench (run|compare|check) .*--hosts ' "$BATS_TEST_DIRNAME/../../docs/scale.md")
    [ "${#lines[@]}" -ge 5 ]
    for line in "${lines[@]}"; do
        # Started is nothing: the hosts are not there.
        run -0 bash -c "PATH='$BENCH_BUILD:$PATH'; ${line#\$ } --dry-run 3>&-"
        [[ $output == *'"hosts"'*'a,b'* ]]
    done
}
