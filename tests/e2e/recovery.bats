#!/usr/bin/env bats
# After a spike of the rate: whether the server comes back, in every report. Times are the machine's.

load common

# The program of this build.
bench() {
    "$BENCH_BUILD/bench" "$@"
}

# The output as one line: where it is wrapped depends on the figures.
said() {
    local all
    all=$(tr -s ' \n' ' ' <<<"$output")
    [[ $all == *$1* ]] || { echo "does not say '$1': $all"; return 1; }
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

# Two threads that sleep do 100 requests per second, on any machine: the spike leaves about 200 of them
# waiting, which are gone some seconds later.
POOL=(--strategy pool --work sleep:20ms --pool-size 2 --max-queue 10k -L 500)
STAGES=(--stages 1s:=40,1s:=300,7s:=40)

@test "a queue that grew in the spike: back within the goal, and drained" {
    local file=run.json
    run -0 --separate-stderr bench run "${POOL[@]}" "${STAGES[@]}" --recovery-goal 'p99<1s' -o "$file"
    said 'recovery p99<1.00 s held again * after the spike (1.00 s to 2.00 s, up to 300/s), and to the end'
    said ' goal p99<1.00 s, as given (--recovery-goal)'
    said ' backlog at most * requests waited, from * after the spike on no more than '
    said ' goodput * within the goal before the spike; * that were due; * after it'
    jq -e '.recovery | .state == "recovered" and .reason == null and .back_s > 0 and .losses == 0 and
        .goal == {"quantile": 0.99, "latency_ms": 1000, "given": true} and
        .spike_from_s == 1 and .spike_to_s == 2 and .judged_to_s == 9 and
        .requests.most > 100 and .requests.drained_s > 0 and .jobs == null and
        .spike.due > .spike.responses and .spike.good < .spike.due and .after.good > 0' "$file"
    jq -e '.config.recovery_goal == "p99<1s"' "$file"
    local root=$BATS_TEST_DIRNAME/../..
    "$root/tests/schema/validate" "$root/docs/bench.result.1.schema.json" "$file"
    "$root/tests/schema/described" "$root/docs/bench.result.1.schema.json"
    # It is derived: the same from the file, and from one of a version that did not have it.
    run -0 --separate-stderr bench report --json "$file"
    [ "$(jq -S .recovery <<<"$output")" = "$(jq -S .recovery "$file")" ]
    jq 'del(.recovery)' "$file" >old.json
    run -0 --separate-stderr bench report --json old.json
    [ "$(jq -S .recovery <<<"$output")" = "$(jq -S .recovery "$file")" ]
    # By another goal, which nothing breaks, or nothing meets.
    run -0 --separate-stderr bench report --recovery-goal 'p50<1m' "$file"
    said 'recovery p50<60.0 s held in the spike (1.00 s to 2.00 s, up to 300/s), and after it'
    run -0 --separate-stderr bench report --recovery-goal 'p99<1us' --json "$file"
    [ "$(jq -c '.recovery | [.state, .reason]' <<<"$output")" = '["unknown","bad-before"]' ]
    run -0 --separate-stderr bench report --format md "$file"
    [[ $output == *"<summary>After the spike</summary>"*"- recovery: p99&#60;1.00 s held again"* ]]
    run -0 bench report -o page.html --no-pictures "$file"
    grep -q "After the spike</h2>" page.html
    grep -q "p99&lt;1.00 s held again" page.html
}

@test "a server that the spike broke is metastable, and a plain sentence says so" {
    command -v node >/dev/null || skip "node is not installed: apt-get install nodejs npm"
    local stages=1s:=40,1s:=300,5s:=40
    run -0 --separate-stderr bench run --stages "$stages" --recovery-goal 'p99<1s' -L 500 \
        -o broken.json -- node "$BATS_TEST_DIRNAME/recovery_server.js" 150
    said 'recovery metastable: the rate has been back at 40/s for 5.00 s, but p99<1.00 s does not hold'
    jq -e '.recovery | .state == "metastable" and .back_s == null' broken.json
}

@test "compare: a row for each arm, and a finding; also of several results" {
    run -0 --separate-stderr bench compare "${STAGES[@]}" --recovery-goal 'p99<1s' --work sleep:20ms -L 500 --rounds 1 -o both.json \
        --strategies none --arm 'two=--strategy pool --pool-size 2 --max-queue 10k' \
        --arm 'many=--strategy pool --pool-size 50'
    [[ $output == *"recovery        goal      back  requests  jobs  good/s"* ]]
    [[ $output =~ $'\n'two\ +p99\<1\.00\ s\ +[0-9.]+\ m?s\  ]]
    [[ $output =~ $'\n'many\ +p99\<1\.00\ s\ +unharmed\  ]]
    said ' two: p99<1.00 s held again '
    local file=both.json
    jq -e '[.findings[] | select(.code == "recovery")] | length == 2' "$file"
    run -0 bench report -o page.html --no-pictures "$file"
    grep -q "After the spike</h2>" page.html
}

@test "what cannot be told says why" {
    run -0 --separate-stderr bench run "${POOL[@]}" --stages 500ms:=40,200ms:=80,500ms:=40 --no-save
    said 'recovery how the server recovers from the spike (500 ms to 700 ms, up to 80/s) is not known: '
    said 'begin the stages with a plateau, or give --recovery-goal'
    run -0 --separate-stderr bench run "${POOL[@]}" --stages 500ms:=40,200ms:=80,500ms:=40 --no-save -C
    said 'is not known: latency counts from when a request was sent (-C)'
    # No spike, nothing to say.
    run -0 --separate-stderr bench run "${POOL[@]}" --stages 300ms:=40,300ms:=80 --no-save
    [[ $output != *recovery* ]]
}

@test "a goal that is none is refused, and so is one without stages" {
    run -2 bench run --stages 1s:=9,1s:=99,1s:=9 --recovery-goal 'p99>1s' http://127.0.0.1:1/
    [[ $output == *"--recovery-goal: 'p99>1s' says what is bad; a goal is what is good, as in p99<200ms"* ]]
    run -2 bench run --stages 1s:=9 --recovery-goal 'errors<1%' http://127.0.0.1:1/
    [[ $output == *"'errors<1%': a server comes back to a percentile of the latency; try p99<200ms"* ]]
    run -2 bench run -R 9 --recovery-goal 'p99<1s' http://127.0.0.1:1/
    [[ $output == *"--recovery-goal is what a server comes back to after a spike; give one with --stages"* ]]
    run -2 bench run --recovery-goal 'p99<1s' http://127.0.0.1:1/
    [[ $output == *"--recovery-goal is for an open loop"* ]]
    run -2 bench check --arm base= --arm head= --fail 'p99>+1%' --recovery-goal 'p99<1s'
    [[ $output == *"--recovery-goal: a check has no stages"* ]]
    run -2 bench report --recovery-goal soon none.json
    [[ $output == *"--recovery-goal: 'soon' is not a threshold"* ]]
}
