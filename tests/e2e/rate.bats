#!/usr/bin/env bats
# The open loop: so many requests are due as the rate says, whatever the threads, the order and the
# server do, and each of them is accounted for.

load common

# due COUNT SECONDS OPTION...: so many are due in a run that lasts exactly so long, also on three
# threads. How many of them were sent and answered in time is up to the machine.
due() {
    local threads
    for threads in 1 3; do
        measure "$URL/ok" -w "$threads" "${@:3}"
        result ".accounting.due == $1 and .duration == $2 and .valid and (.interrupted | not)"
        conserved
    done
}

@test "a rate for a time: ceil(rate x time) are due" {
    start_faulty
    while read -r count rate seconds; do
        due "$count" "$seconds" -R "$rate" -d "$seconds"
        result ".offered.rate == $rate and .offered.arrivals == \"constant\" and .offered.stages == null"
    done <<'END'
100 100 1
67 33.3 2
3 0.7 3
3 1.1 2
1 0.1 1
1 2.5 0.4
3 3 1
END
    # The names of other tools, and k.
    due 1000 0.5 --overall-rate 2k -d 500ms -c 20
    due 20 0.5 --qps 40 -d 500ms
}

@test "many per second: none is lost at the end" {
    start_faulty
    due 6000 0.3 -R 20k -d 300ms -c 20
    due 3334 0.1 -R 33333.3 -d 100ms -c 20
}

@test "-a: exactly so many, by both counts" {
    local want=0 amount options
    start_faulty
    while read -r amount options; do
        # shellcheck disable=SC2086
        measure "$URL/ok" -R 500 -a "$amount" $options
        accounted "{\"completed\":$amount}"
        result ".accounting.due == $amount and .accounting.unsent == 0"
        conserved
        want=$((want + amount))
    done <<'END'
100
100 -w 3
37 -w 3 -c 3
3 -c 10
2 -w 3
1 -w 3
1 -c 1
40 -p 4 -c 2
100 -c 1
END
    end_faulty
    served "{\"/ok\":[$want,$want]}"
}

@test "-a lasts as long as its rate needs" {
    start_faulty
    measure "$URL/ok" -R 50 -a 26
    accounted '{"completed":26}'
    result '.duration >= 0.5'
    measure "$URL/ok" -R 10 -a 1000 -d 1 # -d ends it
    result '.accounting.due == 10 and .duration == 1'
    measure "$URL/ok" -R 100 -a 5 -d 30 # -a ends it
    accounted '{"completed":5}'
    result '.accounting.due == 5 and .duration < 20'
}

@test "-r is the rate of each connection, and wins" {
    start_faulty
    due 35 1 -r 7 -c 5 -d 1
    result '.offered.rate == 35 and .offered.max_connections == 5 and .connections == 5'
    due 35 1 -r 7 -c 5 -R 1000 -d 1
    due 20 1 -r 2 -d 1 # 10 connections, unless told otherwise
    due 5 2 --connection-rate 0.5 -c 5 -d 2
}

@test "-p: a rate beside a pipeline" {
    start_faulty
    due 50 0.5 -R 100 -d 500ms -p 4 -c 4
    # These two need each other: a reply goes out for two requests, or for one after a moment.
    measure "$URL/two-in-one" -R 200 -p 2 -c 1 -a 21
    accounted '{"completed":21}'
    conserved
}

@test "a method and a body are sent at a rate too" {
    start_faulty
    measure "$URL/echo" -m POST -b ping -E ping -R 200 -a 20
    accounted '{"completed":20}'
    result '.mismatches == 0'
    end_faulty
    served '{"/echo":[20,20]}'
}

@test "-W: the warm-up has the same rate, and is left out" {
    start_faulty
    due 100 1 -R 100 -d 1 -W 300ms
    result '.accounting.warmup_discarded > 0 and .accounting.warmup_discarded <= 30'
    measure "$URL/ok" -R 100 -a 30 -W '[ -c 1 -d 300ms ]' -c 3
    accounted '{"completed":30}'
    result '.accounting.due == 30 and .accounting.warmup_discarded <= 30'
    conserved
    end_faulty
}

@test "-W: what the warm-up sent is in the server's count, and in no other" {
    start_faulty
    measure "$URL/ok" -R 200 -a 50 -W 200ms -c 2
    accounted '{"completed":50}'
    end_faulty
    all=$((50 + $(jq .accounting.warmup_discarded "$RESULT")))
    served "{\"/ok\":[$all,$all]}"
}

@test "stages: as many are due as the integral of the rate" {
    local count seconds options
    start_faulty
    while read -r count seconds options; do
        # shellcheck disable=SC2086
        due "$count" "$seconds" $options
    done <<'END'
50 1 --stages 1s:100
75 1 --stages 1s:100 -R 50
60 1 --stages 1s:20 -R 100
20 0.5 --stages 500ms:=40
75 1 --stages 500ms:=100,500ms:0
38 1 --stages 300ms:100,200ms:=50,500ms:0
30 0.5 --stages 200ms:=0,300ms:=100
1 1 --stages 1:=0.5
END
    measure "$URL/ok" --stages 1s:=50,1h:=1 -a 10
    accounted '{"completed":10}'
    result '.offered.stages == "1s:=50,1h:=1" and .accounting.due == 10'
}

@test "stages: the warm-up has the rate that they begin with" {
    start_faulty
    due 25 1 --stages 1s:50 -W 200ms
    result '.accounting.warmup_discarded == 0'
    due 75 1 --stages 1s:50 -R 100 -W 200ms
    result '.accounting.warmup_discarded > 0 and .accounting.warmup_discarded <= 20'
}

# The counts were worked out by another program.
@test "--arrivals poisson: the seed says how many, and the threads do not" {
    start_faulty
    due 520 1 -R 500 -d 1 --arrivals poisson --seed 1
    result '.offered.arrivals == "poisson" and .config.seed == 1'
    due 508 1 -R 500 -d 1 --arrivals poisson --seed 2
    due 104 1 -R 100 -d 1 --arrivals poisson --seed 42
    measure "$URL/ok" -R 500 -a 60 --arrivals poisson -w 3
    accounted '{"completed":60}'
    conserved
}

@test "--arrivals poisson without a seed: the one that is stored gives the same again" {
    start_faulty
    measure "$URL/ok" -R 400 -d 500ms --arrivals poisson
    before=$(jq .accounting.due "$RESULT")
    due "$before" 0.5 -R 400 -d 500ms --arrivals poisson --seed "$(jq .config.seed "$RESULT")"
}

@test "the seconds add up" {
    start_faulty
    due 100 2 -R 50 -d 2
    result '.accounting as $a | .series | (map(.due) | add) == $a.due and
        (map(.sent) | add) == $a.sent and all(.late >= 0 and .late <= .sent)'
    due 60 2 --stages 2s:60
    result '.accounting as $a | .series | (map(.due) | add) == $a.due and (map(.sent) | add) == $a.sent'
}

@test "a closed loop has nothing that is due" {
    start_faulty
    measure "$URL/ok" -c 2 -a 20
    accounted '{"completed":20}'
    result '.offered == null and .accounting.due == null and .accounting.unsent == null and
        (.histograms | .service == null and .slip == null and .unsent == null) and
        all(.series[]; .due == null and .sent == null and .late == null)'
}

@test "a bundled target counts the same" {
    measure --strategy pool --work count:1k -R 200 -a 60
    accounted '{"completed":60}'
    result '.target.counted == 60 and .histograms.work.count == 60 and .accounting.due == 60'
    conserved
}

@test "the report says that it is an open loop, and the stored one is the same" {
    start_faulty
    "$BENCH_BUILD/bench" run "$URL/ok" -R 100 -d 500ms -l -o r.json >printed
    grep -q 'open loop' printed
    run ! grep -q 'closed loop' printed
    "$BENCH_BUILD/bench" report -l r.json | diff printed -
    diff <("$BENCH_BUILD/bench" report --json r.json | jq -S .) <(jq -S . r.json)
}

@test "what is stored is what its JSON Schema says" {
    root=$BATS_TEST_DIRNAME/../..
    start_faulty
    "$BENCH_BUILD/bench" run "$URL/ok" -R 100 -d 1 -o rate.json
    "$BENCH_BUILD/bench" run "$URL/ok" --stages 500ms:100,500ms:=20 -w 2 --arrivals poisson -o stages.json
    "$BENCH_BUILD/bench" run "$URL/stall" -R 100 -d 500ms -c 1 -C -o unsent.json
    "$root/tests/schema/validate" "$root/docs/bench.result.1.schema.json" rate.json stages.json unsent.json
}

@test "--dry-run prints the rate and sends nothing" {
    start_faulty
    "$BENCH_BUILD/bench" run "$URL/ok" -R 33.3 --stages 1s:100 --max-connections 50 --dry-run >plan.json
    jq -e '.config | (.rate | tonumber) == 33.3 and .stages == "1s:100" and .max_connections == 50' plan.json
    end_faulty
    [ "$(jq .accepted <<<"$COUNTS")" -eq 0 ]
}

# The commands of the page's blocks below the heading "Open loop".
commands() {
    awk '/^## / { below = $0 == "## Open loop" } !below { next } on && /^```$/ { on = 0 }
        on { print } $0 == "```sh" { on = 1 }' "$BATS_TEST_DIRNAME/../../docs/measurement.md"
}

@test "docs/measurement.md: its commands have the options that there are" {
    local command
    [ "$(commands | wc -l)" -ge 4 ]
    while read -r command; do
        [[ $command == "build/bench run "* ]]
        # shellcheck disable=SC2086
        "$BENCH_BUILD/bench" ${command#build/bench } --dry-run | jq -e '.schema == "bench.plan/1"'
    done < <(commands)
}

@test "a comparison at a rate: all arms have it, and the findings know" {
    timeout 120 "$BENCH_BUILD/bench" compare --strategies inline,pool --work count:1k -R 100 -d 1 --rounds 2 \
        -o c.json >out 2>said 3>&-
    grep -q '^open loop, 100/s' out
    tr -s ' \n' ' ' <out | grep -q 'requests/s that were due' # lines wrap
    run ! grep -q 'completes the most work' out
    jq -e '[.arms[].results[] | .offered.rate == 100 and .accounting.due == 100] | length == 4 and all' c.json
    # A rate is common to all arms.
    run -2 timeout 60 "$BENCH_BUILD/bench" compare --strategies none --arm a='--strategy pool -R 5' --dry-run 3>&-
    [[ $output == *"--rate is not an option of one arm"* ]]
}

# The verdict on equal arms may be a failure once in many sessions, and on a busy machine they are late.
@test "a check at a rate: its default gates are p50 and p99, not rps" {
    two=(--arm a='--strategy pool' --arm b='--strategy pool' --work count:1k)
    gates='[.gates[].metric] | (index("rps") == null) == $open and (index("p50") != null) == $open and index("p99") != null'
    "$BENCH_BUILD/bench" check "${two[@]}" -R 200 --dry-run 3>&- | jq -e --argjson open true "$gates"
    "$BENCH_BUILD/bench" check "${two[@]}" --dry-run 3>&- | jq -e --argjson open false "$gates"
    timeout 120 "$BENCH_BUILD/bench" check "${two[@]}" -R 200 -d 300ms --max-blocks 6 --session s.json >out 2>said 3>&- ||
        [[ $? -eq 1 || $? -eq 5 ]]
    jq -e '[.blocks[].sides[].accounting | .due == .sent + .unsent and .due >= 60] | length == 12 and all' s.json
    grep -q '^p50 ' out
    run ! grep -q '^rps ' out
}
