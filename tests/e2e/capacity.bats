#!/usr/bin/env bats
# bench capacity: the search on real servers, its document, what ends it, and input that is refused.
# How exact it is depends on the machine and is in docs/capacity.md; the search itself is tested with
# trials that were never run (unit/analysis/capacity/search).

load common

setup() {
    own_folder
    WORK=sleep:$((20000 + BASHPID % 5000))us # so slow that no machine is the limit, and in no other command
    DELAY="'$BENCH_BUILD/bench-target' --strategy delay --servers 1 --work $WORK --port {port}"
    SHORT=(-d 200ms --seed 5 --resolution 40%)
    PAGE=$BATS_TEST_DIRNAME/../../docs/capacity.md
}

capacity() {
    timeout 300 "$BENCH_BUILD/bench" capacity "$@" 3>&-
}

# usage TEXT WORD...: bench capacity WORD... is refused in one line that holds TEXT.
usage() {
    refused 2 "$1" capacity "${@:2}"
}

refused() { # STATUS TEXT COMMAND...
    run -"$1" --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" "${@:3}"
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ] || { echo "stderr: $stderr"; return 1; }
    [[ $stderr == bench:*"$2"* ]] || { echo "want: $2"; echo "got: $stderr"; return 1; }
}

nothing_is_left() {
    ! pgrep -f "$WORK" >/dev/null || { pgrep -af "$WORK"; return 1; }
    is_empty "$TMPDIR"
}

# A queue of which the theory is exact, as slow as that no machine matters: half of the requests take
# less than 60 ms up to 50 - ln(2) / 0.06, 38 a second.
@test "the interval of a slow server has what it should, unless the machine was too busy" {
    run -0 --separate-stderr capacity --goal 'p50<60ms' --cmd "$DELAY --delay exponential:20ms" /heavy \
        --arrivals poisson -d 2 --resolution 40% --max-trials 12 --seed 3 -o c.json
    [[ $stderr == *"saved to c.json"* ]]
    [[ $output == *"finding 1  server "* ]]
    nothing_is_left
    jq -e '.schema == "bench.capacity/1" and (.trials | length) >= 3 and
        .trials[0].outcome == "pilot" and .trials[0].rate == null and
        (.trials[0].answered > 15 and .trials[0].answered < 60)' c.json
    # Where bench was the limit, or others took the cores, no more than that is said.
    jq -e 'any(.trials[]; .disturbed or .outcome == "generator") or (.arms[0].capacity |
        .held > 0 and .failed > 0 and .lo < 50 and .hi > 25 and .lo < .median and .median < .hi)' c.json
}

@test "arms take turns in the order of the seed" {
    capacity --goal 'p50<10s' --strategies inline,pool --work "$WORK" "${SHORT[@]}" --max-trials 3 -o c.json
    jq -e '[.arms[].name] == ["inline", "pool"] and (.trials | length) == 6 and
        [.trials[].round] == [1, 1, 2, 2, 3, 3] and
        all([.trials[:2], .trials[2:4], .trials[4:]][]; [.[].arm] | sort == ["inline", "pool"]) and
        all(.arms[].capacity; .end == "wide" and .hi == null)' c.json
    jq '[.trials[].arm]' c.json >first
    capacity --goal 'p50<10s' --strategies inline,pool --work "$WORK" "${SHORT[@]}" --max-trials 3 -o d.json
    jq '[.trials[].arm]' d.json | cmp - first
    nothing_is_left
}

@test "what is printed and stored is as the options say" {
    local search=(--goal 'p50<10s' --strategy pool --work "$WORK" "${SHORT[@]}" --max-trials 2)
    run -0 --separate-stderr capacity "${search[@]}" --no-save --json -T label --bind 127.0.0.2
    jq -e '.schema == "bench.capacity/1" and .title == "label" and .arms[0].config.bind == "127.0.0.2"' <<<"$output"
    run -0 --separate-stderr capacity "${search[@]}" --no-save --format csv
    [[ ${lines[0]} == '"row","arm",'* && ${#lines[@]} -eq 4 ]] || { printf '%s\n' "${lines[@]}"; return 1; }
    [ ! -e results ]
    nothing_is_left
}

@test "a goal that cannot be met says what it was at the lowest rate" {
    start_target --strategy pool --work "$WORK"
    run -0 --separate-stderr capacity --goal 'max<1us' "$URL/heavy" "${SHORT[@]}" -o c.json
    [[ $output =~ "127.0.0.1:$PORT cannot meet the goal: at "[0-9.]+"/s max is " ]]
    [[ $output == *"not met"* ]]
    jq -e '.arms[0].capacity | .end == "never-met" and .median == null and .lo == 0' c.json
    run -1 "$BENCH_BUILD/bench" check c.json --fail 'capacity<1000/s'
    stop_target
}

@test "a server that cannot be started is given up: 5" {
    run -5 --separate-stderr capacity --goal 'p50<1s' --cmd 'exit 3; {port}' "${SHORT[@]}" -o c.json
    [[ $output == *"server is not known: "* ]]
    jq -e '(.trials | length) == 4 and all(.trials[]; .outcome == "invalid" and (.why | length) > 0) and
        .arms[0].capacity.end == "given-up"' c.json
    [ "$(grep -c 'server: ' <<<"$stderr")" -eq 1 ]
}

# It lives for half a second, and a trial lasts for two.
@test "an arm that dies in its trials is marked, and the other goes on" {
    run -5 --separate-stderr capacity --goal 'p50<10s' --strategies pool --work "$WORK" -d 2 --seed 5 --max-trials 2 \
        --arm mortal="exec timeout -s KILL 0.5 '$BENCH_BUILD/bench-target' --strategy pool --port {port}" -o c.json
    jq -e '.arms[0].capacity.held == 1 and .arms[1].capacity.held == 0' c.json
    jq -e '[.trials[] | select(.arm == "mortal") | .outcome] |
        length == 2 and all(.[]; . == "died" or . == "invalid")' c.json
    nothing_is_left
}

@test "Ctrl-C keeps the trials, and --continue goes on with them" {
    local goal=(--goal 'p50<10s' --strategy pool --work "$WORK" "${SHORT[@]}" --max-trials 6)
    "$BENCH_BUILD/bench" capacity "${goal[@]}" --max-trials 200 --resolution 0.2% -o c.json >out 2>err 3>&- &
    BENCH_PID=$!
    until_true has_trials 2
    kill -TERM "$BENCH_PID" # as Ctrl-C, which bash lets no process in the background have
    local status=0
    wait "$BENCH_PID" || status=$?
    [ "$status" -eq 143 ]
    grep -q 'to go on, give the same options and --continue c.json' err
    grep -q INTERRUPTED out
    nothing_is_left
    jq -e '.interrupted and .arms[0].capacity.end == "searching"' c.json
    run -5 "$BENCH_BUILD/bench" check c.json --fail 'capacity<1/s'
    jq -c '.trials[]' c.json >before
    local more=$(($(wc -l <before) + 2))
    capacity "${goal[@]}" --max-trials "$more" --continue c.json >out
    jq -c '.trials[]' c.json | head -n "$(wc -l <before)" | cmp - before
    jq -e --argjson n "$more" '(.trials | length) == $n and (.interrupted | not)' c.json
    refused 4 "its goal is p50<10s, and now it is p50<9s" capacity "${goal[@]}" --goal 'p50<9s' --continue c.json
    refused 4 "its work of pool is $WORK, and now it is count:77k" capacity "${goal[@]}" --work count:77k --continue c.json
    refused 4 "its duration of pool is" capacity "${goal[@]}" -d 300ms --continue c.json
}

has_trials() { # COUNT
    [ -s c.json ] && [ "$(jq '.trials | length' c.json)" -ge "$1" ]
}

@test "a full disk ends no search: it is printed, and bench says that it is lost" {
    [ -w /dev/full ] || skip "there is no /dev/full"
    run -2 --separate-stderr capacity --goal 'p50<10s' --strategy pool --work "$WORK" "${SHORT[@]}" --max-trials 2 -o /dev/full
    [[ $output == *"finding 1  pool "* ]]
    [ "$(grep -c 'is not saved' <<<"$stderr")" -eq 1 ]
    [[ $stderr == *"could not be saved"* ]]
}

@test "a budget that is over is said" {
    capacity --goal 'p50<10s' --strategy pool --work "$WORK" -d 500ms --budget 6s -o c.json >out || [ "$?" -eq 5 ]
    grep -q 'time was over' out
    jq -e '.out_of_time and .arms[0].capacity.end == "searching"' c.json
}

@test "a stored search is shown in each format, and checked by its interval" {
    local bench=$BENCH_BUILD/bench
    "$BENCH_BUILD/tests/capacity" found document >found.json
    "$bench" report found.json | cmp - <("$BENCH_BUILD/tests/capacity" found)
    "$bench" report found.json --format md | cmp - <("$BENCH_BUILD/tests/capacity" found md)
    "$bench" report found.json --format csv | cmp - <("$BENCH_BUILD/tests/capacity" found csv)
    "$bench" report found.json --json | jq -e '.schema == "bench.capacity/1"'
    run -0 "$bench" check found.json --fail 'capacity<300/s'
    run -1 "$bench" check found.json --fail 'capacity<800/s'
    [[ $output == *"FAIL"*"capacity"*"found.json: inline"* ]]
    run -3 "$bench" check found.json --arm pool --fail 'capacity<980/s'
    [[ $output == *"the limit is within the interval, from "*" (90 %)"* ]]
    run -3 "$bench" check found.json --arm pool --fail 'capacity<980/s' --format json
    jq -e '.exit_code == 3 and .limits[0].reason == "interval" and
        (.limits[0].interval | .lo < 980 and .hi > 980)' <<<"$output"
    refused 2 "has no p99" check found.json --fail 'p99>1s'
    refused 2 "choose from: pool, inline" check found.json --arm other --fail 'capacity<1'
    refused 2 "is a search for the capacity" diff found.json found.json
    refused 2 "a search for the capacity, not a comparison" report found.json --reference pool
    refused 2 "cannot measure capacity" run http://127.0.0.1:1/ --fail 'capacity<1'
}

@test "a document of a stranger is refused" {
    "$BENCH_BUILD/tests/capacity" found document >found.json
    jq '.goal = "p99>1s"' found.json >a.json
    refused 2 "a goal tells what is good" report a.json
    jq '.clauses[0] = "p99<1s"' found.json >a.json
    refused 2 "clauses are not those of its goal" report a.json
    refused 2 "clauses are not those of its goal" check a.json --fail 'capacity<1'
    jq '.trials[3].rate = -1' found.json >a.json
    refused 2 "rate" report a.json
}

@test "what cannot be searched for is refused, with what to write" {
    usage "no goal given" http://127.0.0.1:1/
    usage "nothing to load" --goal 'p99<1s'
    usage "a goal tells what is good: p99<200ms" --goal 'p99>200ms' http://127.0.0.1:1/
    usage "a goal tells what is good: rps>100" --goal 'rps<100' http://127.0.0.1:1/
    usage "the rate is what is searched for" --goal 'rps>100' http://127.0.0.1:1/
    usage "unknown metric 'p9x'" --goal 'p9x<1s' http://127.0.0.1:1/
    usage "holds for no run" --goal 'errors<0' http://127.0.0.1:1/
    usage "stands in it twice" --goal 'p99<1s and p99<2s' http://127.0.0.1:1/
    usage "cannot be measured of 127.0.0.1:1; it needs" --goal 'rss<1M' http://127.0.0.1:1/
    usage "--rate: the rate is what is searched for" --goal 'p99<1s' -R 100 http://127.0.0.1:1/
    usage "--stages" --goal 'p99<1s' --stages 1s:100 http://127.0.0.1:1/
    usage "--amount" --goal 'p99<1s' -a 100 http://127.0.0.1:1/
    usage "conflict; give one" --goal 'p99<1s' --strategy pool --strategies inline
    usage "is not a percentage; try 5%" --goal 'p99<1s' --resolution 5 --strategy pool
    usage "out of range" --goal 'p99<1s' --resolution 0.1% --strategy pool
    usage "not a file" --goal 'p99<1s' --strategy pool -o ''
    usage "leave -o out" --goal 'p99<1s' --strategy pool -o a.json --continue "$BENCH_BUILD/bench"
}

# --- the page ---

commands() {
    sed -n '/^```console$/,/^```$/s/^\$ //p' "$PAGE"
}

@test "the commands of the page are those that are tested here" {
    run commands
    [ "$output" = "build/bench capacity --goal 'p99<200ms and errors<0.1%' http://127.0.0.1:8080/
build/bench capacity --goal 'p99<500ms' --strategies pool,offload --work count:2M --arrivals poisson
build/bench capacity --goal 'p90<100ms' --cmd './my-server --port {port}' /heavy --budget 3m -o capacity.json
build/bench capacity --goal 'p90<100ms' --cmd './my-server --port {port}' /heavy --continue capacity.json --resolution 3%
build/bench report capacity.json --format md
build/bench report capacity.json -o capacity.html
build/bench report capacity.json -o pictures/
build/bench check capacity.json --fail 'capacity<5/s'
build/bench capacity --goal 'p90<10ms' --cmd 'exec build/bench-target --strategy delay --servers 1 --delay exponential:1ms --delay-seed \$\$ --port {port}' /heavy --arrivals poisson -d 10 --budget 4m --resolution 3% --seed 1" ]
}

@test "they work, with fewer and shorter trials" {
    mkdir build
    ln -s "$BENCH_BUILD"/bench "$BENCH_BUILD"/bench-{target,compute,worker} build/
    printf '#!/bin/sh\nexec "%s" --strategy pool --work %s "$@"\n' "$BENCH_BUILD/bench-target" "$WORK" >my-server
    chmod +x my-server
    start_target --strategy pool --work "$WORK"
    local command status less='--max-trials 2 -d 200ms --seed 1'
    while read -r command; do
        command=${command//8080/$PORT}
        [[ $command != *" capacity --"* ]] || command+=" $less"
        [[ $command != *--continue* ]] || command=${command/--max-trials 2/--max-trials 3}
        status=0
        eval "timeout 100 $command" </dev/null || status=$?
        # Two short trials may tell nothing of a p99 (5), or too little for a gate (3).
        [[ $status =~ ^[035]$ ]] || { echo "$command: $status"; return 1; }
    done < <(commands)
    jq -e '(.trials | length) >= 2' capacity.json
    stop_target
}
