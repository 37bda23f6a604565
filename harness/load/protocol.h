/* protocol: how requests and replies become bytes on a connection.
 *
 * Shape   one table of functions for each kind, the same for all conns of a thread. conn.c opens
 *         and closes a connection, and tells the protocol what was read; the protocol writes the
 *         requests, finds the one that a reply is for, and calls the functions of conn_internal.h.
 *         With HTTP/1.1 a request is written as the source has it, and the oldest gets the reply.
 *         With HTTP/2 each is a stream, and any may be next.
 * Owner   what it keeps of a connection is a part of the conn, from init to fini.
 * Errors  none: what is read and cannot be used is counted.
 */
#ifndef LOAD_PROTOCOL_H
#define LOAD_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

struct conn;
struct slot;

struct protocol {
    void (*init)(struct conn *c);
    void (*fini)(struct conn *c);
    /* The connection is open, and nothing was written. */
    void (*begin)(struct conn *c);
    /* Writes n requests that were due at due_ns; there is room for them. */
    void (*send)(struct conn *c, uint32_t n, int64_t due_ns, int64_t now_ns);
    void (*feed)(struct conn *c, const char *bytes, size_t len, int64_t now_ns);
    /* After all of one read was fed, and after what was queued is written: what is to be sent now.
     */
    void (*go_on)(struct conn *c, int64_t now_ns);
    /* The server ended its side in good order. */
    void (*finish)(struct conn *c, int64_t now_ns);
    void (*expire)(struct slot *s, int64_t now_ns);
    /* The oldest open request is open no more; the caller counts it. */
    struct slot *(*pop)(struct conn *c);
    /* The connection is closed now, or was never opened. */
    void (*shut)(struct conn *c);
};

extern const struct protocol protocol_http1; /* conn_http1.c */
extern const struct protocol protocol_http2; /* conn_http2.c */

#endif
