/* client: what the HTTP/2 sessions of one thread share.
 *
 * Shape   the memory of nghttp2, its table of callbacks, and what is told upward.
 * Owner   one thread. h2_client_init fills the caller's storage, which stays where it is;
 *         h2_client_fini follows when all its sessions are closed, also after an error.
 * Errors  kind USAGE: out of memory.
 */
#ifndef HTTP2_CLIENT_H
#define HTTP2_CLIENT_H

#include "base/err.h"
#include "http2/memory.h"
#include "http2/stream.h"

struct h2_client {
    struct h2_memory memory;
    const struct h2_events *events;
    nghttp2_session_callbacks *callbacks;
    nghttp2_option *option;
};

/* The events are borrowed. */
int h2_client_init(struct h2_client *c, const struct h2_events *events, struct err *err);
void h2_client_fini(struct h2_client *c);

#endif
