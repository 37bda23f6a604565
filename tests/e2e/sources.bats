#!/usr/bin/env bats
# What is sent when requests differ: files of them, HAR, forms, feeds, placeholders, stdin. What a
# server got is what /echo of the faulty server gave back, or what --dry-run says.

load common

bench() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" "$@" 3>&-
}

# bench_run PATH OPTION...: against the faulty server; the result is $output.
bench_run() {
    run -0 --separate-stderr bench run --cmd "$SERVER" "$1" -c 2 --no-save --json "${@:2}"
}

# What would be sent to a server that nobody starts.
dry() {
    bench run --dry-run "$@" http://user:pw@127.0.0.1:9/base
}

# fails TEXT WORD...: exit code 2 with one sentence, and nothing was sent.
fails() {
    run -2 --separate-stderr bench run --no-save http://127.0.0.1:9/ "${@:2}"
    [[ $stderr == *"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ] || { printf '%s\n' "${stderr_lines[@]}"; return 1; }
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
}

@test "requests of a file are sent in turn, each its part" {
    printf '%s\n' '{"path": "/echo", "name": "a"}' '{"path": "/500", "name": "b"}' \
        '{"method": "POST", "path": "/echo", "body": {"n": 1}, "name": "a"}' >requests.jsonl
    bench_run / -c 1 -a 12 --requests requests.jsonl
    jq -e '.accounting | .sent == 12 and .completed == 12' <<<"$output"
    jq -e '[.requests_by_name[] | [.name, .sent, .completed, .non_2xx]]
           == [["a", 8, 8, 0], ["b", 4, 4, 4]]' <<<"$output"
    jq -e '.config.requests == "requests.jsonl"' <<<"$output"
}

@test "an array is read as lines are, also from stdin" {
    echo '[{"path": "/echo"}, {"path": "/500"}]' >requests.json
    bench_run / -c 1 -a 4 --requests - <requests.json
    jq -e '[.requests_by_name[] | [.name, .sent]] == [["GET /echo", 2], ["GET /500", 2]]' \
        <<<"$output"
}

@test "a feed gives each request the next row" {
    printf 'name,word\nfirst,"a ""b"""\nsecond,c d\n' >rows.csv
    run -0 dry --feed rows.csv -b '{name}: {word} {other}' -H 'X-Name: {name}'
    jq -e '.requests[0].request | contains("X-Name: first") and endswith("first: a \"b\" {other}")' \
        <<<"$output"
    # Of ten rows over two threads, the second of three comes as number 1, 4 and 7.
    printf '%s\n' word same other same >rows.csv
    bench_run /echo -m POST -a 10 -w 2 --feed rows.csv -b 'word={word}' -E 'word=same'
    jq -e '.accounting.completed == 10 and .mismatches == 3' <<<"$output"
}

@test "placeholders are only replaced when asked for" {
    run -0 dry -b '[<id>] {seq} {name}'
    jq -e '.request | endswith("[<id>] {seq} {name}")' <<<"$output"
    run -0 dry -I -b '[<id>] {seq} {name}'
    jq -e '.requests[0].request
           | test("[A-Za-z0-9_-]{22}-[0-9]{10} 0 [{]name[}]$")' <<<"$output"
    jq -e '.requests[0].request | contains("Content-Length: 42\r\n")' <<<"$output"
}

@test "an entry inherits from the command line, and its headers win" {
    printf '%s\n' '{}' '{"headers": {"x-a": ["2", "3"]}, "path": "/p", "method": "GET"}' >r.jsonl
    run -0 dry -m PUT -b body -H 'X-A: 1' -H 'X-B: 4' --requests r.jsonl
    jq -e '.requests[0].request | startswith("PUT /base HTTP/1.1\r\n") and contains("X-A: 1\r\n")
           and endswith("\r\n\r\nbody")' <<<"$output"
    jq -e '.requests[1].request | startswith("GET /p HTTP/1.1\r\n") and contains("x-a: 2\r\nx-a: 3")
           and (contains("X-A: 1") | not) and contains("X-B: 4")' <<<"$output"
    # The password of the URL is sent, and never shown.
    jq -e '.requests[0].request | contains("Authorization: (hidden)")' <<<"$output"
    [[ $output != *dXNlcjpwdw* && $output != *user:pw* ]]
}

@test "a HAR is sent for the origin of the URL" {
    cat >r.har <<'END'
{"log": {"entries": [
  {"request": {"method": "GET", "url": "http://127.0.0.1:9/a#top",
               "headers": [{"name": ":path", "value": "/a"}, {"name": "Accept", "value": "*/*"},
                           {"name": "Cookie", "value": "id=secret"}]}},
  {"request": {"method": "POST", "url": "http://127.0.0.1:9/b",
               "postData": {"mimeType": "text/plain", "text": "{seq}"}}},
  {"request": {"method": "GET", "url": "https://cdn.example/x"}}]}}
END
    run -0 --separate-stderr dry --har r.har
    [[ $stderr == *"r.har: 1 of 3 requests is left out, being for other origins than http://127.0.0.1:9: https://cdn.example (1)"* ]]
    jq -e '[.requests[].name] == ["GET /a", "POST /b"]' <<<"$output"
    jq -e '.requests[1].request | endswith("\r\n\r\n{seq}")' <<<"$output"
    [[ $output != *secret* && $output != *":path"* ]]
    # Of a server that bench starts, the first entry's origin is taken.
    sed 's/127.0.0.1:9/recorded.example/; s|/a#top|/echo|; s|:9/b|:9/echo|' r.har >other.har
    bench_run / -a 4 --har other.har
    jq -e '.accounting.completed == 4 and (.requests_by_name | length) == 2' <<<"$output"
    fails "other.har has no request for http://127.0.0.1:9; its requests are for" --har other.har
}

@test "a form is posted, with the bytes of its files" {
    printf '\x00\x01\xff' >photo.png
    echo '{"who": {"type": "text", "value": "me"},
           "photo": {"type": "file", "path": "photo.png", "options": {"filename": "p.png"}}}' >form
    run -0 dry -F form
    jq -e '.request | startswith("POST /base") and contains("Content-Type: multipart/form-data; boundary=")
           and contains("Content-Length: 235\r\n")' <<<"$output"
    run -0 dry -m PUT -F '{"a": {"type": "text", "value": "b"}}'
    jq -e '.request | startswith("PUT /base")' <<<"$output"
    bench_run /echo -a 4 -F form
    jq -e '.accounting.completed == 4 and .config.method == "POST"' <<<"$output"
}

@test "a body comes from stdin as it is" {
    printf 'a\0b\n' >body
    bench_run /echo -m POST -a 4 -i - <body
    jq -e --arg sum "$(sha256sum body | cut -d' ' -f1)" \
        '.config.body_sha256 == $sum and .config.body_bytes == 4' <<<"$output"
}

@test "arms of a comparison have the same requests, and a pipe is read once" {
    bench compare --dry-run --strategies inline --arm 'own=--strategy pool' \
        --arm url=http://127.0.0.1:9/ --requests - <<<'{"path": "/ping"}' >plans
    jq -e '[.arms[].plan.requests[0].name] == ["GET /ping", "GET /ping", "GET /ping"]' plans
}

@test "what is malformed is told with file, line and column before anything is sent" {
    printf '{"path": "/"}\n{"path": "/", "wieght": 1}\n' >r.jsonl
    fails "r.jsonl:2:15: a request has no 'wieght'; did you mean 'weight'?" --requests r.jsonl
    printf '{"path": "/",\n "expect": {"regex": "(a"}}\n' >r.jsonl
    fails "r.jsonl:2:22: '(a' is not a regular expression" --requests r.jsonl
    echo '{"capture": {"t": {"pointer": "a"}}}' >r.jsonl
    fails "r.jsonl:1:31: 'a' is not a JSON pointer" --requests r.jsonl
    echo '{"headers": {"A": "b\nc"}}' >r.jsonl
    fails "r.jsonl:1:19: the header A has a line break" --requests r.jsonl
    printf 'a,b\n1,2\n3\n' >rows.csv
    fails "rows.csv:3:2: 1 value, and the header line names 2 columns" --feed rows.csv
    echo '{"log": {"entries": [{}]}}' >r.har
    fails "r.har:1:22: an entry has a \"request\"" --har r.har
    fails "-F/--form:1:7: a field has a \"type\"" -F '{"a": {}}'
    fails "cannot read nowhere: No such file" --requests nowhere
    truncate -s 1G large
    fails "cannot read large: larger than 64 MiB" --requests large
    fails "cannot read large: larger than 256 MiB" --har large
    fails "large:1:1: this row is longer than 256 KiB" --feed large
}

# What is read in time squared takes minutes here.
@test "a list of many thousands is read in a time that grows with its length" {
    jq -nc 'range(30000) | {path: "/\(.)", capture: {"v\(. % 1000)": {header: "A"}}}' >list.jsonl
    jq -n '{log: {entries: [range(30000) | {request: {method: "GET", url: "http://127.0.0.1:9/\(.)"}}]}}' \
        >many.har
    run -0 --separate-stderr dry --requests list.jsonl
    run -0 --separate-stderr dry --har many.har
}

# A form that names photo.png, and what else a run is made of.
@test "a result replaces no file that the requests are made of" {
    echo '{"path": "/"}' >list.jsonl
    echo '{"log": {"entries": [{"request": {"method": "GET", "url": "http://127.0.0.1:9/"}}]}}' >r.har
    printf 'a\n1\n' >rows.csv
    echo bytes >photo.png
    echo '{"photo": {"type": "file", "path": "photo.png"}}' >form
    sha256sum -- * >sums
    while read -r file words; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr bench run http://127.0.0.1:9/ $words -o "$file"
        [[ $stderr == *"would replace $file"* ]]
    done <<'END'
list.jsonl --requests list.jsonl
r.har --har r.har
rows.csv --feed rows.csv
form -F form
photo.png -F form
photo.png -m POST -i photo.png
END
    run -2 --separate-stderr bench compare --strategies none --arm a=http://127.0.0.1:9/ \
        --arm b=http://127.0.0.1:9/ --feed rows.csv -o rows.csv
    [[ $stderr == *"would replace rows.csv"* ]]
    run -2 --separate-stderr bench check --arm a=http://127.0.0.1:9/ \
        --arm b="--header 'X-B: 1' http://127.0.0.1:9/" -F form -o photo.png
    [[ $stderr == *"would replace photo.png"* ]]
    sha256sum -c --quiet sums
}

@test "what cannot be combined is refused" {
    echo '{"path": "/", "think": 10}' >r.jsonl
    fails "a think time with -p 2" --requests r.jsonl -p 2
    fails "a think time with a rate" --requests r.jsonl -R 10
    echo '{"path": "/", "capture": {"t": {"header": "A"}}}' >captures.jsonl
    fails "a capture with -p 2" --requests captures.jsonl -p 2
    fails "--requests and --har both say what is sent" --requests r.jsonl --har r.har
    fails "stdin can be read once" --requests - -i -
    fails "a feed is read again and again" --feed -
    fails "-F/--form takes JSON" -F -
    fails "-F/--form makes the body, and -b/--body" -F '{"a": {"type": "text", "value": "b"}}' -b c
    fails "leave that header out" -F '{"a": {"type": "text", "value": "b"}}' -H 'content-type: a/b'
    fails "is not a regular file; a feed is read again" --feed /dev/null
    printf 't\n1\n' >rows.csv
    fails "captures.jsonl:1:1: the capture 't' has the name of a column of --feed" \
        --requests captures.jsonl --feed rows.csv
}

# Each command of the page, with the files that it speaks of.
@test "the commands of docs/requests.md are understood" {
    local page=$BATS_TEST_DIRNAME/../../docs/requests.md count=0 line
    sed -n '/^```json$/,/^```$/{//!p}' "$page" >requests.jsonl
    printf 'user\nme\n' >users.csv
    mkdir photos
    echo x >me.png
    echo '{"log": {"entries": [{"request": {"method": "GET", "url": "https://shop.example/"}}]}}' \
        >recorded.har
    run -0 dry --requests requests.jsonl --feed users.csv
    jq -e '[.requests[].name] == ["POST /login", "orders", "GET /gone"]' <<<"$output"
    jq -e '.requests[0].request | endswith("{\"user\":\"me\"}")' <<<"$output"
    # It needs what a reply has to give, so it is shown as it is written.
    jq -e '.requests[1].request | startswith("GET /orders?page={seq} ")' <<<"$output"
    while IFS= read -r line; do
        eval "$line --dry-run" </dev/null | jq -e '.schema == "bench.plan/1"'
        count=$((count + 1))
    done < <(sed -n '/^```sh$/,/^```$/{//!p}' "$page")
    [ "$count" -eq 6 ]
}

# The window of each thread, whatever the size of the file is.
@test "a large feed takes no more memory than a small one" {
    local row='12345,"somebody, with a name that is long enough for a row of a file"'
    { echo id,name; yes "$row" | head -n 2000000; } >large.csv
    { echo id,name; echo "$row"; } >small.csv
    for size in small large; do
        bench_run /echo -m POST -a 200 --feed $size.csv -b '{id} {name}'
        jq -e '.accounting.completed == 200' <<<"$output"
        jq '.client.rss_peak_bytes' <<<"$output" >$size.rss
    done
    [ "$(stat -c %s large.csv)" -gt $((128 << 20)) ]
    [ "$(<large.rss)" -lt $(($(<small.rss) + (32 << 20))) ]
}
