# A server that is not ours: nginx on loopback, keep-alive, pipelining, errors.

load common
load nginx

setup() {
    own_folder
    mkdir www
    printf 'hello, bench\n' >www/index.html
    start_nginx 'listen 127.0.0.1:@PORT@;'
    URL=http://127.0.0.1:$PORT
}

teardown() {
    end_nginx
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
