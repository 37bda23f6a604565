#!/usr/bin/env bats
# bench compare --reference, and bench report of what it stored: each arm and metric against one arm.

load common

compare() {
    timeout 120 "$BENCH_BUILD/bench" compare "$@" 3>&-
}

report() {
    timeout 120 "$BENCH_BUILD/bench" report "$@" 3>&-
}

# calm FILE: the same comparison as if nothing else had run on the machine, which no test can have.
calm() {
    jq '.arms[].results[].machine.disturbed = false' "$1"
}

# refused TEXT COMMAND...: exit 2, one line that has TEXT, and nothing was written.
refused() {
    run -2 --separate-stderr "${@:2}"
    [ -z "$output" ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"$1"* ]] || { echo "$stderr"; return 1; }
}

# verdict FILE ARM METRIC: its verdict.
verdict() {
    jq -r --arg arm "$2" --arg metric "$3" '.reference.arms[] | select(.arm == $arm).verdicts[] |
        select(.metric == $metric).verdict' "$1"
}

# work_is FILE VERDICT: what depends on the work has this verdict, and not one of them another. On a
# machine that is busy enough some have too little to be judged by.
work_is() {
    jq -e --arg want "$2" '[.reference.arms[0].verdicts[] | select(.change != null) |
        select(.metric | IN("requests_per_second", "p50", "cpu_per_request"))] |
        length > 0 and all(.verdict == $want and .reason == null and .level > 0.96 and .p <= 0.05)' "$1" ||
        { jq .reference "$1"; return 1; }
}

setup_file() {
    export TWENTY=$BATS_FILE_TMPDIR/twenty.json
    cd "$BATS_FILE_TMPDIR"
    target="exec '$BENCH_BUILD/bench-target' --port {port} --strategy inline --work"
    # Twenty times the work is more than any noise.
    timeout 120 "$BENCH_BUILD/bench" compare --strategies none --arm "heavy=$target count:2M" \
        --arm "light=$target count:100k" /heavy --reference light --rounds 6 -c 1 -d 1 --no-repeat \
        -o "$TWENTY" >"$TWENTY.txt" 3>&-
}

@test "more work is worse, in rate, latency and CPU, and less is better" {
    [ "$(jq -r .reference.arm "$TWENTY")" = light ]
    calm "$TWENTY" >calm.json
    report --json calm.json >judged.json
    jq -e '.reference | .arm == "light" and .error_rate == 0.05 and (.arms | length == 1) and
        .arms[0].arm == "heavy" and .arms[0].pairs == 6 and .arms[0].disturbed == 0' judged.json
    work_is judged.json worse
    jq -e '.reference.arms[0].verdicts | map({(.metric): .}) | add |
        (.requests_per_second.high // -1) < 0 and (.p50.low // 2) > 1 and (.cpu_per_request.low // 2) > 1' judged.json
    # There may be too few requests to rule out one error in a thousand.
    [[ $(verdict judged.json heavy errors) =~ ^(inconclusive|no_meaningful_difference)$ ]]
    report --json calm.json --reference heavy >turned.json
    work_is turned.json better
    jq -e '.reference.arm == "heavy" and (.reference.arms | map(.arm) == ["light"])' turned.json
}

@test "what is stored is judged again to the same byte, and shown in every format" {
    "$BATS_TEST_DIRNAME/../schema/validate" "$BATS_TEST_DIRNAME/../../docs/bench.comparison.1.schema.json" "$TWENTY"
    report --json "$TWENTY" >once.json
    report --json once.json | cmp - once.json
    diff <(jq -S .reference once.json) <(jq -S .reference "$TWENTY")
    grep -q '^against light ' "$TWENTY.txt"
    grep -q '^heavy req/s ' "$TWENTY.txt"
    report "$TWENTY" | cmp - "$TWENTY.txt"
    report --format md "$TWENTY" >page.md
    grep -q '<summary>All verdicts against the reference</summary>' page.md
    grep -q '^| heavy p50 | ' page.md
    # Whatever a file says of the verdicts: the results count.
    jq '.reference.arms[].verdicts[].verdict = "better" | .reference.tests = 0' once.json >forged.json
    report --json forged.json | cmp - once.json
    # Without a reference there are none.
    jq 'del(.reference)' once.json >old.json
    report --json old.json | jq -e '.reference == null'
    report old.json >old.txt
    run ! grep -q '^against ' old.txt
}

@test "six disturbed rounds are no verdict, and it says so" {
    jq '.arms[0].results[].machine.disturbed = true' "$TWENTY" >busy.json
    report --json busy.json >judged.json
    jq -e '.reference | .tests == 0 and .arms[0].pairs == 0 and .arms[0].disturbed == 6 and
        (.arms[0].verdicts | all(.verdict == "inconclusive" and .change == null and
        .reason == "fewer than 6 pairs of rounds"))' judged.json
    report busy.json >busy.txt
    grep -q '^heavy: rounds that are no pair, by either arm: 6 disturbed$' busy.txt
}

@test "without --rounds six rounds share -d" {
    plan() {
        compare --dry-run --strategies inline,pool "$@" |
            jq -c '[.rounds, .reference, .arms[0].plan.config.duration]'
    }
    [ "$(plan --reference pool -d 60)" = '[6,"pool",10]' ]
    [ "$(plan --reference inline -d 60 --rounds 7)" = '[7,"inline",60]' ]
    [ "$(plan -d 60)" = '[5,null,12]' ]
    compare --article --dry-run --reference pool | jq -e '.rounds == 6 and .reference == "pool"'
}

@test "a reference that cannot be one is refused before anything starts" {
    two=(--strategies inline,pool)
    refused "no arm is called 'pol'; the arms are inline, pool" compare "${two[@]}" --reference pol
    refused "no arm is called ''" compare "${two[@]}" --reference ''
    refused "no arm is called 'pool,inline'" compare "${two[@]}" --reference pool,inline
    refused "there is one arm only" compare --strategies pool --reference pool
    for rounds in 1 5; do
        refused "no 95 % verdict exists below 6" compare "${two[@]}" --reference pool --rounds "$rounds"
    done
    refused "verdicts look at 64 at most" compare "${two[@]}" --reference pool --rounds 65
    refused "needs a value" compare "${two[@]}" --reference
    [ -z "$(ls)" ]
}

@test "bench report --reference: an arm of a comparison of six rounds or more" {
    refused "no arm is called 'x'; the arms are heavy, light" report "$TWENTY" --reference x
    refused "is for printed reports and pages" report "$TWENTY" --reference light -o plots
    jq '.arms[0].results[0]' "$TWENTY" >run.json
    refused "run.json: --reference: this is one run" report run.json --reference light
    refused "run.json: --reference: this is one run" report run.json run.json --reference light
    jq '.rounds = 5 | .arms[].results |= .[:5] | .order = []' "$TWENTY" >five.json
    refused "5 rounds, but no 95 % verdict exists below 6" report five.json --reference light
    # A name from a file reaches no terminal as it is.
    jq '.arms[0].name = "\u001b[31mred" | .order = [] | .reference = null' "$TWENTY" >evil.json
    run -2 --separate-stderr report evil.json --reference x
    [[ $stderr != *$'\e'* ]]
    jq '.reference = {"arm": "nobody"}' "$TWENTY" >nobody.json
    refused "nobody.json: reference.arm is not the name of an arm" report nobody.json
}

@test "an arm that answers before the work is done is not compared by its answers" {
    compare --strategies inline,queue --work count:1k -c 2 -a 60 --reference inline --rounds 6 --no-repeat \
        -o q.json >out
    calm q.json >calm.json
    report --json calm.json >judged.json
    jq -e '.reference.arms[0].verdicts | map({(.metric): .}) | add |
        [.requests_per_second, .p50, .p99, .cpu_per_request] |
        all(.verdict == "inconclusive" and .reason == "answers come before the work is done")' judged.json
    [ "$(verdict judged.json queue rss_peak)" = worse ]
}
