# scripts/test-ways: its options, what surrounds the tests in each way, and that nothing of it stays.

bats_require_minimum_version 1.5.0

setup() {
    # A tree whose tests are a few commands, and that needs no build.
    tree=$BATS_TEST_TMPDIR/tree
    mkdir -p "$tree/scripts" "$tree/build-test"
    cp "$BATS_TEST_DIRNAME"/../../scripts/{lib.sh,test-ways} "$tree/scripts/"
    cp "$BATS_TEST_DIRNAME/../../CMakePresets.json" "$tree/"
    printf '#!/bin/sh\ncd "%s" && exec ctest --preset ci "$@"\n' "$tree" >"$tree/scripts/test"
    cat >"$tree/note" <<'END'
#!/bin/bash
# The cores that a test may use, and how many loops run beside it.
printf '%s %s\n' "$(nproc)" "$("$(dirname "$0")/loops" | wc -l)" >>"$(dirname "$0")/noted"
END
    cat >"$tree/loops" <<'END'
#!/bin/bash
# The processes that loop and were started by this test.
grep -lsFz "WAYS_TEST=$WAYS_TEST" /proc/[0-9]*/environ | while read -r file; do
    ! grep -qsF 'while :; do :; done' "${file%environ}cmdline" || printf '%s\n' "$file"
done
END
    cat >"$tree/build-test/CTestTestfile.cmake" <<END
add_test(unit/noted $tree/note)
add_test(unit/bad false)
add_test(unit/skipped sh -c "exit 77")
set_tests_properties(unit/skipped PROPERTIES SKIP_RETURN_CODE 77)
add_test(unit/stays sh -c "echo >$tree/up && exec tail -f /dev/null")
add_test(lint/noted $tree/note)
set_tests_properties(lint/noted PROPERTIES LABELS lint)
END
    chmod +x "$tree/note" "$tree/loops" "$tree/scripts/test"
    export WAYS_TEST=$BATS_TEST_TMPDIR
    cores=$(nproc)
}

ways() {
    run --separate-stderr "$tree/scripts/test-ways" "$@" 3>&-
}

no_loops() {
    [ -z "$("$tree/loops")" ]
}

@test "each way has a line, and its surroundings; nothing loops afterwards" {
    ways -R noted
    [ "$status" -eq 0 ]
    [[ ${lines[-4]} =~ ^"alone     2 passed, 0 failed, 0 skipped in "[0-9]+" s"$ ]]
    [[ ${lines[-3]} =~ ^"busy      1 passed, 0 failed, 0 skipped in "[0-9]+" s"$ ]]
    [[ ${lines[-2]} == "one-core  1 passed, "* ]]
    [[ ${lines[-1]} == "shuffled  1 passed, "* ]]
    # The check of the sources runs alone only.
    [ "$(cat "$tree/noted")" = "$cores 0
$cores 0
$cores $((2 * cores))
1 0
$cores 0" ]
    no_loops
}

@test "what failed is named, and the exit status is 1" {
    ways --way busy --way shuffled -R 'unit/(noted|bad|skipped)'
    [ "$status" -eq 1 ]
    [[ ${lines[-2]} == "busy      1 passed, 1 failed, 1 skipped in "*" s: unit/bad" ]]
    [[ ${lines[-1]} == "shuffled  1 passed, 1 failed, 1 skipped in "*" s: unit/bad" ]]
    no_loops
}

@test "--repeat runs a test so many times" {
    ways --way one-core --repeat 3 -R unit/noted
    [ "$status" -eq 0 ]
    [ "$(cat "$tree/noted")" = "1 0
1 0
1 0" ]
}

@test "Ctrl-C ends the loops" {
    mkfifo "$tree/up"
    # A terminal sends the signal to the whole group. In the background it would be ignored.
    exec {said}< <(exec env --default-signal=INT setsid "$tree/scripts/test-ways" --way busy -R stays 2>&1 3>&-)
    pid=$!
    read -r -t 60 <>"$tree/up"
    [ -n "$("$tree/loops")" ]
    kill -INT -- "-$pid"
    cat <&"$said" >/dev/null
    status=0
    wait "$pid" || status=$?
    [ "$status" -eq 130 ]
    no_loops
}

@test "what cannot be run: says so, exits 2" {
    while read -r words; do
        # shellcheck disable=SC2086
        ways $words
        [ "$status" -eq 2 ]
        [ "$output" = "" ]
        [[ $stderr == "bench: "* ]]
    done <<'END'
--way
--way fast
--repeat
--repeat 0
--repeat -R
-R nothing-is-called-so
END
    [ ! -e "$tree/noted" ]
}
