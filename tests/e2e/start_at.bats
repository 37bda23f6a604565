#!/usr/bin/env bats
# A window that opens at a time (--start-at): connections and the warm-up come before it, the first
# request does not; a launcher that tells the time, and all that can be wrong with it.

load common

setup() {
    own_folder
    REFUSED=http://127.0.0.1:9/
}

# start_seen [h2]: a server that remembers its requests, at URL. It dies with the test.
start_seen() {
    coproc SERVER_PROCESS { exec node "$BATS_TEST_DIRNAME/seen_server.js" "$@" 3>&-; }
    read -r -t "$PATIENCE" PORT <&"${SERVER_PROCESS[0]}"
    URL=http://127.0.0.1:$PORT
}

# launch MODE OPTION...: two shares of a run, told when to begin; TOLD is what the launcher prints.
launch() {
    TOLD=$(timeout "$PATIENCE" node "$BATS_TEST_DIRNAME/launcher.js" "$1" 2 "$BENCH_BUILD/bench" run \
        --ndjson --no-save "${@:2}" 2>said 3>&-)
}

# launched FILTER [JQ-OPTION...]: true of the results of both, $t0 being the time in nanoseconds.
launched() {
    tail -qn 1 0.out 1.out | jq -es --argjson t0 "$(jq .t0_ns <<<"$TOLD")" "$1" >/dev/null ||
        { echo "not so: $1"; cat said; tail -qn 1 0.out 1.out | jq -c '[.share, .accounting, .warmup]'; return 1; }
}

# ended CODE TEXT: both ended so, and said so.
ended() {
    jq -e ".codes == [$1, $1]" <<<"$TOLD" || { echo "$TOLD"; cat said; return 1; }
    grep -qF -- "$2" said || { cat said; return 1; }
}

seen() {
    get ${CURL:-} "$URL/seen" | jq -e --argjson t0 "$(jq .t0_ns <<<"$TOLD")" "$1" >/dev/null ||
        { echo "not so: $1"; get ${CURL:-} "$URL/seen" | head -c 2000; return 1; }
}

@test "a closed loop waits with open connections, and sends nothing before the time" {
    start_seen
    launch go -c 6 -a 600 -d 60 "$URL/"
    launched 'all(.[]; .accounting.connected == 3 and .histograms.connect.count == 3 and
                       .accounting.sent == 300 and .share.start_skew_us >= 0)'
    seen 'length == 600 and all(.[]; .at_ns >= $t0) and ([.[].port] | unique | length) == 6'
}

@test "a warm-up goes on until the time, and is over then" {
    start_seen
    launch go -c 4 -W 0.2 -d 0.5 "$URL/"
    launched 'all(.[]; .warmup.duration >= 2 and .warmup.sent > 0 and .share.start_skew_us >= 0) and
              ([.[] | .accounting.sent] | add) > 0'
    seen 'any(.[]; .at_ns < $t0) and any(.[]; .at_ns > $t0)'
}

@test "an open loop has its first arrival at the time" {
    start_seen
    launch go -R 100 -d 1 -c 4 "$URL/"
    launched '[.[].accounting.due] == [50, 50] and all(.[]; .share.start_skew_us == 0)'
    seen 'length == 100 and all(.[]; .at_ns >= $t0)'
    launch go -R 100 -d 1 -c 4 -W 0.2 "$URL/"
    launched '[.[].accounting.due] == [50, 50] and all(.[]; .warmup.sent > 0)'
}

@test "a list on several threads waits as well" {
    start_seen
    printf '[{"path":"/a","think":"1ms"},{"path":"/b"}]' >list.json
    launch go -c 8 -w 2 -a 80 --requests list.json "$URL/"
    seen 'length == 80 and all(.[]; .at_ns >= $t0)'
}

@test "streams of HTTP/2 wait as well" {
    start_seen h2
    launch go --http2 -p 3 -c 2 -a 60 "$URL/"
    CURL=--http2-prior-knowledge
    seen 'length == 60 and all(.[]; .at_ns >= $t0)'
}

@test "what a launcher can say wrong" {
    start_target --strategy inline --work count:1k
    launch past -c 2 -d 1 "$URL/ping"
    ended 2 "the time that it was told is past"
    launch garbage -c 2 -d 1 "$URL/ping"
    ended 2 "is not a time in nanoseconds"
    launch endless -c 2 -d 1 "$URL/ping"
    ended 2 "is not a time in nanoseconds"
    launch early -c 2 -d 1 "$URL/ping"
    ended 2 "before it said that it is ready"
    launch twice -c 2 -d 1 "$URL/ping"
    ended 2 "it was told a time twice"
    stop_target
}

@test "a launcher that goes away interrupts the run" {
    start_target --strategy inline --work count:1k
    launch eof -c 2 -d 600 "$URL/ping"
    ended 130 "interrupted before anything was measured"
    launch late -c 2 -d 600 "$URL/ping"
    jq -e '.codes == [130, 130]' <<<"$TOLD"
    launched 'all(.[]; .interrupted and .accounting.completed > 0)'
    launch die -c 2 -d 600 "$URL/ping"
    until_gone $TOLD
    stop_target
}

@test "a server that is not there is told before the launcher is" {
    launch go -c 2 -d 1 "$REFUSED"
    ended 5 "cannot connect"
}

# in_seconds N: that time from now, as --start-at takes it.
in_seconds() {
    date -u -d "+$1 seconds" +%Y-%m-%dT%H:%M:%S.%NZ
}

@test "a time as RFC 3339 has it, with and without a warm-up" {
    start_target --strategy inline --work count:1k
    local time wanted_us
    for with in "-c 2" "-c 2 -W 0.3" "-R 50 -c 2"; do
        time=$(in_seconds 5)
        wanted_us=$(date -d "$time" +%s%6N)
        measure --share 0/1 --start-at "$time" $with -d 0.5 "$URL/ping"
        # The wall clock may be set meanwhile, by milliseconds.
        result ".share.start_us >= $wanted_us - 20000 and .share.start_skew_us >= 0 and
                .config.start_at == \"$time\" and .accounting.connected == 2"
    done
    stop_target
}

@test "a time that cannot be kept" {
    refused() {
        run -2 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save "${@:2}" 3>&-
        [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
        [ -z "$output" ]
    }
    start_target --strategy inline --work count:1k
    refused "is past" --start-at 2020-01-01T00:00:00Z "$URL/ping"
    refused "is past" --start-at mono:1 "$URL/ping"
    refused "more than 365 days away" --start-at 2200-01-01T00:00:00Z "$URL/ping"
    refused "too near for the warm-up" -W 60 --start-at "$(in_seconds 20)" "$URL/ping"
    for text in "" now 2026-11-30 2026-11-30T18:05:00 2026-11-30T18:05:00.Z \
        2026-11-30T18:05:00+1 2026-11-30T18:05:00Zx; do
        refused "is not a time with its offset" --start-at "$text" "$URL/ping"
    done
    refused "there is no such day; month 2 of 2026 has 28 days" --start-at 2026-02-30T18:05:00Z "$URL/ping"
    refused "there is no hour 24" --start-at 2026-11-30T24:00:00Z "$URL/ping"
    refused "there is no second 60" --start-at 2026-11-30T18:05:60Z "$URL/ping"
    for text in mono: mono:-1 mono:x mono:99999999999999999999; do
        refused "nanoseconds of CLOCK_MONOTONIC" --start-at "$text" "$URL/ping"
    done
    for text in fd: fd:x fd:-1 fd:0 fd:2 fd:99999999; do
        refused "the number of a descriptor" --start-at "$text" "$URL/ping"
    done
    refused "this descriptor is not open" --start-at fd:77 "$URL/ping"
    refused "-f/--forever beside --start-at" -f --start-at "$(in_seconds 60)" "$URL/ping"
    exec {file}<"$BATS_TEST_FILENAME"
    refused "no socket that can be read and written" --start-at "fd:$file" "$URL/ping"
    stop_target
}

@test "a signal ends the wait" {
    start_target --strategy inline --work count:1k
    "$BENCH_BUILD/bench" run --no-save --log debug --start-at "$(in_seconds 3000)" "$URL/ping" 2>said 3>&- &
    BENCH_PID=$!
    until_true grep -q waiting said
    kill -TERM "$BENCH_PID"
    STATUS=0
    wait "$BENCH_PID" || STATUS=$?
    [ "$STATUS" -eq 143 ] || { echo "$STATUS"; cat said; return 1; }
    grep -q "interrupted before anything was measured" said
    stop_target
}
