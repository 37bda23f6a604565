#!/usr/bin/env bats
# Connections: how long each is kept, how fast they are opened, and where they go.

load common

# opened PATH N: so many connections had requests for it, by the server's own count.
opened() {
    jq -e ".[\"$1\"].connections == $2" <<<"$COUNTS" >/dev/null || { echo "$COUNTS"; return 1; }
}

# The same, when two connections share an amount: each may end within its last one.
opened_about() {
    jq -e ".[\"$1\"].connections | . == $2 or . == $2 + 1" <<<"$COUNTS" >/dev/null || { echo "$COUNTS"; return 1; }
}

@test "-D: the reply that closes a connection counts, and none in the pipeline is lost" {
    for pipelining in 1 8; do
        start_faulty
        measure "$URL/ok" -c 2 -D 5 -a 100 -p "$pipelining"
        accounted '{"completed":100}'
        result '.histograms.connect.count >= 20'
        end_faulty
        served '{"/ok":[100,100]}'
        opened_about /ok 20
    done
    start_faulty
    measure "$URL/ok" -c 4 -w 2 --reconnectRate 1 -a 60
    accounted '{"completed":60}'
    end_faulty
    opened /ok 60
}

@test "-D with a rate, and with connections that the server closes" {
    start_faulty
    measure "$URL/ok" -R 200 -d 500ms -c 4 -D 3
    result '.accounting | .due == 100'
    conserved
    result '.accounting | .connected >= .completed / 3'
    measure "$URL/close" -c 2 -D 5 -a 40
    accounted '{"completed":40}'
}

@test "--keepalive off: each request has its own connection, and says so once" {
    start_faulty
    measure "$URL/ok" -c 3 -a 40 --keepalive off
    accounted '{"completed":40}'
    end_faulty
    served '{"/ok":[40,40]}'
    opened /ok 40
    "$BENCH_BUILD/bench" run --dry-run --keepalive off http://localhost/ >plan
    jq -e '.request | split("\n") | map(select(test("^connection:"; "i"))) ==
        ["Connection: close\r"] or . == ["Connection: close"]' plan >/dev/null || jq .request plan
}

@test "--connect-rate: no more new connections than that" {
    start_faulty
    measure "$URL/ok" -c 100 -d 400ms --connect-rate 20
    # The first is opened at once.
    result '.accounting.connected <= 1 + 20 * .duration and .accounting.connected >= 1'
    measure "$URL/ok" -c 100 -w 2 -d 400ms --connectRate 20
    result '.accounting.connected <= 2 + 20 * .duration'
    measure "$URL/ok" -c 10 -D 1 -d 300ms --connect-rate 50
    result '.accounting.completed <= 1 + 50 * .duration'
    measure "$URL/ok" -R 1000 -c 100 -d 300ms --connect-rate 20 --keepalive off
    result '.accounting.connected <= 3 + 20 * (.duration + 0.1)'
    conserved
}

# Gaps between the arrivals of first requests that are near to the 1 ms of the rate.
even_gaps() { # LOG
    awk 'NR > 1 {print $1}' "$1" | sort -n |
        awk 'NR > 1 && $1 - last > 5e5 && $1 - last < 2e6 {even++} {last = $1} END {print even + 0}'
}

@test "--connect-rate: evenly spaced, as a server sees it" {
    local quiet=0 delay="exec '$BENCH_BUILD/bench-target' --strategy delay --delay constant:1us --delay-log '$PWD/log'"
    for try in 1 2 3 4 5; do
        measure --cmd "$delay --port {port}" /heavy -c 500 -M 1 --connect-rate 1000 -d 60
        accounted '{"completed":500}'
        [ "$(even_gaps log)" -le 250 ] || return 0
        ! jq -e '.machine | .disturbed or .stolen_cores > 0.05 or .other_cpu_cores > 0.05' "$RESULT" >/dev/null &&
            quiet=$((quiet + 1))
    done
    [ "$quiet" -eq 0 ] || { even_gaps log; return 1; }
    skip "other programs had the cores each time"
}

@test "several URLs: connection i goes to URL i mod n, wherever that is" {
    start_faulty
    first=$URL first_pid=$FAULTY_PID first_out=$FAULTY_OUT
    start_faulty
    for threads in 1 2; do
        measure "$first/ok" "$URL/echo" "$URL/nothing-here" -c 6 -w "$threads" -M 10 -d 60
        accounted '{"completed":60}'
        result '.non2xx == 20'
        result '.requests_by_name | map([.completed, .non_2xx]) == [[20, 0], [20, 0], [20, 20]]'
        result "(.url | split(\" \")) == [\"$first/ok\", \"$URL/echo\", \"$URL/nothing-here\"]"
    done
    # In an open loop, too, and with one connection that is closed.
    measure "$first/ok" "$URL/ok" -c 2 -R 200 -d 300ms
    conserved
    measure "$first/ok" "$URL/reset" -c 2 -M 3 -d 60
    accounted '{"completed":3,"reset":3}'
    kill "$first_pid"
    wait "$first_pid" || true
}

@test "several URLs: plain and with TLS, and -E is of all of them" {
    start_faulty
    plain=$URL
    FAULTY_TLS=1 start_faulty
    measure "$plain/ok" "$URL/ok" -c 4 -M 5 -d 60 -E $'ok\n'
    accounted '{"completed":20}'
    result '.tls.handshakes == 2 and .mismatches == 0'
    measure "$plain/ok" "$URL/ok" -c 2 -M 5 -d 60 -E other
    result '.mismatches == 10'
}

@test "several URLs: each keeps its path when placeholders are replaced, and in a file of requests" {
    start_faulty
    urls=("$URL/ok" "$URL/echo?n={seq}" "$URL/nothing-here")
    for options in -I '--feed rows.csv'; do
        printf 'word\none\ntwo\n' >rows.csv
        measure "${urls[@]}" $options -H 'X-Id: {seq}' -c 3 -M 10 -d 60
        accounted '{"completed":30}'
        result '.requests_by_name | map(.name | split("/")[-1]) == ["ok", "echo?n={seq}", "nothing-here"]'
        result '.requests_by_name | map([.completed, .non_2xx]) == [[10, 0], [10, 0], [10, 10]]'
    done
    # Of a file, a request without a path has that of each URL; one with a path has its own everywhere.
    printf '%s\n' '{"headers": {"X-A": "1"}}' '{"path": "/echo"}' '{"name": "mine"}' >list
    measure "$URL/ok" "$URL/nothing-here?q=1" --requests list -c 2 -M 6 -d 60
    result '.requests_by_name | map([.name, .path, .completed, .non_2xx]) == [["GET /ok", "/ok", 2, 0],
        ["GET /echo", "/echo", 4, 0], ["mine", "/ok", 4, 2], ["GET /nothing-here", "/nothing-here?q=1", 2, 2]]'
    # What would be sent is shown with its placeholders replaced.
    "$BENCH_BUILD/bench" run --dry-run "$URL/a/{seq}" "$URL/b" -I -c 2 | jq -e '.requests[0].request | contains("GET /a/0 ")'
}

@test "several URLs: what is wrong with one is told, and no password is kept of any" {
    start_faulty
    run -5 timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save "$URL/ok" http://127.0.0.1:1/
    [[ $output == *"127.0.0.1:1/: cannot connect to "* ]]
    measure "${URL/\/\//\/\/me:pass-of-1@}/ok" "${URL/\/\//\/\/me:pass-of-2@}/ok" -a 4 -c 2
    accounted '{"completed":4}'
    ! grep -q pass-of- "$RESULT"
    "$BENCH_BUILD/bench" run --dry-run "${URL/\/\//\/\/me:pass-of-1@}/ok" "${URL/\/\//\/\/me:pass-of-2@}/ok" >plan
    ! grep -q pass-of- plan
}

@test "--connect-to: another place, with the URL's own host and name" {
    start_faulty
    measure http://example.invalid/ok --connect-to "127.0.0.1:$PORT" -a 5 -c 1
    accounted '{"completed":5}'
    result '.url == "http://example.invalid/ok"'
    result ".target.address == \"127.0.0.1:$PORT\""
    run -5 timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save "$URL/ok" --connect-to 127.0.0.1:1
    [[ $output == *"--connect-to: cannot connect to 127.0.0.1:1"* ]]
}

@test "-4, -6: only addresses of that kind" {
    start_faulty
    measure "http://localhost:$PORT/ok" -4 -a 5 -c 1
    result ".target.address == \"127.0.0.1:$PORT\""
    run -5 timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save -6 "$URL/ok"
    [[ $output == *"127.0.0.1 has no IPv6 address; leave out -6"* ]]
    run -5 timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save -4 'http://[::1]:1/'
    [[ $output == *"::1 has no IPv4 address; leave out -4"* ]]
}

@test "HTTP/2: the same" {
    load http2
    start_h2
    drive /ok -c 2 -D 5 -a 100 -p 3
    accounted '{"completed":100}'
    end_faulty
    opened_about /ok 20
    start_h2
    drive /ok -c 2 --keepalive off -a 20
    accounted '{"completed":20}'
    end_faulty
    opened /ok 20
    start_h2
    measure --http2 "$URL/ok" "$URL/empty" -c 4 -p 2 -M 5 -d 60
    accounted '{"completed":20}'
    result '.requests_by_name | map(.completed) == [10, 10]'
}

refused() { # WORDS OPTION...
    run -2 timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save "${@:2}"
    [[ $output == *"$1"* ]] || { echo "$output"; return 1; }
}

@test "what cannot be combined is refused with a sentence" {
    url=http://127.0.0.1:1/
    refused "leave no address" "$url" -4 -6
    refused "each request ends its connection" "$url" --keepalive off -p 2
    refused "each request ends its connection" "$url" --keepalive off -D 5
    refused "each request ends its connection" "$url" -H 'Connection: close' -D 5
    printf "%s\n" "{\"path\":\"/a\"}" "{\"path\":\"/b\",\"headers\":{\"Connection\":\"close\"}}" >list
    refused "each request ends its connection" "$url" --requests list -p 2
    refused "each request ends its connection" "$url" --requests list -D 5
    refused "HTTP/2 has no such header" "$url" --requests list --http2
    refused "is not HOST:PORT" "$url" --connect-to localhost
    refused "is not HOST:PORT" "$url" --connect-to localhost:80/x
    refused "is for a URL" --strategy pool --connect-to localhost:80
    refused "is for a URL" --strategy pool --addresses all
    refused "beside -S/--socket-path" -S ./sock / -4
    refused "beside --proxy" "$url" --proxy http://127.0.0.1:2 --connect-to localhost:80
    refused "is not a rate of new connections" "$url" --connect-rate 0
    refused "so some would have none" "$url" "$url" -c 1
    refused "is only a path" "$url" /b
    refused "is a second word" --strategy pool /a /b
    refused "cannot be combined with a target that bench starts" --strategy pool "$url"
}
