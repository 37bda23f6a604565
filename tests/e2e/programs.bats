#!/usr/bin/env bats
# What all five programs have in common: their options, and what they print before they work.

load common

PROGRAMS=(bench-target bench-compute bench-worker bench-redis)

@test "an abbreviated option is unknown to every program" {
    while IFS='|' read -r program words want; do
        run -2 "$BENCH_BUILD/$program" $words
        [ "$output" = "$program: unknown option $want" ]
    done <<'END'
bench|run --connect 5 http://127.0.0.1:1/|--connect; did you mean --connections?
bench|serve --strat=pool|--strat; did you mean --strategy?
bench|compare --round 3|--round; did you mean --rounds?
bench-target|--strat pool|--strat; did you mean --strategy?
bench-target|--with-p|--with-p; did you mean --with-parent?
bench-compute|--max-q=5|--max-q; did you mean --max-queue?
bench-worker|--broke sqlite:x|--broke; did you mean --broker?
bench-redis|--vers|--vers; did you mean --version?
END
}

@test "a server whose ready line is lost ends, with all that it has started" {
    for program in "bench serve" bench-target bench-compute; do
        run -2 timeout "$PATIENCE" bash -c "exec '$BENCH_BUILD'/$program >/dev/full"
        [[ $output == *": the ready line: cannot write to stdout: No space left on device" ]]
    done
    for strategy in inline threads offload queue; do
        run -2 timeout "$PATIENCE" bash -c \
            "exec '$BENCH_BUILD/bench-target' --strategy $strategy --work $WORK >/dev/full"
        until_processes 0 "$WORK"
    done
    run -2 timeout "$PATIENCE" bash -c \
        "exec '$BENCH_BUILD/bench-worker' --broker 'sqlite:$TMPDIR/jobs.db' >/dev/full"
    [[ $output == *"the ready line"* ]]
}

@test "a server whose ready line has no reader ends" {
    exec {pipe}> >(exec true)
    wait $!
    run -2 timeout "$PATIENCE" bash -c "exec '$BENCH_BUILD/bench-target' >&$pipe"
    [[ $output == *"the ready line: cannot write to stdout: Broken pipe" ]]
}

@test "text that stdout does not take is not a success" {
    for program in "${PROGRAMS[@]}"; do
        for option in --help --version --man-options; do
            run -2 bash -c "exec '$BENCH_BUILD/$program' $option >/dev/full"
            [ "$output" = "$program: cannot write to stdout: No space left on device" ]
        done
    done
}

# lost COMMAND...: what stdout does not take is said, and is not a success.
lost() {
    run -2 bash -c '"$@" >/dev/full' lost "$@"
    [[ $output == *"bench: cannot write to stdout: No space left on device"* ]] || {
        printf '%s\n' "$*" "$output"
        return 1
    }
}

@test "no command of bench loses its output in silence" {
    local bench=$BENCH_BUILD/bench command format
    lost "$bench" help
    lost "$bench" --help
    lost "$bench" --version
    lost "$bench" --man-options
    lost "$bench" --man run
    lost "$bench" --completion zsh
    for command in run compare sweep capacity check merge diff report serve doctor selftest; do
        lost "$bench" "$command" --help
        lost "$bench" "$command" --version
    done
    lost "$bench" doctor
    lost "$bench" run http://127.0.0.1:1/ --dry-run
    lost "$bench" compare --strategies inline --dry-run
    "$BENCH_BUILD/tests/render" pool json >r.json
    "$BENCH_BUILD/tests/compare" five json >c.json
    for format in text md json; do
        lost "$bench" report r.json --format "$format"
        lost "$bench" report c.json --format "$format"
    done
    for format in text json junit md; do
        lost "$bench" check r.json --fail 'p99>1h' --format "$format"
    done
}

@test "a verdict is not changed by lost output" {
    "$BENCH_BUILD/tests/render" pool json >r.json
    run -1 bash -c '"$@" >/dev/full' lost "$BENCH_BUILD/bench" check r.json --fail 'p99>1us'
    [[ $output == *"cannot write to stdout"* ]]
}
