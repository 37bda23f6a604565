#!/usr/bin/env bats
# bench compare from end to end: the strategies side by side, servers of the user's own, what is
# printed and stored, the order, signals.

load common

compare() {
    timeout 120 "$BENCH_BUILD/bench" compare --rounds 1 --no-repeat "$@" 3>&-
}

# No process, and no file that is not whole.
nothing_left() {
    until_processes 0 "$WORK"
    [ -z "$(find . -name '*.tmp')" ]
}

the_comparison() { # FOLDER
    set -- "${1:-results}"/*-comparison.json
    [ "$#" -eq 1 ]
    [ -f "$1" ]
    DOC=$1
}

# The document is what its JSON Schema says.
schema_holds() {
    local root=$BATS_TEST_DIRNAME/../..
    "$root/tests/schema/validate" "$root/docs/bench.comparison.1.schema.json" "$DOC"
}

doc() {
    jq -e "$1" "$DOC" >/dev/null || { echo "not so: $1"; jq -c 'del(.arms[].results[].histograms)' "$DOC"; return 1; }
}

# order OPTION...: what --dry-run says of the order, one line.
order() {
    compare --dry-run "$@" | jq -c .order
}

# seed_for ORDER OPTION...: sets SEED to one that gives this order.
seed_for() {
    for ((SEED = 1; SEED < 200; SEED++)); do
        [ "$(order --seed "$SEED" "${@:2}")" != "$1" ] || return 0
    done
    return 1
}

@test "the main job: all strategies, one table, every run and the comparison stored" {
    run -0 --separate-stderr compare -c 4 -d 300ms --work count:200K --rounds 2 --seed 7
    mapfile -t arms < <(compare --dry-run | jq -r '.arms[].name')
    [ "${#arms[@]}" -ge 4 ]
    [[ ${stderr_lines[-1]} =~ ^"saved to "(results/[0-9]{8}T[0-9]{6}Z-comparison.json)$ ]]
    the_comparison
    [ "$DOC" = "${BASH_REMATCH[1]}" ]
    doc '.schema == "bench.comparison/1" and .seed == 7 and .rounds == 2 and (.interrupted | not)'
    for arm in "${arms[@]}"; do
        [ "$(grep -c "^$arm[! ]" <<<"$output")" -ge 1 ]
        doc ".arms | map(select(.name == \"$arm\")) | length == 1 and (.[0].results | length == 2)"
    done
    doc '.arms | all(.problems == [])'
    doc '[.arms[] | .name as $arm | .results[] | .valid and .target.strategy == $arm and
        .accounting.completed > 0 and .mismatches == 0 and .config.strategy == $arm] | all'
    schema_holds
    doc '[.arms[].results[].config.seed] | unique == [7]'
    # Fresh processes each time.
    doc '[.arms[].results[].target.pids[0]] | unique | length == '$((2 * ${#arms[@]}))
    # Every run is stored by itself, too, and is the same there.
    [ "$(ls results | wc -l)" -eq $((2 * ${#arms[@]} + 1)) ]
    diff <(jq -cS '.arms[].results[]' "$DOC" | sort) \
        <(ls results/*.json | grep -v comparison | xargs jq -cS . | sort)
    # What was run is what the seed says.
    diff <(jq -c .order "$DOC") <(order --rounds 2 --seed 7)
    [ -z "$(find . -name '*.tmp')" ]
}

@test "every round is a permutation, drawn from the seed" {
    order --rounds 20 --seed 42 >first
    order --rounds 20 --seed 42 | diff first -
    order --rounds 20 --seed 43 | run ! diff -q first -
    jq -e --argjson n "$(compare --dry-run | jq '.arms | length')" '
        . as $order | [range(0; length; $n) as $at | $order[$at:$at + $n]] |
        (.[0] | sort) as $all | length == 20 and all(sort == $all) and
        ($all | unique | length == $n) and (map(tojson) | unique | length > 3)' first
    # Without a seed each one has its own; both ends of the range are taken as they are.
    [ "$(order --seed 0 --rounds 9)" != "$(order --seed 9007199254740991 --rounds 9)" ]
    compare --dry-run --seed 9007199254740991 | jq -e '.seed == 9007199254740991'
}

@test "--dry-run prints the plans and starts nothing" {
    compare --dry-run --strategies pool --arm "mine=touch started; $SERVER" \
        --arm url=http://127.0.0.1:9/x -c 3 --work "$WORK" /heavy?n=5 --seed 3 >plan.json
    jq -e '.schema == "bench.comparison-plan/1" and .seed == 3 and .rounds == 1 and
        (.arms | map(.name)) == ["pool", "mine", "url"] and (.order | sort) == ["mine", "pool", "url"]' plan.json
    jq -e '.arms | map(.plan | .schema == "bench.plan/1" and .config.connections == 3) | all' plan.json
    jq -e '.arms | map(.plan.request | split("\r\n")[0]) ==
        ["GET /heavy?n=5 HTTP/1.1", "GET /heavy?n=5 HTTP/1.1", "GET /x HTTP/1.1"]' plan.json
    [ "$(ls)" = plan.json ]
    nothing_left
}

@test "a command and a URL beside the strategies; both witnesses" {
    start_faulty
    mkdir out
    run -0 --separate-stderr compare --strategies pool --arm url="$URL/ok" \
        --arm mine="exec '$FAULTY' --port \$PORT >counts" /ok -c 2 -a 20 -o out
    the_comparison out
    [ "$(ls out | wc -l)" -eq 4 ]
    doc '.arms | map(.name) == ["pool", "url", "mine"]'
    doc '.arms | all(.results[0].accounting.completed == 20)'
    doc '.arms[1].results[0] | .url == "'"$URL"'/ok" and .target.strategy == null and .title == "url"'
    # Only a bundled target is probed without being asked.
    doc '.arms[0].results[0].probe.path == "/ping"'
    doc '.arms[1:] | all(.results[0].probe == null)'
    end_faulty
    served '{"/ok":[20,20]}'
    [ "$(tail -1 counts | jq '.["/ok"].replies')" -eq 20 ]
}

@test "--strategies none leaves only the arms, which are probed where --probe says" {
    run -0 --separate-stderr compare --strategies none --arm "one=$SERVER" --arm "two=$SERVER" /ok \
        --probe /ok --probe-rate 50 -c 1 -d 300ms
    the_comparison
    doc '(.arms | map(.name)) == ["one", "two"] and (.arms | all(.results[0].probe.completed > 0))'
}

@test "without --rounds five rounds share -d, and the header says so" {
    plan() {
        "$BENCH_BUILD/bench" compare --dry-run --strategies pool "$@" |
            jq -c '[.rounds, (.arms[0].plan.config | .duration, .amount)]'
    }
    [ "$(plan)" = '[5,2,0]' ]
    [ "$(plan -d 60)" = '[5,12,0]' ]
    [ "$(plan -d 2)" = '[5,1,0]' ]
    [ "$(plan -d 2 --rounds 5)" = '[5,2,0]' ]
    [ "$(plan --rounds 1)" = '[1,10,0]' ]
    [ "$(plan -a 100)" = '[5,0,100]' ]
    run -0 --separate-stderr timeout 120 "$BENCH_BUILD/bench" compare --strategies inline --work count:1k -c 1 \
        -d 1 --no-repeat -o c.json 3>&-
    DOC=c.json
    doc '.rounds == 5 and .divided_duration_s == 1 and (.arms[0].results | length == 5)'
    doc '.arms[0].results | all(.duration >= 0.9 and .duration < 2)'
    schema_holds
    [[ ${lines[0]} == "1 arm, 5 rounds in random order, seed "* ]]
    [[ $(tr -s ' \n' ' ' <<<"$output") == *"s per run (without --rounds: -d 1 s is divided among 5 rounds, 1 s at least), "* ]]
}

@test "a scheme is one in any case of its letters" {
    start_faulty
    compare --strategies none --arm "a=HTTP://127.0.0.1:$PORT/ok" -c 1 -a 5 -o c.json
    DOC=c.json
    doc '.arms[0].results[0] | .target.command == null and .accounting.completed == 5'
    run -0 timeout 120 "$BENCH_BUILD/bench" run "Http://127.0.0.1:$PORT/ok" -c 1 -a 5 --no-save 3>&-
    run -0 --separate-stderr compare --strategies none --arm "a=HTTPS://127.0.0.1:$PORT/ok" --dry-run
    jq -e '.arms[0].plan.scheme == "https"' <<<"$output"
    run -0 timeout 120 "$BENCH_BUILD/bench" run --strategy queue --broker "SQLite:$PWD/jobs.db" --work count:1k -c 1 \
        -a 5 --no-save 3>&-
    [ -s jobs.db ]
    run -2 timeout 120 "$BENCH_BUILD/bench" run --strategy queue --broker REDISS://127.0.0.1:1 -c 1 -a 5 3>&-
    [[ $output == *"rediss:// (TLS) is not supported"* ]]
}

@test "a 202 of a plain URL is work that was accepted, not done" {
    start_target --strategy queue --work count:1k
    timeout 120 "$BENCH_BUILD/bench" run "$URL/heavy" -c 1 -a 40 -o run.json >told 3>&-
    jq -e '[.warnings[] | select(.code == "accepted-only")] | length == 1 and
        (.[0].message | test("^40 of 40 responses were 202: the work was accepted, not done"))' run.json
    grep -q ' accepted/s' told
    compare --strategies none --arm "a=$URL/heavy" -c 1 -a 40 --no-save >told
    grep -q '^a: req/s is the accept rate' told
    tr -s ' \n' ' ' <told | grep -q 'the work was accepted, not done'
}

@test "the shell of a command is no process of the server" {
    compare --strategies none --arm "a=true; '$FAULTY' --port {port} >/dev/null; true" \
        --arm "b=exec '$FAULTY' --port {port} >/dev/null" /ok -c 1 -d 300ms -o c.json
    DOC=c.json
    doc '[.arms[].results[0].server.processes | length] == [1, 1]'
    doc '.arms[0].results[0].server.processes[0].role == "faulty_server"'
    # How many threads there are is the server's affair: that of the warm-up's connection may still be ending.
    doc '[.arms[].results[0].server | .total.threads_peak == .processes[0].threads_peak] == [true, true]'
    doc '[.arms[].results[0].server | .total.rss_peak_bytes == .processes[0].rss_peak_bytes] == [true, true]'
}

@test "the probe's column has its path, and an error on it is no stall" {
    run -0 --separate-stderr compare --strategies inline,pool --work count:1k --probe /healthz -c 1 -d 1
    [[ $output == *"/healthz p99"* ]] && [[ $output != *"/ping p99"* ]]
    run -0 --separate-stderr compare --strategies inline,pool --work count:1k --probe /nowhere -c 1 -d 1
    [[ $output == *"probes failed ("*" x 404)"* ]]
    [[ $output != *"blocks the probe endpoint:"* ]]
}

@test "bad input: one sentence, exit 2, and nothing is started" {
    while IFS='|' read -r options want; do
        eval "run -2 --separate-stderr compare $options"
        [ -z "$output" ]
        [ "${#stderr_lines[@]}" -eq 1 ]
        [[ $stderr == *"$want"* ]] || { echo "$options: $stderr"; return 1; }
    done <<'END'
--strategies pol|--strategies: unknown value 'pol'; did you mean pool?
--strategies xyzzyx|choose from: inline, threads, pool
--strategies pool,pool|two arms named 'pool'
--strategies none|nothing to compare
--arm 'node server.js'|'node server.js' has no name
--arm http://127.0.0.1:9/?a=b|is not a name
--arm x=|'x=' has no server
--arm =srv|is empty
--arm pool=srv|two arms named 'pool'
--arm x=srv --arm x=http://h/|two arms named 'x'
--arm $'a\tb=srv'|is not a name
--arm $'\e[31m=srv'|printable
--arm aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=srv|' is too long; use at most 40
--arm x=http://h:99999/|x: 
--arm x=https://h:0/|x: '0' is not a port
--strategies none --arm x=srv --pool-size 3|--pool-size only applies to bundled strategies
heavy|'heavy' is not a path
/a /b|'/b' is a second one
--rounds 0|--rounds
--rounds 1000|at most 1000
--seed 9007199254740992|--seed
--seed -1|--seed
--rounds|needs a value
--strategy pool|--strateg
--cmd srv|unknown option --cmd
-a 5 -c 10|-a/--amount 5 is smaller
-H nonsense|'nonsense' is not a header
--work count:11G|--work
--probe ping|'ping' is not a path
-o ''|-o/--out
-o /nowhere/at/all.json|-o/--out
END
    [ -z "$(ls)" ]
}

@test "in one pipe the table stands first; an arm's run is called by the arm" {
    compare --strategies inline --work count:1k -c 1 -d 600ms --arm "py=$SERVER" -T 'a label' /ok >all 2>&1
    [[ $(tail -n 1 all) == "saved to results/"*-comparison.json ]]
    [[ $(head -n 1 all) == "a label" ]]
    [ "$(ls results | sed 's/.*Z-//' | sort | tr '\n' ' ')" = "comparison.json inline.json py.json " ]
}

@test "--json is one line of JSON, and what is stored" {
    run -0 --separate-stderr compare --strategies pool,inline --work count:1k -c 2 -a 20 --json -o c.json
    [ "${#lines[@]}" -eq 1 ]
    diff <(jq -S . <<<"$output") <(jq -S . c.json)
    [ "$stderr" = "saved to c.json" ]
    [ ! -e results ]
}

@test "-o FILE is all that is written" {
    compare --strategies inline,pool --work count:1k -c 1 -a 5 --rounds 2 -o c.json >out
    jq -e '[.arms[].results | length] == [2, 2] and .arms[0].summary.p50.median > 0' c.json
    [ ! -e results ]
    rm out
    [ "$(ls)" = c.json ]
}

@test "-o FILE is replaced, --no-save saves nothing, -T labels" {
    for _ in 1 2; do
        compare --strategies pool --work count:1k -c 1 -a 5 -o c.json -T 'my label' >out
    done
    jq -e '.title == "my label" and .arms[0].results[0].title == "my label"' c.json
    grep -q 'my label' out
    rm c.json out
    compare --strategies pool --work count:1k -c 1 -a 5 --no-save
    [ -z "$(ls)" ]
}

@test "csv: an arm that sends several requests has a row for each name" {
    printf '%s\n' '{"path": "/ping", "name": "=light"}' '{"path": "/heavy", "name": "heavy"}' >list
    compare --rounds 2 --strategies inline,pool --work count:1k -c 1 -a 10 --requests list -o all.json --format csv >live.csv
    /usr/bin/python3 - live.csv all.json <<'P'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
assert [(r["arm"], r["request"]) for r in rows] == [(a, n) for a in ("inline", "pool") for n in ("", "'=light", "heavy")], rows
for r in rows[0::3]:
    assert r["completed"] == "20" and r["cpu_per_request_ms"] and r["work_per_second"], r
for r in rows[1::3] + rows[2::3]:
    assert r["completed"] == "10" and r["rounds"] == "2" and r["valid"] == "1", r
    assert float(r["p50_ms_low"]) <= float(r["p50_ms"]) <= float(r["p99_ms"]) and float(r["requests_per_second"]) > 0, r
    assert r["cpu_per_request_ms"] == r["rss_peak_bytes"] == r["work_per_second"] == r["probe_p99_ms"] == "", r
arm = json.load(open(sys.argv[2]))["arms"][0]["results"]
assert sum(n["completed"] for r in arm for n in r["requests_by_name"] if n["name"] == "heavy") == int(rows[2]["completed"])
P
    diff <(cut -d, -f2- live.csv) <("$BENCH_BUILD/bench" report --format csv all.json | cut -d, -f2-)
}

@test "csv: a row for each arm, the same as of the stored comparison" {
    compare --strategies pool,inline --work count:1k -c 1 -a 5 -o all.json --format csv >live.csv
    [ "$(wc -l <live.csv)" -eq 3 ]
    diff <(cut -d, -f2- live.csv) <("$BENCH_BUILD/bench" report --format csv all.json | cut -d, -f2-)
}

@test "TLS: its version and cipher, and whether certificates were verified" {
    compare --strategies pool,inline --tls --work count:1k -c 1 -a 5 --no-save >text
    grep -qE '^TLS +TLSv1\.[23], [A-Z0-9_-]+, keep-alive, certificate verified$' text
    compare --strategies pool --work count:1k -c 1 -a 5 --no-save >text
    run ! grep -q '^TLS' text
}

@test "only one arm's processes live at a time, grandchildren included" {
    # The lock is held as long as any process that has inherited it.
    cmd="exec 9>lock; flock -n 9 || touch overlap; echo x >>begun
        setsid tail -f /dev/null $WORK & $SERVER"
    compare --strategies none --arm "a=$cmd" --arm "b=$cmd" --arm "c=$cmd" /ok --rounds 3 -c 1 -a 5 --no-save
    [ "$(wc -l <begun)" -eq 9 ]
    [ ! -e overlap ]
    flock -n lock true
    nothing_left
}

@test "Ctrl-C in the second trial: what there is, marked, exit 130; SIGTERM: 143" {
    while read -r signal code; do
        rm -rf results
        begin compare --rounds 1 --no-repeat --strategies pool,inline --rounds 2 --work "$WORK" -c 2 -d 2
        until_loading
        until_loading
        until_stats '.requests.heavy.completed > 10'
        kill "-$signal" "$BENCH_PID"
        end_bench
        [ "$STATUS" -eq "$code" ]
        the_comparison
        doc '.interrupted and .rounds == 2 and (.order | length == 2)'
        doc '[.arms[].results[]] | length == 2 and (map(select(.interrupted)) | length == 1)'
        doc '.arms | all(.problems == [])'
        doc '[.arms[].results[].accounting |
            .sent == .completed + .timed_out + (.failed | add) + .in_flight_at_end] | all'
        [ "$(ls results | wc -l)" -eq 3 ]
        grep -qi interrupted out
        grep -q "saved to $DOC" said
        schema_holds
        nothing_left
    done <<'END'
INT 130
TERM 143
END
}

@test "Ctrl-C while a server is still starting keeps the trials before it" {
    set -- --strategies none --arm "a=$SERVER" --arm "b=exec tail -f /dev/null $WORK"
    seed_for '["a","b"]' "$@"
    begin compare --rounds 1 --no-repeat "$@" /ok -c 1 -a 5 --ready-timeout 60 --seed "$SEED"
    until_loading
    until_true pgrep -fx "tail -f /dev/null $WORK"
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    the_comparison
    doc '.interrupted and .order == ["a"] and (.arms | map(.results | length) == [1, 0])'
    doc '.arms | all(.problems == [])'
    nothing_left
}

interrupted_again() {
    ! kill -INT "$BENCH_PID" 2>/dev/null
}

@test "the second Ctrl-C ends at once" {
    # This command does not end by SIGTERM: the first Ctrl-C waits for it.
    begin compare --rounds 1 --no-repeat --strategies none --arm "a=trap '' TERM; '$FAULTY' --port {port}; exec tail -f /dev/null $WORK" \
        /ok -c 1 -d 60
    until_loading
    kill -INT "$BENCH_PID"
    # The stop has begun when the server is gone.
    URL='' until_true no_answer "${URL%/ok}/counts"
    until_true interrupted_again # one that comes at once is the first one still
    end_bench
    [ "$STATUS" -eq 130 ]
    [ ! -s out ]
    [ ! -e results ]
    nothing_left
}

@test "two comparisons at once both finish, and share no file" {
    for i in 1 2; do
        compare --strategies pool,inline --rounds 2 --work count:1k -c 2 -a 50 --seed "$i" >"out$i" 2>"said$i" &
        eval "pid$i=$!"
    done
    wait "$pid1"
    wait "$pid2"
    [ "$(ls results | wc -l)" -eq 10 ]
    [ "$(jq -s 'map(select(.schema == "bench.comparison/1") | .seed) | sort | join(" ")' results/*.json)" = '"1 2"' ]
    jq -es 'map(select(.schema == "bench.result/1")) |
        length == 8 and all(.valid and .accounting.completed == 50) and
        (map(.target.pids[0]) | unique | length == 8)' results/*.json
    run ! diff <(grep -o 'results/.*' said1) <(grep -o 'results/.*' said2)
}

@test "a password in an arm's URL is used and never stored or shown" {
    start_faulty
    compare --strategies none --arm "x=http://me:geheim@127.0.0.1:$PORT/ok" -H 'Cookie: geheim=1' -c 1 -a 5 \
        >out 2>&1
    [ "$(cat results/*-comparison.json | jq '.arms[0].results[0].accounting.completed')" -eq 5 ]
    compare --dry-run --strategies none --arm "x=http://me:geheim@127.0.0.1:$PORT/ok" >plan.json
    jq -e '.arms[0].plan.url | startswith("http://127.")' plan.json
    run ! grep -lr geheim results out
}
