# scripts/test-options: a test that does not notice the loss of its option is found.

bats_require_minimum_version 1.5.0

# checked STATUS WORD ROW [OPTION...]: a table with this row.
checked() {
    printf '%s\n' "$3" >"$BATS_TEST_TMPDIR/table"
    run env -i PATH="${PATH#*/bats-core:}" HOME="$HOME" TMPDIR="$BATS_TEST_TMPDIR" \
        "$BATS_TEST_DIRNAME/../../scripts/test-options" --build "$BENCH_BUILD" \
        --table "$BATS_TEST_TMPDIR/table" "${@:4}" 3>&-
    [ "$status" -eq "$1" ] && [[ $output == *"$2"* ]] || { echo "$output"; return 1; }
}

@test "a test that fails without its option holds it, one that passes does not" {
    # bats puts its own folder first.
    local words='e2e/typed.bats | a time has words, and a letter its value behind an equals sign'
    checked 0 '--duration                   holds ' "duration | * | $words"
    checked 0 '--warmup                     holds ' "warmup | * | $words"
    checked 1 '--title                      UNUSED' "title | * | $words"
    # Where the result is saved does not matter there.
    checked 1 '--no-save                    IDLE' \
        'no-save | * | e2e/typed.bats | --debug says what goes wrong as it happens'
}

@test "what cannot be run is told" {
    checked 2 'no help has --nothing' 'nothing | * | e2e/typed.bats | x'
    checked 2 'no row for this' '# nothing'
    checked 2 'no row for this' 'title | * | e2e/typed.bats | x' duration
    checked 2 'there is no option --x' '' --x
}
