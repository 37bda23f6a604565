# What the e2e tests of HTTP/2 share: the server that goes wrong, and its counts.

# start_h2: the server faulty_h2, ready; sets PORT, URL and FAULTY_PID. It dies with the test.
start_h2() {
    exec {FAULTY_OUT}< <(exec "$BENCH_BUILD/tests/faulty_h2" "$@" 3>&-)
    FAULTY_PID=$!
    read -r -t "$PATIENCE" READY <&"$FAULTY_OUT"
    PORT=$(jq .port <<<"$READY")
    URL=http://127.0.0.1:$PORT
}

# That of common.bash, for a server that speaks nothing else.
get() {
    curl -sS --http2-prior-knowledge --max-time "$PATIENCE" "$@"
}

# drive PATH OPTION...: bench run --http2 on the server.
drive() {
    measure --http2 "$URL$1" "${@:2}"
}

# only KIND...: all requests of the last measure are in these counters, and in no other.
only() {
    jq -e '.accounting | (.failed + {completed, timed_out, in_flight_at_end}) as $all |
        if .sent != ($all | add) then error("not the sum: \(.)")
        elif ($all | with_entries(select(.value != 0)) | keys - $ARGS.positional) != [] then
            error("got \($all)")
        else true end' "$RESULT" --args "$@" >/dev/null
}

# witnessed PATH: what the server counted, once it has ended, is what the last measure counted; it
# was the only one on this path.
witnessed() {
    jq -e --slurpfile result "$RESULT" --arg path "$1" '
        .[$path] as $row | $result[0].accounting as $a |
        if $row.replies != $a.completed or $row.refused != $a.failed.refused or
            $row.reset != $a.failed.stream or $row.requests > $a.sent
        then error("\($row), but \($a)") else true end' <<<"$COUNTS" >/dev/null
}

# counted FILTER: true of the server's counts, once it has ended.
counted() {
    jq -e "$1" <<<"$COUNTS" >/dev/null || { echo "not so: $1"; echo "$COUNTS"; return 1; }
}

# Faults of one stream, and of a connection, with their counters.
stream_faults() {
    cat <<'END'
/rst?code=2 stream
/rst?code=8 stream
/rst?code=0 stream
/rst?code=7 refused
/rst-body stream
/no-status parse
/upper-case parse
/wrong-length parse
/only-interim parse
/large-head parse
END
}

connection_faults() {
    cat <<'END'
/goaway-error goaway
/huge-field parse
/pieces parse
/bad-index parse
/push parse
/huge-frame parse
/short-ping parse
/windows parse
/ping-flood parse
/settings-flood parse
/eof eof
/truncate eof
/half-frame eof
/closed eof
/reset reset
/no-settings parse
/garbage parse
/http1 parse
/tls-alert parse
END
}

# each_fault COUNT OPTION...: of the list on stdin.
each_fault() {
    local path counter count=$1
    while read -r path counter; do
        drive "$path" -a "$count" "${@:2}"
        accounted "{\"$counter\":$count}" || { echo "$path"; return 1; }
        result ".latency.totalCount == 0 and .errors == $count and .valid and
            .histograms.unfinished.count == $count and
            (.warnings | any(.code == \"nothing-completed\"))"
    done
}
