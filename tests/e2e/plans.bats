#!/usr/bin/env bats
# The options that run, compare and check share are in the plan of each of these commands: what
# --dry-run prints with an option is not what it prints without. What the plan then does is for the
# tests that tests/options.txt names.

load common

setup() {
    own_folder
    echo '{"path": "/a"}' >list
    printf 'column\nvalue\n' >feed
    printf body >body
    echo '{"a": {"type": "text", "value": "b"}}' >form
    echo '{"log": {"entries": [{"request": {"method": "PUT", "url": "http://127.0.0.1:1/h"}}]}}' >har
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
        -keyout key.pem -out cert.pem 2>/dev/null
}

# plan COMMAND TARGET OPTION...: what --dry-run prints.
plan() {
    local words
    case $1,$2 in
    run,http*) words=("$2") ;;
    run,*) words=(--strategy "$2") ;;
    compare,http*) words=(--strategies none --arm a="$2") ;;
    compare,*) words=(--strategies "$2") ;;
    check,http*) words=(--arm a="$2" --arm b="$2") ;;
    check,*) words=(--arm a="--strategy $2" --arm b="--strategy $2") ;;
    esac
    timeout "$PATIENCE" "$BENCH_BUILD/bench" "$1" --dry-run --seed 1 "${@:3}" "${words[@]}" 3>&-
}

# The options with a value, the target where it is another than a pool, and what else they need.
options() {
    local url=http://127.0.0.1:1/ tls=https://127.0.0.1:1/
    cat <<END
--connections 7
--pipelining 3
--workers 2
--duration 33
--timeout 3
--warmup 1s
--seed 2
--rate 50
--connection-rate 5
--stages 33s:10
--arrivals poisson | pool | -R 10
--max-connections 20 | pool | -R 10
--ignore-coordinated-omission | pool | -R 10
--reconnect-rate 5
--keepalive off
--connect-rate 10
--addresses all | $url
--ipv4 | $url
--ipv6 | $url
--connect-to 127.0.0.1:2 | $url
--method PUT
--header a:b
--raw-headers
--body text
--input body
--expect-body x | $url
--expect-status 404
--expect-contains x | $url
--expect-regex x | $url
--expect-size 7 | $url
--expect-sha256 $(sha256sum <body | cut -d ' ' -f 1) | $url
--requests list
--har har | $url
--form form
--feed feed
--id-replacement
--http2 | $url
--insecure | $tls
--ca cert.pem | $tls
--cert cert.pem --key key.pem | $tls
--servername x | $tls
--tls-min 1.3 | $tls
--tls-max 1.2 | $tls
--ciphers TLS_AES_256_GCM_SHA384 | $tls
--tls-resume | $tls
--proxy http://127.0.0.1:3 | $url
--tls
--max-rss 1GiB
--ready-timeout 3
--work count:5
--max-work count:50M
--max-header 1KiB
--max-body 1KiB
--idle-timeout 7
--allow-host x
--grace 7
--pool-size 3
--max-queue 3
--fanout 3 | threads
--isolate v8 | threads
--isolate-boot-ms 3 | threads
--isolate-mib 3 | threads
--compute-threads 3 | offload
--compute-url http://127.0.0.1:3/ | offload
--compute-program /bin/true | offload
--offload-connections 3 | offload
--offload-timeout 3 | offload
--broker sqlite:file | queue
--broker-folder $PWD/empty | queue | --broker redis
--broker-sync full | queue
--queue name | queue
--prefix name | queue
--drop-queue | queue | --broker redis
--queue-workers 3 | queue
--worker-concurrency 3 | queue
--job-attempts 5 | queue
--job-backoff 5 | queue
--job-lease 50 | queue
--stalled-interval 50 | queue
--keep-jobs 50 | queue
--max-backlog 50 | queue
--recovery-goal p99<1s | pool | --stages 33s:10
--bailout 5
--bailout-on non-2xx | pool | -B 5
--wait-open 3
--exclude-error-stats
--sample-int 50
--bind 127.0.0.2
--title x
END
}

# in_plan COMMAND
in_plan() {
    local option target more
    while IFS='|' read -r option target more; do
        read -r target <<<"${target:-pool}"
        # shellcheck disable=SC2086 # options are words
        plan "$1" "$target" $more >without 2>said || { echo "$1 $target $more"; cat said; return 1; }
        # shellcheck disable=SC2086
        plan "$1" "$target" $more $option >with 2>said || { echo "$1 $option"; cat said; return 1; }
        ! cmp -s with without || { echo "$1 $option: the plan is the same"; return 1; }
    done
}

@test "run" {
    in_plan run < <(options)
}

@test "compare" {
    in_plan compare < <(options)
}

@test "check" {
    # Stages are not for the slices of a block: not in its help, and refused; nor are these ends.
    in_plan check < <(options | grep -v -e '^--stages ' -e '^--recovery-goal ' -e '^--bailout' -e '^--wait-open ' -e '^--sample-int ')
    run -2 plan check pool --stages 33s:10
    [[ $output == *"--stages: the slices of a block are too short"* ]]
}

@test "what selects the target of a single run is no option of the others" {
    for command in compare check; do
        for option in --on-port '--cmd x' '--strategy pool'; do
            # shellcheck disable=SC2086
            run -2 plan "$command" http://127.0.0.1:1/ $option
            [[ $output == *"unknown option ${option%% *}"* ]]
        done
    done
}

@test "no option that they share is left out here" {
    # These are no part of a plan, or only of one of the two; two need a command or a socket of a server,
    # and three need other hosts.
    printf -- '--%s\n' help version log debug no-progress dry-run no-save out json fail warn allow-errors \
        cmd-scheme socket-path amount max-connection-requests max-overall-requests probe probe-rate drain \
        hosts mpi-net on-lost >others
    for command in run compare check; do
        "$BENCH_BUILD/bench" "$command" --help | grep -oE '^  (-., |    )--[a-z0-9-]+' | sed 's/.*--/--/' | sort -u >"of-$command"
    done
    { comm -12 of-run of-compare; comm -12 of-run of-check; } | sort -u >shared
    { options | grep -oE -- '--[a-z0-9-]+'; cat others; } | sort -u >here
    comm -23 shared here >left
    [ ! -s left ] || { cat left; return 1; }
}
