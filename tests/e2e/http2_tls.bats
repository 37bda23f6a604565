#!/usr/bin/env bats
# The HTTP/2 server that goes wrong, behind TLS: what it does lands in the same counters.

load common
load http2

setup() {
    own_folder
    start_h2
    start_front
}

teardown() {
    [ -z "${FRONT_PID:-}" ] || kill "$FRONT_PID" 2>/dev/null || true
    kill_leftovers
}

# The end of TLS in front of it, with ALPN: bytes pass as they are, and either end is passed on.
start_front() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
        -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -keyout key.pem -out cert.pem 2>/dev/null
    cat >front.js <<'END'
const fs = require('fs'), net = require('net'), tls = require('tls');
const options = {key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem'),
                 ALPNProtocols: ['h2'], allowHalfOpen: true};
const server = tls.createServer(options, (outer) => {
    const inner = net.connect({port: +process.argv[2], host: '127.0.0.1', allowHalfOpen: true});
    for (const [from, to] of [[inner, outer], [outer, inner]]) {
        from.on('error', () => to.destroy());
        from.pipe(to);
    }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
END
    exec {FRONT_OUT}< <(exec node front.js "$PORT" 3>&-)
    FRONT_PID=$!
    read -r -t "$PATIENCE" PORT <&"$FRONT_OUT"
    URL=https://localhost:$PORT
}

@test "good replies, in pieces of every size" {
    local path
    for path in /ok /bytewise /trailers /continued /tables /pings '/ok?len=3000000' /limits \
        /graceful; do
        drive "$path" -c 2 -p 8 -a 40 --ca cert.pem
        accounted '{"completed":40}'
    done
    drive /ok -c 2 -p 8 -a 200 -R 2000 --ca cert.pem
    accounted '{"completed":200}'
    conserved
    end_faulty
    counted '.too_many == 0 and .foreign == 0'
}

@test "bodies that wait for the window, and one that waits in vain" {
    head -c 300000 /dev/urandom >body
    drive /ok -m POST -i body -c 2 -p 4 -a 24 --ca cert.pem
    accounted '{"completed":24}'
    drive /narrow -m POST -i body -c 1 -p 2 -a 2 --ca cert.pem -t 60
    accounted '{"completed":2}'
    result '.http2.blocked >= 1'
    drive /no-window -m POST -i body -c 2 -p 4 -a 8 --ca cert.pem -t 1
    only timed_out dropped
    end_faulty
    counted '.["/ok"].body_bytes == 24 * 300000 and .["/narrow"].body_bytes == 600000'
}

@test "each fault of a stream lands in its own counter, and the connection lives on" {
    each_fault 40 -c 2 -p 8 --ca cert.pem < <(stream_faults)
    result '.accounting.connected <= 2 and .tls.handshakes == .accounting.connected'
}

# A reset of the server's is no reset of the front's, but an end of TLS without its last word.
@test "each fault of a connection takes along what is open on it, and is no other's" {
    each_fault 24 -c 2 -p 8 --ca cert.pem < <(connection_faults | grep -v /reset)
    drive /reset -c 2 -p 8 -a 8 --ca cert.pem
    only tls reset
}

@test "silence is a time-out, and a stream that does not end is given up alone" {
    drive /stall -c 2 -p 8 -a 32 -t 1 --ca cert.pem
    only timed_out dropped
    drive /endless -c 1 -p 4 -a 8 -t 1 --ca cert.pem
    accounted '{"timed_out":8}'
    result '.accounting.connected == 1'
}
