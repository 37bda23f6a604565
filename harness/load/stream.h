/* stream: the bytes of one connection, plain or through TLS.
 *
 * Shape   stream_open connects; on_open follows once bytes may be written: after the proxy's reply
 *         where there is a tunnel, and with TLS after the handshake. Then on_data with what was
 *         read, and on_read once all of one read was handed on, which with TLS may be many
 *         records; until on_end or on_broken. Either may also come in place of on_open. The owner
 *         closes the stream then, or whenever it likes; on_closed is last, and nothing else comes
 *         after stream_close.
 *         A write is tried at once. What the socket does not take is queued: is_writing is true
 *         until on_written, and nothing more may be written before that.
 *         What is common to the streams of a thread is in the env. With a TLS context all of them
 *         are TLS; without one there is one branch for it in a write, and none in a read.
 * Units   bytes; nanoseconds of clock_now_ns, read once in a callback and passed down.
 * Owner   the stream is a part of its owner, which owns the env too; both stay until on_closed.
 *         stream_init follows once for each stream, stream_fini when it is closed for good.
 * Errors  on_broken, with what is in `error` (a positive errno) or, when that is 0, in the TLS's
 *         trouble. Of a write: a libuv error, or write_error in on_written. A peer that closes
 *         early may have answered before, so after EPIPE and ECONNRESET of a write it is still
 *         worth reading.
 * Source  a request and its reply take two system calls: write and read. RFC 8446, 6.1: an end
 *         without close_notify may be the work of somebody else, so it is a broken stream.
 */
#ifndef LOAD_STREAM_H
#define LOAD_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <uv.h>

#include "base/buf.h"
#include "load/transport.h"
#include "tls/tls.h"

#define STREAM_READ_BYTES 65536
#define STREAM_COPY_BYTES TLS_PLAIN_BYTES /* at most, in one stream_write_copy */

struct response;
struct stream;
struct stream_tls; /* stream_tls.c */

struct stream_events {
    void (*on_open)(struct stream *s, int64_t now_ns);
    void (*on_data)(struct stream *s, const char *bytes, size_t len, int64_t now_ns);
    void (*on_read)(struct stream *s, int64_t now_ns); /* may be NULL */
    void (*on_end)(struct stream *s, int64_t now_ns);
    void (*on_broken)(struct stream *s, int64_t now_ns);
    void (*on_written)(struct stream *s, int64_t now_ns);
    void (*on_closed)(struct stream *s);
};

/* What the streams of one thread share. */
struct stream_env {
    uv_loop_t *loop;
    const struct sockaddr_storage *address; /* or the first of several, which are taken in turn */
    size_t naddresses;                      /* 0: it is one */
    size_t turn;
    const struct stream_events *events;
    struct tls_context *tls; /* NULL: plain */
    const char *alpn;        /* the server must choose this protocol; NULL: it need not choose */
    char *tunnel;            /* what asks the proxy at the address for one; NULL: there is none */
    char *buffer;            /* STREAM_READ_BYTES to read into, only used during a callback */
    char *plain;             /* TLS_PLAIN_BYTES of what was read, only used during on_data */
    struct buf out;          /* of TLS: empty between two calls */
};

struct stream {
    union transport_socket socket; /* its handle's data is the stream */
    struct stream_env *env;
    struct stream_tls *tls;     /* NULL: plain */
    struct response *tunnelled; /* the proxy's reply; NULL: there is no tunnel */
    int64_t connected_ns;       /* before the handshake; with a tunnel, once that is there */
    int error, write_error;
    bool is_writing, is_closing;
    bool (*has_written)(struct stream *s); /* of TLS: false, it has more to write */
    struct buf copied;                     /* what is queued of stream_write_copy */
    uv_connect_t connecting;
    uv_write_t writing;
};

/* The env is a copy of what the caller fills in: loop, address, events, tls and alpn. */
void stream_env_init(struct stream_env *env, const struct stream_env *from);
void stream_env_fini(struct stream_env *env);

void stream_init(struct stream *s, struct stream_env *env);
void stream_fini(struct stream *s);
/* A libuv error; then it is to be closed, like one that broke. */
int stream_open(struct stream *s);
void stream_close(struct stream *s);
/* The bytes stay where they are until on_written. 0, or a libuv error. */
int stream_write(struct stream *s, char *bytes, size_t len);
/* The same with bytes that do not stay. */
int stream_write_copy(struct stream *s, char *bytes, size_t len);
/* How many bytes of the last write were not handed to the socket yet; with TLS, at the least. */
size_t stream_unwritten(const struct stream *s);
/* Of a stream that is, or was, connected with TLS; NULL for a plain one. */
const struct tls *stream_tls_of(const struct stream *s);
/* Why it broke, as a clause with what to do about it, if that is known. */
void stream_explain(const struct stream *s, char *text, size_t size);

#endif
