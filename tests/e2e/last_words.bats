#!/usr/bin/env bats
# What a server prints before it dies is shown, and no line of it is a command to a CI server:
# GitHub takes "::error" at the beginning of a line, after any blanks, and "##[error]" anywhere.

load common

setup() {
    own_folder
    DIES='printf "fine\n::error title=x::one\n   ::set-env name=A::two\n##[error]three\n\033[31m" >&2; exit 3'
}

bench() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" "$@" 3>&-
}

has_no_command() { # TEXT
    ! grep -aE '^[[:space:]]*::|##\[|'$'\033' <<<"$1" || return 1
}

# The words are there, and harmless.
is_told() {
    [[ $stderr$output == *"one"*"two"*"three"* ]] || { echo "$output$stderr"; return 1; }
    has_no_command "$stderr"
    has_no_command "$output"
}

@test "of a run and of a check" {
    run -5 --separate-stderr bench run --cmd "$DIES"
    is_told
    [[ $stderr == *$'\n  | ::error title=x::one\n  |    ::set-env'* ]]
    run -5 --separate-stderr bench check --arm base="$DIES" --arm head="$DIES" -d 1
    is_told
}

@test "of a comparison, and of its report in each format that is text" {
    run --separate-stderr bench compare --strategies none --arm a="$DIES" --arm b="$DIES" -d 1 -o c.json
    is_told
    for format in text md; do
        run --separate-stderr bench report c.json --format $format
        has_no_command "$output$stderr"
    done
    for format in text md junit csv; do
        run --separate-stderr bench check c.json --fail 'errors>0' --format $format
        [[ $format == csv ]] || has_no_command "$output$stderr"
    done
    # Of GitHub's own commands, each line is one of bench's.
    run --separate-stderr bench check c.json --fail 'errors>0' --format github
    ! grep -avE '^::(error|warning|notice) title=' <<<"$output"
    ! grep -aE '^[[:space:]]*::set-env|^::error title=x' <<<"$output"
}

@test "titles, names and paths begin no line" {
    local evil=$'x\n::error::y'
    printf '%s\n' nonsense >"$evil"
    run -2 --separate-stderr bench report "$evil"
    has_no_command "$stderr"
    run -2 --separate-stderr bench check "$evil" --fail 'p99>1s'
    has_no_command "$stderr"
    run -2 --separate-stderr bench compare --arm "$evil=true"
    has_no_command "$stderr"
    "$BENCH_BUILD/tests/render" pool json >pool.json
    for title in "$evil" '::error::z' $'\xc2\xa0::error::z'; do
        jq --arg title "$title" '.title = $title' pool.json >titled.json
        cp titled.json "$title" 2>/dev/null || true
        for format in text md; do
            run -0 --separate-stderr bench report titled.json "$title" --format $format
            has_no_command "$output$stderr"
        done
        for format in text md junit; do
            run --separate-stderr bench check titled.json "$title" --fail 'p99>1ns' --format $format
            has_no_command "$output$stderr"
        done
    done
}

@test "a long name is cut in a message" {
    local long
    long=$(printf 'n%.0s' $(seq 5000))
    for arm in "$long=true" "$long" "a=" "$long x=true"; do
        run -2 --separate-stderr bench compare --strategies none --arm "$arm"
        [ "${#stderr}" -lt 300 ]
        run -2 --separate-stderr bench check --arm "$arm" --arm b=true
        [ "${#stderr}" -lt 300 ]
    done
    run -2 --separate-stderr bench check --arm "a=$long"
    [ "${#stderr}" -lt 300 ]
    [[ $stderr == *'the first is the reference' ]]
    "$BENCH_BUILD/tests/render" pool json >pool.json
    run -2 --separate-stderr bench check pool.json --arm "$long" --fail 'p99>1s'
    [ "${#stderr}" -lt 300 ]
}
