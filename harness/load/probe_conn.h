/* probe_conn: one connection of the probe, with at most one request on it.
 *
 * Shape   open, then any number of requests, one at a time. Callbacks tell its owner, who decides
 *         what is sent and when it is closed: on_open once it is connected; on_reply for each whole
 *         reply, with whether another request may follow; on_lost when it can no longer be used,
 *         with or without a request on it. The owner closes it then; on_gone is last.
 *         The rules are those of load/conn.h: a reset after the data is not an orderly end, and a
 *         reply before the whole request was sent ends the connection, as do bytes that no request
 *         asked for.
 * Units   nanoseconds of clock_now_ns.
 * Owner   the caller owns conn and env, which stay until on_gone.
 * Errors  open and send return a libuv error; the conn must be closed then, too.
 */
#ifndef LOAD_PROBE_CONN_H
#define LOAD_PROBE_CONN_H

#include <stdbool.h>

#include "http/response.h"
#include "load/deadlines.h"
#include "load/source/source.h"
#include "load/stream.h"

struct probe_conn;

/* What the conns of one probe share. */
struct probe_conn_env {
    struct stream_env streams; /* with probe_conn_stream_events */
    const struct source *source;
    void *ctx;
    void (*on_open)(void *ctx, struct probe_conn *c, int64_t now_ns);
    void (*on_reply)(void *ctx, struct probe_conn *c, bool keeps, int64_t now_ns);
    void (*on_lost)(void *ctx, struct probe_conn *c, int64_t now_ns);
    void (*on_gone)(void *ctx, struct probe_conn *c);
};

struct probe_conn {
    struct deadline deadline; /* the owner's; first, so that it leads to its conn */
    struct probe_conn_env *env;
    bool is_open;
    bool has_request; /* on it, or to be sent once it is open; set by the owner, taken by a reply */
    uint64_t replies;
    struct response reply; /* the status, in on_reply */
    struct stream stream;
    /* The owner's. */
    bool is_new;                         /* it was opened for the request on it */
    struct probe_conn *next, *next_free; /* of all; of those that are closed */
};

extern const struct stream_events probe_conn_stream_events;

int probe_conn_open(struct probe_conn *c, struct probe_conn_env *env);
int probe_conn_send(struct probe_conn *c);
void probe_conn_close(struct probe_conn *c);

#endif
