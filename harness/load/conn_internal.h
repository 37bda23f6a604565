/* conn_internal: what a protocol calls when a request has its reply or never will.
 *
 * Shape   conn.c opens and closes a connection, and has these functions; the protocol writes the
 *         requests, takes what is read, and calls them. conn.c calls nothing of a protocol but what
 *         its table has.
 * Units   nanoseconds of clock_now_ns.
 */
#ifndef LOAD_CONN_INTERNAL_H
#define LOAD_CONN_INTERNAL_H

#include "load/conn.h"

extern const struct stream_events conn_stream_events;

/* There is room for n requests more. */
void conn_use_room(struct conn *c, uint32_t n, int64_t now_ns);
/* Tells the owner once the quota is used up and none of its requests is open. */
void conn_check_quota(struct conn_env *env, int64_t now_ns);
/* Closes a connection that can no longer be used. Every open request on it has been counted. */
void conn_give_up(struct conn *c, int64_t now_ns);
/* The last reply has come that this connection may have, or the last request of the conn: it is
 * closed, and opened again unless nothing is left to send on it. */
static inline bool conn_is_used_up(const struct conn *c)
{
    return c->may_send == 0 && c->open == 0;
}
/* Counts the open requests as lost, the oldest first, until `keep` are left. */
void conn_lose(struct conn *c, uint32_t keep, const struct tally_reason *reason, int64_t now_ns);
/* The same with all of them, for a reason that is only a kind; then the connection is closed. */
void conn_lost(struct conn *c, enum loss_kind kind, int64_t now_ns);
/* Closes it after the newest n requests could not be written: at once, or once what the server sent
 * before that is read. */
void conn_write_failed(struct conn *c, uint32_t n, int error, int64_t now_ns);

#endif
