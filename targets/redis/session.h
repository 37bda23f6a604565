/* session: one connection to a Redis server at a time, and the requests that are pending on it.
 *
 * Shape   internal to this room, open. link.c connects the session whenever it is down; greeting.c
 *         and script.c send on it. The caller writes a command into `command`, then session_send
 *         sends it and keeps the request until it is answered. A connection whose oldest request is
 *         late is ended. struct session_events reports to the files above.
 * Units   *_ns on the monotonic clock.
 * Owner   caller's storage, from session_init until on_closed, which comes some turns of the loop
 *         after session_close; before it, all that is pending is answered as lost.
 * Errors  session_connect and session_check: kind USAGE. When a connection ends, on_lost is called
 *         and `why` is the reason; the password is never in it.
 */
#ifndef TARGETS_REDIS_SESSION_H
#define TARGETS_REDIS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/buf.h"
#include "base/err.h"
#include "targets/redis/link.h"
#include "targets/redis/pending.h"
#include "targets/redis/url.h"
#include "targets/redis/wire.h"

#define SESSION_WORDS_MAX 400 /* that the server said */

enum session_state { SESSION_IS_DOWN, SESSION_CONNECTS, SESSION_GREETS, SESSION_IS_UP };

struct session_events {
    void *ctx;
    void (*on_connected)(void *ctx); /* the greeting is to be sent */
    void (*on_up)(void *ctx);
    /* `was` is the state in which the connection was lost. What is pending is answered later. */
    void (*on_lost)(void *ctx, enum session_state was);
    /* A request that calls a script was refused. True: it was sent again and stays pending. */
    bool (*on_refused)(struct pending_request *r, const redisReply *reply);
    void (*on_closed)(void *ctx);
};

struct session {
    struct session_events events;
    enum session_state state;
    struct redis_url url;
    int64_t answer_limit_ns;
    struct wire *wire;
    struct err why; /* why it is down, or was the last time */
    struct pending pending;
    uv_timer_t timer;     /* for the oldest request, while the session is up */
    int64_t timer_due_ns; /* NEVER_NS: it is stopped */
    bool is_late;         /* the oldest request is, and has one more turn of the loop */
    int open_parts;       /* not closed yet: the timer and each wire */
    size_t unwritten;     /* requests that were not written when the session was closed */
    struct buf command;   /* the next one; its memory is used again */
};

/* Takes the url. */
void session_init(struct session *s, uv_loop_t *loop, const struct redis_url *url,
                  const struct session_events *events);
int session_connect(struct session *s, const struct wire_address *to, struct err *err);
/* The greeting is over. */
void session_come_up(struct session *s);
/* Ends the connection. */
void session_drop(struct session *s, const char *reason);
/* Drops it if the answer is an error; `what` names the request. */
void session_drop_if_refused(struct session *s, const char *what, const struct link_answer *answer);
void session_close(struct session *s);

/* Sets `why`: the address and this reason. */
void session_set_reason(struct session *s, const char *reason);
/* Fails when the session is down or the command is too long. */
int session_check(const struct session *s, struct err *err);
/* Adds the words of a request to the command. */
void session_add_words(struct session *s, const struct link_request *request);
/* What is kept of a request until it is answered. */
struct pending_request session_pending_request(const struct session *s,
                                               const struct link_request *request);
/* Sends `command` as this request. The session must be connected. */
void session_send(struct session *s, struct pending_request *r);

#endif
