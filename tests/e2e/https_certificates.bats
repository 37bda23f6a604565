#!/usr/bin/env bats
# What keeps TLS from being opened is told before any load, with what to do about it.

load common
load https

teardown() {
    end_servers
}

@test "a certificate that cannot be trusted: which one, why, and the remedy" {
    start_tls
    refused 5 "the certificate is self-signed (CN = localhost); give it with --ca FILE, or use --insecure" "$URL/ok"
    refused 5 "the certificate is for another name (not example.org: it has DNS:localhost" \
        "${TRUST[@]}" --servername example.org "$URL/ok"
    untouched
}

@test "one that has expired, and one of an authority that nobody knows" {
    certificate authority
    certificate other
    signed server authority
    echo subjectAltName=IP:127.0.0.1 >names
    openssl req -new -key server.key -subj /CN=server -out server.csr
    openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial \
        -days -1 -extfile names -out expired.pem 2>openssl.err
    start_tls --tls-cert expired.pem --tls-key server.key
    refused 5 "the certificate has expired (on " --ca authority.pem "$URL/ok"
    refused 5 "the clock of this machine" --ca authority.pem "$URL/ok"
    untouched
    start_tls --tls-cert server.pem --tls-key server.key
    refused 5 "an authority that is not trusted (CN = authority); give the certificate of the authority with --ca FILE" \
        --ca other.pem "$URL/ok"
    refused 5 "an authority that is not trusted (CN = authority)" "$URL/ok"
    untouched
}

@test "what is trusted: the authority, the certificate itself, one of several files, anything" {
    certificate authority
    certificate other
    signed server authority
    start_tls --tls-cert server.pem --tls-key server.key
    unset TRUST
    while read -r options; do
        measure "$URL/ok" -c 2 -a 6 $options
        accounted '{"completed":6}'
        result '.tls.verified'
    done <<'LIST'
--ca authority.pem
--ca server.pem
--ca other.pem --ca authority.pem
--ca authority.pem --servername localhost
--ca authority.pem -s LOCALHOST
LIST
    measure "$URL/ok" -c 2 -a 6 --insecure
    accounted '{"completed":6}'
    result '.tls.verified == false'
    measure "$URL/ok" -c 2 -a 6 --insecure --servername example.org
    accounted '{"completed":6}'
    end_faulty
}

@test "a server that wants a certificate of its clients" {
    certificate authority
    certificate other
    signed client authority
    for version in 1.2 1.3; do
        start_tls --tls-client-ca authority.pem
        versions=(--tls-min "$version" --tls-max "$version")
        refused 5 "the server takes only clients that have a certificate (alert \"" \
            "${TRUST[@]}" "${versions[@]}" "$URL/ok"
        [[ $stderr == *"give one with --cert FILE and --key FILE" ]]
        refused 5 "the server refused the certificate of the client" \
            "${TRUST[@]}" "${versions[@]}" --cert other.pem --key other.key "$URL/ok"
        measure "$URL/ok" -c 2 -a 6 "${versions[@]}" --cert client.pem --key client.key
        accounted '{"completed":6}'
        result ".tls.version == \"TLSv$version\""
        end_faulty
        served '{"/ok":[6,6]}'
    done
}

@test "a server that only asks for one goes without" {
    certificate server
    start_openssl -cert server.pem -key server.key -verify 1
    run -0 timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save -c 1 -a 2 --ca server.pem "$URL/" 3>&-
}

@test "files that cannot be used are told with their names" {
    certificate one
    certificate two
    openssl pkey -in one.key -aes256 -passout pass:secret -out secret.key
    openssl x509 -in one.pem -outform der -out one.der
    : >empty.pem
    start_tls
    while IFS='|' read -r text options; do
        refused 2 "$text" $options "$URL/ok"
    done <<'LIST'
cannot read missing.pem: No such file or directory|--ca missing.pem
cannot read .: Is a directory|--ca .
empty.pem has no certificate|--ca empty.pem
one.der has no certificate|--ca one.der
cannot read missing.pem|--cert missing.pem --key one.key --insecure
cannot read missing.key|--cert one.pem --key missing.key --insecure
the key in two.key is not that of the first certificate in one.pem|--cert one.pem --key two.key --insecure
the key in secret.key is encrypted|--cert one.pem --key secret.key --insecure
one.pem has no private key|--cert one.pem --key one.pem --insecure
LIST
    untouched
}

@test "an authority that this user may not read" {
    certificate one
    chmod 000 one.pem
    ! head -c 1 one.pem 2>/dev/null || skip "this user may read everything"
    start_tls
    refused 2 "cannot read one.pem: Permission denied" --ca one.pem "$URL/ok"
    untouched
}

@test "versions: those of the server, and those that are asked for" {
    certificate server
    for version in 1.2 1.3; do
        start_openssl -cert server.pem -key server.key "-tls${version/./_}"
        run -0 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save --json \
            -c 1 -a 2 --ca server.pem "$URL/" 3>&-
        jq -e ".tls.version == \"TLSv$version\"" <<<"$output"
        end_openssl
    done
    start_openssl -cert server.pem -key server.key -tls1_2
    refused 5 "there is no TLS version that both sides allow" --ca server.pem --tls-min 1.3 "$URL/"
    end_openssl
    start_openssl -cert server.pem -key server.key -tls1_3
    refused 5 "allow an older one with --tls-min, or a newer one with --tls-max" \
        --ca server.pem --tls-max 1.2 "$URL/"
}

@test "a server that only has an old version" {
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=old -keyout old.key -out old.pem \
        -addext subjectAltName=IP:127.0.0.1 2>openssl.err
    for version in 1.0 1.1; do
        flag=-tls${version/./_}
        start_openssl -cert old.pem -key old.key "${flag%_0}" -cipher ALL:@SECLEVEL=0
        # Whether this OpenSSL still has it, openssl's own client can tell.
        openssl s_client -connect "127.0.0.1:$PORT" "${flag%_0}" -cipher ALL:@SECLEVEL=0 \
            </dev/null >/dev/null 2>&1 || skip "this OpenSSL does not have TLS $version"
        refused 5 "there is no TLS version that both sides allow" --ca old.pem "$URL/"
        run -0 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run --no-save --json \
            -c 1 -a 2 --ca old.pem --tls-min 1.0 "$URL/" 3>&-
        jq -e --arg version "$version" '.tls.version == "TLSv\($version | rtrimstr(".0"))"' <<<"$output"
        end_openssl
    done
}

@test "ciphers: one that is asked for, none that both have, none at all" {
    start_tls
    measure "$URL/ok" -c 2 -a 4 --tls-max 1.2 --ciphers ECDHE-ECDSA-AES128-GCM-SHA256
    result '.tls.cipher == "ECDHE-ECDSA-AES128-GCM-SHA256" and .tls.version == "TLSv1.2"'
    measure "$URL/ok" -c 2 -a 4 --ciphers TLS_CHACHA20_POLY1305_SHA256
    result '.tls.cipher == "TLS_CHACHA20_POLY1305_SHA256" and .tls.version == "TLSv1.3"'
    end_faulty
    start_tls
    # The certificate has an ECDSA key.
    refused 5 'because no cipher is allowed on both sides (alert "handshake failure"); allow others with --ciphers' \
        "${TRUST[@]}" --ciphers ECDHE-RSA-AES128-GCM-SHA256 "$URL/ok"
    refused 2 "are only for versions of TLS that are not allowed" \
        "${TRUST[@]}" --tls-min 1.3 --ciphers ECDHE-RSA-AES128-GCM-SHA256 "$URL/ok"
    refused 2 "leaves no cipher" "${TRUST[@]}" --ciphers 'ALL:!ALL' "$URL/ok"
    untouched
}

@test "a plain server behind https, one that answers and one that does not" {
    mkdir www
    start_nginx 'listen 127.0.0.1:@PORT@;'
    refused 5 'what came is not TLS (it begins with "HTTP/1.1"); use http:// if the port is one of plain HTTP' \
        "https://127.0.0.1:$PORT/"
    start_faulty
    refused 5 "it accepts connections, and does not answer the handshake" -t 300ms \
        "https://127.0.0.1:$PORT/ok"
    untouched
}

@test "nothing listens, and a name that does not resolve" {
    start_faulty
    end_faulty
    refused 5 "nothing listens there" "https://127.0.0.1:$PORT/ok"
    refused 5 "does not resolve" https://nobody.invalid/
}

@test "a server of TLS behind http" {
    start_tls
    measure "http://127.0.0.1:$PORT/ok" -c 1 -a 3
    accounted '{"eof":3}' # OpenSSL sees that it is HTTP, and says nothing
    untouched
    # Others answer with an alert.
    start_faulty
    measure "$URL/tls-alert" -c 1 -a 3
    result '.warnings | any(.code == "lost" and (.message | contains("TLS: is this an HTTPS port?")))'
}
