# A server that is not ours: nginx on loopback, keep-alive, pipelining, errors.

load common

setup() {
    own_folder
    mkdir www
    printf 'hello, bench\n' >www/index.html
    start_nginx
}

teardown() {
    kill "$NGINX" 2>/dev/null || true
    wait "$NGINX" 2>/dev/null || true
}

# nginx takes no port 0: another try where one is taken.
start_nginx() {
    local tries
    for ((tries = 0; tries < 20; tries++)); do
        PORT=$((20000 + RANDOM % 10000))
        cat >nginx.conf <<END
daemon off; worker_processes 1; pid $PWD/nginx.pid; error_log $PWD/error.log;
user $(id -un) $(id -gn);
events { worker_connections 1024; }
http {
    access_log off; keepalive_requests 100000;
    client_body_temp_path $PWD; proxy_temp_path $PWD; fastcgi_temp_path $PWD;
    uwsgi_temp_path $PWD; scgi_temp_path $PWD;
    server { listen 127.0.0.1:$PORT; root $PWD/www; }
}
END
        nginx -p "$PWD" -c "$PWD/nginx.conf" 2>/dev/null 3>&- &
        NGINX=$!
        while kill -0 "$NGINX" 2>/dev/null; do
            # The file appears once the port is bound.
            [ ! -s nginx.pid ] || { URL=http://127.0.0.1:$PORT; return 0; }
        done
    done
    cat error.log
    return 1
}

@test "bench drives nginx: every reply, every byte, one connection each" {
    "$BENCH_BUILD/bench" run "$URL/" -c 10 -a 2000 -E $'hello, bench\n' --no-save --json >said
    jq -e '.["2xx"] == 2000 and .mismatches == 0 and .accounting.sent == 2000 and
        .accounting.connected == 10 and .valid' said
}

@test "pipelined, and on two threads" {
    "$BENCH_BUILD/bench" run "http://localhost:$PORT/" -c 4 -p 8 -w 2 -a 2001 --no-save --json >said
    jq -e '.["2xx"] == 2001 and .errors == 0' said
}

@test "HEAD, a missing file, and a method that nginx refuses" {
    "$BENCH_BUILD/bench" run "$URL/" -m HEAD -a 50 --no-save --json | jq -e '.["2xx"] == 50'
    "$BENCH_BUILD/bench" run "$URL/none" -a 50 --no-save --json | jq -e '.["4xx"] == 50'
    "$BENCH_BUILD/bench" run "$URL/" -m POST -b x -a 50 --no-save --json |
        jq -e '.statusCodeStats == {"405": {count: 50}}'
}
