# What a hostile tester found once. With FAULTY_TLS the faulty server speaks TLS.

load common

@test "closed standard descriptors cost no result" {
    start_faulty
    "$BENCH_BUILD/bench" run "${TRUST[@]}" "$URL/ok" -c 2 -a 20 -o in.json <&- >/dev/null
    run -2 bash -c '"$@" >&-' closed "$BENCH_BUILD/bench" run "${TRUST[@]}" "$URL/ok" -c 2 -a 20 -o out.json
    [[ $output == *"cannot write to stdout: it is closed; the result is saved anyway" ]]
    "$BENCH_BUILD/bench" run "${TRUST[@]}" "$URL/ok" -c 2 -a 20 -o err.json 2>&-
    run -2 bash -c '"$@" <&- >&- 2>&-' closed "$BENCH_BUILD/bench" run --strategy pool --work count:1k -a 20 -o all.json
    end_faulty
    jq -es 'length == 4 and all(.["2xx"] == 20)' in.json out.json err.json all.json
}

@test "no thread to be had: an error, not a hang" {
    [ "$(id -u)" -eq 0 ] || skip "needs root, to become a user without processes to spare"
    start_faulty
    open=$(mktemp -d -p /tmp) # the build folder may be closed to others
    cp "$BENCH_BUILD/bench" "${TRUST[@]:1}" "$open"
    chmod -R a+rx "$open"
    run -2 timeout "$PATIENCE" setpriv --reuid=65533 --regid=65533 --clear-groups \
        env ASAN_OPTIONS=detect_leaks=0 \
        bash -c "ulimit -u 1; cd '$open'; exec ./bench run ${TRUST:+--ca faulty.pem} '$URL/ok' -c 8 -d 300ms --no-save"
    rm -r "$open"
    [[ $output == *"cannot start worker thread 1"* ]]
    end_faulty
}

@test "replies that nobody asked for are counted" {
    start_faulty
    "$BENCH_BUILD/bench" run "${TRUST[@]}" "$URL/extra" -c 1 -a 4 --no-save --json >said
    jq -e '.accounting.unasked >= 1 and any(.warnings[]; .code == "unasked")' said
    end_faulty
}

@test "-o that cannot work is told before anything is measured" {
    start_faulty
    : >file
    mkfifo pipe
    ln -s loop loop
    for out in file/ pipe loop "$(printf 'x%.0s' {1..300})"; do
        run -2 timeout "$PATIENCE" "$BENCH_BUILD/bench" run "${TRUST[@]}" "$URL/ok" -c 1 -a 1 \
            -o "$out"
        [[ $output == *"-o/--out"* ]]
    done
    end_faulty
    jq -e 'has("/ok") | not' <<<"$COUNTS"
}

@test "control characters of a target do not reach the terminal" {
    run -5 "$BENCH_BUILD/bench" run --cmd 'printf "\302\233x\033[31m" >&2; exit 3'
    [[ $output == *"??x?[31m"* ]]
    run -2 "$BENCH_BUILD/bench" $'\e[31mfoo'
    [[ $output != *$'\e'* ]]
}

# stop_a_guard outer|inner
stop_a_guard() {
    local bench outer inner
    "$BENCH_BUILD/bench" run --strategy pool --work count:1k -c 2 -d 1 --no-save --json >said 2>err &
    bench=$!
    until outer=$(pgrep -P "$bench") && inner=$(pgrep -P "$outer") && [ -n "$(pgrep -P "$inner")" ]; do
        kill -0 "$bench"
    done
    kill -STOP "${!1}"
    wait "$bench" || true
    jq -e '.accounting.completed > 0' said
    run ! kill -0 "$outer"
    run ! kill -0 "$inner"
}

@test "a stopped guard does not keep bench for ever" {
    stop_a_guard inner
    stop_a_guard outer
}
