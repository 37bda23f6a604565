#!/usr/bin/env bats
# Loads over TLS: every option that shapes one, handshakes and resumption by two witnesses, and
# servers that are not ours. The replies, faults and hostile tests run over TLS as well (FAULTY_TLS).

load common
load https

teardown() {
    end_servers
}

# A connection may be open only when the others have sent all that there is.
@test "handshakes are counted and timed, one for each connection" {
    start_tls
    measure "$URL/ok" -c 4 -a 40
    accounted '{"completed":40}'
    result '.tls | .handshakes >= 1 and .handshakes <= 4 and .resumed == 0 and .verified and .mixed == false and
        .version == "TLSv1.3" and (.cipher | startswith("TLS_")) and (.library | startswith("OpenSSL"))'
    result '.accounting.connected == .tls.handshakes'
    result '.histograms.handshake.count == .tls.handshakes and .histograms.connect.count == .tls.handshakes'
    end_faulty
    served '{"/ok":[40,40]}'
    jq -e '.handshakes >= 2 and .handshakes <= 5 and .resumed == 0' <<<"$COUNTS" # with bench's own try
}

@test "a plain load has none" {
    start_faulty
    measure "$URL/ok" -c 4 -a 40
    result '.tls == null and (.histograms.handshake // {count: 0}).count == 0'
}

@test "a full handshake for each connection, unless sessions are resumed" {
    for version in 1.2 1.3; do
        start_tls
        measure "$URL/ok" -c 2 -a 30 -H 'Connection: close' --tls-max "$version"
        accounted '{"completed":30}'
        result '.tls | .handshakes >= 30 and .handshakes <= 32 and .resumed == 0'
        end_faulty
        jq -e '.resumed == 0' <<<"$COUNTS"
        start_tls
        measure "$URL/ok" -c 2 -w 2 -a 30 -H 'Connection: close' --tls-max "$version" --tls-resume
        accounted '{"completed":30}'
        # The first connection of each thread has nothing to resume, and of two others the server
        # may end the last request before.
        result '.tls | .handshakes >= 30 and .handshakes <= 34 and .resumed >= 26 and
            .resumed <= .handshakes - 2'
        result '.histograms.handshake.count == .tls.handshakes'
        resumed=$(jq .tls.resumed "$RESULT")
        end_faulty
        jq -e --argjson resumed "$resumed" '.resumed >= $resumed - 2 and .resumed <= $resumed + 2' <<<"$COUNTS"
        served '{"/ok":[30,30]}'
    done
}

@test "a session of nginx is resumed, too" {
    mkdir www
    printf ok >www/index.html
    certificate server
    start_nginx "listen 127.0.0.1:@PORT@ ssl; ssl_certificate server.pem; ssl_certificate_key server.key;
        ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:tests:1m;"
    for version in 1.2 1.3; do
        measure "https://127.0.0.1:$PORT/" --ca server.pem -c 2 -a 30 -H 'Connection: close' \
            --tls-max "$version" --tls-resume
        accounted '{"completed":30}'
        result '.tls.resumed >= 26'
    done
}

@test "a large reply, a large body, and many records in flight" {
    mkdir www
    head -c 102400 /dev/urandom >www/large
    certificate server
    start_nginx "listen 127.0.0.1:@PORT@ ssl; ssl_certificate server.pem; ssl_certificate_key server.key;"
    measure "https://127.0.0.1:$PORT/large" --ca server.pem -c 3 -a 60
    accounted '{"completed":60}'
    result '.accounting.bytes_received > 60 * 102400 and .accounting.bytes_received < 60 * 104000'
    measure "https://127.0.0.1:$PORT/large" --ca server.pem -c 2 -p 8 -w 2 -a 161
    accounted '{"completed":161}'
    head -c 1048576 /dev/urandom >body
    start_tls
    for version in 1.2 1.3; do
        measure "$URL/echo" -m POST -i body -c 2 -a 6 --tls-max "$version"
        accounted '{"completed":6}'
        result '.accounting | .connected <= 2 and .bytes_sent > 6 * 1048576 and
            .bytes_received > 6 * 1048576 and .bytes_received < 6 * 1049000'
    done
    end_faulty
    served '{"/echo":[12,12]}'
}

@test "keys change in the middle of a body" {
    head -c 8388608 /dev/zero >body
    start_tls
    measure "$URL/tls-rekey?bytes=8388608" -m POST -i body -c 2 -a 6
    accounted '{"completed":6}'
    result '.accounting | .connected <= 2 and .bytes_sent > 6 * 8388608'
    end_faulty
    served '{"/tls-rekey":[6,6]}'
    rm -f app.sock
    start_tls --socket app.sock
    measure -S app.sock "https://localhost/tls-rekey?bytes=8388608" -m POST -i body -c 2 -a 6
    accounted '{"completed":6}'
    kill -TERM "$FAULTY_PID"
}

@test "threads, pipelining and amounts split exactly" {
    while read -r amount options; do
        start_tls
        measure "$URL/ok" $options -a "$amount" -E $'ok\n'
        accounted "{\"completed\":$amount}"
        result '.mismatches == 0'
        end_faulty
        served "{\"/ok\":[$amount,$amount]}"
    done <<'LIST'
101 -c 5 -p 8 -w 2
7 -c 3 -w 2
200 -c 10 -p 8
LIST
}

@test "an open loop" {
    start_tls
    measure "$URL/ok" -R 200 -c 4 -d 2
    conserved
    result '.accounting.completed > 0 and (.accounting.failed | add) == 0'
    result '.histograms.handshake.count <= .tls.handshakes and .tls.handshakes >= 1'
    end_faulty
}

@test "an open loop with a connection for each request" {
    start_tls
    measure "$URL/ok" -R 50 -c 4 -d 1 -H 'Connection: close' --tls-resume
    conserved
    result '.accounting.completed > 0 and (.accounting.failed | add) == 0'
    end_faulty
}

@test "the warm-up makes its handshakes before" {
    start_tls
    measure "$URL/ok" -c 2 -a 50 -W 500ms
    accounted '{"completed":50}'
    result '.accounting.warmup_discarded > 0 and .tls.version == "TLSv1.3" and .tls.handshakes == 0'
    end_faulty
    all=$((50 + $(jq .accounting.warmup_discarded "$RESULT")))
    served "{\"/ok\":[$all,$all]}"
    jq -e '.handshakes == 3' <<<"$COUNTS"
}

@test "a unix socket, with the name of the URL" {
    rm -f app.sock
    start_tls --socket app.sock
    measure -S app.sock https://localhost:9/ok -c 2 -a 20
    accounted '{"completed":20}'
    result '.tls.handshakes >= 1 and .tls.verified'
    refused 5 "the certificate is for another name (not example.org" -S app.sock "${TRUST[@]}" \
        https://example.org/ok
    kill -TERM "$FAULTY_PID"
    mkdir www
    printf ok >www/index.html
    certificate server
    start_nginx "listen unix:$PWD/nginx.sock ssl; ssl_certificate server.pem; ssl_certificate_key server.key;"
    measure -S nginx.sock https://localhost/ --ca server.pem -c 2 -a 20 -p 4
    accounted '{"completed":20}'
}

@test "the probe has TLS, too" {
    start_tls
    measure "$URL/ok" -c 2 -d 2 --probe /chunked
    result '.probe | .path == "/chunked" and .completed > 0 and .failed == 0 and .non_2xx == 0'
    probes=$(jq .probe.completed "$RESULT")
    end_faulty
    jq -e --argjson probes "$probes" '.["/chunked"].replies >= $probes' <<<"$COUNTS"
}

@test "a server that bench starts: --cmd-scheme https" {
    certificate server
    cmd="exec '$FAULTY' --tls --tls-cert '$PWD/server.pem' --tls-key '$PWD/server.key' --port {port} >/dev/null"
    measure --cmd "$cmd" --cmd-scheme https --ca server.pem --probe /chunked /ok -c 2 -a 20
    accounted '{"completed":20}'
    result '.tls.verified and .tls.handshakes >= 1'
    refused 5 "the certificate is self-signed" --cmd "$cmd" --cmd-scheme https /ok
    # The scheme is that of plain HTTP by default.
    measure --cmd "$cmd" /ok -c 1 -a 2
    accounted '{"eof":2}'
}

@test "the name of the host, or another one" {
    start_tls
    measure "https://localhost:$PORT/ok" -c 1 -a 2
    accounted '{"completed":2}'
    measure "$URL/ok" -c 1 -a 2 --servername localhost
    accounted '{"completed":2}'
    measure "$URL/ok" -c 1 -a 2 --servername ''
    accounted '{"completed":2}'
    end_faulty
}
