#!/usr/bin/env bats
# What a user can get wrong: the exit code, one sentence that says what to do instead, nothing on
# stdout, no file left behind.

load common

setup() {
    own_folder
    REFUSED=http://127.0.0.1:9/
}

bench() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" "$@" 3>&-
}

# fails CODE TEXT WORD...: bench WORD... ends so; TEXT is a part of what it says.
fails() {
    run "-$1" --separate-stderr bench "${@:3}"
    [[ $stderr == *"$2"* ]] || { echo "want: $2"; echo "got: $stderr"; return 1; }
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [ -z "$(ls -A)" ] || { ls -A; return 1; }
}

# The same, and the message is one line.
fails_in_one_line() {
    fails "$@"
    [ "${#stderr_lines[@]}" -eq 1 ] || { printf '%s\n' "${stderr_lines[@]}"; return 1; }
    [[ $stderr == bench:* ]]
}

usage() {
    fails_in_one_line 2 "$@"
}

@test "no command, or one that there is not" {
    usage "bench run"
    usage "did you mean 'run'" rum
    usage "bench --help" frobnicate
}

@test "an unknown option names the nearest real one" {
    usage "did you mean --connections" run --conections 5 "$REFUSED"
    usage "did you mean --latency" run --latencies "$REFUSED"
    usage "-A: use -H 'Accept: TYPE'" run -A 5 "$REFUSED"
    usage "unknown option --zzzzzz" run --zzzzzz "$REFUSED"
    usage "unknown option -Z" run -Z "$REFUSED"
    usage "did you mean --status-codes" report --status-kodes x.json
}

@test "an option without its value, or a flag with one" {
    usage "-c needs a value" run "$REFUSED" -c
    usage "--amount needs a value" run "$REFUSED" --amount
    usage "--json takes no value" run --json=yes "$REFUSED"
}

@test "headers that would split or misdirect a request are refused, unless they are meant" {
    while IFS='|' read -r text header; do
        usage "$text" run "$REFUSED" -m POST -b ok -H "$header" -H 'X-A: 1'
    done <<'END'
Transfer-Encoding is not the user's to give|Transfer-Encoding: chunked
a Content-Length of 3 with a body of 2 bytes|Content-Length: 3
a Content-Length of 02 with a body of 2 bytes|content-length=02
'' is not a Host|Host:
'a b' is not a Host|Host: a b
'a/b' is not a Host|host: a/b
'u@h' is not a Host|Host: u@h
'h:x' is not a Host|Host: h:x
'h#x' is not a Host|Host: h#x
END
    usage "two Host headers" run "$REFUSED" -H 'Host: a' -H 'Host: a'
    usage "two Content-Length headers" run "$REFUSED" -b ok -H 'Content-Length: 2' -H 'Content-Length: 2'
    usage "with 'Connection: close'" run "$REFUSED" -p 2 -H 'Connection: close'
    usage "two Host headers" compare --strategies none --arm a="$REFUSED" -H 'Host: a' -H 'Host: a'
    for good in 'Host: example.org' 'Host: [::1]:8080' 'Content-Length: 2'; do
        run -0 bench run --dry-run "$REFUSED" -b ok -H "$good"
    done
    run -0 bench run --dry-run "$REFUSED" --raw-headers -H 'Host: a b' -H 'Host: c' -H 'Content-Length: 7'
    [[ $output == *'Host: a b\r\nHost: c\r\nContent-Length: 7'* ]]
}

@test "a line break in a path is refused" {
    usage "cannot hold the byte 0x0d" run "$REFUSED"$'a\r\nX: 1'
    usage "--probe: " run "$REFUSED" --probe $'/ping\r\nX: 1'
    usage "--probe: " run "$REFUSED" --probe '/a b'
    usage "cannot hold the byte 0x0d" run --strategy pool $'/heavy\r\nX: 1'
}

@test "numbers and units are not guessed" {
    while IFS='|' read -r option value text; do
        usage "$text" run "$option" "$value" "$REFUSED"
    done <<'END'
-c|0|minimum is 1
-c|-1|is not a count
-c|x|is not a count
-c||is not a count
-c|10x|is not a count
-c|0x10|is not a count
-c|1.5|is not a
-c|2M|is too large
-c|nan|is not a count
-a|0|minimum is 1
-p|0|minimum is 1
-p|2000|maximum is 1024
-w|-2|is not a count
-d|10q|is not a time
-d|10 q|is not a time
-d|0|too small
-d|inf|is not a time
-t|-1|is not a time
-t|1e999|is not a time
-W|x|is not a time
-W|[ -c 1 ]|needs a time
-W|[ -x 1 -d 1 ]|unknown option '-x' in a warm-up
--max-rss|1|is too small
--max-rss|10 bananas|is not a size
--ready-timeout|soon|is not a time
--log|loud|choose from: error, warn
END
    usage "no closing ]" run -W [ -c 1 -d 1 "$REFUSED"
}

@test "options that contradict one another" {
    usage "-a/--amount 5 is smaller than -c/--connections 10" run -a 5 -c 10 "$REFUSED"
    usage "-a/--amount 5 is smaller than -c/--connections 6" compare -a 5 -c 6 --arm a="$REFUSED" --strategies none
    usage "a thread needs a connection" run -w 5 -c 2 "$REFUSED"
    usage "its -c must not be more than 2" run -c 2 -W '[ -c 3 -d 1 ]' "$REFUSED"
    usage "give one" run -b x -i /dev/null "$REFUSED"
    usage "--strategy and --cmd both start a target" run --strategy pool --cmd true
    usage "give only the path" run --strategy pool "$REFUSED"
    usage "add --strategy" run --work count:5 "$REFUSED"
}

@test "TLS and HTTP/2: what does not apply, what contradicts, what cannot be read" {
    usage "--insecure only applies to https://, and this is http://; write https:// in the URL" run --insecure "$REFUSED"
    usage "add --tls, and the target serves TLS" run --strategy pool --tls-resume
    usage "add --cmd-scheme https if the server speaks TLS" run --cmd 'srv {port}' --insecure
    usage "--tls only applies to a bundled target" run --tls https://127.0.0.1:9/
    usage "--cmd-scheme only applies to --cmd" run --cmd-scheme https https://127.0.0.1:9/
    usage "with --tls bench trusts the certificate that it makes" run --strategy pool --tls --ca x
    usage "give it with --key FILE" run --cert x https://127.0.0.1:9/
    usage "give one of them" run --insecure --ca x https://127.0.0.1:9/
    usage "--http2 with 'Connection: close'" run --http2 -H 'Connection: close' "$REFUSED"
    usage "speak HTTP/1.1 only" run --http2 --strategy pool
    usage "'1' is not a version of TLS; try 1.0" run --tls-max 1 https://127.0.0.1:9/
    usage "change --tls-min or --tls-max" run --tls-min 1.3 --tls-max 1.2 https://127.0.0.1:9/
    usage "is no cipher of this OpenSSL" run --ciphers nonsense https://127.0.0.1:9/
    usage "missing.pem" run --ca missing.pem https://127.0.0.1:9/
    usage "missing.pem" run --ca missing.pem --dry-run https://127.0.0.1:9/
    usage "missing.pem" compare --strategies none --arm a=https://127.0.0.1:9/ --ca [ missing.pem ]
    usage "--insecure only applies to https://, and no arm is" compare --strategies pool --insecure
    usage "cannot serve TLS" compare --strategies none --originals --tls
    usage "--article measures what was published" compare --article --tls
}

@test "what shall be measured: no URL, two, or none that is one" {
    usage "give a URL, --strategy pool, or --cmd" run
    usage "is only a path" run "$REFUSED" /b
    usage "is a second word" run --strategy pool /a /b
    usage "set PORT" run /heavy
    usage "'ftp://' is not supported; use http:// or https://" run ftp://127.0.0.1/
    usage "has no host" run ''
    usage "has no host" run http:///x
    usage "write https://HOST" run https:///x
    usage "from 1 to 65535" run http://127.0.0.1:99999/
    usage "from 1 to 65535" run http://127.0.0.1:0/
    usage "percent-encoded" run 'http://127.0.0.1/a b'
}

@test "a strategy or a work that there is not" {
    usage "did you mean pool" run --strategy poool
    usage "did you mean inline" run --strategy in-line
    usage "is not a count" run --strategy pool --work count:x
    usage "try count:20M or sleep:50ms" run --strategy pool --work 5
    usage "--pool-size" run --strategy pool --pool-size 5000
    usage "did you mean pool" serve --strategy poool
    usage "--port" serve --port 99999
    usage "is not an option" serve 8080
}

@test "a request that is none: nothing is sent" {
    start_faulty
    usage "is not a method" run "$URL/ok" -m 'BAD METHOD'
    usage "is not a header" run "$URL/ok" -H nocolon
    usage "'Authorization...' is not a header" run "$URL/ok" -H 'Authorization Bearer secret'
    usage "" run "$URL/ok" -H $'A: b\r\nC: d'
    usage "cannot read" run "$URL/ok" -i missing
    usage "cannot read" run "$URL/ok" -i .
    end_faulty
    jq -e 'has("/ok") | not' <<<"$COUNTS"
}

@test "-o that cannot be written costs no measurement" {
    start_faulty
    : >"$BATS_TEST_TMPDIR/file"
    for out in nowhere/x.json "$BATS_TEST_TMPDIR/file/x.json" /proc/x.json '' -; do
        usage "-o/--out" run "$URL/ok" -c 1 -a 1 -o "$out"
    done
    if [ "$(id -u)" -ne 0 ]; then # to root everything is open
        mkdir "$BATS_TEST_TMPDIR/shut"
        chmod a-w "$BATS_TEST_TMPDIR/shut"
        usage "Permission denied" run "$URL/ok" -c 1 -a 1 -o "$BATS_TEST_TMPDIR/shut/x.json"
        usage "Permission denied" run "$URL/ok" -c 1 -a 1 -o "$BATS_TEST_TMPDIR/shut"
    fi
    end_faulty
    [ "$(jq .accepted <<<"$COUNTS")" -eq 0 ]
}

@test "output that cannot be written is told, not swallowed" {
    start_faulty
    status=0
    bench run "$URL/ok" -c 1 -a 5 -o /dev/full >/dev/null 2>stderr || status=$?
    [ "$status" -eq 2 ]
    grep -q 'No space left' stderr
    status=0
    bench run "$URL/ok" -c 1 -a 5 --no-save >/dev/full 2>stderr || status=$?
    [ "$status" -eq 2 ]
    grep -q 'stdout' stderr
}

@test "nothing can be reached" {
    fails_in_one_line 5 "refused" run "$REFUSED" -c 1 -a 1
    [[ $stderr == *"nothing listens there"* && $stderr == *127.0.0.1:9* ]]
    run -5 --separate-stderr bench run 127.0.0.1:9 -c 1 -d 300ms -o result.json
    [[ $stderr == *refused* ]]
    jq -e '.valid == false' result.json # with -o there is a document in any case
    rm result.json
    PORT=9 fails_in_one_line 5 "refused" run /heavy
    export RES_OPTIONS="timeout:1 attempts:1" # without a network too
    fails_in_one_line 5 "nothing.invalid" run http://nothing.invalid/ -c 1 -a 1
    [[ $stderr == *resolve* ]]
}

@test "--cmd: a server that dies at its start shows its last words" {
    fails 5 "exit 3" run --cmd 'echo starting; echo no luck >&2; exit 3'
    [[ $stderr == *starting* && $stderr == *"no luck"* ]]
    fails 2 "not found" run --cmd no-such-server-anywhere
    fails 5 "signal 9" run --cmd 'kill -9 $$'
}

@test "--cmd: a server that never listens" {
    local began=${EPOCHREALTIME/[.,]/}
    fails_in_one_line 5 "did not listen" run --cmd 'exec tail -f /dev/null' --ready-timeout 300ms
    [ "$((${EPOCHREALTIME/[.,]/} - began))" -lt 9000000 ]
    [[ $stderr == *"{port}"* && $stderr == *--ready-timeout* ]]
}

@test "a program that bench needs and that is not there" {
    cp "$BENCH_BUILD/bench" "$BATS_TEST_TMPDIR/alone"
    for words in "run --strategy pool" serve; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr timeout "$PATIENCE" "$BATS_TEST_TMPDIR/alone" $words
        [ -z "$output" ]
        [ "${#stderr_lines[@]}" -eq 1 ]
        [[ $stderr == *"cannot find bench-target"* && $stderr == *scripts/quickstart* ]]
    done
}

@test "too few descriptors: raised by itself where that is allowed" {
    start_faulty
    ulimit -Sn 60
    measure "$URL/ok" -c 100 -a 100
    accounted '{"completed":100}'
}

@test "too few descriptors: or else the command that raises the limit" {
    start_faulty
    ulimit -n 60
    # root may raise even the hard limit, but for this capability
    local -a under=()
    [ "$(id -u)" -ne 0 ] || under=(setpriv --bounding-set -sys_resource)
    run -2 --separate-stderr timeout "$PATIENCE" "${under[@]}" "$BENCH_BUILD/bench" run "$URL/ok" -c 100 -a 100
    [ -z "$output" ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"limit is 60"* && $stderr =~ "ulimit -n "1[67][0-9]"'" && $stderr == *"(-c)"* ]]
}

@test "a result that is none" {
    usage "no result given" report
    usage "cannot read missing.json" report missing.json
    for text in '' '{' '[]' '{}' '{"schema":"bench.result/9"}' '{"schema":"bench.result/1"}'; do
        printf %s "$text" >"$BATS_TEST_TMPDIR/bad.json"
        usage "bad.json" report "$BATS_TEST_TMPDIR/bad.json"
    done
}

@test "help and version are no errors" {
    for words in --help -h help "run --help" "report -h" "serve --help" --version -v "run -v"; do
        # shellcheck disable=SC2086
        run -0 --separate-stderr bench $words
        [ -n "$output" ]
        [ -z "$stderr" ]
    done
}
