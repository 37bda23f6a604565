#!/usr/bin/env bats
# bench compare --article: the published set-up, its claims read against the stored runs, and the
# originals beside ours.

load common
load rust

# The arms with the Rust service are there where its tools are.
setup_file() {
    ! has_rust_tools || build_rust
}

compare() {
    timeout 200 "$BENCH_BUILD/bench" compare "$@" 3>&-
}

plan() { # FILTER OPTION...
    compare --dry-run "${@:2}" | jq -c "$1"
}

holds() { # FILTER
    jq -e "$1" "$DOC" >/dev/null || { echo "not so: $1"; jq -c .claims[] "$DOC"; return 1; }
}

@test "the published set-up is the plan" {
    [ "$(plan '[.arms[].name]' --article)" = \
        '["inline","threads","threads-v8","pool","offload","queue","queue-x10"]' ]
    [ "$(plan '[.arms[].plan.config | [.connections, .duration, .pool_size, .fanout]] | unique' --article)" = \
        '[[100,10,8,8]]' ]
    [ "$(plan .rounds --article)" = 3 ]
    [ "$(plan '[.arms[].plan.config | .work + " " + .isolate]' --article)" = \
        '["count:20M none","count:20M none","count:20M v8","count:20M none","count:20M none","count:20M none","count:200000000 none"]' ]
}

@test "what is said on the command line is kept" {
    [ "$(plan '[.rounds, (.arms[0].plan.config | .connections, .duration, .pool_size, .fanout)]' \
        --article --rounds 1 -c 7 -d 2 --pool-size 3 --fanout 5)" = '[1,7,2,3,5]' ]
    [ "$(plan '.arms[-1] | .name' --article --arm mine=http://127.0.0.1:9/)" = '"mine"' ]
}

@test "options that contradict it are refused" {
    run -2 compare --article --strategies pool
    [[ $output == *"--article has its own arms and cannot be combined with --strategies"* ]]
    run -2 compare --article /heavy?n=5
    [[ $output == *"--article always requests /heavy: remove '/heavy?n=5'"* ]]
    run -2 compare --article --isolate v8
    [[ $output == *"measures threads with and without isolates: remove --isolate"* ]]
    run -2 compare --article --arm threads-v8=http://127.0.0.1:9/
    [[ $output == *"two arms named 'threads-v8'"* ]]
    run -2 compare --json --format md --dry-run
    [[ $output == *"conflict; give one"* ]]
    run -2 compare --format html
    [[ $output == *"unknown value 'html'; choose from: text, md, json"* ]]
    [ ! -e results ]
}

# The whole of it, a second each: what a claim cites is what the runs say.
@test "each claim is what the stored runs say" {
    run -0 --separate-stderr compare --article -d 1 --rounds 1 --no-repeat -o all.json
    DOC=all.json
    "$BATS_TEST_DIRNAME/../schema/validate" "$BATS_TEST_DIRNAME/../../docs/bench.comparison.1.schema.json" "$DOC"
    holds '[.claims[].code] | unique | length == 16'
    holds '.claims | all(.reason | length > 20)'
    # The claims stand before the table, and the table before the findings.
    local claims table finding
    claims=$(grep -n '^ *claim, arm ' <<<"$output" | cut -d: -f1)
    table=$(grep -n '^pool[! ] ' <<<"$output" | tail -n 1 | cut -d: -f1)
    finding=$(grep -n '^finding 1 ' <<<"$output" | cut -d: -f1)
    [ "$claims" -lt "$table" ]
    [ "$table" -lt "$finding" ]
    # Ten seconds were published, and this was one.
    holds '[.claims[] | select(.code == "unpooled-zero") | .verdict] | unique == ["not_comparable"]'
    # Read against the raw results, by another program. On a busy machine nothing is judged.
    holds '.claims[] | select(.code == "loop-stalls") | .verdict == "holds" or (.reason | startswith("disturbed: "))'
    holds '(.arms[] | select(.name == "threads") | .results[0]) as $r |
        (.claims[] | select(.code == "threads-800" and .arm == "threads")) as $claim | $claim.verdict as $said |
        ($claim.reason | startswith("disturbed: ")) or ($said == "holds") == ($r.server.total.threads_started == 8 * ($r.accounting.sent + $r.accounting.warmup_discarded)
            or $r.server.total.threads_peak >= 800)'
    # Both are native code, so neither claim about languages can be judged by them.
    holds '[.claims[] | select(.arm == "offload" and (.code == "five-times" or .code == "native-for-heavy")) |
        .verdict] == ["not_comparable", "not_comparable"]'
    # It says how to read it more easily, and that works.
    [[ $stderr == *$'saved to all.json\nto read it as a page with pictures: bench report all.json -o article.html' ]]
    "$BENCH_BUILD/bench" report all.json --no-pictures -o article.html
    grep -q 'High-Performance Node.js' article.html
    # Shown again from the file alone, it is the same page.
    diff <("$BENCH_BUILD/bench" report all.json) <(printf '%s\n' "$output")
    "$BENCH_BUILD/bench" report --format md all.json >page.md
    [ "$(grep -c '^| ' page.md)" -gt 20 ]
    diff <("$BENCH_BUILD/bench" report --format json all.json | jq -S .) <(jq -S . all.json)
}

@test "what was not run as published cannot be compared, and says so" {
    run -0 --separate-stderr compare --article -d 300ms --rounds 1 -c 10 --format json -o few.json
    DOC=few.json
    holds '[.claims[].verdict] | unique == ["not_comparable"]'
    holds '.claims | map(select(.code == "compute-rate")) | all(.reason | test("10 connections|^disturbed: "))'
    [ "$(jq -c .claims <<<"$output")" = "$(jq -c .claims few.json)" ]
}

@test "work that waits: its findings say so, and no claim is judged" {
    run -0 --separate-stderr compare --article --work sleep:50ms --fanout 1 -d 1 --rounds 1 -o wait.json
    DOC=wait.json
    holds '.findings[0].code == "waiting-work"'
    holds '[.claims[].verdict] | unique == ["not_comparable"]'
    # A hundred may wait at once in threads, eight in the pool, one on the loop.
    holds 'def rate(n): .arms[] | select(.name == n) | .results[0] | .accounting.completed / .duration;
        rate("threads") > 2 * rate("pool") and rate("pool") > 3 * rate("inline")'
}

# ---- the originals ----

@test "the arms with the Rust service: the published gateway, and ours" {
    [ "$(plan '[.arms[].name]' --originals --strategies none)" = \
        '["express-inline","express-threads","express-piscina","express-compute","express-rust","offload-rust","express-bullmq"]' ]
    [ "$(plan '.arms[] | select(.name | endswith("rust")) | .plan | [.original, .strategy]' --originals --strategies none)" = \
        "$(printf '["express-rust",null]\n[null,"offload"]')" ]
    [ "$(plan '.arms[] | select(.name == "offload-rust") | .plan.config.compute_program' --originals --strategies none)" = "\"$RUST\"" ]
    [ "$(plan '.arms[] | select(.name == "offload") | .plan.config.compute_program' --originals)" = null ]
    # An option of our gateway is for the one arm that has it.
    [ "$(plan '.arms[] | select(.name == "offload-rust") | .plan.config.offload_connections' \
        --originals --strategies none --offload-connections 5)" = 5 ]
}

@test "without node the originals are left out, and the rest is measured" {
    mkdir bin
    run -0 --separate-stderr env PATH="$PWD/bin" /usr/bin/timeout "$PATIENCE" "$BENCH_BUILD/bench" compare --rounds 1 --no-repeat --originals \
        --strategies pool --work count:10k -c 2 -d 200ms --no-save 3>&-
    [[ $stderr == *"skipping the originals: node is not installed: apt-get install nodejs npm"* ]]
    # Our gateway in front of the Rust service needs no node.
    ! has_rust_tools || [[ $output == *"2 arms,"* ]]
    has_rust_tools || [[ $output == *"1 arm,"* ]]
}

@test "without redis-server only those with BullMQ are left out" {
    command -v node >/dev/null || skip "node is not installed: apt-get install nodejs npm"
    mkdir bin
    ln -s "$(command -v node)" "$(command -v npm)" bin/
    run -0 --separate-stderr env PATH="$PWD/bin" /usr/bin/timeout 200 "$BENCH_BUILD/bench" compare --rounds 1 --no-repeat --originals \
        --strategies none --work count:10k -c 2 -d 200ms --json --no-save 3>&-
    [[ $stderr == *"skipping the originals with BullMQ: redis-server is not installed: apt-get install redis-server"* ]]
    [ "$(jq -c '[.arms[].name | select(endswith("-rust") | not)]' <<<"$output")" = \
        '["express-inline","express-threads","express-piscina","express-compute"]' ]
}

# A bench of one's own, whose originals have no packages and cannot get any.
private_bench() {
    mkdir own
    cp "$BENCH_BUILD"/bench{,-target,-compute,-redis,-worker} own/
    mkdir own/originals
    cp "$BENCH_BUILD"/originals/*.js* own/originals/ # without the Rust service, so without its arms
    export npm_config_registry=http://127.0.0.1:9 npm_config_fetch_retry_mintimeout=10
}

@test "packages that cannot be had: left out with the reason, and nothing was asked in vain" {
    command -v npm >/dev/null || skip "npm is not installed: apt-get install npm"
    private_bench
    run -2 --separate-stderr timeout "$PATIENCE" own/bench compare --originals /a /b 3>&-
    [[ $stderr == *"only one path is allowed"* && $stderr != *installing* ]]
    run -2 --separate-stderr timeout "$PATIENCE" own/bench compare --originals --strategies none --isolate v8 3>&-
    [[ $stderr == *"--isolate only applies to bundled strategies, and none is selected"* && $stderr != *installing* ]]
    run -2 --separate-stderr timeout "$PATIENCE" own/bench compare --originals --strategies none --work sleep:1ns 3>&-
    [[ $stderr == *"--work: the originals sleep for at least 1us"* && $stderr != *installing* ]]
    run -2 --separate-stderr timeout "$PATIENCE" own/bench compare --originals --strategies none --no-save 3>&-
    [[ $stderr == *"installing the npm packages of the originals in "*"their packages (npm ci --prefix "*"npm failed"* ]]
    run -0 --separate-stderr timeout "$PATIENCE" own/bench compare --rounds 1 --no-repeat --originals --strategies pool --work count:10k -c 2 \
        -d 200ms --no-save 3>&-
    [[ $stderr == *"skipping the originals: their packages"* ]]
    [[ $output == *"1 arm,"* ]]
}

@test "packages of which a part is gone are installed anew" {
    [ -d "$BENCH_BUILD/originals/node_modules/express" ] || skip "the originals' packages are not installed yet"
    private_bench
    cp -R "$BENCH_BUILD/originals/node_modules" own/originals/
    touch own/originals/node_modules/.package-lock.json
    run -0 --separate-stderr timeout "$PATIENCE" own/bench compare --rounds 1 --no-repeat --originals --strategies none --work count:10k -c 1 \
        -d 200ms --no-save 3>&-
    [[ $stderr != *installing* ]]
    rm -r own/originals/node_modules/express
    run -2 --separate-stderr timeout "$PATIENCE" own/bench compare --originals --strategies none --no-save 3>&-
    [[ $stderr == *"installing the npm packages"* ]]
}

@test "who holds the packages is waited for, and that is told" {
    command -v node >/dev/null || skip "node is not installed: apt-get install nodejs npm"
    private_bench
    exec 9<own/originals/package.json
    flock 9
    timeout "$PATIENCE" own/bench compare --originals --strategies none --no-save 2>told 3>&- 9>&- &
    BENCH_PID=$!
    until grep -q "waiting until another bench has installed the originals' packages" told; do
        kill -0 "$BENCH_PID"
    done
    exec 9<&- # now it goes on, and installs
    STATUS=0
    wait "$BENCH_PID" || STATUS=$?
    BENCH_PID=
    [ "$STATUS" -eq 2 ]
    grep -q "installing the npm packages" told
}

@test "the originals do the same work, and are counted by themselves, too" {
    command -v node >/dev/null || skip "node is not installed: apt-get install nodejs npm"
    command -v redis-server >/dev/null || skip "redis-server is not installed: apt-get install redis-server"
    local n=$((10000 + BASHPID)) # that no other process has in its command line
    run -0 --separate-stderr compare --rounds 1 --no-repeat --originals --strategies none --work "count:$n" --fanout 2 -c 2 -a 20 \
        --drain wait -o o.json
    DOC=o.json
    local rust=()
    ! has_rust_tools || rust=(express-rust offload-rust)
    holds '[.arms[].name] == (["express-inline","express-threads","express-piscina","express-compute"]
        + ("'"${rust[*]}"'" | split(" ")) + ["express-bullmq"])'
    holds '.arms | all(.problems == [] and .results[0].valid)'
    holds '[.arms[].results[0] | .accounting.completed == 20 and .mismatches == 0 and .non2xx == 0] | all'
    holds '.arms | all(.name as $n | .results[0].target | .work == {kind: "count", n: '$n'} and
        ([.original, .strategy] == if $n == "offload-rust" then [null, "offload"] else [$n, null] end))'
    # Two witnesses: every completed reply is one that the program says it gave.
    holds '[.arms[:-1][].results[0].target.counted] | all(. == 20)'
    holds '.arms[-1].results[0].queue | .accepted == 20 and .completed + .drain.completed == 20 and .failed == 0 and
        .backlog_start + .accepted == .completed + .failed + .backlog_end'
    holds '[.arms[-1].results[0].server.processes[].role] | contains(["target","worker","broker"])'
    holds '.arms | map(select(.name | test("compute|rust"))) | length > 0 and
        all(.results[0].server.processes | map(.role) | contains(["target","compute"]))'
    until_processes 0 "count:$n"
}

@test "kill -9 of bench beside a private Redis leaves no process and no folder" {
    command -v node >/dev/null || skip "node is not installed: apt-get install nodejs npm"
    command -v redis-server >/dev/null || skip "redis-server is not installed: apt-get install redis-server"
    # The order of the plan is that of all arms; without the service in Rust fewer are measured.
    has_rust_tools || skip "the Rust tools are not installed; see rust.bash"
    local n=$((10000 + BASHPID)) seed
    for ((seed = 1; seed < 100; seed++)); do
        [ "$(plan '.order[0]' --originals --strategies none --seed "$seed")" != '"express-bullmq"' ] || break
    done
    begin compare --rounds 1 --no-repeat --originals --strategies none --seed "$seed" --work "count:$n" -c 2 -d 60
    until_loading
    [ "$(find "$TMPDIR" -name '*.aof' | wc -l)" -ge 1 ]
    kill -KILL "$BENCH_PID"
    end_bench
    until_processes 0 "count:$n"
    until_true is_empty "$TMPDIR" || { find "$TMPDIR"; return 1; }
}
