#!/usr/bin/env bats
# Parts of one plan (--share): together they send what was asked, with the numbers that one generator
# would have given out; and what is wrong with a share is said.

load common

setup() {
    own_folder
    unset OMPI_COMM_WORLD_RANK OMPI_COMM_WORLD_SIZE PMI_RANK PMI_SIZE SLURM_PROCID SLURM_NTASKS \
        JOB_COMPLETION_INDEX BENCH_SHARES
    REFUSED=http://127.0.0.1:9/
}

# shares N OPTION...: N shares of a run at the same time; their results are in the file SHARES, one a
# line, in order.
shares() {
    local n=$1 i pids=()
    SHARES=$BATS_TEST_TMPDIR/shares
    for ((i = 0; i < n; i++)); do
        timeout "$PATIENCE" "$BENCH_BUILD/bench" run --json --no-save --share "$i/$n" "${@:2}" \
            >"$SHARES.$i" 2>"$SHARES.err.$i" 3>&- &
        pids+=($!)
    done
    for i in "${!pids[@]}"; do
        wait "${pids[$i]}" || { cat "$SHARES.err.$i"; return 1; }
    done
    for ((i = 0; i < n; i++)); do cat "$SHARES.$i"; done >"$SHARES"
}

# all FILTER: true of the array of the results of the last shares.
all() {
    jq -es "$1" "$SHARES" >/dev/null || { echo "not so: $1"; jq -c '[.share, .accounting]' "$SHARES"; return 1; }
}

# start_seen: a server that remembers its requests, at URL. It dies with the test.
start_seen() {
    coproc SERVER_PROCESS { exec node "$BATS_TEST_DIRNAME/seen_server.js" 3>&-; }
    read -r -t "$PATIENCE" PORT <&"${SERVER_PROCESS[0]}"
    URL=http://127.0.0.1:$PORT
}

# seen FILTER: true of all requests so far.
seen() {
    get "$URL/seen" | jq -e "$1" >/dev/null || { echo "not so: $1"; get "$URL/seen" | head -c 3000; return 1; }
}

# The query parameter of each request, as numbers in order.
PARAMETERS='def of(name): [.[].path | capture("[?&]" + name + "=(?<v>[0-9]+)").v | tonumber] | sort;'

@test "four shares send exactly what was asked, by their own count and by the server's" {
    start_target --strategy inline --work count:1k
    shares 4 -c 10 -a 1003 "$URL/heavy"
    all '[.[].accounting.sent] == [250, 251, 251, 251] and [.[].connections] == [2, 3, 2, 3]'
    until_stats '.requests.heavy.completed == 1003'
    shares 4 -c 4 -O 402 -d 60 "$URL/heavy"
    all '[.[].accounting.completed] == [100, 101, 100, 101]'
    until_stats '.requests.heavy.completed == 1405'
    shares 3 -c 3 -M 5 -d 60 "$URL/heavy"
    all '[.[].accounting.completed] == [5, 5, 5]'
    until_stats '.requests.heavy.completed == 1420'
    stop_target
}

@test "a rate is dealt out, and each share is offered its part of it" {
    start_target --strategy inline --work count:1k
    shares 4 -R 101 -d 1 "$URL/heavy"
    all '[.[].accounting.due] == [26, 25, 25, 25] and all(.[]; .config.rate == "101") and
         [.[].offered.rate] == [25.25, 25.25, 25.25, 25.25]'
    shares 3 --stages 1s:100 -w 2 -c 6 "$URL/heavy"
    all '([.[].accounting.due] | add) == 50'
    shares 4 -R 1000 -a 10 -c 4 "$URL/heavy"
    all '[.[].accounting.sent] == [3, 3, 2, 2]'
    stop_target
}

@test "shares of random arrivals are independent, and have the rate together" {
    start_target --strategy inline --work count:1k
    shares 4 --seed 7 -R 1000 --arrivals poisson -d 1 "$URL/heavy"
    # What is due depends on the seed alone. The sum has a standard deviation of 32.
    all '[.[].accounting.due] | (add > 840 and add < 1160) and (unique | length > 1)'
    stop_target
}

@test "numbers, connections and rows of a feed are those of one generator" {
    start_seen
    { echo user; seq 100 139; } >users.csv
    shares 4 -c 8 -a 40 -I --feed users.csv "$URL/?s={seq}&c={conn}&u={user}"
    seen "$PARAMETERS of(\"s\") == [range(40)] and of(\"u\") == [range(100; 140)] and
          (of(\"c\") | unique) == [range(8)]"
}

@test "each thread of each share takes numbers of its own" {
    start_seen
    shares 3 -c 12 -w 2 -a 120 -I "$URL/?s={seq}&c={conn}"
    seen "$PARAMETERS (of(\"s\") | unique | length) == 120 and (of(\"c\") | unique) == [range(12)]"
}

@test "connections go to the URLs that they would go to in one generator" {
    start_target --strategy inline --work count:1k
    shares 4 -c 4 -a 40 "$URL/ping" "$URL/healthz"
    all '[.[] | [.requests_by_name[] | .completed]] == [[10, 0], [0, 10], [10, 0], [0, 10]]'
    stop_target
}

@test "one share is the whole: the same draws, the same counts" {
    start_target --strategy inline --work count:1k
    measure --seed 7 -R 200 --arrivals poisson -d 1 "$URL/ping"
    local due
    due=$(jq .accounting.due "$RESULT")
    shares 1 --seed 7 -R 200 --arrivals poisson -d 1 "$URL/ping"
    all ".[0].accounting.due == $due"
    stop_target
}

@test "a warm-up and limits are split, and only the first share probes" {
    start_target --strategy inline --work count:1k
    shares 4 -c 8 -W '[ -c 2 -d 0.2 ]' -a 400 --probe /ping "$URL/heavy"
    all '[.[].warmup.connections] == [0, 1, 0, 1] and ([.[].probe != null] == [true, false, false, false])'
    shares 3 -R 100 -d 1 -c 4 --max-connections 8 "$URL/heavy"
    all '[.[].offered.max_connections] == [2, 3, 3] and all(.[]; .config.max_connections == 8)'
    stop_target
}

@test "a share is known from what started it" {
    start_target --strategy inline --work count:1k
    local pair
    for pair in "OMPI_COMM_WORLD_RANK OMPI_COMM_WORLD_SIZE" "PMI_RANK PMI_SIZE" \
        "SLURM_PROCID SLURM_NTASKS" "JOB_COMPLETION_INDEX BENCH_SHARES"; do
        read -r index count <<<"$pair"
        run -0 --separate-stderr env "$index=2" "$count=3" "$BENCH_BUILD/bench" run --json --no-save \
            --share auto -c 3 -a 30 "$URL/ping"
        jq -e '.share.index == 2 and .share.count == 3 and .accounting.sent == 10 and
               (.share.host | length > 0) and .share.start_skew_us == null' <<<"$output"
    done
    stop_target
}

# refused TEXT WORD...: exit code 2, one line that has TEXT.
refused() {
    run -2 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save "${@:2}" 3>&-
    [[ $stderr == bench:*"$1"* ]] || { echo "want: $1"; echo "got: $stderr"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ]
    [ -z "$output" ]
}

@test "what is no share, and what a share cannot do" {
    refused "there is no share 0 of 0" --share 0/0 "$REFUSED"
    refused "there is no share 4 of 4" --share 4/4 "$REFUSED"
    for text in "" 1 1/ /2 -1/2 1/2/3 a/b 1.0/2 "0/1001" "99999999999999999999/2" "0 / 2"; do
        refused "is not a share" --share "$text" "$REFUSED"
    done
    refused "10 connections are too few for 11 shares" --share 0/11 "$REFUSED"
    refused "3 requests are too few for 4 shares" --share 0/4 -R 10 -a 3 "$REFUSED"
    refused "more than the 3 connections of this share" --share 0/3 -w 4 "$REFUSED"
    refused "--share beside --strategy" --share 0/2 --strategy pool
    refused "--share beside --cmd" --share 0/2 --cmd 'x {port}'
    refused "--share beside --cmd" --share 0/2 -- x
    refused "-f/--forever beside --share" --share 0/2 -f "$REFUSED"
    refused "judge the merged result" --share 0/2 --fail 'p99>1s' "$REFUSED"
}

@test "a share from variables that are missing, wrong or do not agree" {
    refused "nothing here says which share this is" --share auto "$REFUSED"
    OMPI_COMM_WORLD_RANK=1 refused "OMPI_COMM_WORLD_SIZE is not" --share auto "$REFUSED"
    PMI_RANK=x PMI_SIZE=2 refused "PMI_RANK is 'x'" --share auto "$REFUSED"
    PMI_RANK=2 PMI_SIZE=2 refused "there is no share 2 of 2" --share auto "$REFUSED"
    JOB_COMPLETION_INDEX=1 refused "set it to the number of shares" --share auto "$REFUSED"
    OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 SLURM_PROCID=0 SLURM_NTASKS=2 \
        refused "say 1/2, but SLURM_PROCID and SLURM_NTASKS say 0/2" --share auto "$REFUSED"
}

@test "a share is no option of a comparison or of one of its arms" {
    run -2 --separate-stderr "$BENCH_BUILD/bench" compare --share 0/2 --strategies pool
    run -2 --separate-stderr "$BENCH_BUILD/bench" compare --arm 'a=--strategy pool --share 0/2'
    [[ $stderr == *"--share is not an option of one arm"* ]]
}
