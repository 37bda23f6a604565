/* redis_wire: one connection to a Redis server, from connect(2) to close(2): hiredis on the loop.
 *
 * Shape   closed. Commands go out, replies come in, in the order of the commands. What was sent in
 *         one turn of the loop is written at the end of the turn, in one write(2) if the socket
 *         takes it. After on_connected comes any number of on_reply, then at most one on_lost, and
 *         when all is given back, on_closed. on_lost does not come after wire_close.
 * Units   bytes.
 * Owner   wire_open gives the wire to the caller; after on_lost or wire_close it must not be used
 *         any more, and frees itself before on_closed. A reply is borrowed for the call.
 *         on_connected may call wire_send, and on_reply wire_close too. The program must ignore
 *         SIGPIPE.
 * Errors  wire_open: NULL and the reason. Later ones are the text of on_lost. A reply that nobody
 *         asked for, one larger than WIRE_REPLY_MAX_BYTES or with more elements than
 *         WIRE_REPLY_MAX_ELEMENTS, and what is no reply at all end the connection.
 *
 * hiredis comes with an adapter for libuv (hiredis/adapters/libuv.h, 0.14), which is not used: it
 * overlooks a poll that failed, so that a refused connect is never told, and it changes what it
 * polls for with each command: six epoll_ctl(2) a round trip where none is needed.
 */
#ifndef TARGETS_REDIS_WIRE_H
#define TARGETS_REDIS_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include <hiredis/hiredis.h>

#include "base/err.h"

#define WIRE_REPLY_MAX_BYTES    ((size_t)64 << 20)
#define WIRE_REPLY_MAX_ELEMENTS ((size_t)1 << 20)

/* Either of them. */
struct wire_address {
    const char *ip; /* numeric; NULL: a socket */
    uint16_t port;
    const char *path; /* of at most 107 bytes */
};

struct wire_events {
    void *ctx;
    void (*on_connected)(void *ctx);
    void (*on_reply)(void *ctx, const redisReply *reply);
    void (*on_lost)(void *ctx, const char *reason); /* may hold bytes of the server's */
    void (*on_closed)(void *ctx);
};

struct wire;

struct wire *wire_open(uv_loop_t *loop, const struct wire_address *to,
                       const struct wire_events *events, struct err *err);
/* A whole command in the form of the protocol; it is copied. After on_connected only. */
void wire_send(struct wire *w, const char *command, size_t len);
/* So many of the last commands were not given to the socket, not even in part. Also in on_lost. */
size_t wire_unwritten(const struct wire *w);
void wire_close(struct wire *w);

#endif
