#!/usr/bin/env bats
# How a target with --tls starts: whose certificate it has, what it says, what it refuses.

load common
load tls_client

LAST=$'GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'

@test "a certificate of the user's own" {
    openssl req -x509 -newkey rsa:4096 -nodes -keyout key.pem -out cert.pem -days 2 \
        -subj /CN=bench.example -addext "subjectAltName=DNS:localhost,IP:127.0.0.1$(
            printf ',DNS:name-%d.a-rather-long-name.example' {1..90})" 2>/dev/null
    start_target --tls-cert cert.pem --tls-key key.pem
    trust_target
    cmp cert.pem ca.pem
    [ "$(get "$URL/ping")" = pong ]
    [ "$(printf %s "$LAST" | s_client | tail -1)" = pong ]
    stop_target
}

@test "--tls-ca-out and the words for people" {
    for program in "bench-target" "bench serve"; do
        echo before >ca-out.pem
        exec {out}< <(exec "$BENCH_BUILD/"$program --tls-ca-out ca-out.pem 2>words 3>&-)
        TARGET_PID=$!
        BENCH_PID=$TARGET_PID # it does not end with the test by itself
        read -r -t "$PATIENCE" READY <&"$out"
        PORT=$(jq .port <<<"$READY")
        trust_target
        cmp ca.pem ca-out.pem
        [ "$(get --cacert ca-out.pem "$URL/ping")" = pong ]
        until_true grep -q 'bench run --ca' words
        grep -qF "serving $URL" words
        grep -qF "$(jq -r .fingerprint <<<"$READY")" words
        grep -qF "curl --cacert ca-out.pem $URL/ping" words
        kill -TERM "$TARGET_PID"
        wait_target
        BENCH_PID=
        [ "$STATUS" -eq 0 ]
        [ "$(find . -name 'ca-out*' | wc -l)" -eq 1 ]
    done
}

@test "bad options say why in one sentence and exit 2" {
    for name in a b; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
            -keyout "$name.key" -out "$name.pem" 2>/dev/null
    done
    openssl pkey -in a.key -aes128 -passout pass:secret -out locked.key
    echo nothing >empty.pem
    while IFS='|' read -r options want; do
        for program in bench-target "bench serve"; do
            run -2 --separate-stderr "$BENCH_BUILD/"$program $options
            [ -z "$output" ]
            [ "${#stderr_lines[@]}" -eq 1 ]
            grep -qF -- "$want" <<<"$stderr" || { echo "$options: $stderr"; return 1; }
        done
    done <<'END'
--tls-cert a.pem|--tls-cert needs the private key of the certificate; add --tls-key FILE
--tls --tls-key a.key|--tls-key needs the certificate of the key; add --tls-cert FILE
--tls-cert a.pem --tls-key b.key|the key in b.key is not that of the first certificate in a.pem
--tls-cert a.pem --tls-key locked.key|the key in locked.key is encrypted
--tls-cert nowhere.pem --tls-key a.key|cannot read nowhere.pem: No such file or directory
--tls-cert a.pem --tls-key nowhere.key|cannot read nowhere.key: No such file or directory
--tls-cert empty.pem --tls-key a.key|empty.pem has no certificate
--tls-cert a.pem --tls-key a.pem|a.pem has no private key
--tls --tls-ca-out nowhere/a.out|--tls-ca-out: cannot write nowhere/a.out: No such file or directory
--tls --tls-ca-out .|--tls-ca-out: cannot write .: it is not a file
END
}
