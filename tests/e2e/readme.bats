# Every command in the README works as it stands there.

setup_file() {
    load common
    export README=$BATS_TEST_DIRNAME/../../README.md
}

setup() {
    load common
    cd "$BATS_TEST_TMPDIR"
    mkdir build
    ln -s "$BENCH_BUILD"/bench "$BENCH_BUILD"/bench-target build/
}

# The commands of the ```console blocks, without their comments.
commands() {
    sed -n '/^```console$/,/^```$/s/^\$ //p' "$README" | sed 's/  *#.*//'
}

# The exact lines, so that a change of the README changes this test.
@test "the commands are those that are tested here" {
    run commands
    [ "$output" = "build/bench run --strategy pool -c 100 -d 10
build/bench run http://127.0.0.1:8080/
build/bench run --cmd './my-server --port {port}' /heavy
build/bench run --strategy inline -c 100 -d 3
build/bench run --strategy threads --isolate v8 -c 100 -d 3
build/bench serve --strategy pool --port 8080
build/bench check results/reference/pool.json --fail 'p99>500ms' --fail 'errors>0' --warn 'rps<100'" ]
}

@test "the run of the bundled pool" {
    run $(commands | sed -n 1p)
    [ "$status" -eq 0 ]
    [[ $output == *"server: wait"* && $output == *"saved to results/"* ]]
}

@test "a server that runs, on another port" {
    start_target --strategy pool --work count:1k
    run $(commands | sed -n 2p | sed "s/8080/$PORT/") -d 1
    [ "$status" -eq 0 ]
    stop_target
}

@test "a server of one's own" {
    printf '#!/bin/sh\nexec "%s" "$@"\n' "$BENCH_BUILD/bench-target" >my-server
    chmod +x my-server
    eval "run $(commands | sed -n 3p) -d 1"
    [ "$status" -eq 0 ]
    [[ $output == *"CPU/request"* ]]
}

@test "the baseline" {
    run $(commands | sed -n 4p)
    [ "$status" -eq 0 ]
    [[ $output == *inline* ]]
}

@test "threads that cost what a V8 isolate costs" {
    run $(commands | sed -n 5p)
    [ "$status" -eq 0 ]
    [[ $output == *threads* ]]
}

@test "the gate, on the reference result" {
    ln -s "$BATS_TEST_DIRNAME/../../results" results
    eval "run $(commands | sed -n 7p)"
    [ "$status" -eq 0 ]
}

@test "a target served alone, on a free port" {
    $(commands | sed -n 6p | sed s/8080/0/) >ready &
    server=$!
    until grep -q '"ready"' ready; do kill -0 $server; done
    run curl -sf "http://127.0.0.1:$(jq .port ready)/ping"
    [ "$output" = pong ]
    kill $server
    wait $server
}

@test "the options of its table exist" {
    run "$BENCH_BUILD/bench" run --help
    for option in -c -d -a -W -t -m -b -H -i -p -w --json -o --no-save --max-rss --dry-run; do
        grep -qE -- "(^|[ ,])$option([ ,]|$)" <<<"$output"
    done
}
