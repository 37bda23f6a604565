# A target that serves HTTPS, and clients that do what curl does not.

# start_tls OPTION...: start_target with --tls; the certificate is in ca.pem, and curl trusts it alone.
start_tls() {
    start_target --tls "$@"
    trust_target
}

# After any start_target that serves HTTPS.
trust_target() {
    jq -j .certificate <<<"$READY" >ca.pem
    export CURL_CA_BUNDLE=$PWD/ca.pem
    URL=https://127.0.0.1:$PORT
}

# s_client OPTION...: sends stdin, keeps its side open, prints all that comes back.
s_client() {
    timeout "$PATIENCE" openssl s_client -quiet -CAfile ca.pem -verify_return_error \
        -connect "127.0.0.1:$PORT" "$@" 2>said
}

# The client of tls_client: its bytes pass through memory, so it can send any part of them, and read
# on after its own close_notify. `rest` ends with the server's close_notify, or says "cut".
TLS_CLIENT='
import socket, ssl, sys

context = ssl.create_default_context(cafile="ca.pem")

class Client:
    def __init__(self, options=()):
        self.wire, self.out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.wire, self.out, server_hostname="localhost")
        self.socket = socket.socket()
        self.socket.settimeout(60)
        for option in options:
            self.socket.setsockopt(*option)
        self.socket.connect(("127.0.0.1", int(sys.argv[1])))

    def flush(self, piece=1 << 20):
        data = self.out.read()
        for at in range(0, len(data), piece):
            self.socket.sendall(data[at:at + piece])

    def until(self, call, *words, piece=1 << 20):
        while True:
            try:
                return call(*words)
            except ssl.SSLWantReadError:
                self.flush(piece)
                data = self.socket.recv(65536)
                self.wire.write(data) if data else self.wire.write_eof()
            finally:
                self.flush(piece)

    def hello(self):
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            return self.out.read()

    def open(self, piece=1 << 20):
        self.until(self.tls.do_handshake, piece=piece)
        return self

    def send(self, data, piece=1 << 20):
        self.tls.write(data)
        self.flush(piece)

    def record(self, data):
        self.tls.write(data)
        return self.out.read()

    def end(self):
        try:
            self.tls.unwrap()
        except ssl.SSLWantReadError:
            pass
        self.flush()

    def rest(self):
        got = bytearray()
        try:
            while data := self.until(self.tls.read, 65536):
                got += data
        except ssl.SSLZeroReturnError:
            pass
        except (ssl.SSLEOFError, ConnectionError):
            got += b"cut\n"
        return bytes(got)

def show(data):
    sys.stdout.buffer.write(data.replace(b"\r", b""))
'

# tls_client PROGRAM [WORD...]: Python, with a Client; its words begin at sys.argv[2].
tls_client() {
    /usr/bin/python3 -c "$TLS_CLIENT$1" "$PORT" "${@:2}"
}

# until_tls FILTER: until it is true of the counters of connections.
until_tls() {
    until_stats ".connections | $1"
}
