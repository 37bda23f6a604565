# bench merge: the shares of a plan as one result.

load common

# share I N OPTION...: does share I of N, and writes its document to share-I.json. All shares of a test
# say that they began at one time, since they run one after the other.
share() {
    local i=$1 n=$2
    shift 2
    "$BENCH_BUILD/bench" run --share "$i/$n" "$@" --json --no-save 2>/dev/null |
        jq -c ".share.start_us = 1790000000000000 | .share.host = \"host-$i\"" >"share-$i.json"
}

merge() {
    run --separate-stderr "$BENCH_BUILD/bench" merge --no-save "$@"
}

# refused WORDS FILE...: such files cannot be merged.
refused() {
    local words=$1
    shift
    merge "$@"
    echo "$stderr"
    [ "$status" -eq 4 ] && [ -z "$output" ] && [[ $stderr == *"$words"* ]]
}

# edited FILTER: a file with share-1.json as the filter leaves it.
edited() {
    jq -c "$1" share-1.json >edited.json
}

two_shares() {
    start_target --strategy inline --work count:1000
    share 0 2 -c 4 -R 100 -d 2 "$@" "$URL/heavy"
    share 1 2 -c 4 -R 100 -d 2 "$@" "$URL/heavy"
}

@test "what all shares sent is what the server counted, and what was asked for" {
    start_target --strategy inline --work count:1000
    for i in 0 1 2 3; do share $i 4 -c 4 -a 403 "$URL/heavy"; done
    run --separate-stderr "$BENCH_BUILD/bench" merge share-{2,0,3,1}.json --json -o merged.json
    echo "$stderr"
    jq -e '.accounting | .sent == 403 and .completed == 403' merged.json
    jq -e '.histograms.latency.count == 403 and .connections == 4' merged.json
    jq -e '[.merged.parts[].completed] == [100, 101, 101, 101]' merged.json
    jq -e '[.merged.parts[].host] == ["host-0", "host-1", "host-2", "host-3"]' merged.json
    jq -e '(.share == null) and (.config | has("share") | not)' merged.json
    [ "$(jq -c . <<<"$output")" = "$(jq -c . merged.json)" ]
    [ "$(stats .requests.heavy.completed)" -eq 403 ]
    stop_target
}

@test "the report has a row for each host, in every form" {
    two_shares
    run --separate-stderr "$BENCH_BUILD/bench" merge share-{0,1}.json -o merged.json
    echo "$output"
    echo "$stderr"
    [ "$status" -eq 0 ]
    [[ $output == *"open loop, 100/s, "*"4 connections, 2 hosts, "* ]]
    [[ $output == *"host "*"offered/s"*"achieved/s"*"slip 99%"*"CPU"*"state"* ]]
    [[ $output == *"0 host-0 "*" whole"*"1 host-1 "*" whole"* ]]
    jq -e '[.merged.parts[].due] == [100, 100] and .accounting.due == 200' merged.json
    jq -e '.offered.rate == 100 and .valid and .merged.overlap > 0.9' merged.json
    run "$BENCH_BUILD/bench" report merged.json --format md
    [[ $output == *"Each host"*"| 0 host-0 |"*"| 1 host-1 |"* ]]
    run "$BENCH_BUILD/bench" report merged.json --format csv
    [[ ${lines[0]} == *'"shares","whole_shares","least_overlap"'* ]]
    [[ ${lines[1]} == *,2,2,* ]]
    "$BENCH_BUILD/bench" report merged.json -o page.html --no-pictures
    grep -q '<h2[^>]*>Each host</h2>' page.html
    grep -q 'host-1' page.html
    # Two merged results are a table of arms, with the hosts of each.
    run "$BENCH_BUILD/bench" report merged.json merged.json
    echo "$output"
    [ "$(grep -c '0 host-0 ' <<<"$output")" -eq 2 ]
    run "$BENCH_BUILD/bench" report merged.json --json
    [ "$(jq -c . <<<"$output")" = "$(jq -c . merged.json)" ]
}

@test "what several hosts say of their machines is told once, with the shares" {
    local i
    two_shares
    for i in 0 1; do
        jq -c --arg load "$((i + 1)).5" '.warnings = [{"code": "busy-machine", "remedy": "stop other programs",
            "message": "the machine was busy before the run: load average \($load) on 2 cores"}]' "share-$i.json" >"busy-$i.json"
    done
    merge busy-0.json busy-1.json --json
    echo "$output"
    jq -e '[.warnings[] | select(.code == "busy-machine") | .message] == ["all 2 shares: the machine was busy before the run: " +
        "load average 1.5 on 2 cores (the figures are those of the first of them)"]' <<<"$output"
    jq -c '.warnings = []' share-1.json >calm-1.json
    merge busy-0.json calm-1.json --json
    jq -e '[.warnings[] | select(.code == "busy-machine" and (.message | startswith("share 0 (host-0): ")))] | length == 1' <<<"$output"
}

@test "results that do not fit together are refused by name" {
    two_shares
    refused 'share 1 is there twice: share-1.json and share-1.json' share-{0,1,1}.json
    refused 'share 0 of 2 is missing' share-1.json
    "$BENCH_BUILD/bench" merge share-{0,1}.json -o merged.json >/dev/null 2>&1
    refused 'merged.json is a merged result; give the results that it was made of' merged.json share-1.json
    edited 'del(.share)'
    refused 'edited.json is no share of a plan' share-0.json edited.json
    edited '.share.count = 3'
    refused '--share differs: share-0.json is one of 2 shares, and edited.json is one of 3' share-0.json edited.json
    edited '.config.timeout = 20'
    refused '--timeout differs: it is 10 in share-0.json, and 20 in edited.json' share-0.json edited.json
    edited '.url |= sub("heavy"; "light")'
    refused 'another plan: the URL differs' share-0.json edited.json
    edited '.tool.version = "9.9"'
    refused 'the version of bench differs' share-0.json edited.json
    edited '.share.start_us += 60000000'
    refused 'the windows do not overlap: share-0.json ended 5' share-0.json edited.json
}

@test "files that are none of ours are refused as such" {
    two_shares
    for change in '.accounting.sent += 1' '.share.index = 2' '.histograms.latency.digits = 2' 'del(.config)'; do
        edited "$change"
        merge share-0.json edited.json
        echo "$change: $stderr"
        [ "$status" -eq 2 ] && [[ $stderr == *edited.json* ]]
    done
    merge share-0.json nowhere.json
    [ "$status" -eq 2 ] && [[ $stderr == *"nowhere.json: No such file"* ]]
    merge
    [ "$status" -eq 2 ] && [[ $stderr == *"no result given"* ]]
    run "$BENCH_BUILD/bench" merge share-{0,1}.json -o share-0.json
    [ "$status" -eq 2 ] && [[ $output == *share-0.json* ]]
    jq -e .share share-0.json # it is still there
}

@test "the value of a header that carries a secret is not told" {
    two_shares -H 'Authorization: Bearer one-secret'
    edited '.config.headers = "Authorization: ..."'
    merge share-0.json edited.json
    echo "$stderr"
    [ "$status" -eq 4 ] && [[ $stderr == *"--headers differs"* ]] && [[ $stderr != *one-secret* ]]
}

@test "without a host that was lost the result is partial, and no verdict accepts it" {
    two_shares
    run --separate-stderr "$BENCH_BUILD/bench" merge share-0.json --lost '1=host-1:no word for 5 s' -o part.json
    echo "$output"
    [ "$status" -eq 5 ]
    [[ $output == *"PARTIAL: 1 of 2 shares are whole"*"1 host-1 "*" lost"*"share 1 (host-1) was lost: no word for 5 s"* ]]
    jq -e '.merged.partial and .interrupted and .accounting.due == 100' part.json
    run "$BENCH_BUILD/bench" check part.json --fail 'errors>100'
    echo "$output"
    [ "$status" -ne 0 ]
    refused 'share 1 is said to be lost, and share-1.json is its result' share-{0,1}.json --lost '1=b:why'
    refused 'share 2 is said to be lost, and the plan has 2 shares' share-{0,1}.json --lost '2=b:why'
    for text in 1 1=b x=b:why 1=:why 1=b: 99999999999999999999=b:why; do
        merge share-0.json --lost "$text"
        [ "$status" -eq 2 ] && [[ $stderr == *"is not like '1=HOST:why it was lost'"* ]]
    done
}

# journal I OPTION...: what share I of 2 writes while it runs, in journal-I.
journal() {
    local i=$1
    shift
    "$BENCH_BUILD/bench" run --share "$i/2" "$@" --ndjson --json --no-save 2>/dev/null |
        jq -c "if .share.start_us then .share.start_us = 1790000000000000 else . end" >"journal-$i"
}

@test "after the loss of a host the seconds before it are a result" {
    start_target --strategy inline --work count:1000
    journal 0 -c 5 -R 100 -d 4 "$URL/heavy"
    journal 1 -c 5 -R 100 -d 4 "$URL/heavy"
    head -n 3 journal-1 >lost # and a line that was cut off
    head -c 40 <(sed -n 4p journal-1) >>lost
    run --separate-stderr "$BENCH_BUILD/bench" merge --until 2 journal-0 lost --lost '1=b:it was killed' -o cut.json
    echo "$output"
    echo "$stderr"
    [ "$status" -eq 5 ]
    [[ $output == *"INCOMPLETE: a host was lost; only the first 2 s"* ]]
    [[ $output == *"lost: it was killed"* ]]
    # What the first two lines of both say, and nothing else.
    head -q -n 2 journal-0 lost | jq -s 'map(.requests) | add' >requests
    jq -e ".accounting.completed == $(cat requests) and .histograms.latency.count == $(cat requests)" cut.json
    jq -e '.merged.lost_after_s == 2 and .interrupted and (.series | length) == 2' cut.json
    jq -e '[.merged.parts[].state] == ["incomplete", "lost"]' cut.json
    jq -e '[.merged.parts[].connections] == [2, 3]' cut.json
    run "$BENCH_BUILD/bench" report cut.json --json
    [ "$(jq -c . <<<"$output")" = "$(jq -c . cut.json)" ]
    # Without a second that was over, or a plan, there is nothing to tell.
    head -c 40 journal-1 >nothing
    merge --until 2 journal-0 nothing
    [ "$status" -eq 5 ] && [[ $stderr == *"nothing: no second of it was over in the first 2 s"* ]]
    merge --until 2 lost
    [ "$status" -eq 2 ] && [[ $stderr == *"no file has a result as its last line"* ]]
    # Files of the other kind.
    merge journal-0 journal-1
    [ "$status" -eq 2 ] && [[ $stderr == *"journal-0: "*"--until TIME"* ]]
    jq . cut.json >indented.json
    merge --until 2 indented.json journal-1
    [ "$status" -eq 2 ] && [[ $stderr == *"indented.json: "*"merged without it"* ]]
}

@test "a journal that does not add up is refused, with its line" {
    start_target --strategy inline --work count:1000
    journal 0 -c 2 -R 50 -d 2 "$URL/heavy"
    while IFS='|' read -r change words; do
        jq -c "if .at_s then $change else . end" journal-0 >edited
        merge --until 5 edited
        echo "$change: $stderr"
        [ "$status" -eq 2 ] && [[ $stderr == *"edited: line 1: $words"* ]]
    done <<'ALL'
.requests += 1|statuses do not add up to requests and non_2xx
.errors += 1|faults do not add up to errors
.latency = "7"|latency does not hold the requests
.latency = "x"|latency: 
.latency = null|latency is not a text
.late = 1000000|late is more than was sent
.at_s = null|at_s and length_s are no time
del(.faults)|faults is missing
del(.share)|share is missing
.share.index = 2|share.index is not below the count
.schema = "bench.second/2"|schema is not bench.second/1
ALL
    tac journal-0 >edited
    merge --until 5 edited
    [ "$status" -eq 2 ] && [[ $stderr == *"line 2: nothing may follow the result"* ]]
}

@test "one line of a merge, and nothing saved" {
    two_shares
    run -0 --separate-stderr "$BENCH_BUILD/bench" merge share-{0,1}.json --no-save --no-verbose
    [ "${#lines[@]}" -le 2 ]
    [[ $output == "200 requests in "* ]]
    [ ! -e results ]
}
