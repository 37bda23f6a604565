#!/usr/bin/env bats
# The queue on Redis with jobs and settings that another program wrote, and wrote badly: no other job
# is lost or held up.

load common
load queue_jobs
load redis_queue

@test "a foreign job that cannot be run fails with the reason, and keeps nobody up" {
    local id
    gateway
    add text name a data 'not JSON' opts '{}' timestamp 1
    add cut name a data '{"n":5' opts '{}' timestamp 1
    add bytes name a data $'\xff\xfe' opts '{}' timestamp 1
    add list name a data '[5]' opts '{}' timestamp 1
    add other name a data '{"n":"five"}' opts '{}' timestamp 1
    add none name a opts '{}' timestamp 1
    add bare data '{"n":5}'
    add words name a data '{"n":5}' opts 'no JSON at all' timestamp soon
    add array name $'\xff\n\x01 name' data '{"n":5}' opts '[1]' timestamp 99999999999999
    add 'its "id"' name a data '{"n":5}' opts '{}' timestamp 1
    redis lpush bull:heavy:wait nobody
    redis hset bull:heavy:early name a data '{"n":5}' opts '{}' timestamp 1
    redis zadd bull:heavy:delayed -5 early
    redis zadd bull:heavy:marker -inf 7 0 1
    until_job early '.state == "completed"'
    id=$(post n=5)
    until_job "$id" '.state == "completed"'
    until_true nothing_waits
    for id in text cut bytes; do
        job_is "$id" '.state == "failed" and .attempts == 1 and (.error | test("not JSON"))'
    done
    job_is list '.state == "failed" and (.error | test("JSON object"))'
    job_is other '.state == "failed" and (.error | test("whole number"))'
    job_is none '.state == "failed"'
    [ "$(redis hget bull:heavy:none failedReason)" = "the job has no data" ]
    [ "$(redis zrange bull:heavy:completed 0 -1 | sort | tr '\n' ' ')" = '1 array bare early its "id" words ' ]
    [ "$(redis zcard bull:heavy:failed)" -eq 6 ]
    [ -z "$(redis --scan --pattern 'bull:heavy:*:lock')" ]
    until_true queue_is '.missing == 1' # nobody
    redis zadd bull:heavy:delayed -5 never
    redis zadd bull:heavy:prioritized 5 gone
    redis zadd bull:heavy:marker -inf 7 0 1
    until_true queue_is '.missing == 3 and .waiting + .delayed == 0'
    stop_target
}

@test "a foreign job whose numbers are none takes no other job with it" {
    local field id odd=()
    gateway --queue-workers 0
    for field in atm ats timestamp; do
        redis hset "bull:heavy:text-$field" name a data '{"n":5}' "$field" soon
        redis hset "bull:heavy:huge-$field" name a data '{"n":5}' "$field" 9223372036854775807
        redis hset "bull:heavy:least-$field" name a data '{"n":5}' "$field" -9223372036854775808
        odd+=("text-$field" "huge-$field" "least-$field")
    done
    redis hset bull:heavy:limit name a data '{"n":5}' opts '{"removeOnComplete":{"age":3600,"limit":1.5}}'
    odd+=(limit)
    redis lpush bull:heavy:wait "${odd[@]}"
    redis hset bull:heavy:due name a data '{"n":5}' priority soon
    redis zadd bull:heavy:delayed 1 due
    redis hset bull:heavy:dropped name a data '{"n":5}' stc soon # of a worker that died
    redis rpush bull:heavy:active dropped
    redis sadd bull:heavy:stalled dropped
    odd+=(due dropped)
    redis hset bull:heavy:century name a data '{"n":5}' delay 1
    redis zadd bull:heavy:delayed 1e17 century # in more than 500 years
    get "$URL/heavy?n=5&[1-20]" | jq -r .id >"$IDS"
    start_worker --concurrency 4
    until_true queue_is '.waiting + .active == 0 and .delayed == 1'
    all_completed
    [ "$(redis zrange bull:heavy:delayed 0 -1)" = century ]
    [ "$(redis zrange bull:heavy:completed 0 -1 | grep -v '^[0-9]' | sort)" = "$(printf '%s\n' "${odd[@]}" | sort)" ]
    [ "$(redis zcard bull:heavy:completed)" -eq $((20 + ${#odd[@]})) ]
    for id in "${odd[@]}"; do echo "url = \"$URL/jobs/$id\""; done | curl -sS --max-time "$PATIENCE" -K - |
        jq -es "map(select(.state == \"completed\")) | length == ${#odd[@]}"
    run ! grep 'Redis refused' "$BATS_TEST_TMPDIR/worker-stderr"
    stop_worker
    stop_target
}

@test "settings in meta that are no whole numbers harm no job" {
    local id
    gateway --queue-workers 0
    redis hset bull:heavy:meta concurrency 2.5 max 5.5 duration 1.5 opts.maxLenEvents many
    get "$URL/heavy?n=5&[1-20]" | jq -r .id >"$IDS"
    start_worker
    until_true drained
    all_completed
    id=$(tail -n 1 "$IDS")
    [ "$(redis hmget "bull:heavy:$id" ats stc | tr '\n' ' ')" = '1  ' ]
    stop_worker
    stop_target
}
