# What is killed outright: no process stays, and the next start removes the folders.
load common

# kill_together PID...: none of them learns of the end of another before its own.
kill_together() {
    kill -STOP "$@"
    kill -KILL "$@"
}

child_of() { # PID; its only child
    until_true has_child "$1"
    pgrep -P "$1"
}

has_child() {
    [ -n "$(pgrep -P "$1")" ]
}

# A server of a shell that also starts a background job, and a daemon in a session of its own.
begin_command() {
    begin run --cmd "tail -f /dev/null $WORD & setsid tail -f /dev/null $WORD & '$FAULTY' --port {port} >/dev/null" \
        /ok -c 2 -d 60 --no-save
    until_loading
    OUTER=$(child_of "$BENCH_PID")
    INNER=$(child_of "$OUTER")
}

@test "kill -9 of any two of bench and the guards of a command leaves no process" {
    begin_command
    kill_together "$BENCH_PID" "$INNER"
    end_bench
    until_processes 0 "$WORK"
    begin_command
    kill_together "$BENCH_PID" "$OUTER"
    end_bench
    until_processes 0 "$WORK"
    begin_command
    kill_together "$OUTER" "$INNER"
    end_bench
    [ "$STATUS" -eq 5 ]
    grep -q 'the guard process of the target was killed' out said
    until_processes 0 "$WORK"
}

@test "kill -9 of one guard of a command leaves no process" {
    begin_command
    kill -KILL "$OUTER"
    end_bench
    [ "$STATUS" -eq 5 ]
    until_processes 0 "$WORK"
    begin_command
    kill -KILL "$INNER"
    end_bench
    [ "$STATUS" -eq 5 ]
    until_processes 0 "$WORK"
}

@test "kill -9 of everything: the next start removes the folder of a run" {
    begin run --strategy queue --work "$WORK" -c 2 -d 60 --no-save
    until_loading
    # shellcheck disable=SC2046
    kill_together $(grep -lsF "$WORK" /proc/[0-9]*/cmdline | grep -oE '[0-9]+')
    end_bench
    [ -d "$TMPDIR"/bench-run-* ]
    "$BENCH_BUILD/bench" doctor >/dev/null 3>&- || true
    is_empty "$TMPDIR"
}

@test "kill -9 while pictures are drawn: the next start removes the folder" {
    local outers inners
    mkdir there
    printf '#!/bin/sh\nexec tail -f /dev/null %s\n' "$WORD" >there/gnuplot
    chmod +x there/gnuplot
    "$BENCH_BUILD/bench" compare --strategies inline,pool --rounds 1 -d 200ms -c 2 --work count:1k \
        -o c.json >/dev/null 2>&1 3>&-
    PATH=$PWD/there:$PATH begin report -o pictures c.json
    until_processes 2 "$WORD" # as many as are drawn at a time
    mapfile -t outers < <(pgrep -P "$BENCH_PID")
    mapfile -t inners < <(pgrep -P "$(IFS=,; echo "${outers[*]}")")
    [ "${#inners[@]}" -eq 2 ]
    kill_together "$BENCH_PID" "${outers[@]}" "${inners[@]}"
    end_bench
    [ -d "$TMPDIR"/bench-run-* ]
    until_processes 0 "$WORD"
    "$BENCH_BUILD/bench" doctor >/dev/null 3>&- || true
    is_empty "$TMPDIR"
}
