#!/usr/bin/env bats
# What a user can get wrong about a rate: one sentence that says what to do instead, exit code 2, and
# nothing was sent.

load common

setup() {
    own_folder
    start_faulty
}

# usage TEXT WORD...: bench run WORD... is refused; TEXT is a part of what it says.
usage() {
    run -2 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run "${@:2}" "$URL/ok"
    [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ] || { printf '%s\n' "${stderr_lines[@]}"; return 1; }
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [ -z "$(ls -A)" ] || { ls -A; return 1; }
}

nothing_was_sent() {
    end_faulty
    [ "$(jq .accepted <<<"$COUNTS")" -eq 0 ]
}

@test "a rate that is none" {
    local value text
    while IFS='|' read -r value text; do
        usage "$text" -R "$value"
        usage "$text" -r "$value"
    done <<'END'
0|'0' is out of range
0.001|'0.001' is out of range
1e9|'1e9' is out of range
11M|'11M' is out of range
-1|'-1' is not a rate
10/s|'10/s' is not a rate
10 |'10 ' is not a rate
1,000|'1,000' is not a rate
10x|'10x' is not a rate
abc|'abc' is not a rate
nan|'nan' is not a rate
inf|'inf' is not a rate
0x10|'0x10' is not a rate
1e999|'1e999' is not a rate
END
    usage "'' is not a rate" -R ''
    usage "out of range" -r 1M -c 100 # together
    nothing_was_sent
}

@test "stages that are none" {
    local value text
    while IFS='|' read -r value text; do
        usage "$text" --stages "$value"
    done <<'END'
-1s:10|'-1s' is not a time
10s|'10s' is not a stage
:5|':5' is not a stage
10s:|'' is not a rate
10s:=|'' is not a rate
10s:-5|'-5' is not a rate
10s:abc|'abc' is not a rate
10s:5:6|'5:6' is not a rate
10s:5/s|'5/s' is not a rate
10 q:5|'10 q' is not a time
ten:5|'ten' is not a time
0s:5|a stage lasts from 1 ms to 365 days
500us:5|a stage lasts from 1 ms to 365 days
10s:11M|a rate is at most
10s:0|never comes to a rate
10s:=0,5s:0|never comes to a rate
10s:0.001|never comes to a rate
,|--stages
10s:5,|--stages
10s:5,,10s:6|--stages
9000h:5|365 days
5000h:5,5000h:6|365 days
END
    usage "--stages" --stages ''
    usage "more than 100 stages" --stages "$(printf '1s:5,%.0s' {1..100})1s:5"
    nothing_was_sent
}

@test "a hundred stages are allowed" {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" run "$URL/ok" --dry-run \
        --stages "$(printf '1s:5,%.0s' {1..99})1s:5" | jq -e '.schema == "bench.plan/1"'
    nothing_was_sent
}

@test "options that contradict one another" {
    usage "leave -d out" --stages 1s:10 -d 5
    usage "never comes to a rate" -R 100 --stages 10s:=0
    usage "-r beside --stages" --stages 1s:10 -r 5
    usage "--max-connections 3 is less than -c/--connections 5" -R 10 -c 5 --max-connections 3
    usage "-w/--workers 5 is more than" -R 10 -c 2 -w 5
    usage "-w/--workers 5 is more than" -R 10 --max-connections 2 -w 5
    usage "its -c must not be more than" -R 10 -c 2 -W '[ -c 3 -d 1 ]'
    usage "with 'Connection: close'" -R 10 -p 2 -H 'Connection: close'
    nothing_was_sent
}

@test "what only an open loop has" {
    usage "give a rate with -R" --max-connections 20
    usage "give a rate with -R" -C
    usage "give a rate with -R" --ignore-coordinated-omission -c 5
    nothing_was_sent
}

@test "values that are none" {
    usage "minimum is 1" -R 10 --max-connections 0
    usage "is not a count" -R 10 --max-connections -1
    usage "is not a count" -R 10 --max-connections many
    usage "maximum is 1" -R 10 --max-connections 2M
    usage "choose from: constant, poisson" -R 10 --arrivals foo
    usage "takes no value" -R 10 --ignore-coordinated-omission=yes
    nothing_was_sent
}

# root may raise even the hard limit, but for this capability.
limited() {
    local -a under=()
    [ "$(id -u)" -ne 0 ] || under=(setpriv --bounding-set -sys_resource)
    timeout "$PATIENCE" "${under[@]}" "$BENCH_BUILD/bench" run --no-save "$@"
}

@test "too few descriptors for the connections that were asked for" {
    ulimit -n 60
    for words in "--max-connections 1000" "-c 100" "-c 5 --max-connections 100"; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr limited "$URL/ok" -R 10 $words
        [ -z "$output" ]
        [ "${#stderr_lines[@]}" -eq 1 ]
        [[ $stderr == *"limit is 60"* && $stderr == *"ulimit -n "* ]]
    done
    nothing_was_sent
}

@test "few descriptors: what may be opened on demand is what there is room for" {
    ulimit -n 200
    limited "$URL/ok" -R 100 -d 500ms --json >out
    RESULT=out
    result '.accounting.due == 50 and .valid'
    conserved
    # Each of these needs a connection, and there are not so many.
    limited "$URL/stall" -R 200 -d 1 -t 20 --json >out
    result '.accounting | .due == 200 and .sent >= 10 and .sent < 100 and .unsent > 100 and .connect_failed == 0'
    conserved
}
