#!/usr/bin/env bats
# What goes wrong in a comparison: an arm that cannot be measured costs only its own figures, and
# nothing of it is left behind.

load common

compare() {
    timeout 120 "$BENCH_BUILD/bench" compare --rounds 3 --no-repeat "$@" 3>&-
}

# arm NAME FILTER: true of the stored arm.
arm() {
    jq -e --arg name "$1" "[.arms[] | select(.name == \$name)] | length == 1 and (.[0] | $2)" \
        results/*-comparison.json >/dev/null ||
        { echo "$1 is not so: $2"; jq -c 'del(.arms[].results[].histograms)' results/*-comparison.json; return 1; }
}

@test "an arm that cannot be measured says why, the others go on: exit 5" {
    run -5 --separate-stderr compare --strategies pool --work count:1k /heavy -c 2 -a 20 --rounds 2 \
        --ready-timeout 3 --arm ok="$SERVER" --arm dead='echo the reason >&2; exit 3' \
        --arm deaf="exec tail -f /dev/null $WORD" --arm missing="/no/such/program-$WORD"
    arm pool '(.results | length == 2 and all(.valid)) and .problems == []'
    arm ok '(.results | length == 2) and .problems == []'
    arm dead '.results == [] and (.problems | map(.round) == [1, 2])'
    arm dead '.problems | all(.text | test("before it was ready \\(exit 3\\)") and test("the reason"))'
    arm deaf '.results == [] and (.problems | all(.text | test("did not listen on port")))'
    arm missing '.results == [] and (.problems | all(.text | test("not found")))'
    [[ $output == *"dead"*"exit 3"* ]]
    [[ $output == *"did not listen"* ]]
    jq -e '.interrupted == false and (.order | length == 10)' results/*-comparison.json
    until_processes 0 "$WORD"
}

@test "a command that is no program is told at once and tried once; another is tried in each round" {
    # While the other one is measured, the warning is there: it looks for it itself.
    seen="grep -q 'warning: typo: .*exit 127' err && echo seen >>seen"
    STATUS=0
    compare --strategies none /ok -c 1 -d 600ms --rounds 3 --seed 4 2>err \
        --arm typo="echo tried >>typos; /no/such/program-$WORD" \
        --arm dies='echo tried >>deaths; exit 3' --arm ok="$seen; $SERVER" || STATUS=$?
    cat err
    [ "$STATUS" -eq 5 ]
    [ "$(wc -l <typos)" -eq 1 ]
    [ "$(wc -l <deaths)" -eq 3 ]
    [ -s seen ]
    [ "$(grep -c '^bench: warning: typo: ' err)" -eq 1 ]
    [ "$(grep -c '^bench: warning: dies: ' err)" -eq 1 ]
    grep -q 'not tried again' err
    arm typo '.results == [] and (.problems | map(.round) == [1, 2, 3] and (map(.text) | unique | length == 1))'
    arm dies '.problems | map(.round) == [1, 2, 3]'
    arm ok '.results | length == 3 and all(.valid)'
    jq -e '.interrupted == false and (.order | length == 9)' results/*-comparison.json
}

@test "of what a dead server printed the last lines are shown whole" {
    # As long as a traceback, and what tells is in its last line.
    run -5 --separate-stderr compare --strategies none -c 1 -a 5 --arm dead='for i in $(seq 30); do
        echo "  File \"/usr/lib/python3.11/socketserver.py\", line $i, in server_bind_of_the_base" >&2; done
        echo "OSError: [Errno 98] Address already in use" >&2; exit 1'
    for text in "$output" "$stderr"; do
        [[ $text == *"OSError: [Errno 98] Address already in use"* ]]
        [[ $text == *"line 30, in server_bind_of_the_base"* ]]
        [[ $text != *"line 1, in"* ]]
    done
    # No line begins in its middle.
    run -0 jq -r '.arms[0].problems[0].text' results/*-comparison.json
    [ "${lines[-1]}" = "OSError: [Errno 98] Address already in use" ]
    for line in "${lines[@]:1:${#lines[@]}-2}"; do
        [[ $line == '  File "/usr/lib'* ]]
    done
    [ "${#lines[@]}" -ge 8 ]
}

@test "a server that dies in its window: its result says so, the others go on: exit 5" {
    run -5 --separate-stderr compare --strategies inline --work count:1k /ok -c 1 -d 2500ms \
        --arm short="'$FAULTY' --port {port} >/dev/null & until curl -s 127.0.0.1:{port}/counts | grep -q /ok
            do :; done; kill -KILL \$!; wait"
    arm inline '.results[0].valid'
    arm short '.problems == [] and (.results[0] | (.valid | not) and
        (.warnings | any(.code == "target-died")))'
}

@test "a URL where nobody listens is told first, and costs only itself" {
    start_faulty
    end_faulty # its port is free again
    run -5 --separate-stderr compare --strategies inline --work count:1k --arm gone="$URL/" -c 1 -a 5
    [[ ${stderr_lines[0]} == *"gone: cannot connect to 127.0.0.1:$PORT"*"tries again when its turn comes"* ]]
    arm inline '.results[0].accounting.completed == 5'
    arm gone '.results == [] and (.problems[0].text | test("nothing listens there"))'
    # Nor is it an end when it is the only one; the address is told once, and the problem not again
    # in each round.
    run -5 --separate-stderr compare --strategies none --arm gone="$URL/" -c 1 -a 5 --rounds 3 --no-save
    [[ $output == *"nothing listens there"* ]]
    [ "${#stderr_lines[@]}" -eq 2 ]
    [[ ${stderr_lines[1]} == *"cannot connect to 127.0.0.1:$PORT: "* ]]
}

@test "a server that answers nothing is a finding, not a failure" {
    start_faulty
    run -0 compare --strategies none --arm stalls="$URL/stall" --arm answers="$URL/ok" -c 2 -d 300ms
    arm stalls '.results[0] | .valid and .accounting.completed == 0 and .accounting.in_flight_at_end == 2'
    arm answers '.results[0].accounting.completed > 0'
}

@test "an arm stopped by --max-rss: the comparison goes on and shows it" {
    # Another process of the arm has 100 MB before the server listens.
    big="dd if=/dev/zero of=/dev/null bs=150M & until grep -q 'VmRSS:.*[0-9]\{6\} kB' /proc/\$!/status; do :; done"
    run -0 --separate-stderr compare --strategies none /ok -c 2 -d 1 --max-rss 90M --rounds 2 \
        --ready-timeout "$PATIENCE" --arm big="$big; $SERVER" --arm small="$SERVER"
    arm big '.results | length == 2 and all(.valid and .target.end == "max-rss" and
        (.warnings | any(.code == "max-rss")) and .duration < 1)'
    arm small '.results | length == 2 and all(.valid and .target.end == null and .duration >= 1)'
    [[ $output == *max-rss* ]]
}

@test "kill -9 of bench leaves no process, no daemon of a command, and nothing in the way" {
    daemon="setsid sh -c 'setsid tail -f /dev/null $WORD >/dev/null 2>&1 &' & $SERVER"
    set -- --strategies none --arm "a=$daemon" --arm "b=$daemon" /ok -c 1
    "$BENCH_BUILD/bench" compare --rounds 1 --no-repeat "$@" -d 60 >out 2>&1 3>&- &
    BENCH_PID=$!
    until_true pgrep -fx "tail -f /dev/null $WORD"
    kill -KILL "$BENCH_PID"
    STATUS=0
    wait "$BENCH_PID" || STATUS=$?
    BENCH_PID=
    [ "$STATUS" -eq 137 ]
    until_processes 0 "$WORD"
    compare "$@" -a 5
    arm a '.results[0].accounting.completed == 5'
    until_processes 0 "$WORD"
}

@test "a comparison that cannot be saved is printed all the same" {
    set -- --strategies inline --work count:1k -c 1 -a 5
    run -2 --separate-stderr compare "$@" -o /dev/full
    [[ $output == *inline* ]]
    [[ $stderr == *"-o/--out: "*/dev/full*"No space left"* ]]
    [ ! -e results ]
    # A limit on the size of files, met by the runs and by the comparison.
    run -0 --separate-stderr bash -c 'ulimit -f 1; exec "$@"' limited "$BENCH_BUILD/bench" compare --rounds 3 --no-repeat "$@" 3>&-
    [[ $output == *inline* ]]
    [ "${#stderr_lines[@]}" -eq 2 ] # said once for all runs, and once for the comparison
    [[ $stderr == *"the run of inline was not saved separately"*"the comparison was not saved"* ]]
    [ -z "$(find . -type f)" ]
    rm -rf results
    : >results
    run -2 --separate-stderr compare "$@" --rounds 3
    [ -z "$output" ] # told before anything is measured
    [[ $stderr == *"cannot write to results/"*"-o FILE or --no-save"* ]]
    [ ! -s results ]
}

@test "stdout that is full is an error, and the comparison is stored" {
    run -2 bash -c '"$@" >/dev/full' full "$BENCH_BUILD/bench" compare --rounds 1 --strategies inline --work count:1k \
        -c 1 -a 5
    [[ $output == *"cannot write to stdout"* ]]
    arm inline '.results | length == 1'
}

@test "many trials leave no descriptor open" {
    # The parent of the shell is its guard, whose parent is the other guard, whose parent is bench.
    compare --strategies none /ok --rounds 20 -c 2 -d 50ms --no-save \
        --arm "x=outer=\$(awk '/^PPid/ {print \$2}' /proc/\$PPID/status)
            bench=\$(awk '/^PPid/ {print \$2}' /proc/\$outer/status)
            echo /proc/\$bench/fd/* | wc -w >>fds; $SERVER"
    [ "$(wc -l <fds)" -eq 20 ]
    cat fds
    # How far bench is in its start differs by a few; a leak would add one or more with each trial.
    sort -n fds | sed -n '1p;$p' | { read -r least; read -r most; [ "$((most - least))" -lt 10 ]; }
}
