#!/usr/bin/env bats
# Who else has the cores while a run is on. The machine may be shared, so that quiet is never claimed.

load common

teardown() {
    kill_leftovers
    [ -z "${LOOP_PID:-}" ] || kill -KILL "$LOOP_PID" 2>/dev/null || true
}

# Another program that takes what it gets of one core, for 40 s of CPU at the most.
start_loop() {
    (
        ulimit -t 40
        while :; do :; done
    ) 3>&- &
    LOOP_PID=$!
    disown "$LOOP_PID"
}

# CORES: what the others may have used.
cores() {
    CORES=$(jq '.environment.cores_allowed' "$1")
    jq -e '.machine.stolen_cores != null' "$1" >/dev/null || skip "this kernel does not count"
}

@test "another program beside a run: how much it used, and a warning that says so" {
    start_loop
    measure --strategy pool --work sleep:20ms -c 2 -d 2
    cores "$RESULT"
    result ".machine.other_cpu_cores >= 0.2 and .machine.other_cpu_cores <= $CORES + 0.2"
    result '(.machine.other_cpu_cores * 100 | round) as $said |
        [.warnings[] | select(.code == "busy-machine")] | length == 1 and (.[0] | .remedy != null and
        (.message | capture("^other programs used (?<n>[0-9.]+) cores during the run$").n
            | tonumber * 100 - $said | fabs <= 1))'
    "$BENCH_BUILD/bench" report "$RESULT" | tr -s ' \n' ' ' >said
    grep -q 'other programs used [0-9.]* cores' said
    grep -q '\[busy-machine\]' said
}

@test "the server's and bench's own CPU is not another program's" {
    measure --strategy pool --work count:2M -c 4 -d 2
    cores "$RESULT"
    # What is left for others is what we did not use, but for ticks and interrupts.
    result ".duration as \$s | ([.server.total, .client | .cpu_user_s, .cpu_system_s] | add / \$s) as \$own |
        \$own > 0.2 and .machine.other_cpu_cores <= $CORES - \$own + 0.2"
}

@test "each arm of a comparison has its own" {
    start_loop
    timeout "$PATIENCE" "$BENCH_BUILD/bench" compare --rounds 1 --no-repeat --strategies inline,pool --work sleep:20ms -c 2 -d 1 \
        --no-save --json >c.json 3>&-
    jq -e '[.arms[].results[]] | length == 2' c.json
    jq '.arms[0].results[0]' c.json >one.json
    cores one.json
    jq -e "[.arms[].results[]] | all(.machine.other_cpu_cores >= 0.2 and
        .machine.other_cpu_cores <= $CORES + 0.2 and any(.warnings[]; .code == \"busy-machine\"))" c.json
}

@test "what cannot be told is null: a plain URL's others, a target that ended, a short run" {
    start_target --strategy inline
    measure "$URL/ping" -c 1 -d 1
    result '.machine.other_cpu_cores == null'
    result '.warnings | all(.message | test("other programs") | not)'
    stop_target
    measure --strategy pool --work count:1k -c 2 -d 30 --max-rss 1M
    result '.target.end == "max-rss" and .machine.other_cpu_cores == null'
    measure --strategy pool --work count:1k -c 1 -a 5
    result '.duration > 0.3 or (.machine | del(.suspended_s)) == {other_cpu_cores: null, stolen_cores: null, disturbed: false, repeated: false}'
}

@test "a round that other programs disturb is measured again, then marked, and ranks nothing" {
    command -v taskset >/dev/null || skip "no taskset(1) here"
    local core
    core=$(awk '/Cpus_allowed_list/ {split($2, first, /[,-]/); print first[1]}' /proc/self/status)
    start_loop
    taskset -pc "$core" "$LOOP_PID"
    local words=(compare --strategies inline,pool --work sleep:2ms -c 2 -d 600ms --rounds 2 -o c.json --log debug)
    timeout "$PATIENCE" taskset -c "$core" "$BENCH_BUILD/bench" "${words[@]}" >told 2>said 3>&-
    jq '.arms[0].results[0]' c.json >one.json
    cores one.json
    jq -e '.rounds == 2 and .divided_duration_s == null and ([.arms[].results[].machine] | length == 4 and
        all(.disturbed and .repeated))' c.json
    [ "$(grep -c 'loading http' said)" -eq 8 ]
    jq -e '[.findings[].code] | index("not-ranked") and (index("most-work") | not)' c.json
    jq -e '[.arms[].results[].warnings[] | select(.code == "disturbed")] | length == 4' c.json
    grep -q '^inline! ' told
    grep -q '^! pool: in 2 of 2 rounds other programs or steal took' told
    # As many runs are saved as there are results, and a stored comparison says the same.
    "$BENCH_BUILD/bench" report c.json >again
    diff told again
    timeout "$PATIENCE" taskset -c "$core" "$BENCH_BUILD/bench" "${words[@]}" --no-repeat >told 2>said 3>&-
    jq -e '[.arms[].results[].machine] | all(.disturbed and (.repeated | not))' c.json
    [ "$(grep -c 'loading http' said)" -eq 4 ]
}
