#!/usr/bin/env bats
# Requests of a list while they are sent: each is counted under its name and in the run, by how it
# ended; in what order they go, how they wait, and what is not sent.

load common
load http2

# listed NAME...: what the last measure counted under this name, as a JSON object.
named() {
    jq -c --arg name "$1" '.requests_by_name[] | select(.name == $name) | del(.latency, .unfinished)' \
        "$RESULT"
}

# The sums over all names are the counts of the run; each has its time, or the age that it had.
sums() {
    result '. as $r | .requests_by_name | (map(.sent) | add) == $r.accounting.sent
        and (map(.completed) | add) == $r.accounting.completed
        and (map(.non_2xx) | add) == $r.accounting.non_2xx
        and (map(.mismatches) | add) == $r.accounting.mismatches
        and (map(.unbound) | add) == ($r.accounting.unbound // 0)
        and (map(.timed_out) | add) == $r.accounting.timed_out
        and (map(.failed) | add) == ($r.accounting.failed | add)
        and all(.[]; .latency.count == .completed and .unfinished.count == .sent - .completed)'
}

every_end() {
    measure "$URL/" --requests list.jsonl -E $'ok\n' -t 300ms "$@"
    result '.accounting.sent == 60'
    sums
}

@test "every end of a request is counted under its name" {
    start_faulty
    printf '%s\n' '{"path": "/ok"}' '{"path": "/500"}' '{"path": "/garbage"}' \
        '{"path": "/truncate", "name": "cut short"}' '{"path": "/stall"}' '{"path": "/wrong-body"}' \
        >list.jsonl
    every_end -a 60 -c 1
    for name in "GET /ok" "GET /500" "GET /garbage" "cut short" "GET /stall" "GET /wrong-body"; do
        [ "$(named "$name" | jq .sent)" -eq 10 ] || { named "$name"; return 1; }
    done
    result '[.requests_by_name[] | [.completed, .non_2xx, .mismatches, .timed_out, .failed]]
        == [[10,0,0,0,0], [10,10,0,0,0], [0,0,0,0,10], [0,0,0,0,10], [0,0,0,10,0], [10,0,10,0,0]]'
    every_end -a 60 -c 4 -w 3
    every_end -a 60 -c 2 -p 3
    measure "$URL/" --requests list.jsonl -t 300ms -R 100 -d 1 -w 2
    sums
    result '.accounting | .due == .sent + .unsent + (.unbound // 0)'
    measure "$URL/" --requests list.jsonl -t 300ms -W 1 -d 1 -c 3
    sums
}

@test "with weights entries are drawn, and a seed gives the same ones again" {
    start_faulty
    printf '%s\n' '{"path": "/ok", "weight": 3, "name": "often"}' \
        '{"path": "/echo", "weight": 1, "name": "seldom"}' >list.jsonl
    # Five standard deviations of 1,000 draws, on one connection, which draws in order.
    measure "$URL/" --requests list.jsonl -a 1000 -c 1 --seed 5
    sums
    result '.requests_by_name[0].sent | . > 681 and . < 819'
    first=$(named often)
    measure "$URL/" --requests list.jsonl -a 1000 -c 1 --seed 5
    [ "$(named often)" = "$first" ]
}

@test "a think time is waited for after each reply" {
    start_faulty
    echo '{"path": "/ok", "think": "200ms-300ms"}' >list.jsonl
    measure "$URL/" --requests list.jsonl -a 6 -c 2
    result '.accounting.completed == 6 and .duration >= 0.39'
    # A server that closes each connection changes nothing.
    echo '{"path": "/close", "think": 200}' >list.jsonl
    measure "$URL/" --requests list.jsonl -a 6 -c 2
    result '.accounting.completed == 6 and .duration >= 0.39'
    # The latency has no part of it.
    result '.requests_by_name[0].latency.count == 6'
}

@test "what has no value is not sent: a closed loop goes on, and does not spin" {
    start_faulty
    printf 'v\ngood\n"line\nbreak"\n' >rows.csv
    printf '%s\n' '{"path": "/ok", "headers": {"X-V": "{v}"}, "name": "header"}' >list.jsonl
    measure "$URL/" --requests list.jsonl --feed rows.csv -a 50 -c 1
    sums
    result '.accounting | .sent == 50 and .completed == 50 and (.unbound | . >= 49 and . <= 50)'
    # None can be sent: every 10 ms is tried, not as fast as can be.
    printf 'v\n"line\nbreak"\n' >rows.csv
    measure "$URL/" --requests list.jsonl --feed rows.csv -d 1 -c 1 || [ "$STATUS" -eq 3 ]
    sums
    result '.accounting | .sent == 0 and .unbound > 0 and .unbound <= 110'
    # The fault is the request's, and not the server's.
    result '[.warnings[].code] | index("unbound") and (index("nothing-completed") | not)'
    result '.warnings[] | select(.code == "unbound").message | endswith("missing; mostly header")'
}

@test "what has no value takes its arrival with it in an open loop" {
    start_faulty
    printf 'v\ngood\n"line\nbreak"\n' >rows.csv
    echo '{"path": "/ok", "headers": {"X-V": "{v}"}, "name": "header"}' >list.jsonl
    measure "$URL/" --requests list.jsonl --feed rows.csv -R 100 -d 1 -w 1
    sums
    result '.accounting | .due == 100 and .due == .sent + .unsent + .unbound and .unbound >= 45'
    measure "$URL/" --requests list.jsonl --feed rows.csv -R 200 -a 100 -w 1
    sums
    result '.accounting | .sent == 50 and .unbound == 50 and .due == 100'
}

@test "a run of so many requests ends when none can be sent" {
    start_faulty
    printf 'v\n"line\nbreak"\n' >rows.csv
    echo '{"path": "/ok", "headers": {"X-V": "{v}"}}' >list.jsonl
    measure "$URL/" --requests list.jsonl --feed rows.csv -a 5 -c 2 -t 1s || [ "$STATUS" -eq 3 ]
    result '.accounting | .sent == 0 and .unbound > 0'
    result '[.warnings[].code] | index("unbound") and (index("gave-up") | not)'
}

@test "HTTP/2 sends lists, with and without placeholders" {
    start_h2
    printf '%s\n' '{"path": "/ok", "name": "plain"}' \
        '{"path": "/empty?n={seq}&id=[<id>]", "headers": {"X-Id": "{uuid}"}, "name": "made"}' \
        '{"path": "/rst", "name": "reset"}' >list.jsonl
    drive / --requests list.jsonl -a 90 -c 1
    sums
    result '[.requests_by_name[] | [.sent, .completed, .failed]]
        == [[30, 30, 0], [30, 30, 0], [30, 0, 30]]'
    drive / --requests list.jsonl -a 90 -c 2 -p 5 -w 2
    sums
    result '.accounting.sent == 90'
    printf 'v\ngood\n"line\nbreak"\n' >rows.csv
    echo '{"path": "/ok", "headers": {"X-V": "{v}"}}' >list.jsonl
    drive / --requests list.jsonl --feed rows.csv -a 50 -c 1
    result '.accounting | .completed == 50 and (.unbound | . >= 49 and . <= 50)'
}

@test "more than a thousand names are summed as others" {
    start_faulty
    for i in $(seq 1003); do echo "{\"path\": \"/ok\", \"name\": \"n$i\"}"; done >list.jsonl
    measure "$URL/" --requests list.jsonl -a 1003 -c 1
    sums
    result '(.requests_by_name | length) == 1001
        and (.requests_by_name[1000] | .name == "others" and .sent == 3 and .method == null)'
}

@test "figures of one request are gates, and what has none is said before anything is sent" {
    start_faulty
    printf '%s\n' '{"path": "/ok"}' '{"path": "/500", "name": "bad: [<id>]"}' >list.jsonl
    # The errors of one say nothing about the other.
    measure "$URL/" --requests list.jsonl -a 400 -c 2 --fail 'GET /ok:non2xx>0' \
        --fail 'GET /ok:p90>50s' --warn 'bad: [<id>]:errors>0'
    cp "$RESULT" result.json
    measure "$URL/" --requests list.jsonl -a 400 -c 2 --fail 'bad: [<id>]:p50>50s' || true
    [ "$STATUS" -eq 5 ]
    measure "$URL/" --requests list.jsonl -a 40 --fail 'bad: [<id>]:non2xx>0' || true
    [ "$STATUS" -eq 1 ]
    # Of a stored one.
    run -0 "$BENCH_BUILD/bench" check result.json --fail 'GET /ok:errors>0' --fail 'GET /ok:mean>50s'
    run -1 "$BENCH_BUILD/bench" check result.json --fail 'bad: [<id>]:non2xx>=50%'
    run -5 "$BENCH_BUILD/bench" check result.json --fail 'other:p50>1s'
    [[ $output == *"a request of that name"* ]] || { echo "$output"; return 1; }
    for wrong in 'GET /nope:p99>1s' 'GET /ok:rss>1MB' ':p99>1s' 'GET /ok:nothing>1'; do
        run -2 --separate-stderr "$BENCH_BUILD/bench" run --no-save "$URL/" --requests list.jsonl \
            -a 4 --fail "$wrong"
        [ -n "$stderr" ] && [ -z "$output" ]
    done
}

@test "a result whose names contradict its counts is refused" {
    start_faulty
    printf '%s\n' '{"path": "/ok"}' '{"path": "/500"}' >list.jsonl
    measure "$URL/" --requests list.jsonl -a 40 -c 2
    run -0 "$BENCH_BUILD/bench" report "$RESULT"
    [[ $output == *"GET /500"* ]]
    while read -r edit; do
        jq "$edit" "$RESULT" >edited.json
        run -2 "$BENCH_BUILD/bench" report edited.json
        [[ $output == *requests_by_name* ]] || { echo "$edit: $output"; return 1; }
    done <<'END'
.requests_by_name[0].sent += 1
.requests_by_name[0].completed -= 1
.requests_by_name[1].non_2xx -= 1
.requests_by_name[0].unbound += 1
.requests_by_name[0].mismatches += 1
.requests_by_name[1].name = "GET /ok"
.requests_by_name[1].latency = .requests_by_name[1].unfinished
.requests_by_name[1].latency = null
.requests_by_name = []
.requests_by_name |= .[:1]
.requests_by_name[0].name = 7
END
}

@test "a table of all names, in each form of the report" {
    start_faulty
    printf '%s\n' '{"path": "/ok", "name": "a <b> | c"}' '{"path": "/500", "name": "second"}' >list.jsonl
    measure "$URL/" --requests list.jsonl -a 40 -c 2
    run -0 "$BENCH_BUILD/bench" report "$RESULT"
    [[ $output == *"a <b> | c"*"second"* ]]
    run -0 "$BENCH_BUILD/bench" report "$RESULT" --format md
    [[ $output == *"Each request"*"second"* && $output != *"a <b> | c |"* ]]
    run -0 "$BENCH_BUILD/bench" report "$RESULT" -o page.html
    grep -q 'a &lt;b&gt; | c' page.html
    ! grep -q 'a <b>' page.html
}
