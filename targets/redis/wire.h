/* redis_wire: one connection to a Redis server, from connect(2) to close(2): hiredis on the loop.
 *
 * Shape   closed. Replies come in the order of the commands. What is sent in one turn of the loop
 *         is written at the end of the turn, with one write(2) if the socket accepts all of it.
 *         After on_connected, on_reply is called any number of times, then on_lost at most once,
 *         and on_closed last. on_lost is not called after wire_close.
 * Units   bytes.
 * Owner   wire_open gives the wire to the caller, who must not use it after on_lost or wire_close;
 *         it is freed before on_closed. A reply is borrowed for the call. on_connected may call
 *         wire_send; on_reply may call wire_send and wire_close. The program must ignore SIGPIPE.
 * Errors  wire_open: NULL and the reason. Later errors are the text of on_lost. The connection is
 *         ended by a reply without a request, a reply larger than WIRE_REPLY_MAX_BYTES or with more
 *         elements than WIRE_REPLY_MAX_ELEMENTS, and bytes that are not a reply.
 *
 * The adapter for libuv that comes with hiredis (hiredis/adapters/libuv.h, 0.14) is not used. It
 * ignores a poll that failed, so a refused connect is never reported, and it changes the polled
 * events with each command: six epoll_ctl(2) for each round trip where none is needed.
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

/* One of the two. */
struct wire_address {
    const char *ip; /* numeric; NULL: a Unix socket */
    uint16_t port;
    const char *path; /* of the Unix socket, at most 107 bytes */
};

struct wire_events {
    void *ctx;
    void (*on_connected)(void *ctx);
    void (*on_reply)(void *ctx, const redisReply *reply);
    void (*on_lost)(void *ctx, const char *reason); /* may contain bytes from the server */
    void (*on_closed)(void *ctx);
};

struct wire;

struct wire *wire_open(uv_loop_t *loop, const struct wire_address *to,
                       const struct wire_events *events, struct err *err);
/* Copies a whole command in the form of the protocol. Only after on_connected. */
void wire_send(struct wire *w, const char *command, size_t len);
/* How many of the last commands the socket has not been given, not even in part. May be called in
 * on_lost. */
size_t wire_unwritten(const struct wire *w);
void wire_close(struct wire *w);

#endif
