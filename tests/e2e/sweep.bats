#!/usr/bin/env bats
# bench sweep from end to end: points, tables and maps, the file, going on, faults.

load common

sweep() {
    timeout 120 "$BENCH_BUILD/bench" sweep --no-repeat "$@" 3>&-
}

the_sweep() {
    set -- results/*-sweep.json
    [ "$#" -eq 1 ]
    DOC=$1
}

schema_holds() {
    local root=$BATS_TEST_DIRNAME/../..
    "$root/tests/schema/validate" "$root/docs/bench.sweep.1.schema.json" "$1"
}

doc() {
    jq -e "$1" "${2:-$DOC}" >/dev/null || { echo "not so: $1"; jq 'del(.comparison)' "${2:-$DOC}"; return 1; }
}

# The same tables from the file.
reads_back() {
    "$BENCH_BUILD/bench" report "$1" >again.txt
    diff again.txt <(printf '%s\n' "$output")
}

@test "a list of one option: every arm at each value, tables of each figure, one file" {
    run -0 --separate-stderr sweep --over connections=1,4 --strategies inline,pool --rounds 2 \
        -d 200ms --work count:50k --seed 7
    the_sweep
    schema_holds "$DOC"
    doc '.axes == [{"option": "connections", "range": "1,4", "placed": false, "scale": "log"}]'
    doc '.arms == ["inline", "pool"] and ([.points[].texts[0]] == ["1", "4"])'
    doc '[.comparison.arms[].name] ==
        ["inline connections=1", "pool connections=1", "inline connections=4", "pool connections=4"]'
    doc '.comparison.arms | all((.results | length == 2) and .problems == [])'
    doc '[.comparison.arms[] | .name as $n | .results[] | .config.connections == ($n | split("=")[1] | tonumber)] | all'
    doc '.comparison.seed == 7 and (.comparison.order | length == 8) and (.comparison.interrupted | not)'
    [ "$(grep -c '^work/s$' <<<"$output")" -eq 1 ]
    [ "$(grep -c '^connections  *inline  *pool  *best$' <<<"$output")" -eq 1 ]
    [ "$(grep -c '^p99$' <<<"$output")" -eq 1 ]
    reads_back "$DOC"
    [ -z "$(find . -name '*.tmp')" ]
    until_processes 0 "$WORK"
}

@test "two options make a map, with a sentence for each value of the second" {
    run -0 --separate-stderr sweep --over work=10k,100k --over c=1,3 --strategies inline,threads \
        --rounds 1 -d 150ms
    the_sweep
    schema_holds "$DOC"
    doc '[.axes[].option] == ["work", "connections"] and (.points | length == 4)'
    doc '[.comparison.arms[].results[0].target.work.n] == [10000, 10000, 10000, 10000, 100000, 100000, 100000, 100000]'
    [ "$(grep -c 'Best by most work, work downwards, connections to the right' <<<"$output")" -eq 1 ]
    [[ $output == *"one round ranks nothing"* ]]
    reads_back "$DOC"
    # A value is written in one way, also in the names of the arms.
    [[ $output != *count:* ]]
    [ "$(sed -n '/^Best by/,/^$/{/^[0-9]/p}' <<<"$output" | awk '{print $1}' | tr '\n' ' ')" = "10k 100k " ]
    doc '.points[0].texts == ["count:10k", "1"] and .comparison.arms[0].name == "inline work=10k connections=1"'
    "$BENCH_BUILD/bench" report "$DOC" --format csv >s.csv
    [ "$(cut -d, -f1,2 s.csv | sed -n 2p)" = '"10k","1"' ]
    # Files whose arms were called otherwise are read as well.
    jq '.comparison.arms |= map(.name |= sub("work="; "work=count:")) |
        .comparison.order |= map(sub("work="; "work=count:"))' "$DOC" >older.json
    "$BENCH_BUILD/bench" report older.json | diff - again.txt
    "$BENCH_BUILD/bench" check older.json --fail 'errors>50%' | grep -q 'inline work=10k connections=1'
}

@test "a range gets its ends, as many values as were asked for, and says that they were placed" {
    run -0 --separate-stderr sweep --over connections=1..16 --points 5 --strategies inline \
        --rounds 1 -d 100ms --work count:10k
    the_sweep
    doc '.axes[0].placed and ([.points[].values[0]] | length == 5 and min == 1 and max == 16)'
    doc '[.points[].values[0]] | unique | length == 5'
    [ "$(grep -c '5 values, placed where curves bend or cross' <<<"$output")" -eq 1 ]
}

@test "Ctrl-C keeps what was measured, and --continue measures the rest and no more" {
    begin sweep --no-repeat --over connections=1,2,3 --strategies inline --rounds 2 -d 400ms \
        --work count:10k -o kept.json
    until_true jq -e '.comparison.order | length >= 1' kept.json
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    doc '.comparison.interrupted and (.comparison.order | length >= 1 and length < 6)' kept.json
    doc '[.comparison.arms[].results[].interrupted] | all(not)' kept.json
    schema_holds kept.json
    grep -q 'to go on, give the same options and --continue kept.json' said
    before=$(jq -c '[.comparison.arms[].results[].start]' kept.json)
    sweep --over connections=1,2,3 --strategies inline --rounds 2 -d 400ms --work count:10k \
        --continue kept.json
    doc '(.comparison.interrupted | not) and (.comparison.order | length == 6)' kept.json
    doc "[.comparison.arms[].results[].start] as \$all | $before | all(. as \$s | \$all | index(\$s) != null)" kept.json
    until_processes 0 "$WORK"
}

@test "--continue refuses another sweep, and a file that is none" {
    sweep --over connections=1,2 --strategies inline --rounds 1 -d 100ms --work count:10k -o a.json >/dev/null
    run -2 sweep --over connections=1,3 --strategies inline --rounds 1 -d 100ms --continue a.json
    [[ $output == *"it is a sweep over connections=1,2"* ]]
    run -2 sweep --over connections=1,2 --strategies pool --rounds 1 -d 100ms --continue a.json
    [[ $output == *"the arms of this sweep are others"* ]]
    run -4 sweep --over connections=1,2 --strategies inline --rounds 1 -d 200ms --work count:10k --continue a.json
    [[ $output == *"--continue a.json: the sweep cannot be continued: its duration of inline connections=1 is "* ]]
    run -4 sweep --over connections=1,2 --strategies inline --rounds 1 -d 100ms --work count:10k -p 2 --continue a.json
    [[ $output == *"its pipelining of inline connections=1 is 1, and now it is 2"* ]]
    run -4 sweep --over connections=1,2 --strategies inline --rounds 1 -d 100ms --work count:20k --continue a.json
    [[ $output == *"its work of inline connections=1 is count:10k, and now it is count:20k"* ]]
    run -4 sweep --over connections=1,2 --strategies inline --rounds 1 -d 100ms --work count:10k --continue a.json /ping
    [[ $output == *"its path of inline connections=1 is /heavy, and now it is /ping"* ]]
    run -4 sweep --over connections=1,2 --strategies inline --rounds 1 -d 100ms --work count:10k --seed 7 --continue a.json
    [[ $output == *"its seed is "*", and now it is 7"* ]]
    jq '.comparison.arms[].results[].environment.hostname = "other"' a.json >elsewhere.json
    run -4 sweep --over connections=1,2 --strategies inline --rounds 1 -d 100ms --work count:10k --continue elsewhere.json
    [[ $output == *"its host is other, and now it is "* ]]
    run -2 sweep --over connections=1,2 --strategies inline --rounds 1 -d 100ms --continue a.json -o b.json
    [[ $output == *"leave -o out"* ]]
    mkfifo pipe
    run -2 sweep --over connections=1,2 --strategies inline --rounds 1 -d 100ms --continue pipe
    [[ $output == *"--continue: pipe is not a file"* ]]
    echo '{"schema": "bench.result/1"}' >other.json
    run -2 sweep --over connections=1,2 --continue other.json
    [[ $output == *"--continue: other.json:"* ]]
    run -2 sweep --over connections=1,2 --continue missing.json
    [[ $output == *"missing.json"* ]]
}

@test "--continue with more --rounds measures those, as long as the others" {
    sweep --over connections=1,2 --strategies inline --rounds 2 -d 150ms --work count:10k -o a.json >/dev/null
    before=$(jq -c '[.comparison.arms[].results[].start]' a.json)
    run -2 sweep --over connections=1,2 --strategies inline --rounds 1 --work count:10k --continue a.json
    [[ $output == *"it has 2 rounds; give --rounds 2, or more"* ]]
    run -0 sweep --over connections=1,2 --strategies inline --rounds 3 --work count:10k --continue a.json
    [[ $output == *"3 of each arm at each point"* ]]
    schema_holds a.json
    doc ".comparison.rounds == 3 and (.comparison.order | length == 6) and
        ([.comparison.arms[].results[].start] as \$all | $before | all(. as \$s | \$all | index(\$s) != null)) and
        ([.comparison.arms[].results[].config.duration] | unique == [0.15])" a.json
}

@test "an arm that fails at a point is marked there, and the others go on" {
    run -0 --separate-stderr sweep --over connections=1,2 --strategies inline --work count:10k \
        --arm 'broken=exit 3' --rounds 1 -d 100ms
    [ "$(grep -c 'failed$' <<<"$output")" -ge 2 ]
    [[ $output == *"broken connections=1: "* ]]
    the_sweep
    doc '[.comparison.arms[] | select(.name | startswith("broken")) | .problems | length == 1] | all'
    doc '[.comparison.arms[] | select(.name | startswith("inline")) | .results | length == 1] | all'
}

@test "nothing that could be measured is exit code 5" {
    run -5 sweep --over connections=1,2 --strategies none --arm 'gone=exit 3' --rounds 1 -d 100ms
    [[ $output == *"no arm could be measured at any point"* ]]
}

@test "mistakes are refused before anything starts" {
    expect() { # MESSAGE OPTION...
        run -2 sweep "${@:2}" --no-save
        [[ $output == *"$1"* ]] || { echo "$output"; return 1; }
    }
    expect "nothing to sweep" -c 4
    expect "reversed" --over connections=8..1
    expect "is empty" --over connections=8..8
    expect "is not an option of a run" --over conections=1,2
    expect "cannot be swept" --over seed=1,2
    expect "leave one of them out" --over connections=1,2 -c 4
    expect "is there twice" --over connections=1,2 --over connections=3,4
    expect "two options at the most" --over connections=1,2 --over work=1k,2k --over rate=1,2
    expect "at connections=0: " --over connections=0,4
    expect "is no goal of a sweep" --over connections=1,2 --goal fastest
    expect "'' is no goal of a sweep" --over connections=1,2 --goal ''
    expect "a goal tells what is good: p99<200ms" --over connections=1,2 --goal 'p99>200ms'
    expect "unknown metric 'p9x'" --over connections=1,2 --goal 'p9x<1s at least cost'
    expect "those that hold the goal are ranked by" --over connections=1,2 --goal 'p99<1s at best'
    expect "errors<0' holds for no run" --over connections=1,2 --goal 'errors<0'
    expect "errors<=100%' holds for every run" --over connections=1,2 --goal 'errors<=100%'
    expect "achieved cannot be measured of inline; it needs a rate (-R)" --over connections=1,2 \
        --strategies inline --goal 'achieved>99%'
    expect "cpu_per_request cannot be measured of there; it needs a server started by bench" \
        --over connections=1,2 --strategies none --arm there=http://127.0.0.1:1/ --goal 'p99<1s at least cost'
    expect "with a rate all arms that keep up do the same work; use '... at least cost'" \
        --over connections=1,2 -R 10 --goal 'p99<1s'
    expect "with a rate all arms that keep up do the same work" --over connections=1,2 -R 10 --goal 'most work'
    expect "raise it, or use fewer points" --over connections=1..64 --budget 10s
    expect "more than 500 arms at points" --over connections=1..64 --points 100 --over work=1k..1M
    expect "a sweep holds at most" --over connections=1,2,3 --rounds 100
    expect "is not a count" --over work=1x,2
    expect "-i/--input -: a sweep reads it again for each point" --over connections=1,2 -i -
    mkfifo pipe
    expect "--requests pipe: a sweep reads it again" --over connections=1,2 --requests pipe
    run -2 sweep --over connections=1,2 -o /dev/null/x
}

@test "what the runs warn of is told once, with the arms that have it" {
    run -0 --separate-stderr sweep --over connections=1,2 --strategies inline,pool --rounds 1 -d 100ms \
        --work count:10k /nowhere
    local said
    said=$(tr -s '\n ' ' ' <<<"$output")
    [ "$(grep -o '\[non-2xx\]' <<<"$said" | wc -l)" -eq 1 ]
    [[ $said == *"warning inline connections=1: 100.00 % of responses were non-2xx"*"[non-2xx] (in 4 of 4 runs, of inline, pool) remedy "* ]]
}

@test "--dry-run lists the points and starts nothing" {
    run -0 sweep --over connections=1..64 --strategies inline,pool --dry-run
    [ "${lines[0]}" = "connections=1" ]
    [ "${lines[4]}" = "connections=64" ]
    [[ ${lines[5]} == "2 arms, 3 rounds, 48 trials in all, about "* ]]
    [ ! -e results ]
}

@test "csv, json and Markdown; check takes a sweep as a comparison" {
    sweep --over connections=1,2 --strategies inline --rounds 1 -d 150ms --work count:10k -o s.json >/dev/null
    "$BENCH_BUILD/bench" report s.json --format csv >s.csv
    [ "$(cut -d, -f1-3 s.csv | tr -d '"' | tr '\n' ' ')" = "connections,file,arm 1,,inline 2,,inline " ]
    "$BENCH_BUILD/bench" report s.json --json | jq -e '.schema == "bench.sweep/1"' >/dev/null
    diff <("$BENCH_BUILD/bench" report s.json --json | jq -S .) <(jq -S . s.json)
    [ "$("$BENCH_BUILD/bench" report s.json --format md | head -n 1)" = '```text' ]
    "$BENCH_BUILD/bench" check s.json --fail 'errors>50%' | grep -q 'inline connections=2'
    run -2 "$BENCH_BUILD/bench" report s.json --reference inline
    [[ $output == *"this is a sweep, not a comparison"* ]]
}

@test "a document that does not add up is refused, and names the key" {
    sweep --over connections=1,2 --strategies inline --rounds 1 -d 100ms --work count:10k -o s.json >/dev/null
    damaged() { # FILTER MESSAGE
        jq "$1" s.json >bad.json
        run -2 "$BENCH_BUILD/bench" report bad.json
        [[ $output == *"$2"* ]] || { echo "$1: $output"; return 1; }
    }
    damaged '.axes = []' "axes are not one or two"
    damaged '.axes[0].scale = "odd"' "axes[0].scale"
    damaged '.arms = []' "arms are none"
    damaged '.points = [] | .comparison.arms = [] | .comparison.order = []' "points are none"
    damaged '.points[1].values = [1]' "points[1].values are those of another point"
    damaged '.points[0].values = [-1]' "points[0].values"
    damaged '.points[0].texts = []' "points[0].texts"
    damaged '.comparison.arms[0].name = "x" | .comparison.order = []' "comparison.arms are not one for each"
    damaged 'del(.comparison.arms[1])' "comparison"
    damaged 'del(.comparison)' "comparison"
    damaged '.goal = "other"' "goal"
    damaged '.goal = "p99>1s"' "a goal tells what is good"
    damaged '.goal = ""' "goal"
    # A request of a goal may have any name.
    jq '.goal = "a\u001b[31mb:p99<1s at least cost"' s.json >bad.json
    "$BENCH_BUILD/bench" report bad.json >said
    grep -q 'b:p99<1s$' said
    ! grep -q $'\e' said
    damaged 'del(.cut)' "cut"
}

@test "options of a run reach every arm at every point, and -f ends with the last one" {
    run -0 --separate-stderr sweep --over connections=1,2 --strategies inline --rounds 1 -d 200ms \
        --work count:10k -x -L 50 --wait-open 1 -B 1000 --bailout-on non-2xx --bind 127.0.0.2 \
        -T label --json -o s.json
    jq -e '.schema == "bench.sweep/1"' <<<"$output" >/dev/null
    doc '[.comparison.arms[].results[] | .sampleInt == 50 and .config.exclude_error_stats and
        .config.wait_open == 1 and .config.bailout == "1000" and .config.bailout_on == "non-2xx" and
        (.target.address | startswith("127.0.0.2:"))] | all' s.json
    doc '.comparison.title == "label"' s.json
    run -2 sweep --over connections=1,2 -f --no-save
    [[ $output == *"-f/--forever: a sweep ends with its last point"* ]]
    run -0 --separate-stderr sweep --over connections=1,2 --strategies inline --rounds 1 -d 100ms \
        --work count:10k --no-save --format csv
    [[ ${lines[0]} == '"connections","file","arm",'* ]]
    [ ! -e results ]
}

@test "a goal says what is best: its figure has the column, and is stored" {
    sweep --over connections=1,2 --strategies inline,threads --rounds 1 -d 100ms --work count:10k \
        --goal 'lowest p99' -o s.json >tables.txt
    doc '.goal == "lowest p99"' s.json
    [ "$(grep -A1 '^p99$' tables.txt | tail -n 1 | awk '{print $NF}')" = best ]
}

@test "a limit: who holds it, and the best of those, as tables, as a map and from the file" {
    run -0 --separate-stderr sweep --over connections=1,2 --strategies inline,pool --rounds 3 -d 100ms \
        --work count:10k --goal 'rps>10M and errors<1% at least cost' -o s.json
    doc '.goal == "rps>10M and errors<1% at least cost"' s.json
    schema_holds s.json
    [ "$(grep -A1 -c '^rps>10M and errors<1%$' <<<"$output")" -eq 1 ]
    grep -A1 '^rps>10M and errors<1%$' <<<"$output" | grep -q '^connections  *inline  *pool$'
    [ "$(grep -A1 '^CPU/work$' <<<"$output" | tail -n 1 | awk '{print $NF}')" = best ]
    # Other programs may take the cores in all rounds; then nothing is said of the arms.
    undisturbed='[.comparison.arms[].results[] | select(.machine.disturbed | not)] | length == 12'
    if jq -e "$undisturbed" s.json; then
        [[ $output == *"at every connections no arm holds rps>10M and errors<1%"* ]]
        [ "$(grep -c ' none$' <<<"$output")" -eq 2 ]
    fi
    reads_back s.json
    run -0 --separate-stderr sweep --over work=10k,20k --over connections=1,2 --strategies inline --rounds 2 \
        -d 100ms --goal 'p99<10s' --no-save
    [[ $output == *"Best by p99<10s, work downwards"* ]]
    [[ $output == *"Arms that hold p99<10s (?: too close to call), work downwards"* ]]
}

@test "a sweep that cannot be saved is printed, and is an error: 2" {
    [ -w /dev/full ] || skip "there is no /dev/full"
    run -2 --separate-stderr sweep --over connections=1,2 --strategies inline --rounds 1 -d 100ms \
        --work count:10k -o /dev/full
    [[ $output == *"work/s"* ]]
    [ "$(grep -c 'the sweep is not saved' <<<"$stderr")" -eq 1 ]
    [[ $stderr == *"the sweep could not be saved"* ]]
}

@test "over the size of a pool, the scalability law is fitted, or does not fit" {
    run -0 --separate-stderr sweep --over pool-size=1,2,4,8 --strategies pool -c 8 --rounds 1 -d 300ms \
        --work sleep:10ms -o s.json
    if grep -q '^scaling, work/s by the scalability law$' <<<"$output"; then
        grep -q '^pool .*% (.* to .*) .*% (.* to .*) ' <<<"$output"
    else
        grep -q '^scaling .*the scalability law does not fit pool: ' <<<"$output" # a busy machine
    fi
    [ "$("$BENCH_BUILD/bench" report s.json)" = "$output" ]
    run -0 --separate-stderr sweep --over work=10k,20k,30k,80k --strategies inline --rounds 1 -d 100ms --no-save
    [[ $output != *scalab* ]]
}

# --- the page ---

@test "the commands of the page are those of a sweep that begins" {
    ln -s "$BENCH_BUILD" build
    local page=$BATS_TEST_DIRNAME/../../docs/sweep.md command count=0
    while read -r command; do
        eval "timeout 60 $command --dry-run" >said </dev/null || { echo "$command: $?"; cat said; return 1; }
        grep -q 'trials in all, about' said
        count=$((count + 1))
    done < <(sed -n '/^```sh$/,/^```$/{/^build.bench sweep/p}' "$page")
    [ "$count" -ge 5 ]
    [ ! -e results ]
}
