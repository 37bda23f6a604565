#!/usr/bin/env bats
# The options of a run that say how it ends and what it counts, in compare and check: each arm has
# them, or the message says why a comparison cannot.

load common

compare() {
    timeout 120 "$BENCH_BUILD/bench" compare --strategies none --rounds 1 --no-repeat "$@" 3>&-
}

check() {
    timeout 120 "$BENCH_BUILD/bench" check "$@" 3>&-
}

# holds FILTER: true of the stored comparison c.json.
holds() {
    jq -e "$1" c.json >/dev/null || { echo "not so: $1"; jq -c 'del(.arms[].results[].histograms)' c.json; return 1; }
}

# usage TEXT COMMAND...: refused in one line that holds TEXT.
usage() {
    run -2 --separate-stderr "${@:2}"
    [ -z "$output" ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
}

@test "compare: numbers of requests and connections are those of each arm" {
    start_faulty
    arms=(--arm url="$URL/ok" --arm own="--cmd \"$SERVER\" /ok")
    run -0 --separate-stderr compare "${arms[@]}" -c 3 -M 5 -D 2 --connect-rate 5000 -d 60 -o c.json
    holds '[.arms[].results[].accounting.completed] == [15, 15]'
    holds '[.arms[].results[].accounting.connected] | all(. >= 9)'
    run -0 --separate-stderr compare "${arms[@]}" -c 3 -O 20 -d 60 -o c.json
    holds '[.arms[].results[].accounting.completed] == [20, 20]'
    # The one without effect is named, once for all arms.
    run -0 --separate-stderr compare "${arms[@]}" -a 20 -O 30 -o c.json
    holds '[.arms[].results[].accounting.completed] == [20, 20]'
    [ "$(grep -c 'has no effect beside -a/--amount' <<<"$stderr")" -eq 1 ]
}

@test "compare: what ends a run, and what it counts, are those of each arm" {
    start_faulty
    arms=(--arm url="$URL/nothing-here" --arm own="--cmd \"$SERVER\" /nothing-here")
    # Each trial ends by itself, the comparison is whole, and says what happened.
    run -1 --separate-stderr compare "${arms[@]}" -c 2 -d 60 -B 5 --bailout-on non-2xx -o c.json
    holds '[.arms[].results[] | .bailout and .interrupted and .accounting.completed == 5] | all'
    holds '(.order | length) == 2 and (.interrupted | not)'
    [ "$(grep -c '^! .*: its faults ended 1 of 1 round early (-B)$' <<<"$output")" -eq 2 ]
    [[ $output == *"url is not ranked: its run was ended by its faults (-B)."* ]]
    [[ $output != *INTERRUPTED* ]]
    run -0 --separate-stderr compare "${arms[@]}" -c 2 -a 20 -x -o c.json
    holds '[.arms[].results[] | .accounting.completed == 20 and .latency.totalCount == 0] | all'
    run -0 --separate-stderr compare --arm url="$URL/ok" -c 1 -d 300ms -L 50 -o c.json
    holds '.arms[0].results[0] | .sampleInt == 50 and (.series | length) > 1'
    # What is open at the end is answered, for an arm with options of its own as for the others.
    run -0 --separate-stderr compare --arm slow='--strategy inline --work sleep:300ms' \
        -c 1 -d 100ms --wait-open 30 -o c.json
    holds '.arms[0].results[0].accounting | .in_flight_at_end == 1 and .completed_after_end == 1'
}

@test "compare: -B counts what an arm expects, also when bench expects it by itself" {
    start_faulty
    usage "--bailout-on mismatches: nothing is expected" compare --arm url="$URL/ok" -B 5 --bailout-on mismatches
    run -0 compare --strategies inline --work count:1k -c 1 -a 5 -B 5 --bailout-on mismatches --no-save
    printf '{"path": "/ok", "expect": {"body": "other"}}\n' >list
    run -1 compare --arm url="$URL/" --requests list -d 60 -B 5 --bailout-on mismatches -o c.json
    holds '.arms[0].results[0].accounting.mismatches == 5'
    # A run alone, too.
    run -1 timeout "$PATIENCE" "$BENCH_BUILD/bench" run "$URL/" --requests list -d 60 -B 5 --bailout-on mismatches --no-save
}

@test "an arm cannot have an end of its own, and a comparison has one" {
    usage "--bailout is not an option of one arm" compare --arm a='--strategy inline -B 5'
    usage "-f/--forever: a comparison ends with its rounds" compare --arm a=http://127.0.0.1:1/ -f
    two=(--arm a=http://127.0.0.1:1/ --arm b=http://127.0.0.1:1/)
    usage "--bailout: a check fails by its errors" check "${two[@]}" -B 5
    usage "--forever: a check ends when" check "${two[@]}" -f
    usage "--sample-int: a session has no figures over time" check "${two[@]}" -L 100
    usage "--wait-open: the arms are loaded in turn" check "${two[@]}" --wait-open 1
    usage "--exclude-error-stats is for a check that measures" check result.json -x
    usage "--requests is for a check that measures" check result.json --requests list
}

@test "check: -x leaves errors out of the latencies of its arms, and the session is read again" {
    start_faulty
    printf '{"path": "/ok"}\n{"path": "/nothing-here"}\n' >list
    two=(--arm a="$URL/" --arm b="$URL/" --requests list)
    run --separate-stderr check "${two[@]}" -x -D 5 --allow-errors --max-blocks 6 -d 60ms -c 2 --session s.json
    [ -f s.json ] || { echo "$output $stderr"; return 1; }
    jq -e '[.blocks[].sides[].accounting] | (map(.non_2xx) | add) > 0 and (map(.completed - .non_2xx) | add) > 0' s.json
    first=$output
    run --separate-stderr check s.json
    [ -z "$stderr" ] || { echo "$stderr"; return 1; }
    [ "$(head -1 <<<"$output")" = "$(head -1 <<<"$first")" ]
}
