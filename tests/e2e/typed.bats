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

@test "what is typed by habit is told" {
    for words in 'http://127.0.0.1:1/' '-c 10 http://127.0.0.1:1/' '/path'; do
        run -2 --separate-stderr bench $words
        [[ $stderr == "bench: the command comes first: bench run "* ]] || { echo "$stderr"; return 1; }
    done
    run -2 --separate-stderr bench run -n 100 -c 10 http://127.0.0.1:1/ # of ab and hey
    [[ $stderr == *"'100' is neither a URL nor a path; a number of requests is -a 100" ]]
    run -2 --separate-stderr bench run http+unix://%2Frun%2Fs/ -a 1
    [[ $stderr == *"'http+unix://' is not supported; use http:// or https://, and -S PATH for a unix socket" ]]
    for option in --follow --location; do
        run -2 --separate-stderr bench run http://127.0.0.1:1/ "$option"
        [[ $stderr == *"redirects are not followed"* ]]
    done
    for option in -u --user; do
        run -2 --separate-stderr bench run http://127.0.0.1:1/ "$option" me:secret
        [[ $stderr == *"a user and password stand in the URL"* ]]
    done
    run -0 bench help run
    [[ $output == "Usage: bench run "* ]]
    run -2 bench help rnu
    [[ $output == *"did you mean 'run'"* ]]
}

@test "fewer requests than the connections that nobody asked for" {
    start_faulty
    measure "$URL/ok" -a 3
    accounted '{"completed":3}'
    result '.connections == 3 and .config.connections == 3'
    measure "$URL/ok" -a 30
    result '.connections == 10'
}

@test "a body that looks like a file, and a placeholder that nothing fills in" {
    start_faulty
    echo '{"a": 1}' >body.json
    run -0 --separate-stderr bench run --no-save -a 1 -m POST -b @body.json "$URL/echo" --expect-contains @body.json
    [[ $stderr == *"-b sends the text '@body.json' as it is; -i body.json sends what is in the file" ]]
    run -0 --separate-stderr bench run --no-save -a 1 -m POST -b @nothing.json "$URL/echo"
    [ -z "$stderr" ]
    printf 'user,word\na,b\n' >rows.csv
    while IFS='|' read -r words said; do
        eval "run -0 --separate-stderr bench run --no-save -a 1 '$URL/echo' $words"
        [[ $stderr == *"$said" && ( -n $said || -z $stderr ) ]] || { echo "$words: $stderr"; return 1; }
    done <<'END'
--feed rows.csv -b '{usr}'|'{usr}' is sent as it stands there; did you mean '{user}'?
--feed rows.csv -H 'X-A: {other-name}'|'{other-name}' is sent as it stands there: no column of --feed and no capture has this name
--feed rows.csv -b '{user} {word} {seq} {viewer} {"a": 1} {}'|
-I -b '[<id>] {sec}'|'{sec}' is sent as it stands there; did you mean '{seq}'?
-b '{usr}' -H 'X-A: {other}'|
END
}

@test "--debug says what goes wrong as it happens" {
    start_target --strategy inline --work count:1k
    run --separate-stderr bench run --no-save --debug -a 5 -c 1 "$URL/none"
    [[ "$stderr" == *"loading $URL/none"* ]]
    [[ "$stderr" == *"5 x status other than 2xx"* ]]
    stop_target
}
