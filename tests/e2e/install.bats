# An installed bench finds its other programs, and its man page is what the option rows say.

setup_file() {
    export PREFIX=$BATS_FILE_TMPDIR/prefix
    cmake --install "$BENCH_BUILD" --prefix "$PREFIX" >/dev/null
}

@test "the installed bench runs a bundled target, and those its other programs" {
    cd "$BATS_TEST_TMPDIR"
    for strategy in pool offload queue; do
        run "$PREFIX/bin/bench" run --strategy $strategy --work count:1k -c 2 -a 10 --no-save --json
        [ "$status" -eq 0 ]
        [[ $output == *'"2xx":10,'* ]]
    done
}

@test "programs, man page, schema and documents are where they belong" {
    [ -x "$PREFIX/libexec/bench/bench-target" ]
    [ -x "$PREFIX/libexec/bench/bench-compute" ]
    [ -x "$PREFIX/libexec/bench/bench-worker" ]
    [ -x "$PREFIX/libexec/bench/bench-redis" ]
    [ -f "$PREFIX/share/bench/originals/express-piscina.js" ]
    [ -f "$PREFIX/share/bench/originals/package-lock.json" ]
    [ -f "$PREFIX/share/man/man1/bench.1" ]
    [ -f "$PREFIX/share/bench/bench.result.1.schema.json" ]
    [ -f "$PREFIX/share/doc/bench/README.md" ]
    [ -f "$PREFIX/share/doc/bench/article.md" ]
}

@test "the man page holds the option rows as they are" {
    run "$BATS_TEST_DIRNAME/../../scripts/man" --check "$BENCH_BUILD"
    [ "$status" -eq 0 ]
}

@test "every option of the help stands in the man page" {
    for command in run compare check report serve doctor; do
        for option in $("$BENCH_BUILD/bench" $command --help | grep -o '^ .\{0,6\}--[a-z-]*' | grep -o -- '--[a-z-]*'); do
            grep -q -- "$(echo "$option" | sed 's/-/\\\\-/g')" "$BATS_TEST_DIRNAME/../../docs/bench.1" || {
                echo "$command $option is not in docs/bench.1"
                return 1
            }
        done
    done
}
