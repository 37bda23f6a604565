#!/usr/bin/env bats
# Through a proxy that is not ours: whole URLs for http, a tunnel for https and HTTP/2.

load common

setup() {
    own_folder
    mkdir www
    printf 'hello, bench\n' >www/index.html
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>/dev/null
    start nginx nginx.pid
    start_proxy
}

teardown() {
    local pid
    for pid in "${NGINX:-}" "${PROXY:-}"; do
        [ -z "$pid" ] || { kill "$pid" && wait "$pid"; } 2>/dev/null || true
    done
}

nginx_conf() {
    cat <<END
daemon off; worker_processes 1; pid $PWD/nginx.pid; error_log $PWD/error.log;
user $(id -un) $(id -gn);
events { worker_connections 1024; }
http {
    access_log $PWD/access.log; keepalive_requests 100000;
    ssl_protocols TLSv1.3; ssl_certificate $PWD/cert.pem; ssl_certificate_key $PWD/key.pem;
    client_body_temp_path $PWD; proxy_temp_path $PWD; fastcgi_temp_path $PWD;
    uwsgi_temp_path $PWD; scgi_temp_path $PWD;
    server { listen 127.0.0.1:$1; root $PWD/www; }
    server { listen 127.0.0.1:$(($1 + 1)) ssl http2; root $PWD/www; }
    server { listen 127.0.0.1:$(($1 + 2)) http2; root $PWD/www; }
}
END
}

proxy_conf() {
    printf '%s\n' "Port $1" 'Listen 127.0.0.1' 'Allow 127.0.0.1' "PidFile \"$PWD/proxy.pid\"" \
        "LogFile \"$PWD/proxy.log\"" 'LogLevel Connect' 'MaxClients 100' "${PROXY_OPTIONS[@]}"
}

is_listening() { # PORT
    (exec {fd}<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# start NAME FILE: the server NAME, which takes no port 0 and makes FILE once it has its port.
start() {
    local tries pid port
    for ((tries = 0; tries < 20; tries++)); do
        port=$((20000 + RANDOM % 10000))
        rm -f "$2"
        "${1}_conf" "$port" >"$1.conf"
        case $1 in
        nginx) nginx -p "$PWD" -c "$PWD/nginx.conf" 2>/dev/null 3>&- & ;;
        proxy) tinyproxy -d -c "$PWD/proxy.conf" >/dev/null 2>&1 3>&- & ;;
        esac
        pid=$!
        while kill -0 "$pid" 2>/dev/null; do
            if [ -s "$2" ] && is_listening "$port"; then
                declare -g "${1^^}=$pid" "${1}_port=$port"
                return 0
            fi
        done
        wait "$pid" || true
    done
    cat ./*.log
    return 1
}

start_proxy() {
    PROXY_OPTIONS=("$@")
    start proxy proxy.pid
    proxy=http://127.0.0.1:$proxy_port
}

stop_proxy() {
    kill "$PROXY"
    wait "$PROXY" || true
}

# tinyproxy closes after each reply, and does not say so beforehand.
@test "http: each request as a whole URL" {
    measure "http://127.0.0.1:$nginx_port/" --proxy "$proxy" -H 'Connection: close' -c 2 -a 20
    accounted '{"completed":20}'
    [ "$(grep -c '"GET / HTTP/1' access.log)" -eq 20 ]
    grep -q "GET http://127.0.0.1:$nginx_port/" proxy.log
}

@test "https: through a tunnel, with the certificate of the host" {
    measure "https://127.0.0.1:$((nginx_port + 1))/" --ca cert.pem --proxy "$proxy" -c 2 -a 200
    accounted '{"completed":200}'
    result '.tls.version == "TLSv1.3" and .histograms.handshake.count >= 1'
    grep -q "CONNECT 127.0.0.1:$((nginx_port + 1))" proxy.log
}

@test "HTTP/2, with TLS and without" {
    measure "https://127.0.0.1:$((nginx_port + 1))/" --ca cert.pem --http2 -p 4 --proxy "$proxy" -c 2 -a 200
    accounted '{"completed":200}'
    measure "http://127.0.0.1:$((nginx_port + 2))/" --http2 -p 4 --proxy "$proxy" -c 2 -a 200
    accounted '{"completed":200}'
}

@test "several URLs: each as its scheme wants it, whole URLs and a tunnel to each origin" {
    measure "http://127.0.0.1:$nginx_port/" "http://localhost:$nginx_port/index.html" \
        "https://127.0.0.1:$((nginx_port + 1))/" --ca cert.pem --proxy "$proxy" -H 'Connection: close' -c 3 -a 30
    accounted '{"completed":30}'
    result '[.requests_by_name[].completed] | (add == 30 and all(. > 0))'
    grep -q "GET http://127.0.0.1:$nginx_port/" proxy.log
    grep -q "GET http://localhost:$nginx_port/index.html" proxy.log
    grep -q "CONNECT 127.0.0.1:$((nginx_port + 1))" proxy.log
    # HTTP/2 has a tunnel for each.
    measure "http://127.0.0.1:$((nginx_port + 2))/" "https://127.0.0.1:$((nginx_port + 1))/" --ca cert.pem --http2 -p 4 \
        --proxy "$proxy" -c 2 -a 200
    accounted '{"completed":200}'
    grep -q "CONNECT 127.0.0.1:$((nginx_port + 2))" proxy.log
}

@test "the probe goes through it as well" {
    measure "https://127.0.0.1:$((nginx_port + 1))/" --ca cert.pem --probe /index.html --proxy "$proxy" \
        -c 1 -d 2
    result '.probe.completed > 0 and .probe.failed == 0'
    measure "http://127.0.0.1:$nginx_port/" --probe /index.html --proxy "$proxy" -H 'Connection: close' -c 1 -d 2
    result '.probe.completed > 0'
}

@test "a proxy that wants a password" {
    stop_proxy
    start_proxy 'BasicAuth me secret'
    measure "http://127.0.0.1:$nginx_port/" --proxy "$proxy" -c 1 -a 4
    result '.non2xx == 4 and .statusCodeStats["407"].count == 4'
    run -5 "$BENCH_BUILD/bench" run "https://127.0.0.1:$((nginx_port + 1))/" --ca cert.pem --no-save \
        --proxy "$proxy" -c 1 -a 4
    [[ $output == *'answers CONNECT with status 407'*'--proxy http://USER:PASSWORD@HOST:PORT'* ]]
    measure "http://127.0.0.1:$nginx_port/" --proxy "http://me:secret@127.0.0.1:$proxy_port" \
        -H 'Connection: close' -c 1 -a 4
    accounted '{"completed":4}'
    ! grep -q secret "$RESULT"
    measure "https://127.0.0.1:$((nginx_port + 1))/" --ca cert.pem \
        --proxy "http://me:secret@127.0.0.1:$proxy_port" -c 1 -a 4
    accounted '{"completed":4}'
    ! grep -q secret "$RESULT"
}

@test "no proxy there, and what is none" {
    stop_proxy
    run -5 "$BENCH_BUILD/bench" run "http://127.0.0.1:$nginx_port/" --no-save --proxy "$proxy" -a 10
    [[ $output == *'--proxy: cannot connect to 127.0.0.1:'*'Connection refused'* ]]
    for url in https://127.0.0.1:1/ ftp://127.0.0.1:1/ http://127.0.0.1:1/path 'http://a b/'; do
        run -2 "$BENCH_BUILD/bench" run "http://127.0.0.1:$nginx_port/" --proxy "$url" -a 10
        [[ $output == *--proxy* ]]
    done
    run -2 "$BENCH_BUILD/bench" run http://localhost/ -S ./socket --proxy http://127.0.0.1:1/ -a 10
    [[ $output == *--proxy* ]]
    run -2 "$BENCH_BUILD/bench" run --strategy pool --proxy http://127.0.0.1:1/ -a 10
    [[ $output == *--proxy* ]]
}

@test "the variables of other tools change nothing" {
    http_proxy=http://127.0.0.1:1/ https_proxy=http://127.0.0.1:1/ all_proxy=http://127.0.0.1:1/ \
        measure "http://127.0.0.1:$nginx_port/" -c 1 -a 4
    accounted '{"completed":4}'
}
