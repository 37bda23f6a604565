#!/usr/bin/env bats
# HTTP/2 and servers that are not ours: nginx and node's http2, with TLS and without. What curl gets
# from the same server, and what nginx writes in its log, are the witnesses.

load common
load http2

setup() {
    own_folder
    [[ $BATS_TEST_DESCRIPTION != nginx* ]] || start_nginx
    [[ $BATS_TEST_DESCRIPTION != node* ]] || start_node
}

teardown() {
    [ -z "${SERVER_PID:-}" ] || kill "$SERVER_PID" 2>/dev/null || true
    [ -z "${SERVER_PID:-}" ] || wait "$SERVER_PID" 2>/dev/null || true
    kill_leftovers
}

make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' \
        -keyout key.pem -out cert.pem 2>/dev/null
}

# Files of many sizes in www; nginx answers 404 and 500 too.
SIZES=(0 1 100 1000 8192 16384 65536 100000)

make_files() {
    local size
    mkdir www
    for size in "${SIZES[@]}"; do
        head -c "$size" /dev/zero | tr '\0' "$((size % 7))" >"www/f$size"
    done
}

# nginx takes no port 0: another try where one is taken. Four servers: HTTP/2 with TLS (PORT) and
# without (PLAIN), one that allows few streams and few requests a connection (FEW), and HTTP/1.1
# with TLS (OLD).
start_nginx() {
    local tries
    make_files
    make_certificate
    for ((tries = 0; tries < 20; tries++)); do
        PORT=$((20000 + RANDOM % 10000)) PLAIN=$((PORT + 1)) FEW=$((PORT + 2)) OLD=$((PORT + 3))
        nginx_conf >nginx.conf
        nginx -p "$PWD" -c "$PWD/nginx.conf" 2>/dev/null 3>&- &
        SERVER_PID=$!
        while kill -0 "$SERVER_PID" 2>/dev/null; do
            # The file appears once the ports are bound.
            [ ! -s nginx.pid ] || return 0
        done
    done
    cat error.log
    return 1
}

nginx_conf() {
    cat <<END
daemon off; worker_processes 1; pid $PWD/nginx.pid; error_log $PWD/error.log;
user $(id -un) $(id -gn);
events { worker_connections 1024; }
http {
    log_format bytes '\$server_port \$status \$bytes_sent \$server_protocol';
    access_log $PWD/access.log bytes; keepalive_requests 100000;
    client_body_temp_path $PWD; proxy_temp_path $PWD; fastcgi_temp_path $PWD;
    uwsgi_temp_path $PWD; scgi_temp_path $PWD; client_max_body_size 10m;
    ssl_certificate $PWD/cert.pem; ssl_certificate_key $PWD/key.pem;
    root $PWD/www;
    server { listen 127.0.0.1:$PORT ssl http2; location = /500 { return 500; }
             location = /post { proxy_pass http://127.0.0.1:$PLAIN; } }
    server { listen 127.0.0.1:$PLAIN http2; location = /500 { return 500; } }
    server { listen 127.0.0.1:$FEW http2; http2_max_concurrent_streams 4;
             keepalive_requests 50; }
    server { listen 127.0.0.1:$OLD ssl; location = /500 { return 500; } }
}
END
}

# logged PORT COUNT: until nginx has written so many requests of this port.
logged() {
    URL='' until_true has_logged "$@"
}

has_logged() {
    [ "$(grep -c "^$1 " access.log)" -ge "$2" ]
}

# A server on node's http2, with TLS (PORT) and without (PLAIN); at most five streams.
start_node() {
    make_certificate
    cat >server.js <<'END'
const http2 = require('http2'), fs = require('fs');
let open = 0;
const tls = {key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem')};
const settings = {maxConcurrentStreams: 5};
const serve = (stream, headers) => {
    let bytes = 0;
    stream.on('error', () => {});
    stream.on('data', (piece) => { bytes += piece.length; });
    stream.on('end', () => {
        const path = headers[':path'];
        if (path === '/reset') return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
        if (path === '/refuse') return stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
        if (path === '/destroy') return stream.session.destroy();
        if (path === '/slow') return setTimeout(() => stream.destroyed || (stream.respond(), stream.end('late\n')), 100);
        stream.respond({':status': path === '/none' ? 404 : 200, 'content-type': 'text/plain'});
        if (path === '/close') stream.session.close(); // GOAWAY
        stream.end(path === '/length' ? `${bytes}\n` : 'hello, bench\n');
    });
};
const start = (server) => server.on('stream', serve).listen(0, '127.0.0.1', () => {
    if (++open === 2) console.log(JSON.stringify({port: secure.address().port, plain: plain.address().port}));
});
const secure = http2.createSecureServer({...tls, settings}), plain = http2.createServer({settings});
start(secure);
start(plain);
END
    exec {NODE_OUT}< <(exec node server.js 3>&-)
    SERVER_PID=$!
    read -r -t "$PATIENCE" READY <&"$NODE_OUT"
    PORT=$(jq .port <<<"$READY")
    PLAIN=$(jq .plain <<<"$READY")
}

# Every way to the server: its URL and options of bench.
each_way() {
    printf '%s\n' "https://localhost:$PORT --ca cert.pem" "https://127.0.0.1:$PORT --insecure" \
        "http://127.0.0.1:$PLAIN"
}

# a_thousand: by bench and curl, over URL with bench's options $2 and curl's $3. Ten paths, a
# hundred times each.
a_thousand() {
    local url=$1 size path before
    for path in "${SIZES[@]/#//f}" /none /500; do
        rm -f got said
        # shellcheck disable=SC2086
        curl_hundred "$url$path" $3 >said
        size=$(stat -c %s got)
        before=$(grep -c . access.log || true)
        # shellcheck disable=SC2086
        if [[ $path == /f* ]]; then
            cmp got "www$path"
            measure --http2 "$url$path" -a 100 -c 2 -p 10 -E "$(cat got)" $2
        else
            measure --http2 "$url$path" -a 100 -c 2 -p 10 $2
        fi
        accounted '{"completed":100}'
        # The same statuses; the same bytes of every body, since -E compares them; and on the wire
        # what nginx says that it sent, frames and all.
        result ".mismatches == 0 and .statusCodeStats == $(jq -cs 'group_by(.) |
            map({key: .[0] | tostring, value: {count: length}}) | from_entries' said)"
        URL='' until_true grows_to $((before + 100))
        result ".accounting.bytes_received == $(tail -n 100 access.log | awk '{n += $3} END {print n}')"
        result ".accounting.bytes_received >= 100 * $size"
    done
}

# curl_hundred URL OPTION: its statuses; the last body is in the file got. curl 7.88 cannot use a
# connection twice that is HTTP/2 by prior knowledge.
curl_hundred() {
    local curl=(curl -sS --max-time "$PATIENCE" --cacert cert.pem "$2" -o got -w '%{http_code}\n')
    if [ "$2" = --http2-prior-knowledge ]; then
        seq 100 | xargs -I{} "${curl[@]}" "$1?{}"
    else
        "${curl[@]}" "$1?[1-100]"
    fi
}

grows_to() {
    [ "$(grep -c . access.log)" -ge "$1" ]
}

@test "nginx, as curl sees it over HTTP/2 and TLS: statuses and bytes of 1,000 requests" {
    a_thousand "https://localhost:$PORT" '--ca cert.pem' '--http2'
    [ "$(cut -d ' ' -f 4 access.log | sort -u)" = HTTP/2.0 ]
}

@test "nginx, as curl sees it over HTTP/2 without TLS" {
    a_thousand "http://localhost:$PLAIN" '' '--http2-prior-knowledge'
    [ "$(cut -d ' ' -f 4 access.log | sort -u)" = HTTP/2.0 ]
}

@test "nginx, as curl sees it over HTTP/1.1" {
    a_thousand "https://localhost:$PORT" '--ca cert.pem' '--http1.1'
}

@test "nginx: every reply, one connection each, on one thread and on two" {
    local url options
    while read -r url options; do
        # shellcheck disable=SC2086
        {
            measure --http2 "$url/f100" -c 4 -p 8 -w 2 -a 2001 $options
            accounted '{"completed":2001}'
            result '.accounting.connected <= 4 and .valid and .http2.max_streams == 128'
            measure --http2 "$url/f100" -c 2 -p 8 -R 2000 -a 1000 $options
            accounted '{"completed":1000}'
            conserved
            measure --http2 "$url/f1000" -m HEAD -c 2 -p 8 -a 100 $options
            accounted '{"completed":100}'
            result '.["2xx"] == 100 and .accounting.bytes_received < 100 * 1000'
            measure --http2 "$url/f1" -m POST -b x -c 2 -p 8 -a 100 $options
            result '.statusCodeStats == {"405": {count: 100}}'
            measure --http2 "$url/f100" -c 1 -p 2 -a 20 -E nothing $options
            result '.mismatches == 20 and .accounting.completed == 20'
        }
    done < <(each_way)
    measure --http2 "https://localhost:$PORT/f1" -c 3 -a 30 --ca cert.pem
    result '.tls.handshakes >= 1 and .tls.verified and (.tls.version | startswith("TLSv1."))'
}

@test "nginx: more streams than it allows are not asked for" {
    measure --http2 "http://127.0.0.1:$FEW/f100" -c 1 -p 1 -a 500
    accounted '{"completed":500}'
    # It ends a connection with GOAWAY after so many requests; with one at a time none is lost.
    result '.http2.max_streams == 4 and .http2.goaways >= 9 and .accounting.connected >= 10'
    for rate in '' '-R 3000'; do
        # shellcheck disable=SC2086
        measure --http2 "http://127.0.0.1:$FEW/f100" -c 2 -p 16 -a 500 $rate
        only completed goaway
        result '.http2.max_streams == 4 and .http2.goaways > 0 and .accounting.completed > 0'
    done
    conserved
}

@test "nginx, reloaded under load: connections end in good order, and others are opened" {
    local i
    begin run --http2 "http://127.0.0.1:$PLAIN/f100" -c 4 -p 8 -d 60 -w 1 -o result.json
    for i in 1 2 3; do
        logged "$PLAIN" $((200 * i + $(grep -c . access.log)))
        kill -HUP "$SERVER_PID"
    done
    logged "$PLAIN" $((1000 + $(grep -c . access.log)))
    kill -INT "$BENCH_PID"
    end_bench
    [ "$STATUS" -eq 130 ]
    RESULT=result.json
    only completed goaway eof reset write in_flight_at_end
    result '.accounting | .completed > 1600 and .connected > 4 and .connect_failed == 0'
    result '.http2.goaways > 0'
}

@test "nginx: a large body, and one that it refuses" {
    head -c 1000000 /dev/urandom >small
    head -c 11000000 /dev/urandom >large
    local url options
    while read -r url options; do
        # shellcheck disable=SC2086
        {
            measure --http2 "$url/f1" -m POST -i small -c 2 -p 4 -a 16 $options
            accounted '{"completed":16}'
            result '.statusCodeStats == {"405": {count: 16}}'
            measure --http2 "$url/f1" -m POST -i large -c 2 -p 2 -a 8 $options
            only completed stream
        }
    done < <(each_way)
}

@test "nginx that speaks only HTTP/1.1, or TLS where none is expected" {
    run -5 --separate-stderr timeout "$PATIENCE" "$BENCH_BUILD/bench" run --http2 --no-save \
        --ca cert.pem "https://localhost:$OLD/f1" -c 2 -d 300ms
    [[ $stderr == *ALPN* ]]
    # nginx says 400 to what is not TLS, in HTTP/1.1.
    measure --http2 "http://localhost:$PORT/f1" -c 2 -a 4
    accounted '{"parse":4}'
}

@test "node: every way, and every end of a stream" {
    local url options
    while read -r url options; do
        # shellcheck disable=SC2086
        {
            measure --http2 "$url/" -c 2 -p 16 -a 300 -E $'hello, bench\n' $options
            accounted '{"completed":300}'
            result '.mismatches == 0 and .http2.max_streams == 5 and .accounting.connected <= 2'
            measure --http2 "$url/length" -m POST -b "$(printf %1000s x)" -E $'1000\n' -c 2 -p 4 \
                -a 100 $options
            accounted '{"completed":100}'
            result '.mismatches == 0'
            measure --http2 "$url/none" -m HEAD -c 2 -p 4 -a 50 $options
            result '.statusCodeStats == {"404": {count: 50}}'
            measure --http2 "$url/reset" -c 2 -p 4 -a 50 $options
            accounted '{"stream":50}'
            measure --http2 "$url/refuse" -c 2 -p 4 -a 50 $options
            accounted '{"refused":50}'
            measure --http2 "$url/close" -c 2 -p 4 -a 20 $options
            only completed goaway eof reset write tls
            result '.accounting.completed > 0 and .http2.goaways > 0'
            measure --http2 "$url/destroy" -c 2 -p 4 -a 20 $options
            only eof reset write goaway tls
            result '.accounting.completed == 0'
        }
    done < <(each_way)
}

# A published failure of other tools: at a rate they sent less, and did not say so.
@test "node: fewer streams than are due: late, and said so" {
    # Five streams bring at most five replies in 100 ms, so at most 55 are sent in a second.
    measure "http://127.0.0.1:$PLAIN/slow" --http2 -c 1 -p 100 --max-connections 1 -R 400 -d 1
    result '.accounting | .due == 400 and .sent <= 60 and .unsent >= 340'
    result '.warnings | any(.code == "stream-limit") and any(.code == "connection-limited" or .code == "unsent")'
    conserved
    # Of 100, the last is sent after 1.9 s or later, and was due after 250 ms.
    measure "http://127.0.0.1:$PLAIN/slow" --http2 -c 1 -p 100 --max-connections 1 -R 400 -a 100
    accounted '{"completed":100}'
    result '.latency.max >= 1700'
    # Other connections have other streams.
    measure "http://127.0.0.1:$PLAIN/slow" --http2 -c 1 -p 100 --max-connections 100 -R 100 -a 100
    accounted '{"completed":100}'
    result '.accounting.connected > 1'
    conserved
}
