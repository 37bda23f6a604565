# Every command in the README works as it stands there.

load common

setup_file() {
    export README=$BATS_TEST_DIRNAME/../../README.md
}

setup() {
    own_folder
    mkdir build
    ln -s "$BENCH_BUILD"/bench "$BENCH_BUILD"/bench-{target,compute,worker,redis} \
        "$BENCH_BUILD"/*.gp build/
}

# The command that begins so.
command_of() {
    commands | grep -F -m 1 -- "$1"
}

# The commands of the ```console blocks, without their comments.
commands() {
    sed -n '/^```console$/,/^```$/s/^\$ //p' "$README" | sed 's/  *#.*//'
}

# The exact lines, so that a change of the README changes this test.
@test "the commands are those that are tested here" {
    run commands
    [ "$output" = "build/bench compare -c 100 -d 10 --rounds 3
build/bench report results/reference/comparison.json
build/bench report results/reference/comparison.json -o report.html
build/bench report results/reference/comparison.json -o plots/
build/bench sweep --over work=10k..100M --over connections=1..256 --budget 25m -o map.json
build/bench report map.json -o map.html
build/bench run --cmd './my-server --port {port}' /heavy
build/bench run http://127.0.0.1:8080/
build/bench compare --strategies pool,offload --arm mine='./my-server --port {port}' -c 100 -d 10 /heavy
build/bench compare --strategies none --arm old=http://127.0.0.1:8080/ --arm new=http://127.0.0.1:8081/ --rounds 5
build/bench run -R 1000 -d 10 http://127.0.0.1:8080/
build/bench compare -R 200 -d 10
build/bench selftest
build/bench run https://localhost:8443/ --ca server.pem
build/bench compare --tls -c 100 -d 10
build/bench check --arm base='old/my-server --port {port}' --arm head='new/my-server --port {port}' /heavy --detect 10%
build/bench check results/reference/session.json
build/bench check results/reference/pool.json --fail 'p99>1s' --fail 'errors>0' --warn 'rps<100'
build/bench run --strategy inline -c 100 -d 3
build/bench run --strategy threads --isolate v8 -c 100 -d 3
build/bench run --strategy queue -c 10 -a 1000 --drain wait
build/bench run --strategy queue --broker redis -c 100 -d 3
build/bench serve --strategy pool --port 8080
build/bench compare --article --originals" ]
}

# Somebody who has a minute reads it to its end.
@test "it is short" {
    [ "$(wc -w <"$README")" -lt 2000 ]
}

@test "what the pages quote is what the stored results say" {
    run "$BATS_TEST_DIRNAME/../../scripts/quotes" --check "$BENCH_BUILD"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "the comparison, shorter" {
    run $(command_of "compare -c 100" | sed 's/-d 10 --rounds 3/-d 500ms --rounds 1/')
    [ "$status" -eq 0 ]
    for arm in inline threads pool offload queue; do
        grep -q "^$arm[! ]" <<<"$output"
    done
    [[ $output == *"finding 1"* ]]
}

@test "the stored comparison" {
    ln -s "$BATS_TEST_DIRNAME/../../results" results
    run $(command_of "report results/reference/comparison.json")
    [ "$status" -eq 0 ]
    [[ $output == *"finding 1"* ]]
}

@test "the page of the stored comparison" {
    ln -s "$BATS_TEST_DIRNAME/../../results" results
    run $(command_of "-o report.html")
    [ "$status" -eq 0 ]
    [ "$(grep -c '<svg' report.html)" -ge 5 ]
    [ "$(tail -n 1 report.html)" = '</html>' ]
}

@test "the pictures of the stored comparison" {
    ln -s "$BATS_TEST_DIRNAME/../../results" results
    run $(command_of "-o plots/")
    [ "$status" -eq 0 ]
    [ "$(head -c 8 plots/compare.png | od -An -c | tr -d ' \n')" = '211PNG\r\n032\n' ]
    for picture in $(sed -n 's/^!\[.*\](\(.*\))$/\1/p' "$README"); do
        [ -s "$BATS_TEST_DIRNAME/../../$picture" ]
    done
}

@test "a map, of fewer and smaller values, and its page" {
    run $(command_of "sweep --over" | sed 's/100M/20k/; s/1\.\.256/1..2/; s/--budget 25m/--points 2 --rounds 1 -d 100ms/')
    [ "$status" -eq 0 ]
    [[ $output == *"Best by most work"* ]]
    run $(command_of "report map.json")
    [ "$status" -eq 0 ]
    [ "$(tail -n 1 map.html)" = '</html>' ]
}

@test "a server of one's own beside the strategies" {
    printf '#!/bin/sh\nexec "%s" "$@"\n' "$BENCH_BUILD/bench-target" >my-server
    chmod +x my-server
    eval "run $(command_of "--arm mine" | sed 's/-d 10/-d 500ms/')"
    [ "$status" -eq 0 ]
    grep -q "^mine[! ]" <<<"$output"
}

@test "two servers that run, on other ports" {
    start_target --strategy pool --work count:1k
    run $(command_of "--arm old" | sed "s/808[01]/$PORT/g; s/--rounds 5/--rounds 2 -d 300ms/")
    stop_target
    [ "$status" -eq 0 ]
    grep -q "^old[! ]" <<<"$output"
    grep -q "^new[! ]" <<<"$output"
}

# Equal servers may fail once in many sessions: then the exit status is 1.
@test "a verdict on two servers of one's own, from fewer and shorter blocks" {
    mkdir old new
    printf '#!/bin/sh\nexec "%s" --work count:20k "$@"\n' "$BENCH_BUILD/bench-target" |
        tee old/my-server >new/my-server
    chmod +x old/my-server new/my-server
    eval "run $(command_of "check --arm") -c 2 -d 300ms --max-blocks 6"
    echo "$output"
    [ "$status" -le 1 ]
    [[ $output == *cpu_per_request* && $output == *"saved to results/"* ]]
}

# docs/article.md names both.
@test "the stored comparisons of the article" {
    ln -s "$BATS_TEST_DIRNAME/../../results" results
    build/bench report results/reference/article-originals.json --format md >page.md
    [ "$(grep -c '^| ' page.md)" -gt 50 ]
    run build/bench report results/reference/article.json
    [[ $output == *"16 claims, 21 verdicts"* ]]
}

@test "the article's comparison, shorter" {
    run $(command_of "--article --originals" | sed 's/--originals/-d 300ms --rounds 1 --work count:10k/')
    [ "$status" -eq 0 ]
    [[ $output == *"21 cannot be compared"* ]]
}

@test "a server that runs, on another port" {
    start_target --strategy pool --work count:1k
    run $(command_of "run http" | sed "s/8080/$PORT/") -d 1
    [ "$status" -eq 0 ]
    stop_target
}

@test "a rate, for a server that runs, on another port" {
    start_target --strategy pool --work count:1k
    run $(command_of "run -R 1000" | sed "s/8080/$PORT/; s/-d 10/-d 1/")
    stop_target
    [ "$status" -eq 0 ]
    [[ $output == *"open loop, 1,000/s"*"1,000 due"* ]]
}

@test "https, on another port" {
    start_target --strategy pool --work count:1k --tls-ca-out server.pem
    run $(command_of "run https" | sed "s/8443/$PORT/") -d 1
    stop_target
    [ "$status" -eq 0 ]
    [[ $output == *"TLSv1.3"*"keep-alive"*"certificate verified"* ]]
}

@test "the comparison over TLS, shorter" {
    run $(command_of "compare --tls" | sed 's/-d 10/-d 500ms --rounds 1 --work count:10k/')
    [ "$status" -eq 0 ]
    for arm in inline threads pool offload queue; do
        grep -q "^$arm[! ]" <<<"$output"
    done
}

@test "the comparison at a rate, shorter" {
    run $(command_of "compare -R" | sed 's/-d 10/-d 500ms --rounds 1 --work count:10k/')
    [ "$status" -eq 0 ]
    [[ $(tr -s ' \n' ' ' <<<"$output") == *"open loop, 200/s"*"that were due"* ]] # lines wrap
}

# Another program may keep a figure from its limit: then the exit status is 1.
@test "the selftest, shorter" {
    run $(command_of "selftest") --quick
    [ "$status" -le 1 ]
    [[ $output == *"requests due at 1,000/s"*"figures are within their limits"* ]]
}

@test "a server of one's own" {
    printf '#!/bin/sh\nexec "%s" "$@"\n' "$BENCH_BUILD/bench-target" >my-server
    chmod +x my-server
    eval "run $(command_of "--cmd") -d 1"
    [ "$status" -eq 0 ]
    [[ $output == *"CPU/request"* && $output == *"saved to results/"* ]]
}

@test "the baseline" {
    run $(command_of inline | sed 's/-d 3/-d 1/')
    [ "$status" -eq 0 ]
    [[ $output == *inline* ]]
}

@test "threads that cost what a V8 isolate costs" {
    run $(command_of "--isolate v8" | sed 's/-c 100 -d 3/-c 10 -d 1/')
    [ "$status" -eq 0 ]
    [[ $output == *threads* ]]
}

@test "a thousand jobs, until the last one is done" {
    run $(command_of "--strategy queue" | sed 's/-a 1000/-a 40/')
    [ "$status" -eq 0 ]
    [[ $output == *"(measured)"* ]]
}

@test "the queue in Redis" {
    command -v redis-server >/dev/null || skip "redis-server is not installed"
    run $(command_of "--broker redis" | sed 's/-d 3/-d 500ms/')
    [ "$status" -eq 0 ]
    [[ $output == *redis* ]]
}

@test "the gate, on the reference result and on the reference session" {
    ln -s "$BATS_TEST_DIRNAME/../../results" results
    eval "run $(command_of "check results/reference/pool.json")"
    [ "$status" -eq 0 ]
    eval "run $(command_of "check results/reference/session.json")"
    [ "$status" -eq 1 ]
}

@test "a target served alone, on a free port" {
    $(command_of "bench serve" | sed s/8080/0/) >ready &
    server=$!
    until grep -q '"ready"' ready; do kill -0 $server; done
    run curl -sf "http://127.0.0.1:$(jq .port ready)/ping"
    [ "$output" = pong ]
    kill $server
    wait $server
}

@test "the options of its table exist" {
    run "$BENCH_BUILD/bench" run --help
    for option in -c -d -a -W -t -m -b -H -i -p -w --json -o --no-save --max-rss --dry-run --probe; do
        grep -qE -- "(^|[ ,])$option([ ,]|$)" <<<"$output"
    done
}
