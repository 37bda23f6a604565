#!/usr/bin/env bats
# bench check of a comparison, from end to end: arms by the median of their rounds, or each round.

load common

# c.json: two rounds of inline, pool, and dead, which gives no result; good.json is without that one.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    timeout 200 "$BENCH_BUILD/bench" compare --rounds 2 --strategies inline,pool --work count:1k -c 2 -a 100 \
        --arm dead='exit 3' -o c.json >/dev/null 3>&- || [ "$?" -eq 5 ]
    jq '.findings = [] | .arms |= map(select(.name != "dead")) | .order |= map(select(. != "dead"))
        | .arms[].results[] |= (.warnings = [] | .machine.disturbed = false | .client.saturated = false)' c.json >good.json
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run --strategy pool --work count:1k -c 2 -a 100 -o run.json \
        >/dev/null 3>&-
    jq '.warnings = [] | .client.saturated = false' run.json >r.json
}

setup() {
    own_folder
    cp "$BATS_FILE_TMPDIR"/{c,good,r}.json .
}

check() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" check "$@" 3>&-
}

# usage TEXT WORD...: bench check WORD... is refused in one line that holds TEXT.
usage() {
    run -2 --separate-stderr check "${@:2}"
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
}

@test "a comparison: each arm by the median of its rounds; one without a result is no pass" {
    run -0 --separate-stderr check good.json --fail 'errors>0'
    [ -z "$stderr" ]
    for name in inline pool; do
        [ "$(grep -c "^ok .* 0 of 2 rounds beyond  good\.json: $name\$" <<<"$output")" -eq 1 ]
    done
    [ "${lines[-1]}" = "0 of 2 thresholds crossed" ]
    # One round of two: the median of 0 and 7 is 3.5.
    jq '.arms[1].results[1] |= (.mismatches = 7 | .accounting.mismatches = 7)' good.json >worse.json
    run -0 --separate-stderr check worse.json --fail 'mismatches>4' --arm pool
    [[ ${lines[0]} == ok*"1 of 2 rounds beyond  worse.json: pool" ]]
    run -1 --separate-stderr check r.json worse.json --fail 'mismatches>2'
    [ "$(grep -c '^ok ' <<<"$output")" -eq 2 ]
    [[ $(grep '^FAIL' <<<"$output") == *"1 of 2 rounds beyond  worse.json: pool" ]]
    check worse.json --fail 'mismatches>4' --format json |
        jq -e '.limits[1].rounds == {planned: 2, judged: 2, beyond: 1, unknown: 0, left_out: 0} and
            .limits[1].measured == 3.5'
    run -5 --separate-stderr check c.json --fail 'errors>0' --format json
    jq -e '[.limits[] | select(.reason == "invalid")] | map(.file) == ["c.json: dead"]' <<<"$output"
    jq -e '[.warnings[] | select(.code == "no-result")] | length == 2 and
        all(.file == "c.json: dead" and (.message | startswith("round ")))' <<<"$output"
    # Cut after the first round: the arm is unknown, or judged by what it has.
    jq '.interrupted = true | .order |= .[:2] | .arms |= map(.results |= .[:1])' good.json >cut.json
    run -5 check cut.json --fail 'errors>0'
    [[ $output == *"round 2 of 2 was interrupted or not run"*"--allow-partial"* ]]
    run -0 check cut.json --fail 'errors>0' --allow-partial
    [[ ${lines[0]} == *"0 of 1 round beyond"* ]]
    jq '.arms[0].results = []' cut.json >none.json
    run -5 check none.json --fail 'errors>0' --allow-partial
}

@test "--arm picks arms, and one that is nowhere is told" {
    run -0 check c.json --arm pool --arm inline --fail 'errors>0'
    [ "${lines[-1]}" = "0 of 2 thresholds crossed" ]
    run -0 check c.json --each-round --arm pool --fail 'errors>0'
    [ "${lines[-1]}" = "0 of 2 thresholds crossed" ]
    usage "c.json has no arm 'poll'; choose from: inline, pool, dead" c.json --arm poll --fail 'errors>0'
    usage "have no arm 'poll'; choose from: inline, pool" good.json --arm pool --arm poll --fail 'errors>0'
    jq '.arms |= .[:1] | .order |= map(select(. == "inline"))' good.json >one.json
    usage "one.json has no arm 'pool'" good.json one.json --arm pool --fail 'errors>0'
    usage "r.json is a single run" good.json r.json --arm pool --fail 'errors>0'
    usage "needs a value" c.json --fail 'errors>0' --arm
}

@test "--each-round: each round of each arm as a file; one without a result is no pass" {
    run -0 --separate-stderr check good.json --fail 'errors>0' --each-round
    [ -z "$stderr" ]
    for name in "inline, round 1" "inline, round 2" "pool, round 1" "pool, round 2"; do
        [ "$(grep -c "^ok .* good\.json: $name\$" <<<"$output")" -eq 1 ]
    done
    [ "${lines[-1]}" = "0 of 4 thresholds crossed" ]
    # The second round of one arm breaks it, and it is said which.
    jq '.arms[1].results[1] |= (.mismatches = 7 | .accounting.mismatches = 7)' good.json >worse.json
    run -1 --separate-stderr check r.json worse.json --fail 'mismatches>0' --each-round
    [ "$(grep -c '^ok ' <<<"$output")" -eq 4 ]
    [[ $(grep '^FAIL' <<<"$output") == *"worse.json: pool, round 2" ]]
    run -5 --separate-stderr check c.json --fail 'errors>0' --format json --each-round
    jq -e '[.limits[] | select(.file | startswith("c.json: dead, round "))] | length == 2 and
        all(.reason == "invalid")' <<<"$output"
    # Cut after the first round: the second is unknown, or left out.
    jq '.interrupted = true | .order |= .[:2] | .arms |= map(.results |= .[:1])' good.json >cut.json
    run -5 check cut.json --fail 'errors>0' --each-round
    [[ $output == *"--allow-partial"* ]]
    run -0 check cut.json --fail 'errors>0' --allow-partial --each-round
    [ "${lines[-1]}" = "0 of 2 thresholds crossed" ]
    jq '.arms[0].results = []' cut.json >none.json
    run -5 check none.json --fail 'errors>0' --allow-partial --each-round
}

@test "a disturbed round is left out, one full of errors lets nothing pass" {
    jq '.arms[1].results[0] |= (.machine.disturbed = true | .mismatches = 9 | .accounting.mismatches = 9)' \
        good.json >disturbed.json
    run -0 check disturbed.json --arm pool --fail 'mismatches>0'
    [[ $output == *"0 of 1 round beyond"*"1 of 2 rounds left out"* ]]
    jq '.arms[1].results[0].machine.disturbed = false' disturbed.json >errors.json
    run -5 check errors.json --arm pool --fail 'p50>10s'
    [[ $output == *"too many errors"*"round 1: 9% of responses were not as expected"* ]]
    run -0 check errors.json --arm pool --fail 'p50>10s' --allow-errors
    run -0 check errors.json --arm pool --fail 'p50>10s' --fail 'mismatches>100%'
}
