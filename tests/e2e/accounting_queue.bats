#!/usr/bin/env bats
# bench run --strategy queue: what is accepted, what is done, what is left, and that nothing stays.

load common

# No process of the run, and no folder.
is_clean() {
    [ "$(processes_with "$TMPDIR") $(processes_with "$WORK")" = '0 0' ] && [ -z "$(ls -A "$TMPDIR")" ]
}

nothing_left() {
    URL='' until_true is_clean && return
    ls -lA "$TMPDIR"
    echo "$(processes_with "$TMPDIR") processes have $TMPDIR, $(processes_with "$WORK") $WORK"
    return 1
}

# Until bench itself has asked the gateway three times with no load on it: it waits for the backlog.
until_draining() {
    until_stats '.connections.open <= 2'
    FIRST=$(stats .requests.other)
    OURS=0
    until_true has_asked_thrice
}

has_asked_thrice() {
    OURS=$((OURS + 1))
    [ "$(($(stats .requests.other) - FIRST - OURS))" -ge 3 ]
}

# The folder of the run's broker, as its target was told.
broker_folder() {
    find "$TMPDIR" -mindepth 1 -maxdepth 1 -type d -name 'bench-run-*'
}

@test "every job that was answered 202 is completed or in the backlog" {
    measure --strategy queue --work count:200k -c 8 -a 600
    accounted '{"completed":600}'
    result '.statusCodeStats == {"202": {count: 600}}'
    result '.queue.accepted == 600 and .queue.broker == "sqlite" and .queue.backlog_start == 0'
    result '.queue | .backlog_start + .accepted == .completed + .failed + .backlog_end'
    result '.queue | .workers == 1 and .workers_lost == 0 and .failed == 0'
    result '.queue.completed_per_s as $rate | (.queue.completed / .duration - $rate) | fabs < 0.01'
    result '.warnings | map(.code) | all(. != "jobs-unaccounted" and . != "jobs-not-stored")'
    nothing_left
}

@test "what comes in faster than it is done is a backlog, and its drain is projected" {
    measure --strategy queue --work sleep:50ms --worker-concurrency 1 -c 4 -d 2
    result '.queue.accepted >= .["2xx"] and .queue.accepted <= .accounting.sent'
    result '.queue | .backlog_start + .accepted == .completed + .failed + .backlog_end'
    # one worker of one thread does at most 20 a second
    result '.queue.completed > 0 and .queue.completed <= 42 and .queue.backlog_end > 50'
    result '.queue.drain | .how == "projected" and .left == null'
    result '.queue as $q | ($q.backlog_end / $q.completed_per_s - $q.drain.time_s) | fabs < 0.01'
    result '.warnings | any(.code == "backlog-grows")'
    result '.histograms.work.count > 0 and .histograms.job.count == .histograms.wait.count'
    # the readings of gateway and worker are some milliseconds apart
    result '(.histograms.job.count - .queue.completed) | fabs <= 10'
    result '.server.processes | map(.role) | sort == ["target", "worker"]'
    nothing_left
}

@test "the seconds add up to the totals" {
    measure --strategy queue --work sleep:5ms -c 4 -d 3
    result '(.series | map(.jobs_completed) | add) == .queue.completed'
    result '.series[-1].queue_backlog == .queue.backlog_end'
    result '(.series | map(.requests) | add) == .accounting.completed'
    result '.series | all(.queue_backlog != null)'
}

@test "--drain wait: the backlog ends at 0, and every job is in the histogram" {
    measure --strategy queue --work sleep:2ms --worker-concurrency 1 -c 8 -a 400 --drain wait
    result '.queue | .accepted == 400 and .backlog_end > 0'
    result '.queue.drain | .how == "measured" and .left == 0 and .time_s > 0 and .time_s < 60'
    result '.histograms.job.count == 400 and .histograms.work.count == 400'
    result '.queue | .completed + .drain.completed == 400 and .drain.cut_by == null'
    # the whole leads: 400 jobs of at least 2 ms, one at a time
    "$BENCH_BUILD/bench" report "$RESULT" >text
    grep -Eq '^[0-9.k]+ accepted/s   400 jobs in [0-9.]+ m?s: [0-9.]+/s' text
    grep -Eq '^drain .* after the load \(measured\); 400 jobs in ' text
    result '.queue | .backlog_start + .accepted == .completed + .failed + .backlog_end'
    result '.valid and (.interrupted | not)'
    nothing_left
}

@test "a queue that keeps up has no backlog worth a warning" {
    measure --strategy queue --work count:10 -c 1 -a 50 --drain wait
    result '.queue.drain.how == "measured" and .histograms.job.count == 50'
    result '.warnings | all(.code != "backlog-grows")'
}

@test "--drain TIME: at most that long, and what was left" {
    measure --strategy queue --work sleep:200ms --worker-concurrency 1 -c 4 -a 200 --drain 500ms
    result '.queue.drain | .how == "cut" and .time_s >= 0.5 and .time_s < 30 and .left > 0'
    result '.queue.drain.left <= .queue.backlog_end'
    result '.valid and (.warnings | any(.code == "drain-cut" and (.message | contains("in the 0.5 s of --drain"))))'
    result '.queue.drain | .cut_by == "time" and .most_s == 0.5'
    nothing_left
}

@test "without a worker nothing is completed, and it takes for ever" {
    measure --strategy queue --queue-workers 0 -c 4 -a 100
    result '.queue | .accepted == 100 and .completed == 0 and .backlog_end == 100'
    result '.queue.drain | .how == "projected" and ([.time_s, .left, .completed, .most_s, .cut_by] | all(. == null))'
    result '.queue.workers == 0 and .histograms.job == null'
    result '.warnings | any(.code == "no-workers")'
    "$BENCH_BUILD/bench" report "$RESULT" >text
    grep -q 'never drains (projected)' text
}

@test "--drain wait without a worker ends by itself and says so" {
    measure --strategy queue --queue-workers 0 -c 4 -a 100 --drain wait
    result '.queue.drain | .how == "cut" and .left == 100 and .time_s >= 5 and .time_s < 40'
    result '.queue.drain.cut_by == "no-worker"'
    result '.warnings | any(.code == "drain-cut" and (.remedy | contains("--queue-workers")))'
    result '.warnings | all(.remedy | contains("more time") | not)'
}

@test "Ctrl-C ends the waiting; the result is whole, its drain is cut" {
    begin run --strategy queue --work sleep:10s --worker-concurrency 1 -c 2 -a 20 --drain wait -o r.json
    until_loading
    until_stats '.queue.accepted == 20'
    until_draining
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    RESULT=r.json
    result '.valid and (.interrupted | not)'
    result '.accounting.completed == 20 and .queue.accepted == 20'
    result '.queue.drain | .how == "cut" and .left >= 18 and .time_s < 60 and .cut_by == "interrupt"'
    result '.warnings | any(.code == "drain-cut" and (.message | contains("drain was interrupted")))'
    nothing_left
}

@test "the table says accepted and completed, live and from the file" {
    "$BENCH_BUILD/bench" run --strategy queue --work sleep:20ms --worker-concurrency 1 -c 4 -d 1 \
        -l -o r.json >live
    grep -Eq '^[0-9.k]+ accepted/s   [0-9.]+ jobs completed/s' live
    grep -q '^queue .* jobs accepted/s, .* completed/s: ' live
    grep -q '^backlog .* at the start, .* at the end: it grew by .* per second' live
    grep -q 'at this rate, under the load, the backlog takes about .* to drain (projected)' live
    grep -q '^job: added to done' live
    run ! grep -q 'requests/s' live
    "$BENCH_BUILD/bench" report -l r.json | diff live -
}

@test "what is stored is what its JSON Schema says" {
    root=$BATS_TEST_DIRNAME/../..
    "$BENCH_BUILD/bench" run --strategy queue --work count:1k -c 3 -d 1 --drain 5 -o queue.json
    "$BENCH_BUILD/bench" run --strategy queue --queue-workers 0 -c 3 -a 20 -o undone.json
    "$root/tests/schema/validate" "$root/docs/bench.result.1.schema.json" queue.json undone.json
}

@test "a limit on what was done" {
    measure --strategy queue --work count:1k -c 2 -a 100 --drain wait
    "$BENCH_BUILD/bench" check "$RESULT" --fail 'jobs_failed>0' --fail 'drain_time>1m' \
        --fail 'accepted<100' --fail 'job.p50>1m' --fail 'backlog_left>0'
    measure --strategy queue --queue-workers 0 -c 2 -a 100
    run -1 "$BENCH_BUILD/bench" check "$RESULT" --fail 'drain_time>1h' --fail 'jobs<1'
    [[ $output == *never* && $output == *"2 of 2 thresholds crossed"* ]]
}

@test "the warm-up is left out of the jobs too" {
    measure --strategy queue --work count:1k -c 2 -a 100 -W 300ms --drain wait
    result '.accounting.warmup_discarded > 0 and .queue.accepted <= 110'
    result '.queue | .backlog_start + .accepted == .completed + .failed + .backlog_end'
}

@test "the private broker is told, is ours alone, and goes with the run" {
    begin run --strategy queue --work "$WORK" -c 2 -d 60 -o r.json
    until_loading
    until_stats '.queue.accepted > 10'
    folder=$(broker_folder)
    [ "$(stat -c %a "$folder")" = 700 ]
    [ -f "$folder/queue.db" ]
    kill -INT "$BENCH_PID"
    end_bench
    RESULT=r.json
    result '.config.broker | test("private")'
    result '.target.argv | index("--broker") != null'
    nothing_left
}

@test "kill -9 of bench leaves no process and no folder" {
    begin run --strategy queue --work "$WORK" -c 2 -d 60
    until_loading
    until_stats '.queue.accepted > 10'
    [ -n "$(broker_folder)" ]
    kill -KILL "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 137 ]
    nothing_left
}

@test "kill -9 of the gateway leaves no process and no folder" {
    begin run --strategy queue --work "$WORK" -c 2 -d 60 -o r.json
    until_loading
    until_stats '.queue.accepted > 10'
    kill -KILL "$(stats .pid)"
    end_bench
    [ "$STATUS" -eq 5 ]
    nothing_left
}

@test "kill -9 of the guard leaves no process and no folder" {
    begin run --strategy queue --work "$WORK" -c 2 -d 60 -o r.json
    until_loading
    until_stats '.queue.accepted > 10'
    gateway=$(stats .pid)
    kill -KILL "$(sed -n 's/^PPid:\t//p' "/proc/$gateway/status")"
    end_bench
    [ "$STATUS" -eq 5 ]
    nothing_left
}

@test "a target that cannot start leaves no folder" {
    mkdir own
    cp "$BENCH_BUILD/bench" "$BENCH_BUILD/bench-target" own/ # without bench-worker
    run -5 own/bench run --strategy queue --no-save
    [[ $output == *'cannot find bench-worker'* ]]
    nothing_left
    run -2 "$BENCH_BUILD/bench" run --strategy queue --max-backlog 1 --prefix '' --no-save
    [[ $output == *--prefix* ]]
    nothing_left
}

@test "a killed worker is told, and its jobs are done all the same" {
    begin run --strategy queue --work sleep:20ms --worker-concurrency 1 --job-lease 1 -c 2 -d 3 \
        --max-backlog 100 --drain wait -o r.json
    until_loading
    until_stats '.queue.completed > 3'
    kill -KILL "$(stats '.queue.workers[0].pid')"
    end_bench
    [ "$STATUS" -eq 0 ]
    RESULT=r.json
    result '.queue.workers_lost == 1 and (.warnings | any(.code == "worker-died"))'
    result '.queue.drain.how == "measured" and .queue.drain.left == 0'
    result '.histograms.job.count > 0'
    result '.queue | .backlog_start + .accepted == .completed + .failed + .backlog_end'
    nothing_left
}

@test "a broker of the user's is kept" {
    measure --strategy queue --work count:1k -c 2 -a 50 --broker "sqlite:$PWD/jobs.db" --drain wait
    [ -s jobs.db ]
    result '.config.broker | endswith("jobs.db")'
    measure --strategy queue --work count:1k -c 2 -a 30 --broker "sqlite:$PWD/jobs.db" --drain wait
    result '.queue.accepted == 30 and .histograms.job.count == 30' # not the 50 before
    nothing_left
}

@test "--drain is for a bundled target" {
    run -2 "$BENCH_BUILD/bench" run http://127.0.0.1:1/ --drain wait
    [[ $output == *"--strategy queue"* ]]
    run -2 "$BENCH_BUILD/bench" run --strategy queue --drain soon
    [[ $output == *"neither none, wait nor a time"* ]]
}
