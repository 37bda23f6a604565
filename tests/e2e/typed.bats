#!/usr/bin/env bats
# What people who come from autocannon type: values, words behind --, and letters of other tools.

load common

setup() {
    own_folder
}

bench() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" "$@" 3>&-
}

write_app() {
    cat >"$BATS_TEST_TMPDIR/app.js" <<'END'
const port = +process.env.OWN_PORT >= 0 ? +process.env.OWN_PORT : +process.env.PORT;
require('http').createServer((q, r) => r.end(q.url)).listen(port, '127.0.0.1');
END
}

@test "a time has words, and a letter its value behind an equals sign" {
    run -0 --separate-stderr bench run --dry-run -d='1h 30m' -c=7 -W '1 second' http://127.0.0.1:1/
    jq -e '.config.duration == 5400 and .config.connections == 7 and .config.warmup == "1 second"' <<<"$output"
    run -0 --separate-stderr bench run --dry-run -d '2 weeks' http://127.0.0.1:1/
    jq -e '.config.duration == 1209600' <<<"$output"
    run -2 --separate-stderr bench run -d '2 months' http://127.0.0.1:1/
    [[ "$stderr" == *"'2 months' is not a time"* ]]
}

@test "the command behind -- is started, and its port is found or given" {
    write_app
    for own in 0 -1; do # a port of its own, and the one of PORT
        OWN_PORT=$own run -0 --separate-stderr bench run --no-save -j -a 20 -c 2 /a -- \
            node "$BATS_TEST_TMPDIR/app.js"
        jq -e '.["2xx"] == 20 and (.target.command | test("^node .*app.js$"))' <<<"$output"
    done
    OWN_PORT=0 run -0 --separate-stderr bench run --no-save -j -a 20 -c 2 --on-port /a -- \
        sh -c "exec node '$BATS_TEST_TMPDIR/app.js' 'a b'" # a word with blanks and quotes
    jq -e '.["2xx"] == 20' <<<"$output"
}

@test "a program behind -- may be one word that begins with a slash" {
    write_app
    printf '#!/bin/sh\nexec node %q\n' "$BATS_TEST_TMPDIR/app.js" >"$BATS_TEST_TMPDIR/server"
    chmod +x "$BATS_TEST_TMPDIR/server"
    for path in /a ''; do
        run -0 --separate-stderr bench run --no-save -j -a 5 -c 1 $path -- "$BATS_TEST_TMPDIR/server"
        jq -e '.["2xx"] == 5' <<<"$output"
    done
    run -2 --separate-stderr bench run --no-save / -- /nonexistent-program
    [[ "$stderr" == *"nonexistent-program: not found"* ]]
}

@test "a command behind -- that cannot start is an error, and so is none" {
    run -2 --separate-stderr bench run --on-port /
    [[ "$stderr" == *"--on-port starts the server behind '--'"* ]]
    run -2 --separate-stderr bench run --cmd 'x {port}' / -- node app.js
    [[ "$stderr" == *"give one of them"* ]]
    run --separate-stderr bench run --no-save / -- /nonexistent/program
    [ "$status" -eq 2 ]
    [[ "$stderr" == *"nonexistent"* ]]
    run --separate-stderr bench run --no-save / -- false
    [ "$status" -eq 5 ]
    [[ "$stderr" == *"exited before it was ready"* ]]
}

@test "a URL behind -- is a URL, and a path goes to PORT" {
    start_target --strategy inline --work count:1k
    run -0 --separate-stderr bench run --no-save -j -a 5 -c 1 -- "$URL/ping"
    jq -e '.["2xx"] == 5' <<<"$output"
    PORT=http run -2 --separate-stderr bench run --no-save /ping
    [[ "$stderr" == *"the variable PORT, which says where it is, is 'http'"* ]]
    PORT=${URL##*:} run -0 --separate-stderr bench run --no-save -j -a 5 -c 1 /ping
    jq -e '.["2xx"] == 5' <<<"$output"
    stop_target
}

@test "letters and names of other tools say what they are called here" {
    while read -r option want; do
        run -2 --separate-stderr bench run $option http://127.0.0.1:1/
        [[ "$stderr" == *"$want"* ]]
    done <<'END'
-z -d here
-q -R in all
-k --insecure
-X -m here
--vus -c N
--script --requests FILE
--iterations -a here
-G unknown option -G; see --help
END
}

@test "--debug says what goes wrong as it happens" {
    start_target --strategy inline --work count:1k
    run --separate-stderr bench run --no-save --debug -a 5 -c 1 "$URL/none"
    [[ "$stderr" == *"loading $URL/none"* ]]
    [[ "$stderr" == *"5 x status other than 2xx"* ]]
    stop_target
}
