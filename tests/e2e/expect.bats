#!/usr/bin/env bats
# What is expected of replies, and captured from them, over HTTP/1.1 and HTTP/2: the counts of what
# is not so, what becomes of an expression that would search for ever, and of what is not there.

load common

# start_server [h2]: sets URL, and WITH to what bench needs for it. It dies with the test.
start_server() {
    coproc SERVER_PROCESS { exec node "$BATS_TEST_DIRNAME/expect_server.js" "$@" 3>&-; }
    read -r -t "$PATIENCE" PORT <&"${SERVER_PROCESS[0]}"
    URL=http://127.0.0.1:$PORT
    WITH=()
    [ "${1:-}" != h2 ] || WITH=(--http2)
}

stop_server() {
    eval "exec ${SERVER_PROCESS[1]}>&-"
    wait "$SERVER_PROCESS_PID"
}

# expecting PATH OPTION...: twenty requests.
expecting() {
    measure "${WITH[@]}" -c 2 -a 20 "$URL$1" "${@:2}"
}

# counts FILTER: true of the accounting of the last measure.
counts() {
    jq -e ".accounting | $1" "$RESULT" >/dev/null || { echo "not so: $1"; jq .accounting "$RESULT"; return 1; }
}

SHA=$(printf '{"user":{"id":17},"ok":true}' | sha256sum | cut -d ' ' -f 1)

each_protocol() {
    "$@"
    stop_server
    start_server h2
    "$@"
}

right_and_wrong() {
    local option right wrong kind
    while read -r option right wrong; do
        kind=${option#--expect-}
        expecting /json "$option" "$right"
        counts '.completed == 20 and .mismatches == 0'
        expecting /json "$option" "$wrong"
        counts '.completed == 20 and .mismatches == 20'
        # What was wrong, how often, and an example.
        counts ".mismatch_kinds.$kind == 20 and ([.mismatch_kinds[]] | add) == 20"
        counts ".first_mismatch | .kind == \"$kind\" and .request == null and .status == 200"
    done <<END
--expect-status 200-299,404 404
--expect-body {"user":{"id":17},"ok":true} {"user":{"id":18},"ok":true}
--expect-contains "id":17} "id":18}
--expect-regex \"id\":[0-9]{2}\\} \"id\":[0-9]{3}\\}
--expect-size 28 29
--expect-sha256 $SHA ${SHA/[0-8]/9}
END
    # all of them have to hold
    expecting /json --expect-status 2xx --expect-contains user --expect-size 28 --expect-regex ok
    counts '.mismatches == 0'
    expecting /json --expect-status 2xx --expect-contains user --expect-size 28 --expect-regex no
    counts '.mismatches == 20'
}

@test "each kind of expectation, right and wrong" {
    start_server
    each_protocol right_and_wrong
}

@test "a status that is expected is no error, and its body is looked at" {
    start_server
    expecting /none
    counts '.non_2xx == 20 and .mismatches == 0 and (has("judged_non_2xx") | not)'
    jq -e '[.warnings[].code] | index("non-2xx")' "$RESULT"
    # figures of refusals say nothing about the work, so a gate does not take them
    run -5 "$BENCH_BUILD/bench" run --no-save -c 2 -a 20 "$URL/none" --fail 'p50>1h'
    expecting /none --expect-status 404 --expect-body none --fail 'p50>1h' --fail 'mismatches>0'
    counts '.non_2xx == 20 and .mismatches == 0 and .judged_non_2xx == 20'
    jq -e '[.warnings[].code] | index("non-2xx") == null' "$RESULT"
    expecting /none --expect-status 404 --expect-body some
    counts '.mismatches == 20'
    expecting /none --expect-status 200
    counts '.mismatches == 20 and .judged_non_2xx == 20'
}

@test "a result with expected statuses is read back, unless it contradicts itself" {
    start_server
    expecting /none --expect-status 404,200 --expect-size 5
    run -0 "$BENCH_BUILD/bench" report "$RESULT"
    [[ $output == *"20 not as expected"* ]]
    while IFS='|' read -r damage said; do
        jq "$damage" "$RESULT" >bad.json
        run -2 "$BENCH_BUILD/bench" report bad.json
        [[ $output == *"$said"* ]] || { echo "$output"; false; }
    done <<'END'
.accounting.judged_non_2xx = 21|accounting.judged_non_2xx is not a part of non_2xx
.accounting.judged_non_2xx = 19|accounting.mismatches is more than the replies compared
.accounting.match_limit = 21|accounting.match_limit is not a part of mismatches
END
}

@test "the mismatches are a figure for gates, now and of a stored result" {
    start_server
    run -1 "$BENCH_BUILD/bench" run -c 2 -a 20 "$URL/json" --expect-contains x -o r.json --fail 'mismatches>0'
    run -1 "$BENCH_BUILD/bench" check r.json --fail 'mismatches>0'
    run -0 "$BENCH_BUILD/bench" check r.json --fail 'mismatches>100%'
    run -0 "$BENCH_BUILD/bench" report r.json
    [[ $output == *"20 not as expected"* ]]
    run -0 "$BENCH_BUILD/bench" run -c 2 -a 20 "$URL/json" -o s.json
    run -5 "$BENCH_BUILD/bench" check s.json --fail 'mismatches>0'
}

an_expression_ends() {
    expecting /hostile --expect-regex '(a+)+$'
    counts '.completed == 20 and .mismatches == 20 and .match_limit == 20'
    jq -e '[.warnings[].code] | index("match-limit")' "$RESULT"
    expecting /hostile --expect-regex '^a+b$'
    counts '.mismatches == 0'
}

@test "an expression that would search for ever is given up and counted" {
    start_server
    each_protocol an_expression_ends
}

@test "a body over the limit is counted for what needs all of it, and else compared" {
    start_server
    expecting /long --expect-regex x
    counts '.mismatches == 20 and .body_limit == 20'
    jq -e '[.warnings[].code] | index("body-limit")' "$RESULT"
    expecting /long --expect-size 2MiB --expect-contains xx
    counts '.mismatches == 0'
}

captured() {
    cat >list.json <<'END'
[{"path": "/login", "capture": {"token": {"pointer": "/deep/0/token"},
    "session": {"header": "X-Session"}, "number": {"regex": "nr=([0-9]+);"}}},
 {"path": "/me?token={token}", "headers": {"X-Session": "{session}", "X-Number": "{number}"},
  "expect": {"status": 200, "body": "yes"}}]
END
    expecting / -c 1 --requests list.json
    counts '.completed == 20 and .non_2xx == 0 and .mismatches == 0 and (.unbound // 0) == 0'
    jq -e '[.requests_by_name[].completed] == [10, 10]' "$RESULT"
    # The cookies of a reply, without what else is said of them.
    jq '.[0].capture += {sid: {cookie: "sid"}, lang: {cookie: "lang"}} | .[1].headers.Cookie = "sid={sid}; lang={lang}"' \
        list.json >cookies.json
    expecting / -c 1 --requests cookies.json
    counts '.completed == 20 and .non_2xx == 0 and .mismatches == 0 and (.unbound // 0) == 0'
}

@test "what a reply has is sent by later requests of its connection" {
    start_server
    each_protocol captured
}

not_there() {
    cat >list.json <<'END'
[{"path": "/login-fails", "expect": {"status": 401}, "capture": {"token": {"pointer": "/deep/0/token"}}},
 {"path": "/me?token={token}"}]
END
    expecting / -c 1 --requests list.json
    counts '.completed == 20 and .unbound > 0'
    jq -e '.requests_by_name | .[0].completed == 20 and .[1].sent == 0 and .[1].unbound > 0' "$RESULT"
}

@test "a request that needs what was not there is not sent, and counted" {
    start_server
    each_protocol not_there
}

@test "what is expected on the command line holds for requests that say nothing themselves" {
    start_server
    cat >list.json <<'END'
[{"path": "/json"}, {"path": "/none", "expect": {"status": 404}}]
END
    expecting / -c 1 --requests list.json --expect-contains user
    counts '.completed == 20 and .mismatches == 0 and .judged_non_2xx == 10'
    expecting / -c 1 --requests list.json --expect-contains other
    counts '.mismatches == 10'
    jq -e '[.requests_by_name[].mismatches] == [10, 0]' "$RESULT"
}

@test "what cannot be expected is said before anything is sent" {
    local option
    while IFS='|' read -r option said; do
        run -2 "$BENCH_BUILD/bench" run "${option%% *}" "${option#* }" http://127.0.0.1:1/
        [[ $output == *"$said"* ]] || { echo "$option: $output"; false; }
    done <<'END'
--expect-status 200,|is expected at character 5
--expect-status 600|a status from 100 to 599
--expect-regex (a|missing closing parenthesis, at character 3
--expect-size many|not a size
--expect-sha256 12ab|64 hexadecimal digits
END
}

@test "what was not as expected is told by kind, with the first of it" {
    start_faulty
    printf '%s\n' '{"path": "/ok", "name": "good", "expect": {"status": 200}}' \
        '{"path": "/ok", "name": "words", "expect": {"contains": "pass\u0007word"}}' \
        '{"path": "/nothing-here", "expect": {"status": "200,201-299"}}' >list
    measure "$URL/" --requests list -c 1 -a 30 -M 30
    counts '.mismatches == 20 and .mismatch_kinds.contains == 10 and .mismatch_kinds.status == 10'
    counts '.first_mismatch | .request == "words" and .kind == "contains" and .status == 200 and
        .body_bytes > 0 and .wanted == "a body with '"'pass?word'"'"'
    result '[.warnings[] | select(.code == "mismatches") | .message] == ["20 responses were not as expected '\
'(10 by status, 10 by contains); the first, of words, had status 200 and a body of " +
        (.accounting.first_mismatch.body_bytes | tostring) + " bytes, and a body with '"'pass?word'"' was expected"]'
    # It is read again, and shown, and several threads know which one was first.
    run -0 "$BENCH_BUILD/bench" report "$RESULT"
    [[ $output == *"20 not as expected (10 by status, 10 by contains)"* ]]
    [[ $(tr -s ' \n' ' ' <<<"$output") == *"; the first, of words, had status 200 and a body of"* ]]
    measure "$URL/nothing-here" --expect-status 200 -c 4 -w 2 -a 40
    counts '.mismatch_kinds.status == 40 and (.first_mismatch | .body_bytes == null and .wanted == "status 200")'
    # Of a warm-up nothing is kept, nor where all is well.
    measure "$URL/ok" --expect-status 200 -c 1 -a 5
    counts '(has("mismatch_kinds") or has("first_mismatch")) | not'
    # Rounds add up.
    run --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run -f -a 10 -c 1 --expect-status 200 -B 25 \
        --json --no-save "$URL/nothing-here"
    jq -e '.accounting.mismatch_kinds.status == .accounting.mismatches and .accounting.first_mismatch.status == 404' \
        <<<"$(tail -1 <<<"$output")"
}

@test "a document whose mismatches do not add up is none" {
    start_faulty
    measure "$URL/nothing-here" --expect-status 200 -c 1 -a 5
    while IFS='|' read -r filter words; do
        jq "$filter" "$RESULT" >wrong.json
        run -2 "$BENCH_BUILD/bench" report wrong.json
        [[ $output == *"$words"* ]] || { echo "$filter: $output"; return 1; }
    done <<'END'
.accounting.mismatch_kinds.status = 4|accounting.mismatch_kinds do not add up
.accounting.mismatch_kinds.body = -1|accounting.mismatch_kinds.body
.accounting.mismatch_kinds = []|accounting.mismatch_kinds
del(.accounting.mismatch_kinds.size)|accounting.mismatch_kinds.size
.accounting.first_mismatch.kind = "body"|accounting.first_mismatch.kind is one of which there is none
.accounting.first_mismatch.kind = "size_of"|accounting.first_mismatch.kind is not a kind of mismatch
.accounting.first_mismatch.status = 4040|accounting.first_mismatch.status is not a status code
.accounting.first_mismatch.status = 200|accounting.first_mismatch.status is none of statusCodeStats
.accounting.first_mismatch.wanted = null|accounting.first_mismatch.wanted
END
}
