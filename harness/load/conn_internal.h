/* conn_internal: what a protocol calls when a request has its reply or never will.
 *
 * Shape   conn.c opens, writes and closes a connection, and has these functions; conn_reply.c reads
 *         it, and calls them. conn.c calls nothing of a protocol but what its table has.
 * Units   nanoseconds of clock_now_ns.
 */
#ifndef LOAD_CONN_INTERNAL_H
#define LOAD_CONN_INTERNAL_H

#include "load/conn.h"

/* There is room for n requests more. */
void conn_use_room(struct conn *c, uint32_t n, int64_t now_ns);
/* Tells the owner once the quota is used up and none of its requests is open. */
void conn_check_quota(struct conn_env *env, int64_t now_ns);
/* Closes a connection that can no longer be used. Every open request on it has been counted. */
void conn_give_up(struct conn *c, int64_t now_ns);
/* The same, after its open requests are counted as lost: */
void conn_lost(struct conn *c, enum loss_kind kind, int64_t now_ns); /* all for the same reason */
void conn_broke(struct conn *c, int error, int64_t now_ns);          /* with this errno */
/* the oldest in `counter`; those behind it are not at fault, and are dropped; */
void conn_fail_oldest(struct conn *c, int64_t *counter, int64_t now_ns);
/* the newest could not be written, the others lose their connection. */
void conn_lose_unwritten(struct conn *c, int64_t now_ns);

#endif
