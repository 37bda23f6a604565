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

# Two threads that sleep do 100 requests per second, on any machine: the spike leaves about 200 of them
# waiting, which are gone some seconds later.
POOL=(--strategy pool --work sleep:20ms --pool-size 2 --max-queue 10k -L 500)
STAGES=(--stages 1s:=40,1s:=300,7s:=40)

# A run that is reported in several ways.
setup_file() {
    export RUN=$BATS_FILE_TMPDIR/run.json
    bench run "${POOL[@]}" "${STAGES[@]}" --recovery-goal 'p99<1s' -o "$RUN" >"$RUN.said" 2>/dev/null 3>&-
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

@test "a queue that grew in the spike: back within the goal, and drained" {
    local file=$RUN
    run -0 cat "$RUN.said"
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

# shaded DIR NAME...: each picture has the shade with its name.
shaded() {
    local name
    for name in "${@:2}"; do
        grep -q '>spike<' "$1/$name.svg" || { echo "$name does not name the spike"; return 1; }
        grep -qF 'rgb(249, 236, 230)' "$1/$name.svg" || { echo "$name has no shade"; return 1; }
    done
}

@test "in the pictures over time the spike is shaded, and where the server was back is a line" {
    bench report "$RUN" -o plots --data columns
    shaded plots percentiles heat rate server
    run ! grep -l '>spike<' plots/{latency,compare,generator,parts}.svg
    # One in each panel, and nothing else is dashed.
    [ "$(grep -c stroke-dasharray plots/percentiles.svg)" -eq 4 ]
    [ "$(grep -c stroke-dasharray plots/heat.svg)" -eq 1 ]
    [ "$(tail -n 1 columns/spike.dat | cut -f 1-3)" = "$(printf '0\t1\t2')" ]
    jq -r '.recovery | .spike_to_s + .back_s' "$RUN" >want
    tail -n 1 columns/spike.dat | cut -f 4 >got
    paste want got | awk '{ exit !($1 > 2 && ($1 - $2) ^ 2 < 1e-6) }'
    bench report "$RUN" -o page.html
    grep -q 'class="f-beyond' page.html
    grep -q 'The shade is the spike of the rate, and an upright line is where an arm is back within its goal' page.html
    grep -qE 'Back within the goal after the spike: run [0-9.]+ m?s after it, p99&lt;1.00 s\.' page.html
    grep -qE 'Responses within the goal per second, around the spike: run [0-9.]+ before it, [0-9.]+ in it, ' page.html
    grep -qE 'Requests that waited at most since the spike began: run [0-9]+, gone ' page.html
    # By a goal that nothing meets there is no line, and no other word of it.
    bench report --recovery-goal 'p99<1us' "$RUN" -o none --data columns
    shaded none percentiles heat rate server
    run ! grep -q stroke-dasharray none/percentiles.svg
    [ "$(tail -n 1 columns/spike.dat | cut -f 4)" = NaN ]
}

@test "without a spike nothing is shaded" {
    bench run "${POOL[@]}" --stages 300ms:=40,300ms:=80 -o run.json >/dev/null
    bench report run.json -o plots
    run ! grep -lF -e '>spike<' -e 'rgb(249, 236, 230)' plots/*.svg
}

# cells FILE COLUMN...: of the first row, with a comma between.
cells() {
    /usr/bin/python3 -c '
import csv, sys
row = next(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")))
print(",".join(row[name] for name in sys.argv[2:]))' "$@"
}

@test "a spreadsheet has the columns, after all others" {
    bench report --format csv "$RUN" >run.csv
    [[ $(head -n 1 run.csv) == *'"due_in_spike","goodput_after"'$'\r' ]]
    [ "$(cells run.csv recovery recovery_rounds recovery_goal spike_from_s spike_to_s jobs_most jobs_drained_s)" = \
        "recovered,1,p99<1.00 s,1,2,," ]
    cells run.csv recovery_s requests_most requests_drained_s goodput_before goodput_in_spike due_in_spike goodput_after >got
    jq -r '.recovery | [.back_s, .requests.most, .requests.drained_s, .before.good, .spike.good, .spike.due, .after.good] | @csv' \
        "$RUN" >want
    paste -d, want got | awk -F, '{ for (i = 1; i <= 7; i++) if (($i - $(i + 7)) ^ 2 > 1e-6) exit 1 }'
    bench report --format csv --recovery-goal 'p50<1m' "$RUN" >run.csv
    [ "$(cells run.csv recovery recovery_s)" = unharmed,0 ]
    run -0 --separate-stderr bench compare --stages 200ms:=40,200ms:=80,400ms:=40 --recovery-goal 'p99<1s' -L 100 --rounds 1 \
        --strategies pool --work sleep:1ms --no-save --format csv
    printf '%s\n' "$output" >compared.csv
    [ "$(cells compared.csv recovery_goal spike_from_s)" = "p99<1.00 s,0.2" ]
    # Empty where there was no spike.
    bench run "${POOL[@]}" --stages 300ms:=40,300ms:=80 -o calm.json >/dev/null
    bench report --format csv calm.json >calm.csv
    [ "$(cells calm.csv recovery recovery_rounds spike_from_s recovery_s goodput_after)" = ,,,, ]
}

@test "a sweep: a row for each arm at each point, in every report" {
    local sweep=(bench sweep --over pool-size=2,50 --strategies pool --work sleep:20ms --max-queue 10k -L 250
        --stages 500ms:=40,500ms:=300,3s:=40 --recovery-goal 'p99<500ms' --rounds 1 --no-repeat)
    run -0 --separate-stderr "${sweep[@]}" -o sweep.json
    [[ $output == *"recovery "*" goal "*" back "*" requests "* ]]
    [[ $output =~ $'\n'pool\ pool-size=2\ +p99\<500\ ms\  ]]
    [[ $output =~ $'\n'pool\ pool-size=50\ +p99\<500\ ms\  ]]
    said 'back: time from the end of the spike until the goal held to the end'
    [ "$(bench report sweep.json)" = "$output" ]
    run -0 bench report sweep.json --recovery-goal 'p50<1m'
    [[ $output =~ $'\n'pool\ pool-size=2\ +p50\<60.0\ s\ +unharmed\  ]]
    run -0 bench report sweep.json --format md
    [[ $output =~ $'\n'pool\ pool-size=2\ +p99\<500\ ms\  ]]
    bench report sweep.json --format csv >sweep.csv
    [ "$(cells sweep.csv pool-size recovery_goal spike_from_s spike_to_s)" = "2,p99<500 ms,0.5,1" ]
    bench report sweep.json -o page.html --no-pictures
    grep -q "After the spike</h2>" page.html
    [ "$(grep -c 'p99&lt;500 ms' page.html)" -ge 2 ]
    # What was measured before it was interrupted is still there after it went on.
    jq '.comparison.arms[1].results = [] | .comparison.interrupted = true | .comparison.order |= map(select(endswith("=2")))' \
        sweep.json >cut.json
    run -0 --separate-stderr "${sweep[@]}" --continue cut.json
    [[ $output =~ $'\n'pool\ pool-size=2\ +p99\<500\ ms\  ]]
    [ "$(bench report cut.json)" = "$output" ]
    jq -e '[.comparison.arms[].results[0].series_latency | type] == ["object", "object"]' cut.json
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

# --- the page ---

commands() {
    sed -n '/^```sh$/,/^```$/{/^build.bench /p}' "$BATS_TEST_DIRNAME/../../docs/recovery.md"
}

@test "the commands of the page work, with shorter stages" {
    local command
    ln -s "$BENCH_BUILD" build
    [ "$(commands | wc -l)" -eq 7 ]
    while read -r command; do
        command=${command//10s:=50,5s:=200,30s:=50/500ms:=50,500ms:=100,1s:=50}
        command=${command/--rounds 3/--rounds 1}
        eval "timeout 100 $command" >told 2>&1 </dev/null 3>&- || { echo "$command: $?"; cat told; return 1; }
    done < <(commands)
    [ -s recovery.html ] && [ -s plots/percentiles.svg ]
    grep -q '"recovery"' <(head -n 1 told) # of the last, a spreadsheet
}
