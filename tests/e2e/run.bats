#!/usr/bin/env bats
# bench run from end to end: bundled targets and commands, output, files, signals, exit codes.

load common

setup() {
    own_folder
    RESULT=result.json
}

bench() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" "$@" 3>&-
}

# No process, and no file that is not whole.
nothing_left() {
    until_processes 0 "$WORK"
    [ -z "$(find . -name '*.tmp')" ]
}

the_result() {
    set -- results/*.json
    [ "$#" -eq 1 ]
    [ -f "$1" ]
    RESULT=$1
}

@test "the main job: a bundled strategy, tables on stdout, a result in results/" {
    run -0 --separate-stderr bench run --strategy pool -c 10 -d 1 --work count:1M
    [[ $output == *"pool (1M counts per request)"* ]]
    [[ $output == *"closed loop, 10 connections"* ]]
    [[ $output == *"requests/s"* && $output == *"all 2xx"* ]]
    [[ ${stderr_lines[-1]} =~ ^"saved to "(results/[0-9]{8}T[0-9]{6}Z-pool.json)$ ]]
    RESULT=${BASH_REMATCH[1]}
    result '.schema == "bench.result/1" and .valid and (.interrupted | not)'
    result '.connections == 10 and .config.duration == 1 and .duration >= 1 and .duration < 20'
    result '.target | .strategy == "pool" and .work == {kind: "count", n: 1000000}'
    result '.accounting | .completed > 0 and
        .sent == .completed + .timed_out + (.failed | add) + .in_flight_at_end'
    result '.mismatches == 0 and .["2xx"] == .accounting.completed'
    # It says what the server paid, and from how many samples.
    result '.server.total | .cpu_user_s > 0 and .rss_peak_bytes > 1e6 and .threads_peak >= 2'
    result '.histograms.work.count >= .accounting.completed'
    [ -z "$(find . -name '*.tmp')" ]
}

@test "the seed of the back-off is stored, and can be given" {
    bench run --strategy pool --work count:1k -c 1 -a 1 --json --no-save --seed 42 >"$RESULT"
    result '.config.seed == 42'
    bench run --strategy pool --work count:1k -c 1 -a 1 --json --no-save >"$RESULT"
    result '.config.seed > 42'
}

@test "two witnesses: the target counted what bench completed" {
    for strategy in inline pool; do
        bench run --strategy "$strategy" --work count:1k -c 4 -a 200 --json --no-save >"$RESULT"
        accounted '{"completed":200}'
        result '.target.counted == 200 and .histograms.work.count == 200'
    done
}

@test "what is stored is what its JSON Schema says" {
    root=$BATS_TEST_DIRNAME/../..
    "$BENCH_BUILD/bench" run --strategy pool --work count:1k -c 3 -d 1 -o bundled.json
    "$BENCH_BUILD/bench" run --strategy inline --work count:10 --max-work count:10 /heavy?n=50 -a 20 -o refused.json
    start_target --strategy pool
    "$BENCH_BUILD/bench" run "$URL/nowhere" -a 20 -o url.json
    stop_target
    "$root/tests/schema/validate" "$root/docs/bench.result.1.schema.json" bundled.json refused.json url.json
}

@test "bench report shows the same tables from the file" {
    bench run --strategy pool --work count:1k -c 2 -d 1 -l --status-codes -o r.json >printed
    bench report -l --status-codes r.json | diff printed -
    grep -q '^99.999% ' printed
    grep -Eq '^200 .*100.00%$' printed
    # and the JSON as it is stored
    diff <(bench report --json r.json | jq -S .) <(jq -S . r.json)
}

@test "--json is one line of JSON and nothing else, and what is stored" {
    run -0 --separate-stderr bench run --strategy pool --work count:1k -c 2 -a 20 --json -o r.json
    [ "${#lines[@]}" -eq 1 ]
    diff <(jq -S . <<<"$output") <(jq -S . r.json)
    [ "$stderr" = "saved to r.json" ]
    [ "$(ls)" = r.json ]
}

@test "-o FILE, -o DIR, --no-save" {
    start_faulty
    mkdir dir
    bench run "$URL/ok" -c 1 -a 5 -o dir/one.json
    [ "$(ls)" = dir ]
    [ "$(ls dir)" = one.json ]
    bench run "$URL/ok" -c 1 -a 6 -o dir/one.json # is replaced
    RESULT=dir/one.json
    result '.accounting.completed == 6'
    for _ in 1 2 3; do # within one second or not
        bench run "$URL/ok" -c 1 -a 5 -o dir
    done
    [ "$(ls dir | wc -l)" -eq 4 ]
    bench run "$URL/ok" -c 1 -a 5 --no-save
    [ "$(ls)" = dir ]
    bench run "$URL/ok" -c 1 -a 5 -o new/
    [ "$(ls new | wc -l)" -eq 1 ]
}

@test "results/ that cannot be written to costs no measurement" {
    start_faulty
    : >results
    run -2 --separate-stderr bench run "$URL/ok" -c 1 -a 5
    [ -z "$output" ]
    [[ $stderr == *"cannot write to results/"*"-o FILE or --no-save"* ]]
    [ "$(ls)" = results ]
    run -0 bench run "$URL/ok" -c 1 -a 5 --no-save
    end_faulty
    served '{"/ok":[5,5]}'
}

@test "--dry-run prints the plan and sends nothing" {
    start_faulty
    bench run "$URL/echo?a=1" -m POST -b 007 -c 3 --dry-run >plan.json
    jq -e '.schema == "bench.plan/1" and .config.connections == 3 and .config.body == "007"' plan.json
    jq -e '.request | startswith("POST /echo?a=1 HTTP/1.1\r\n") and endswith("\r\n\r\n007")' plan.json
    end_faulty
    [ "$(jq .accepted <<<"$COUNTS")" -eq 0 ]
    bench run --strategy pool --work "$WORK" --dry-run | jq -e '.strategy == "pool"'
    [ "$(ls)" = plan.json ]
    nothing_left
}

@test "a body is recorded by its length, its SHA-256 and its first bytes" {
    start_faulty
    head -c 5000000 /dev/zero >body.bin
    bench run "$URL/echo" -m POST -i body.bin -c 1 -a 2 -o r.json >/dev/null
    [ "$(stat -c %s r.json)" -lt 200000 ]
    jq -e --arg sha "$(sha256sum <body.bin | cut -d ' ' -f 1)" '.config | .input == "body.bin" and
        .body_bytes == 5000000 and .body_sha256 == $sha and (.body | startswith("\\x00\\x00"))' r.json
    bench run "$URL/ok" -c 1 -a 2 --no-save --json | jq -e '.config |
        .body == null and .body_bytes == null and .body_sha256 == null'
    bench run "$URL/echo" -m POST -b "$(head -c 100000 /dev/zero | tr '\0' x)" -c 1 -a 2 -o r.json >/dev/null
    [ "$(stat -c %s r.json)" -lt 200000 ]
    end_faulty
}

@test "--dry-run shows a binary body, and no secrets" {
    printf 'a\0b' >body.bin
    bench run http://me:pass@127.0.0.1:1/ -m POST -i body.bin -H 'Authorization: Bearer t0ken' \
        -H 'cookie: id=t0ken' -H 'X-API-Key: t0ken' --dry-run >plan.json
    jq -e '.request | endswith("\r\nAuthorization: (hidden)\r\ncookie: (hidden)\r\nX-API-Key: (hidden)\r\n\r\na\\x00b")' \
        plan.json
    ! grep -e t0ken -e pass plan.json
    bench compare --strategies inline -H 'Authorization: Bearer t0ken' --dry-run >plan.json
    ! grep t0ken plan.json
    grep -q 'Authorization: (hidden)' plan.json
}

@test "--cmd: the port by {port} and by PORT; its own count is the same" {
    for port in '{port}' '$PORT'; do
        bench run --cmd "exec '$FAULTY' --port $port >counts" /ok -c 2 -a 20 --json --no-save \
            >"$RESULT"
        accounted '{"completed":20}'
        result '.target.strategy == null and (.target.command | contains("faulty_server"))'
        result '.server.total.cpu_user_s != null and .url == "http://\(.target.address)/ok"'
        [ "$(tail -1 counts | jq '.["/ok"].replies')" -eq 20 ]
    done
}

@test "--cmd on ::1 only" {
    [ "$(cat /proc/sys/net/ipv6/conf/lo/disable_ipv6 2>/dev/null)" = 0 ] || skip "no IPv6 here"
    bench run --cmd "exec '$FAULTY' --host ::1 --port {port}" /ok -c 2 -a 20 --json --no-save \
        >"$RESULT"
    accounted '{"completed":20}'
    result '.target.address | startswith("[::1]:")'
}

@test "everything below a command ends with the run" {
    word="unique-$BASHPID"
    bench run --cmd "setsid tail -f /dev/null $word 2>/dev/null & exec '$FAULTY' --port {port}" /ok \
        -c 1 -a 5 --no-save
    until_processes 0 "$word"
}

@test "Ctrl-C: the result so far, marked, exit 130; SIGTERM: 143" {
    while read -r signal code; do
        rm -rf results
        begin run --strategy pool --work "$WORK" -c 2 -d 60
        until_loading
        until_stats '.requests.heavy.completed > 10'
        kill "-$signal" "$BENCH_PID"
        end_bench
        [ "$STATUS" -eq "$code" ]
        the_result
        result '.interrupted and .valid and .duration < 50 and .accounting.completed > 10'
        result '.accounting | .sent == .completed + .timed_out + (.failed | add) + .in_flight_at_end'
        grep -qi interrupted out
        nothing_left
    done <<'END'
INT 130
TERM 143
END
}

@test "Ctrl-C with --json gives JSON" {
    begin run --strategy pool --work "$WORK" -c 2 -d 60 --json --no-save
    until_loading
    until_stats '.requests.heavy.completed > 10'
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    jq -e '.schema == "bench.result/1" and .interrupted' out
}

@test "Ctrl-C before anything was measured: 130, and no result" {
    begin run --cmd "exec tail -f /dev/null $WORK" --ready-timeout 60
    until_processes 4 "$WORK" # bench, two guards, tail
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    [ ! -s out ]
    [ ! -e results ]
    grep -q "interrupted before anything was measured" said
    nothing_left
}

@test "Ctrl-C in the warm-up: 130, and no result" {
    begin run --strategy pool --work "$WORK" -c 2 -d 60 -W 60
    until_loading
    until_stats '.requests.heavy.completed > 10'
    kill -INT "$BENCH_PID"
    end_bench
    cat said
    [ "$STATUS" -eq 130 ]
    [ ! -s out ]
    [ ! -e results ]
    grep -q "interrupted before anything was measured" said
    nothing_left
}

@test "Ctrl-C while a connect gets no answer" {
    start_faulty --deaf
    connect first # the queue of the deaf one is full
    begin run "$URL/ok" -t 60
    # A connect under way, as the kernel tells it.
    URL='' until_true grep -q "$(printf ':%04X 02' "$PORT")" /proc/net/tcp
    kill -INT "$BENCH_PID"
    end_bench # fails when it takes long
    [ "$STATUS" -eq 130 ]
}

interrupted_again() {
    ! kill -INT "$BENCH_PID" 2>/dev/null
}

@test "the second Ctrl-C ends at once" {
    # This command does not end by SIGTERM: the first Ctrl-C waits for it.
    begin run --cmd "trap '' TERM; '$FAULTY' --port {port}; exec tail -f /dev/null $WORK" /ok -c 1 -d 60
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

@test "kill -9 of bench leaves no process" {
    begin run --strategy pool --work "$WORK" -c 2 -d 60
    until_loading
    until_stats '.requests.heavy.completed > 10'
    [ "$(processes_with "$WORK")" -ge 4 ] # bench, two guards, the target
    kill -KILL "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 137 ]
    nothing_left
    [ ! -e results ]
}

@test "a target that dies during the run: exit 5, the result says so" {
    begin run --strategy pool --work "$WORK" -c 2 -d 60
    until_loading
    until_stats '.requests.heavy.completed > 10'
    kill -KILL "$(stats .pid)"
    end_bench
    [ "$STATUS" -eq 5 ]
    the_result
    result '(.valid | not) and (.interrupted | not) and .duration < 50'
    result '.target.end | test("signal 9")'
    result '.warnings | any(.code == "target-died")'
    result '.accounting | .sent == .completed + .timed_out + (.failed | add) + .in_flight_at_end'
    [ -s out ]
    nothing_left
}

@test "a target that dies in the warm-up: exit 5, and why" {
    begin run --strategy pool --work "$WORK" -c 2 -d 60 -W 60
    until_loading
    until_stats '.requests.heavy.completed > 10'
    kill -KILL "$(stats .pid)"
    end_bench
    cat said
    [ "$STATUS" -eq 5 ]
    grep -q 'signal 9' said
    run ! grep -q 'bug:' said
    nothing_left
}

@test "--max-rss stops the target; that is a finding, not a failure" {
    run -0 --separate-stderr bench run --strategy pool --work count:1k -c 2 -d 30 --max-rss 1M
    the_result
    result '.valid and .duration < 25 and .target.end == "max-rss"'
    result '.warnings | any(.code == "max-rss")'
    [[ $output == *max-rss* ]]
}

@test "the warm-up is left out of the target's count too" {
    bench run --strategy pool --work count:1k -c 2 -a 100 -W 200ms --json --no-save >"$RESULT"
    accounted '{"completed":100}'
    result '.accounting.warmup_discarded > 0'
    result '.target.counted == 100 + .accounting.warmup_discarded'
    # The server's histograms begin when it answers: maybe after a window as short as this one.
    result '.histograms.work.count < .target.counted'
}

@test "a password is used and never stored or shown" {
    start_faulty
    bench run "http://me:geheim@127.0.0.1:$PORT/ok" -H 'Cookie: geheim=1' -c 1 -a 5 -o r.json >out 2>&1
    [ "$(jq .accounting.completed r.json)" -eq 5 ]
    run ! grep -l geheim r.json out
}

@test "plain ASCII where the locale is not UTF-8" {
    start_faulty
    LC_ALL=C bench run "$URL/ok" -c 2 -a 50 -l --status-codes --no-save >out
    run ! env LC_ALL=C grep -P '[^\x00-\x7f]' out
    LC_ALL=C.UTF-8 bench run "$URL/ok" -c 2 -a 50 --no-save | grep -q ─
}

@test "bench serve runs a target alone" {
    exec {SAID}< <(exec "$BENCH_BUILD/bench" serve --strategy inline --port 0 --work count:77 3>&-)
    BENCH_PID=$!
    read -r -t "$PATIENCE" READY <&"$SAID"
    jq -e '.ready and .strategy == "inline"' <<<"$READY"
    URL=http://127.0.0.1:$(jq .port <<<"$READY")
    [ "$(get "$URL/heavy")" = '{"count":77}' ]
    bench run "$URL/heavy" -c 2 -a 20 -E $'{"count":77}\n' --json --no-save >"$RESULT"
    accounted '{"completed":20}'
    result '.mismatches == 0 and .target.strategy == null'
    until_stats '.requests.heavy.completed == 21'
    kill -TERM "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 0 ]
}

@test "the probe sees the blocked loop of inline, and not of pool" {
    "$BENCH_BUILD/bench" run --strategy inline --work sleep:20ms -c 20 -d 2 --no-save --json >inline
    "$BENCH_BUILD/bench" run --strategy pool --work sleep:20ms -c 20 -d 1 --no-save --json >pool
    jq -e '.probe | .path == "/ping" and
        .due == .completed + .non_2xx + .timed_out + .failed + .open_at_end' inline
    # a turn of the loop answers 20 requests of 20 ms: a ping waits for the rest of it, and no longer
    run -1 "$BENCH_BUILD/bench" check inline --fail 'probe.p50>20ms'
    jq -e '.probe | .completed > .open_at_end' inline
    jq -e '.probe.completed >= 10' pool
    # its requests enter no other figure
    jq -e '.target.counted <= .accounting.sent and .accounting.completed == .histograms.latency.count' pool
}

@test "probes that get another status are counted by it, and are no stall" {
    "$BENCH_BUILD/bench" run --strategy pool --work count:1k -c 2 -d 1 --probe /nowhere --no-save --json >missing
    jq -e '.probe | .non_2xx > 0 and .completed == 0 and .statuses == {"404": {count: .non_2xx}}' missing
    jq -e '.histograms | .probe.count == 0 and .probe_unfinished.count <= 2' missing
    jq -e '.warnings | map(select(.code == "probe-failed")) | length == 1' missing
    run -0 "$BENCH_BUILD/bench" report missing
    [[ $output == *"non-2xx ("*" x 404)"* ]]
}

@test "the user's Connection: close holds for the probe, and is no failure" {
    "$BENCH_BUILD/bench" run --strategy pool --work count:1k -c 2 -d 1 -H 'Connection: close' --no-save --json >closed
    jq -e '.probe | .completed > 0 and .failed == 0 and .timed_out == 0' closed
}

@test "no probe where none is asked for" {
    "$BENCH_BUILD/bench" run --strategy pool --work count:1k -c 1 -a 10 --probe-rate 0 --no-save --json >off
    jq -e '.probe == null and .histograms.probe == null' off
    run -2 "$BENCH_BUILD/bench" run --strategy pool --probe ping
    [[ $output == *"is not a path"* ]]
}
