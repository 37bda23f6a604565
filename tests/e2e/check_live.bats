#!/usr/bin/env bats
# bench check of two arms that it measures: short sessions, their documents, verdicts where the
# difference is as large as the work, interrupts, and input that is refused.

load common

setup() {
    own_folder
    POOL='--strategy pool --pool-size 2'
    # Slices of 20 ms: no verdict rests on them, but for one on memory or errors.
    SHORT=(--work "$WORK" -c 4 -d 120ms -W 10ms --max-blocks 6 --seed 5)
    EASY=(--fail 'rss>+900%' --fail 'errors>+50%')
}

check() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" check "$@" 3>&-
}

# usage TEXT WORD...: bench check WORD... is refused in one line that holds TEXT.
usage() {
    refused 2 "$@"
}

refused() { # STATUS TEXT WORD...
    run -"$1" --separate-stderr check "${@:3}"
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ] || { echo "stderr: $stderr"; return 1; }
    [[ $stderr == bench:*"$2"* ]] || { echo "want: $2"; echo "got: $stderr"; return 1; }
}

# Nothing of the servers is left, and no folder of theirs.
nothing_is_left() {
    ! pgrep -f "$WORK" >/dev/null || { pgrep -af "$WORK"; return 1; }
    is_empty "$TMPDIR"
}

@test "two arms that are the same: blocks, coins and padding are those of the seed" {
    run -0 --separate-stderr check --arm base="$POOL" --arm head="$POOL" "${SHORT[@]}" "${EASY[@]}" \
        --session s.json
    [[ ${lines[0]} == PASS* ]]
    [[ $stderr == *"saved to s.json"* ]]
    nothing_is_left
    check --arm base="$POOL" --arm head="$POOL" "${SHORT[@]}" "${EASY[@]}" --dry-run >plan.json
    jq -e --slurpfile plan plan.json '
        .schema == "bench.session/1" and .layout == "slices" and .seed == 5 and
        (.blocks | length) == 6 and all(.blocks[]; .valid) and
        [.arms[].name] == ["base", "head"] and
        [.blocks[] | .mirrored] == [$plan[0].order[] | .[0] == "head"] and
        ([.blocks[].sides[].padding_bytes] | unique | length) > 6 and
        ([.blocks[].sides[].padding_bytes] | max) <= 4096' s.json
    # What a slice starts with in flight is answered in it, and was the server's work of that slice.
    jq -e '.slices as $slices | all(.blocks[].sides[].accounting;
        .completed > 0 and .carried > 0 and .carried <= 4 * $slices)' s.json
}

@test "the document repeats the verdict, byte for byte" {
    check --arm base="$POOL" --arm head="$POOL" "${SHORT[@]}" "${EASY[@]}" --session s.json -o verdict.txt >first
    check s.json >again
    cmp first again
    cmp first verdict.txt
    usage 'gates of its own' s.json --fail 'p99>1s'
}

@test "ten times the work fails a gate on its cost: 1" {
    run -1 --separate-stderr check --arm base="$POOL" --arm head="$POOL --work count:5M" --work count:500k \
        -c 4 -d 900ms -W 50ms --fail 'cpu_per_request>+10%' --max-blocks 6 --no-save
    [[ ${lines[0]} == FAIL* ]]
    is_empty .
}

@test "a tenth of it passes: 0" {
    run -0 --separate-stderr check --arm base="$POOL --work count:5M" --arm head="$POOL" --work count:500k \
        -c 4 -d 900ms -W 50ms --detect 'cpu_per_request 10%' --max-blocks 6 --no-save
    [[ ${lines[0]} == PASS* ]]
}

@test "a command, and options with a path of their own" {
    run -0 --separate-stderr check --arm base="$SERVER" --arm head="--cmd \"$SERVER\" /chunked" /ok \
        "${SHORT[@]:2}" "${EASY[@]}" --session s.json
    jq -e '.path == "/ok" and (.arms[0].target | test("faulty_server"))' s.json
}

@test "URLs: what cannot be measured of them is named and left out, or refused" {
    start_target --strategy pool --work "$WORK"
    # Of p99 there may be too few requests: 5.
    run --separate-stderr check --arm base="$URL/heavy" --arm head="$URL/heavy" "${SHORT[@]:2}" \
        --session s.json
    [ "$status" -eq 0 ] || [ "$status" -eq 1 ] || [ "$status" -eq 5 ]
    [[ $stderr == *"cannot measure cpu_per_request, rss"* ]]
    jq -e 'all(.arms[]; .is_url) and ([.gates[].text] | any(startswith("rps"))) and
           ([.gates[].text] | all(startswith("rss") or startswith("cpu") | not))' s.json
    usage "arm 'base' is a URL" --arm base="$URL/heavy" --arm head="$POOL" --fail 'cpu_per_request>+10%'
    usage "arm 'base' is a URL" --arm base="$URL/heavy" --arm head="$POOL" --detect 'rss 10%'
}

@test "a path is not for a URL, which must have its own" {
    usage "without a path; write http://127.0.0.1:1/heavy" --arm base=http://127.0.0.1:1 --arm head="$POOL" /heavy
    [[ $stderr == *"base: '/heavy'"* ]]
    usage 'without a path' --arm base=http://127.0.0.1:1/a --arm head=http://127.0.0.1:2 /a
    usage 'without a path' --arm base="$POOL" --arm head='--method PUT http://127.0.0.1:2' /a
    check --arm base=http://127.0.0.1:1/a --arm head=http://127.0.0.1:2/a /a --dry-run >plan.json
}

# Nothing times out in a slice: what had no reply for a whole one counts. Every other connection hangs.
@test "requests that hang are errors: 1" {
    run -1 --separate-stderr check --arm base="$SERVER" --arm head="--cmd \"$SERVER\" /nth-stall?n=2&ms=5" \
        /ok -c 4 -d 1200ms -W 10ms --max-blocks 6 --seed 5 --fail 'errors>+0.5%' --fail 'timeouts>+0.5%' \
        --session s.json
    [[ ${lines[0]} == FAIL:* ]]
    # On a machine that stands still for a moment, base may have one, too.
    jq -e '[.blocks[].sides[0].accounting.timed_out] as $base | [.blocks[].sides[1].accounting.timed_out] as $head |
           ($head | add) > 10 and ($head | add) > 2 * ($base | add)' s.json
}

@test "a path that is not there is told after the first block" {
    run -5 --separate-stderr check --arm base="$SERVER" --arm head="$SERVER" /404 "${SHORT[@]:2}" --no-save \
        --fail 'rps<-5%'
    [ "$(grep -c 'responses were not 2xx, most of them 404; is the path right?' <<<"$stderr")" -eq 2 ]
}

# A slice of 75 ms has 2.25 arrivals on average, never 3 each time.
@test "at a rate the slices together have that rate" {
    for arrivals in constant poisson; do
        run --separate-stderr check --arm base="$POOL" --arm head="$POOL" --work count:1 -d 1200ms -W 10ms \
            --max-blocks 6 --seed 5 -R 30 --arrivals "$arrivals" --fail 'errors>+50%' --session s.json
        [ "$status" -eq 0 ]
        jq -e '[.blocks[].sides[] | .accounting.due] | add as $due | length as $n | ($n * 1.2 * 30) as $want |
            ($due - $want | fabs) < (if "'"$arrivals"'" == "constant" then 0.1 else 0.35 end) * $want' s.json
        jq -e 'all(.blocks[]; .sides[0].accounting.due == .sides[1].accounting.due)' s.json
        rm s.json
    done
}

@test "a gate that only warns takes no other's place" {
    check --arm base="$POOL" --arm head="$POOL" --warn 'p99>+10%' --dry-run >plan.json
    jq -e '[.gates[] | "\(.kind) \(.metric)"] | sort ==
        (["warn p99", "detect cpu_per_request", "detect rps", "detect p99", "detect rss", "fail errors"] | sort)' plan.json
}

@test "without time for a single block it is inconclusive: 0, and 3 with --strict" {
    local dies="exec timeout -s KILL 1 '$FAULTY' --port {port} >/dev/null"
    run -3 --separate-stderr check --arm base="$SERVER" --arm head="$dies" /ok -c 2 -d 24s --budget 1s \
        --strict --session s.json
    [[ ${lines[0]} == INCONCLUSIVE* ]]
    jq -e '.out_of_time and .blocks == [] and (.redone | length) == 1' s.json
}

@test "one arm after the other, when that is asked for" {
    check --arm base="$POOL" --arm head="$POOL" "${SHORT[@]}" "${EASY[@]}" --whole-trials --session s.json
    jq -e '.layout == "trials" and .apart == "asked" and (.blocks | length) == 6' s.json
    nothing_is_left
}

@test "a control is a third arm" {
    check --arm base="$POOL" --arm head="$POOL" "${SHORT[@]}" "${EASY[@]}" --control --session s.json
    jq -e '[.arms[].name] == ["base", "head", "control"] and
           .arms[0].target == .arms[2].target and all(.blocks[]; (.sides | length) == 3)' s.json
    usage "two arms named 'control'" --arm base="$POOL" --arm control="$POOL" --control
}

@test "a session that runs out of time is inconclusive: 0, and 3 with --strict" {
    run -3 --separate-stderr check --arm base="$POOL" --arm head="$POOL" --work "$WORK" -c 4 -d 600ms \
        "${EASY[@]}" --budget 1s --strict --session s.json
    [[ ${lines[0]} == INCONCLUSIVE* ]]
    jq -e '.out_of_time and (.blocks | length) < 6' s.json
    run -0 --separate-stderr check s.json
}

@test "Ctrl-C keeps the session, and --continue goes on with it" {
    local arms=(--arm base="$POOL" --arm head="$POOL")
    "$BENCH_BUILD/bench" check "${arms[@]}" "${SHORT[@]}" "${EASY[@]}" --session s.json \
        >out 2>err 3>&- &
    BENCH_PID=$!
    until_true test -e s.json
    kill -INT "$BENCH_PID"
    local status=0
    wait "$BENCH_PID" || status=$?
    # The sixth block may have ended before.
    if [ "$(jq '.blocks | length' s.json)" -lt 6 ]; then
        [ "$status" -eq 130 ]
        jq -e .interrupted s.json
        grep -- '--continue s.json' err
        refused 4 'its seed is 5, and now it is 6' "${arms[@]}" "${SHORT[@]}" --seed 6 "${EASY[@]}" --continue s.json
        refused 4 'its path' "${arms[@]}" "${SHORT[@]}" "${EASY[@]}" /ping --continue s.json
        refused 4 'arm head' "${arms[@]:0:2}" --arm head='--strategy inline' "${SHORT[@]}" "${EASY[@]}" --continue s.json
        refused 4 'connections of base is 4, and now it is 5' "${arms[@]}" "${SHORT[@]}" -c 5 "${EASY[@]}" --continue s.json
        refused 4 'gate' "${arms[@]}" "${SHORT[@]}" --fail 'rss>+1%' --continue s.json
        run -0 --separate-stderr check "${arms[@]}" "${SHORT[@]}" "${EASY[@]}" --continue s.json
    fi
    jq -e '(.blocks | length) == 6 and (.interrupted | not)' s.json
    nothing_is_left
    cp s.json before.json
    run -0 --separate-stderr check "${arms[@]}" "${SHORT[@]}" "${EASY[@]}" --continue s.json
    [[ $stderr == *"nothing is left to decide"* ]]
    cmp s.json before.json
}

@test "a session is continued with the options of the whole check, too: 4" {
    local command=(check --arm base="$POOL" --arm head="$POOL" "${SHORT[@]}" "${EASY[@]}")
    "${command[@]}" --session s.json >/dev/null
    cp s.json before.json
    refused 4 'its --all-gates is off, and now it is on' "${command[@]:1}" --all-gates --continue s.json
    refused 4 'its --allow-errors is off, and now it is on' "${command[@]:1}" --allow-errors --continue s.json
    refused 4 'its layout is slices, and now it is trials' "${command[@]:1}" --whole-trials --continue s.json
    refused 4 'its title is unknown, and now it is x' "${command[@]:1}" -T x --continue s.json
    cmp s.json before.json
}

@test "a session of another machine or version is not continued: 4" {
    local command=(check --arm base="$POOL" --arm head="$POOL" "${SHORT[@]}" "${EASY[@]}")
    local what
    "${command[@]}" --session s.json >/dev/null
    for what in .environment.hostname .environment.kernel .environment.cpu_model .tool.version; do
        jq "$what = \"another\"" s.json >other.json
        refused 4 'is another, and now it is' "${command[@]:1}" --continue other.json
    done
}

@test "a session with lengths that bench does not choose is not continued: 4" {
    local command=(check --arm base="$POOL" --arm head="$POOL" "${SHORT[@]}" "${EASY[@]}")
    local what
    "${command[@]}" --session s.json >/dev/null
    for what in '.slice_ns = 19000000' '.guard_ns = 100000000000'; do
        jq "$what" s.json >other.json
        run -0 check other.json
        refused 4 'with these options bench chooses no such lengths' "${command[@]:1}" --continue other.json
    done
    jq '.guard_ns = 1000' s.json >other.json
    refused 2 'other.json: guard_ns is less than a slice' "${command[@]:1}" --continue other.json
    jq '.slice_ns = 1 | .blocks = [] | .measured_s = 0' s.json >other.json
    refused 4 'its slice_ns is 1 and' "${command[@]:1}" --continue other.json
    jq '.blocks[-1].start = "2999-01-01T00:00:00.000Z"' s.json >other.json
    refused 4 'its last block started at 2999-01-01T00:00:00.000Z, which is yet to come' \
        "${command[@]:1}" --continue other.json
}

@test "--max-blocks also takes looks from a session that is continued" {
    local command=(check --arm base="$POOL" --arm head="$POOL" "${SHORT[@]}" "${EASY[@]}")
    "${command[@]}" --session s.json >/dev/null
    jq '.blocks[:3][].sides[1].server.rss_peak_bytes *= 1000' s.json >open.json
    cp open.json before.json
    run -0 --separate-stderr "${command[@]}" --continue open.json
    [[ $output == INCONCLUSIVE* ]]
    [[ $stderr == *"the next look comes after 10 blocks, and --max-blocks is 6"* ]]
    cmp open.json before.json
}

@test "--all-gates: a gate that failed does not end the session, while another is open" {
    local command=(check --arm base="$POOL" --arm head="$POOL" "${SHORT[@]}" --max-blocks 10
        --fail 'rss>+900%' --fail 'cpu_per_request>+900%' --all-gates)
    "${command[@]}" --session s.json >/dev/null
    # In all blocks head has a thousand times the memory; of its CPU only half of them say so.
    jq 'def cpu($s): .server |= (.cpu_user_s = $s | .cpu_system_s = 0) |
            .server.cpu_per_request_us = $s * 1e6 / (.accounting.completed + .accounting.carried);
        .blocks[].sides[1].server.rss_peak_bytes *= 1000 | .blocks[].sides[] |= cpu(1) |
        .blocks[:3][].sides[1] |= cpu(1000)' s.json >open.json
    run -1 --separate-stderr "${command[@]}" --continue open.json
    [[ ${lines[0]} == FAIL:* ]]
    jq -e '(.blocks | length) == 10' open.json
}

@test "a session that cannot be saved is an error: 2" {
    run -2 --separate-stderr check --arm base="$POOL" --arm head="$POOL" "${SHORT[@]}" "${EASY[@]}" \
        --session /dev/full
    [[ ${lines[0]} == PASS* ]]
    [[ $stderr == *"the session could not be saved"* ]]
}

@test "an arm that dies is measured three times, and its last words are told: 5" {
    local dies="echo out of luck >&2; exec timeout -s KILL 2 '$FAULTY' --port {port} >/dev/null"
    run -5 --separate-stderr check --arm base="$SERVER" --arm head="$dies" /ok -c 2 -d 24s --session s.json
    [[ $output == INVALID* ]]
    [[ $output == *"out of luck"* ]]
    jq -e '(.redone | length) == 2 and all(.redone[]; .arm == "head" or .arm == 1) and
           (.problem | test("out of luck"))' s.json
}

@test "an arm that never starts: 5, or 2 when there is no such program; nothing is saved" {
    refused 5 'head: the target exited before it was ready (exit 3)' \
        --arm base="$SERVER" --arm head='exit 3' /ok
    run -2 --separate-stderr check --arm base='no-such-program {port}' --arm head="$SERVER" /ok
    [[ $stderr == *"base: "*"not found"* ]]
    run -5 --separate-stderr check --arm base="$SERVER" --arm head=http://127.0.0.1:1/ok
    [[ $stderr == *"head: cannot connect"* ]]
    [ ! -e results ] || is_empty results
}

@test "what is refused before anything is started" {
    local two=(--arm base="$POOL" --arm head="$POOL")
    usage "'base=x' is only one arm; give two" --arm base=x
    usage 'bench compare --reference NAME' "${two[@]}" --arm third="$POOL"
    usage "two arms named 'base'" --arm base="$POOL" --arm base="$POOL"
    usage 'a quote in' --arm base="$POOL" --arm head="--strategy 'pool"
    usage '--connections is not an option of one arm' --arm base="$POOL" --arm head="$POOL -c 3"
    usage 'unknown option' --arm base="$POOL" --arm head='--no-such-option'
    usage '--amount' "${two[@]}" -a 100
    usage '--drain' "${two[@]}" --drain wait
    usage '--probe-rate' "${two[@]}" --probe-rate 5
    usage 'too short for stages' "${two[@]}" --stages 1s:5
    usage '--rate is not an option of one arm' --arm base="$POOL" --arm head="$POOL -R 3"
    usage '--stages: the slices of a block' "${two[@]}" --stages 5s:10
    usage '--max-blocks 5: a verdict needs 6 blocks' "${two[@]}" --max-blocks 5
    usage '--max-blocks' "${two[@]}" --max-blocks 25
    usage 'write p99>+10%' "${two[@]}" --fail 'p99<+10%'
    usage '--fail' "${two[@]}" --fail 'p98.x>+10%'
    usage '--detect' "${two[@]}" --detect 'nothing 10%'
    usage '--gates' "${two[@]}" --gates no-such-file
    usage 'not a path' "${two[@]}" heavy
    usage '--session' "${two[@]}" --session no/such/folder/s.json
    usage 'would replace s.json' "${two[@]}" --session s.json -o s.json
    usage '--continue' "${two[@]}" --continue no-such-file.json
    usage '--connections is for a check that measures' r.json -c 5 --fail 'p99>1s'
    usage '--budget is for a check that measures' r.json --budget 5s --fail 'p99>1s'
    usage '--no-save is for a check that measures' r.json --no-save
    is_empty .
}

@test "a session file that is cut, or of a later version, is not continued" {
    local two=(--arm base="$POOL" --arm head="$POOL")
    check "${two[@]}" "${SHORT[@]}" "${EASY[@]}" --session s.json >/dev/null
    head -c 300 s.json >cut.json
    usage '--continue' "${two[@]}" "${SHORT[@]}" "${EASY[@]}" --continue cut.json
    jq '.schema = "bench.session/2"' s.json >later.json
    usage '--continue' "${two[@]}" "${SHORT[@]}" "${EASY[@]}" --continue later.json
}

@test "gates of a file, for an arm and for a path" {
    printf '%s\n' '# limits' 'rss>+900%' 'warn errors>+50%' 'head: p50>100s' '/other: p99>1ns' >gates
    run -0 --separate-stderr check --arm base="$POOL" --arm head="$POOL" "${SHORT[@]}" --gates gates \
        --session s.json
    [[ ${lines[0]} == PASS* ]]
    jq -e '(.gates | length) == 3' s.json
    [[ $stderr == *"gates: 1 line is for other paths than /heavy"* ]]
}

@test "a gate that would never be judged is refused" {
    local two=(--arm base="$POOL" --arm head="$POOL" --no-save --gates gates)
    printf '%s\n' 'errors>+50%' 'haed: rss>1MiB' >gates
    usage "no arm 'haed'; they are base and head" "${two[@]}"
    printf '%s\n' 'errors>+50%' 'warn: p99>1s' >gates
    usage "no arm 'warn'" "${two[@]}"
    printf '%s\n' 'errors>+50%' '/other: total gibberish > 3' >gates
    usage 'gates, line 2' "${two[@]}"
}

@test "--dry-run: arms, layout, gates with their margins, order and seed; nothing is started" {
    check --arm base="$POOL" --arm head='exit 3' --work "$WORK" --dry-run --seed 9 --detect 5% -d 30 >plan.json
    jq -e '.schema == "bench.session-plan/1" and .seed == 9 and .layout == "slices" and
           .max_blocks == 24 and .budget_s == 600 and .load_s == 30 and (.order | length) == 24 and
           [.arms[].name] == ["base", "head"] and .arms[1].target == "exit 3" and
           (.gates | map(select(.metric == "rps"))[0].bounds[0].margin * 2 - 0.04879016 | fabs) < 1e-6' plan.json
    [ "$(ls)" = plan.json ]
}
