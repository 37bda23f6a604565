#!/usr/bin/env bats
# What is given as a file and is none: pipes are read to their end, and nothing waits for ever.

load common

setup() {
    own_folder
    mkfifo fifo
    python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
    "$BENCH_BUILD/tests/render" pool json >pool.json
    "$BENCH_BUILD/tests/verdict" pass session >session.json
    TWO=(--arm base=http://127.0.0.1:9/ --arm head=http://127.0.0.1:9/)
}

bench() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" "$@" 3>&-
}

# refused TEXT WORD...: in one line that holds TEXT, and nothing on stdout.
refused() {
    run -2 --separate-stderr bench "${@:2}"
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ] || { echo "stderr: $stderr"; return 1; }
    [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
}

@test "a pipe that nobody writes to, and a socket, are named as such" {
    local what said
    for what in fifo socket; do
        said='nobody writes to it'
        [ "$what" = fifo ] || said='it is a socket'
        refused "$said" check "$what" --fail 'p99>1s'
        refused "$said" check "$what"
        refused "$said" report "$what"
        refused "$said" report pool.json "$what" -o plots
        refused "$said" diff pool.json "$what"
        refused "$said" run -i "$what" http://127.0.0.1:9/
        refused "$said" check "${TWO[@]}" --gates "$what"
    done
    refused 'not a file' check "${TWO[@]}" --continue fifo
    refused 'larger than' report /dev/zero
    refused 'directory' report .
}

@test "no file of output is a pipe or a socket" {
    local what
    for what in fifo socket; do
        refused "$what is a" run http://127.0.0.1:9/ -o "$what"
        refused "$what is a" check "${TWO[@]}" --fail 'p99>+10%' --session "$what"
        refused "$what is a" check "${TWO[@]}" --fail 'p99>+10%' --no-save -o "$what"
        refused "$what is a" check session.json -o "$what"
    done
    mkfifo fifo.png
    refused 'fifo.png is a pipe' diff pool.json pool.json -o fifo.png
    mkdir data
    mkfifo data/arms.dat data/latency.dat
    run -2 --separate-stderr bench report pool.json --data data
    [[ $stderr == *"it is a pipe that nobody reads"* ]]
}

@test "pipes of a shell are read to their end, however slowly they are written" {
    bench check <(head -c 3000 pool.json; "$BENCH_BUILD/bench" --version >&2; tail -c +3001 pool.json) \
        --fail 'p99>100s' >/dev/null
    bench report /dev/stdin <pool.json >from_file
    cat pool.json | bench report /dev/stdin >from_pipe
    cmp from_file from_pipe
    bench report <(cat pool.json) | cmp - from_file
    bench report session.json >from_file
    bench report <(cat session.json) | sed 's|/dev/fd/[0-9]*|session.json|' | cmp - from_file
    bench check <(cat session.json) >/dev/null
    bench diff <(cat pool.json) <(cat pool.json) >/dev/null
    bench check "${TWO[@]}" --gates <(echo 'p99>+10%') --dry-run | grep -F 'p99>+10%'
    bench run -i <(echo abc) --dry-run http://127.0.0.1:9/ | jq -e '.config.body_bytes == 4'
}

@test "several pipes make one table, and each is read once" {
    bench report <(cat pool.json) <(cat pool.json) >table
    bench report pool.json pool.json | sed 's/^pool  /63  /; s/^pool 2/62/' >want
    [ "$(wc -l <table)" -eq "$(wc -l <want)" ]
    grep -q 'requests/s\|req/s' table
    # a session beside them: each by itself
    bench report <(cat pool.json) <(cat session.json) >both
    grep -q 'PASS' both
    bench report pool.json session.json --format md >both
    [ "$(grep -c '^$' both)" -ge 1 ]
    bench report <(cat session.json) --data columns
    [ -s columns/shift.dat ]
}

has_open() { # PID NAME
    readlink "/proc/$1/fd/"* 2>/dev/null | grep -q "/$2\$"
}

@test "a named pipe waits for its writer" {
    local reader
    "$BENCH_BUILD/bench" report fifo >late 3>&- &
    reader=$!
    until_true has_open "$reader" fifo
    cat pool.json >fifo
    wait "$reader"
    bench report pool.json | cmp - late
}

@test "one body from a pipe for all arms" {
    bench compare -i <(echo abc) --strategies none --arm a='--strategy inline' --arm b='--strategy pool' \
        --dry-run >plan.json
    jq -e '[.. | objects | select(has("body_bytes")) | .body_bytes] | length == 2 and all(. == 4)' plan.json
}
