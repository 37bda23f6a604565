#!/usr/bin/env bats
# The live view of run, compare and check: what is seen on a terminal, which is one of tmux, and that
# nothing of it stays there. What each line says is in golden/live.

load common

setup() {
    own_folder
    command -v tmux >/dev/null || skip "no tmux here"
}

teardown() {
    [ ! -S "$BATS_TEST_TMPDIR/tmux" ] || terminal kill-server 2>/dev/null || true
    kill_leftovers
}

POOL='--strategy pool --work count:1k'

terminal() {
    command tmux -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null "$@" 3>&-
}

# open_terminal COLUMNS ROWS [NAME=VALUE...]: a shell on a terminal of its own.
open_terminal() {
    local size=(-x "$1" -y "$2")
    shift 2
    terminal new-session -d "${size[@]}" env LC_ALL=C.UTF-8 PS1='ready> ' "$@" bash --norc --noprofile
    until_true shows '^ready> *$'
}

# types WORD...: as a command whose words do not fill the screen.
types() {
    printf '%s\n' '#!/bin/bash' "exec '$BENCH_BUILD/bench' $*" >go
    chmod +x go
    terminal send-keys './go' Enter
}

keys() {
    terminal send-keys "$@"
}

# All that is to be seen, without what has scrolled away: there the cursor does not get, and tmux puts
# the first rows there when lines become longer than the terminal is wide.
screen() {
    terminal capture-pane -p
}

# And with it.
all() {
    terminal capture-pane -p -S -
}

shows() { # REGEX
    screen | grep -qE -- "$1"
}

shows_no() { # REGEX
    ! shows "$1"
}

# shows_times COUNT REGEX: there are as many such lines.
shows_times() {
    [ "$(screen | grep -cE -- "$2")" -eq "$1" ]
}

# The command has ended, and the terminal is as it was.
until_ready() {
    until_true has_ended
    [ "$(terminal display-message -p '#{cursor_flag} #{wrap_flag} #{alternate_on}')" = '1 1 0' ]
}

has_ended() {
    screen | grep -v '^ *$' | tail -n 1 | grep -q '^ready> *$'
}

# What has been typed, and what came of it, on a terminal without a screen.
recorded() { # FILE WORD...
    local to=$1
    shift
    script -qec "$* >out" "$to" </dev/null >/dev/null 3>&-
}

@test "run: progress, rate, latency, errors, server and generator, in 60 columns; Ctrl-C takes them away" {
    open_terminal 60 24
    types run $POOL -c 2 -d 600 --no-save
    until_true shows '^bench +busiest thread [0-9]+%'
    screen >seen
    grep -E '^(━|─)+  [0-9]+/600 s$' seen
    grep -E '^req/s +[0-9.]+k? +[0-9.]+ .?B/s  [0-9.kM]+ done +[▁▂▃▄▅▆▇█]+$' seen
    grep -E '^p99 +[0-9.]+ .?s +p50 [0-9.]+ .?s  max [0-9.]+ .?s +[▁▂▃▄▅▆▇█ ]+$' seen
    grep -E '^errors  0$' seen
    grep -E '^server  [0-9.]+ cores  RSS [0-9.]+ MB  [0-9]+ threads?$' seen
    keys C-c
    until_ready
    all >seen
    run ! grep -E '^bench   busiest|^(━|─)+  ' seen
    grep -q 'requests/s' seen # the report
}

@test "run --hosts: how many shares make the load" {
    load scale
    need_mpi
    open_terminal 60 24
    types run --hosts localhost:2 $POOL -c 2 -d 600 --no-save
    until_true shows '^bench +2 shares( |$)'
    keys C-c
    until_ready
}

@test "run: errors are told by kind" {
    start_faulty
    open_terminal 80 24
    types run "$URL/reset" -c 1 -d 600 --no-save
    until_true shows '^errors +[0-9,]+  reset [0-9,]+'
    keys C-c
    until_ready
    types run "$URL/status?code=503" -c 1 -d 600 --no-save
    until_true shows '^errors +0  non-2xx [0-9,]+'
    keys C-c
    until_ready
}

@test "run: an open loop tells what was sent late, and a queue its backlog" {
    open_terminal 80 24
    types run --strategy queue --work sleep:1s --queue-workers 0 --drain 0 -R 20 -d 600 --no-save
    until_true shows '^server .*  backlog [1-9]'
    until_true shows '^bench  .*% sent late'
    keys C-c
    until_ready
}

@test "the lines follow the size of the terminal, and leave nothing behind" {
    open_terminal 100 24
    types run $POOL -c 2 -d 600 --no-save
    until_true shows '^req/s .* done .*[▁▂▃▄▅▆▇█]'
    terminal resize-window -x 30 -y 24
    until_true shows '^req/s +[0-9.k]+ +[▁▂▃▄▅▆▇█]+$'
    until_true shows_times 1 '^req/s'
    terminal resize-window -x 80 -y 24
    until_true shows '^req/s .* done '
    until_true shows_times 1 '^req/s'
    terminal resize-window -x 80 -y 5 # too few rows: one line
    until_true shows '^[0-9]+/600 s  [0-9.k]+ req/s  0 errors  p99 '
    until_true shows_no '^req/s'
    terminal resize-window -x 80 -y 24
    until_true shows '^req/s .* done '
    keys C-c
    until_ready
    run ! grep -E '^bench   busiest' <(screen)
}

@test "compare: the arm, the round and the time left; the next arm takes its place" {
    open_terminal 60 30
    types compare --rounds 1 --no-repeat --strategies pool,inline --work count:1k -c 1 -d 2 --no-save
    until_true shows '^compare 1/2 (pool|inline)  round 1 of 1  about [0-9]+ s left overall$'
    until_true shows '^compare 2/2 (pool|inline)  round 1 of 1  about [0-9]+ s left overall$'
    run ! grep -E '^compare 1/2' <(screen)
    until_ready
    run ! grep -E '^compare [12]/2|^bench   busiest' <(all)
}

@test "a name that is wider than it is long does not disturb the terminal" {
    open_terminal 60 24
    types compare --rounds 1 --no-repeat --strategies none --arm 漢字漢字漢字漢字漢字漢字漢字漢字=\"$POOL\" \
        --arm b=\"$POOL\" -c 1 -d 3 --no-save
    until_true shows '^bench +busiest'
    until_true shows_times 1 '^compare [12]/2'
    keys C-c
    until_ready
    run ! grep -E '^compare [12]/2|^bench   busiest' <(all)
}

@test "check: the block, the time left, the nearest gate and both arms; a message stands above" {
    open_terminal 80 24
    types check --arm base="'--strategy pool'" --arm head="'--strategy pool'" --work sleep:20ms -c 4 -d 1200ms --max-blocks 6 \
        --no-save --detect "'rps 50%'"
    until_true shows '^block 1 of 6: (base|head), slice [0-9]+ of 12  next look after block 6$'
    until_true shows '^(━|─)+  at most [0-9]+m [0-9]+s left$'
    until_true shows '^base +[0-9.k]+ req/s  p99 +[0-9.]+ ms  0 errors  [0-9.]+ cores +[0-9.]+ [kM]B  [▁▂▃▄▅▆▇█]+$'
    until_true shows '^head +[0-9.k]+ req/s  p99 +[0-9.]+ ms  0 errors  [0-9.]+ cores +[0-9.]+ [kM]B  [▁▂▃▄▅▆▇█]+$'
    until_true shows '^gate    [a-z0-9_]+ .* so far$'
    screen >seen
    grep -q '^bench: warning: -d/--duration: a slice of ' seen
    [ "$(grep -n '^bench: warning' seen | cut -d: -f1)" -lt "$(grep -n '^block' seen | cut -d: -f1)" ]
    until_true shows_times 1 '^block [1-6] of 6'
    keys C-c
    until_ready
    run ! grep -E '^block [1-6] of 6|^gate ' <(all)
    grep -q '^bench: warning: -d' <(all)
}

@test "after a stop the lines begin anew, below what the shell has written" {
    open_terminal 80 30
    types run $POOL -c 2 -d 600 --no-save
    until_true shows '^bench +busiest'
    keys C-z
    until_true shows 'Stopped'
    until_true has_ended
    keys 'fg' Enter
    until_true shows_times 2 '^bench +busiest'
    shows 'Stopped'
    keys C-c
    until_ready
    grep -q 'Stopped' <(all)
}

@test "a sudden end leaves the lines whole, and the prompt below them" {
    open_terminal 80 24
    types run $POOL -c 2 -d 600 --no-save
    until_true shows '^bench +busiest'
    local shell
    shell=$(terminal display-message -p '#{pane_pid}')
    kill -KILL $(cat "/proc/$shell/task/$shell/children")
    until_ready
    shows '^bench +busiest thread [0-9]+%'
}

@test "only a terminal that can move its cursor gets lines, and not with -n" {
    command -v script >/dev/null || skip "no script(1) here"
    start_faulty
    words="'$BENCH_BUILD/bench' run '$URL/slow-header' -c 1 -d 1200ms --no-save"
    "$BENCH_BUILD/bench" run "$URL/ok" -c 1 -a 5 --no-save 2>said >out
    [ ! -s said ]
    TERM=xterm recorded typed "$words"
    grep -q $'\033\[K─' typed
    run ! grep -q $'\033\[?\(25l\|1049h\)' typed # the cursor and the screen stay
    for given in 'TERM=dumb' 'TERM=' 'TERM=xterm'; do
        [ "$given" != TERM=xterm ] || words+=' -n'
        env "$given" script -qec "$words >out" typed </dev/null >/dev/null 3>&-
        run ! grep -q $'\033\|req/s' typed
        [ -s out ]
    done
}

@test "colour and UTF-8 as the environment says" {
    command -v script >/dev/null || skip "no script(1) here"
    start_faulty
    words="'$BENCH_BUILD/bench' run '$URL/ok' -c 1 -d 1200ms --no-save"
    TERM=xterm LC_ALL=C.UTF-8 NO_COLOR= recorded typed "$words"
    grep -q $'\033\[2mreq/s' typed
    grep -q '━' typed
    TERM=xterm LC_ALL=C NO_COLOR=1 recorded typed "$words"
    grep -q 'req/s' typed
    run ! grep -q $'\033\[[0-9;]*m' typed
    run ! env LC_ALL=C grep -P '[^\x00-\x7f]' typed
}
