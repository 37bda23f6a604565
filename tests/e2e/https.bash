# What the tests of https share: certificates, openssl's own server, and refusals.

load nginx

# certificate NAME [OPTION...]: makes NAME.pem and NAME.key, for this machine or for NAMES. It is its
# own authority, unless the options name one.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1" \
        -addext "subjectAltName=${NAMES:-DNS:localhost,IP:127.0.0.1}" -keyout "$1.key" \
        -out "$1.pem" "${@:2}" 2>openssl.err || { cat openssl.err; return 1; }
}

# signed NAME BY: the same, of an authority.
signed() {
    certificate "$1" -CA "$2.pem" -CAkey "$2.key"
}

# start_tls OPTION...: the faulty server with TLS, in a file where not all tests want it so.
start_tls() {
    FAULTY_TLS=1 start_faulty "$@"
}

# start_openssl OPTION...: openssl's own server, ready; sets PORT, URL and OPENSSL_PID.
start_openssl() {
    local line
    exec {OPENSSL_OUT}< <(exec openssl s_server -accept 127.0.0.1:0 -www "$@" 2>openssl.err 3>&-)
    OPENSSL_PID=$!
    while read -r -t "$PATIENCE" line <&"$OPENSSL_OUT"; do
        [[ $line == ACCEPT*:* ]] || continue
        PORT=${line##*:}
        URL=https://127.0.0.1:$PORT
        return 0
    done
    cat openssl.err
    return 1
}

end_openssl() {
    kill "$OPENSSL_PID"
    wait "$OPENSSL_PID" || true
    OPENSSL_PID=
}

# What a test that failed has left running, too.
end_servers() {
    [ -z "${OPENSSL_PID:-}" ] || kill "$OPENSSL_PID" 2>/dev/null || true
    end_nginx
    kill_leftovers
}

# refused CODE TEXT OPTION...: bench run ends so, in one line with this text.
refused() {
    run "-$1" --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save -c 2 -a 4 \
        "${@:3}" 3>&-
    [ -z "$output" ] || { echo "on stdout: $output"; return 1; }
    [[ $stderr == *"$2"* ]] || { echo "want: $2"; echo "got: $stderr"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ] || { echo "stderr: $stderr"; return 1; }
}

# untouched: the faulty server has seen no request.
untouched() {
    end_faulty
    jq -e 'keys | any(startswith("/")) | not' <<<"$COUNTS" >/dev/null || { echo "$COUNTS"; return 1; }
}
