# The tools of scripts/bench-peers and the like tell what happened. BENCH_BUILD names the build folder.

load ../e2e/common

setup() {
    perf=$BENCH_BUILD/perf
    cost=$BATS_TEST_TMPDIR/cost.json
}

@test "ping_loop: counts the server's replies" {
    start_target --strategy inline
    "$perf/ping_loop" "$PORT" 5 0.2s >"$BATS_TEST_TMPDIR/ping.json"
    jq -e '.requests > 10 and .lost == 0 and .seconds > 0.15 and .cpu_per_request_us > 0' \
        "$BATS_TEST_TMPDIR/ping.json"
    stop_target
}

@test "ping_loop: no server, an error" {
    run --separate-stderr "$perf/ping_loop" 1 1 0.1s
    [ "$status" -eq 5 ]
    [ "$output" = "" ]
    [[ "$stderr" == *"nothing answered on port 1"* ]]
}

@test "cost: what a command used, its output and exit code untouched" {
    run "$perf/cost" "$cost" 0 sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo $i; exit 7'
    [ "$status" -eq 7 ]
    [ "$output" = 200000 ]
    jq -e '.exit == 7 and .cpu_user_s + .cpu_system_s > 0.01 and .seconds > 0.01
        and .rss_peak_bytes > 500000 and .server_cpu_s == null' "$cost"
}

@test "cost: what the server used meanwhile" {
    # The server is the shell that calls: it works only while the command runs.
    run "$perf/cost" "$cost" $$ true
    [ "$status" -eq 0 ]
    jq -e '.server_cpu_s >= 0 and .server_cpu_s < 1' "$cost"
}

@test "cost: a command that is not there, a signal" {
    run -127 "$perf/cost" "$cost" 0 ./no-such-command
    run "$perf/cost" "$cost" 0 sh -c 'kill -KILL $$'
    [ "$status" -eq 137 ]
    jq -e '.exit == 137' "$cost"
}

@test "first_byte: a time for each start" {
    "$perf/first_byte" 3 curl -s '{url}' >"$BATS_TEST_TMPDIR/first.json"
    jq -e '.runs == 3 and .min_ms > 0 and .min_ms <= .median_ms and .median_ms <= .max_ms' \
        "$BATS_TEST_TMPDIR/first.json"
}

@test "count.awk: reads the reports of others" {
    count() {
        awk -v name="$1" -f "$BATS_TEST_DIRNAME/../../scripts/peers/count.awk" | jq -c .
    }
    [ "$(count wrk <<'END'
Running 2s test @ http://127.0.0.1:1/
  84001 requests in 2.01s, 68.50MB read
  Socket errors: connect 1, read 2, write 3, timeout 4
  Non-2xx or 3xx responses: 5
Requests/sec:  41792.21
END
)" = '{"requests":84001,"seconds":2.01,"failed":15}' ]
    [ "$(count wrk <<<'  9 requests in 1.50m, 1.00MB read')" = \
        '{"requests":9,"seconds":90,"failed":0}' ]
    [ "$(count ab <<'END'
Time taken for tests:   2.000 seconds
Complete requests:      64001
Failed requests:        2
   (Connect: 0, Receive: 0, Length: 2, Exceptions: 0)
Non-2xx responses:      3
END
)" = '{"requests":64001,"seconds":2,"failed":5}' ]
    [ "$(count h2load <<'END'
finished in 2.00s, 37835.50 req/s, 30.50MB/s
requests: 75671 total, 75771 started, 75671 done, 75668 succeeded, 1 failed, 1 errored, 1 timeout
END
)" = '{"requests":75668,"seconds":2,"failed":3}' ]
    [ "$(count s_time <<'END'
2345 connections in 1.80s; 1302.78 connections/user sec, bytes read 1967455
2345 connections in 3 real seconds, 839 bytes read per connection
END
)" = '{"requests":2345,"seconds":3,"failed":0}' ]
    [ "$(count hey <<'END'
Summary:
  Total:	2.0061 secs
Status code distribution:
  [200]	23000 responses
  [503]	7 responses

Error distribution:
  [3]	Get "http://127.0.0.1:1/": connection refused
END
)" = '{"requests":23007,"seconds":2.0061,"failed":10}' ]
}

@test "summary.jq: ratios are taken within a round" {
    for round in 1 2 3; do
        # The machine is ten times as slow in round 2; both clients feel it.
        scale=$([ "$round" -eq 2 ] && echo 0.1 || echo 1)
        printf '{"client":"%s","round":%d,"requests_per_s":%s,"cpu_per_request_us":%s,
            "cpu_user_s":1,"cpu_system_s":1,"rss_peak_bytes":%d,"server_busy":null,"failed":1}\n' \
            bench "$round" "$(jq -n "1000*$scale")" 10 100 other "$round" "$(jq -n "500*$scale")" 20 50
    done | jq -s --arg base bench --arg machine x --argjson connections 1 --argjson seconds 1 \
        -f "$BATS_TEST_DIRNAME/../../scripts/peers/summary.jq" >"$BATS_TEST_TMPDIR/summary.json"
    jq -e '.clients | map(.client) == ["bench", "other"]' "$BATS_TEST_TMPDIR/summary.json"
    jq -e '.clients[1] | .ratio.requests_per_s == {median: 0.5, min: 0.5, max: 0.5}
        and .ratio.cpu_per_request_us.median == 2 and .ratio.rss_peak_bytes.median == 0.5
        and .failed == 3 and .rounds == 3 and .server_busy == null and .requests_per_s == 500' \
        "$BATS_TEST_TMPDIR/summary.json"
}

@test "percentiles.awk: what others say of latencies" {
    percentiles() {
        awk -v name="$1" -f "$BATS_TEST_DIRNAME/../../scripts/peers/percentiles.awk"
    }
    [ "$(percentiles wrk2 <<'END'
  Latency Distribution (HdrHistogram - Recorded Latency)
 50.000%  812.00us
 99.000%    1.90s
100.000%    2.00m

  Detailed Percentile spectrum:
       Value   Percentile   TotalCount 1/(1-Percentile)
END
)" = '{"p50_ms":0.812,"p99_ms":1900}' ]
    [ "$(percentiles wrk2 <<<' 50.000%    1.13ms')" = '{"p50_ms":1.13,"p99_ms":null}' ]
    # One in a hundred took longer, and one more failed.
    log() {
        for i in {1..99}; do printf '1700000000000000\t200\t%d\n' "$((1000 + i))"; done
        printf '1700000000000000\t200\t90000\n1700000000000000\t-1\t99999\n'
    }
    [ "$(log | sort -n -k 3 | percentiles h2load)" = '{"p50_ms":1.05,"p99_ms":1.099}' ]
    [ "$(percentiles h2load </dev/null)" = '{"p50_ms":null,"p99_ms":null}' ]
}

# rate_summary: of runs on stdin.
rate_summary() {
    jq -s --arg machine x --argjson connections 5 --argjson seconds 1 \
        -f "$BATS_TEST_DIRNAME/../../scripts/peers/rate.jq" >"$BATS_TEST_TMPDIR/summary.json"
}

@test "rate.jq: ratios to the closed loop of the same round, and the analytic p99 of a freeze" {
    for round in 1 2 3; do
        # The machine is ten times as slow in round 2.
        scale=$([ "$round" -eq 2 ] && echo 10 || echo 1)
        jq -nc --argjson round "$round" --argjson scale "$scale" '
            {part: "rate", client: "closed", rate: 0, $round, cpu_per_request_us: (10 * $scale), p99_ms: 1},
            {part: "rate", client: "single", rate: 0, $round, cpu_per_request_us: (24 * $scale), p99_ms: 1},
            {part: "rate", client: "bench", rate: 1000, $round, achieved_per_s: (1000 - $round),
             cpu_per_request_us: (15 * $scale), cpu_without_spin_us: (12 * $scale), p99_ms: null,
             slip_p99_us: $round},
            {part: "freeze", client: "bench", rate: 100, $round, asked_s: 10, frozen_s: 2, p99_ms: 1895}'
    done | rate_summary
    jq -e '.schema == "bench.rate/1" and .rounds == 3 and (.runs | length) == 12 and
        (.rows | map("\(.part) \(.client) \(.rate)")) ==
            ["freeze bench 100", "rate closed 0", "rate single 0", "rate bench 1000"]' "$BATS_TEST_TMPDIR/summary.json"
    jq -e '.rows[3].figures | .cpu_of_closed.median == 1.5 and .cpu_without_spin_of_closed.median == 1.2
        and .cpu_without_spin_of_single.median == 0.5
        and .of_asked == {median: 0.998, min: 0.997, max: 0.999} and .p99_ms == null
        and .slip_p99_us == {median: 2, min: 1, max: 3}' "$BATS_TEST_TMPDIR/summary.json"
    # Of 1000 requests 10 take longer than the p99, and wait for 2 s less 10.5 hundredths.
    jq -e '.rows[0].figures | (.analytic_p99_ms.median - 1895 | fabs) < 1e-6
        and (.p99_of_analytic.median - 1 | fabs) < 1e-9' "$BATS_TEST_TMPDIR/summary.json"
}

# rate_run OPTION...: scripts/bench-rate, too short to say anything, with the clients that are there.
rate_run() {
    "$BATS_TEST_DIRNAME/../../scripts/bench-rate" --rounds 1 --seconds 1 --rates 200 --connections 5 \
        --freeze 0.3 --freeze-seconds 3 --freeze-rate 100 "$@" 3>&-
}

@test "bench-rate: every client that is there, at a rate and in a freeze" {
    rate_run --json >"$BATS_TEST_TMPDIR/summary.json"
    jq -e '(.rows | map(select(.client | IN("closed", "single", "bench")) | "\(.part) \(.client) \(.rate)"))
        == ["freeze bench 100", "rate closed 0", "rate single 0", "rate bench 200"]' "$BATS_TEST_TMPDIR/summary.json"
    jq -e '.rows[] | select(.client == "bench" and .part == "rate").figures
        | .of_asked.median > 0 and .of_asked.max <= 1 and .p99_ms.median > 0 and .failed.max == 0
        and .slip_p50_us.median >= 0 and .slip_p99_9_us.median >= .slip_p50_us.median
        and .cpu_of_closed.median > 0 and .cpu_without_spin_us.median <= .cpu_per_request_us.median' \
        "$BATS_TEST_TMPDIR/summary.json"
    jq -e '.rows[] | select(.client == "bench" and .part == "freeze").figures
        | .frozen_s.median >= 0.3 and .analytic_p99_ms.median > 260 and .p99_of_analytic.median > 0' \
        "$BATS_TEST_TMPDIR/summary.json"
}

@test "bench-rate: a table, one part, and options that are wrong" {
    run -0 --separate-stderr rate_run --only bench --part rate
    [[ "$output" == "row "*"rate bench 200/s"*"slip_p99_us"*"1 rounds of 1 s, 5 connections."* ]]
    [[ "$output" != *freeze* ]]
    run -2 --separate-stderr rate_run --only bench,siege
    [[ "$stderr" == *"no client is called siege"* ]]
    run -2 --separate-stderr rate_run --part warmup
    [[ "$stderr" == *"there is no part 'warmup'"* ]]
    run -2 --separate-stderr rate_run --rates 1k
    run -2 --separate-stderr rate_run --freeze 2
    [[ "$stderr" == *"at least twice --freeze"* ]]
    BENCH_BUILD=$BATS_TEST_TMPDIR run -2 --separate-stderr rate_run
    [[ "$stderr" == *"has no bench; build it with"* ]]
}

@test "bare_call: the CPU time of a call, on every core" {
    "$perf/bare_call" count:1M 100ms >"$BATS_TEST_TMPDIR/bare.json"
    jq -e '.threads >= 1 and .calls >= .threads and .cpu_per_call_ms > 0.01
        and .calls * .cpu_per_call_ms <= .threads * 1e4' "$BATS_TEST_TMPDIR/bare.json"
    run "$perf/bare_call" count:1M 0
    [ "$status" -eq 2 ]
    run "$perf/bare_call" jump:1 1s
    [ "$status" -eq 2 ]
}

@test "verdict_rates: too few sessions, a usage error" {
    run --separate-stderr "$BENCH_BUILD/perf/verdict_rates" 99
    [ "$status" -eq 2 ]
    [ "$output" = "" ]
    [[ "$stderr" == "usage: verdict_rates"* ]]
}

# proof OPTION...: scripts/bench-verdicts with sessions that are too short to say anything.
proof() {
    "$BATS_TEST_DIRNAME/../../scripts/bench-verdicts" --folder "$BATS_TEST_TMPDIR/proof" \
        --max-blocks 6 --work 2000 --load '-c 4 -d 60ms' "$@"
}

@test "bench-verdicts: measures what is missing, and the summary adds up" {
    folder=$BATS_TEST_TMPDIR/proof
    run --separate-stderr proof --summary --aa 1
    [ "$status" -eq 2 ]
    [[ "$stderr" == *"has no complete session"* ]]

    mkdir "$folder"
    echo '{"schema":"bench.session/1","interrupted":true}' >"$folder/slowed-01.json"
    run --separate-stderr proof --aa 0 --slowed 1 --hog 0
    [ "$status" -eq 0 ]
    [[ "$stderr" == *"session 1 of 1: slowed-01"* ]]
    [[ "$output" == "kind "*"slowed         1  any"*"--max-blocks 6"* ]]
    before=$(stat -c %Y-%i "$folder/slowed-01.json")

    run --separate-stderr proof --aa 0 --slowed 1 --hog 1 --json
    [ "$status" -eq 0 ]
    [[ "$stderr" == *"session 1 of 1: hog-01"* ]]
    [ "$(stat -c %Y-%i "$folder/slowed-01.json")" = "$before" ]
    [ "$output" = "$(cat "$folder/summary.json")" ]
    jq -e 'def all_counted($n): .fail + .pass + .inconclusive + .invalid == $n;
        (.kinds | map(.kind) == ["slowed", "hog"]) and
        (.kinds | all(.sessions == 1 and .minutes > 0 and (.any | all_counted(1)) and
            (.gates | keys == ["cpu_per_request", "p99", "rps"]) and
            (.gates | all(all_counted(1))) and .gates.rps.sd > 0))' <<<"$output"
    [ "$(ls "$folder" | tr '\n' ' ')" = 'blocks.tsv hog-01.json plan slowed-01.json summary.json ' ]
    run --separate-stderr proof --work 3000
    [ "$status" -eq 2 ]
    [[ "$stderr" == *"sessions of another plan"* ]]
}

@test "verdicts.jq: one arm after the other, by the blocks of a session" {
    # Without drift but in the second half, where both arms are 1.2 times as slow.
    for i in 0 1 2 3 4 5; do
        for arm in base head; do
            jq -nc --argjson i "$i" --arg arm "$arm" '
                (if $i < 3 then 1 else 1.2 end * (1 + ($i % 3) / 100)) as $x | {($arm): $x}'
        done | jq -sc add
    done | jq -sc '{name: "aa-01", kind: "aa", verdict: "pass", blocks: 6, measured_s: 60, machine: "x",
        tool: "1", gates: [("cpu_per_request", "rps", "p99") as $m |
            {metric: $m, verdict: "pass", blocks: 6, caught: 0.5,
             pairs: (if $m == "rps" then map(.base = .head * 1.2) else . end)}]}' >"$BATS_TEST_TMPDIR/one"
    jq -s --arg plan x -f "$BATS_TEST_DIRNAME/../../scripts/peers/verdicts.jq" \
        "$BATS_TEST_TMPDIR/one" >"$BATS_TEST_TMPDIR/summary.json"
    # base of rps is as slow in the first half as head is in the second: no difference is seen.
    jq -e '.kinds[0].gates | .p99.sequential == {sessions: 1, differ: 1} and
        .rps.sequential == {sessions: 1, differ: 0} and .p99.sd == 0 and .p99.minutes == 1 and
        .cpu_per_request.caught == 0.5' "$BATS_TEST_TMPDIR/summary.json"
}

@test "blocks.jq, session_rates: the blocks of equal arms are noise to simulate sessions with" {
    jq -nc '("aa-01", "slowed-01", "aa-02") as $name | {$name, kind: ($name | sub("-.*"; "")),
        gates: [("cpu_per_request", "rps", "p99") as $m | {metric: $m, pairs:
            [range(if $name == "aa-02" and $m == "p99" then 0 else 6 end) |
                {base: 100, head: (if $m == "rps" then 80 + . * 7 else 97 + . end)}]}]}' |
        jq -r -f "$BATS_TEST_DIRNAME/../../scripts/peers/blocks.jq" >"$BATS_TEST_TMPDIR/blocks.tsv"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/blocks.tsv")" -eq 6 ]
    [ "$(head -n 1 "$BATS_TEST_TMPDIR/blocks.tsv")" = $'aa-01\t-0.030459\t0.223144\t-0.030459' ]
    "$BENCH_BUILD/perf/session_rates" 10 "$BATS_TEST_TMPDIR/blocks.tsv" >"$BATS_TEST_TMPDIR/rates"
    # Blocks of 3 % at most never hide a change of 10 %.
    grep -Eq '^  cpu_per_request 10% +x 1  measured +100.00 +100.00 ' "$BATS_TEST_TMPDIR/rates"
    echo 'aa-01 0.1 nothing' >"$BATS_TEST_TMPDIR/blocks.tsv"
    run -2 --separate-stderr "$BENCH_BUILD/perf/session_rates" 10 "$BATS_TEST_TMPDIR/blocks.tsv"
    [[ "$stderr" == *"blocks.tsv, line 1: not a session and three numbers" ]]
}
