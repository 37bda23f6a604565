/* session: one connection to a Redis server at a time, and the requests that are pending on it.
 *
 * Shape   internal to this room, open. link.c connects a session again and again; greeting.c and
 *         script.c send on it. A session makes its next command in `command`, keeps each request
 *         until it is answered, and ends a connection whose oldest request is late. What concerns
 *         the files above it, it reports through struct session_events.
 * Units   *_ns on the monotonic clock.
 * Owner   caller's storage, from session_init until on_closed. session_close answers what is
 *         pending as lost; on_closed comes some turns of the loop later.
 * Errors  session_connect and session_check: kind USAGE. The end of a connection comes as on_lost,
 *         with the reason in `why`, which never holds the password.
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

#define SESSION_WORDS_MAX 400 /* of the server's */

enum session_state { SESSION_IS_DOWN, SESSION_CONNECTS, SESSION_GREETS, SESSION_IS_UP };

struct session_events {
    void *ctx;
    void (*on_connected)(void *ctx); /* now the greeting may be sent */
    void (*on_up)(void *ctx);
    /* `was` is the state that it was lost in. What was pending is answered after this. */
    void (*on_lost)(void *ctx, enum session_state was);
    /* The call of a script was refused. True: it was sent again, so it stays unanswered. */
    bool (*on_refused)(struct pending_request *r, const redisReply *reply);
    void (*on_closed)(void *ctx);
};

struct session {
    struct session_events events;
    enum session_state state;
    struct redis_url url;
    int64_t answer_limit_ns;
    struct wire *wire;
    struct err why; /* it is down, or was */
    struct pending pending;
    uv_timer_t timer;     /* for the oldest request, while the session is up */
    int64_t timer_due_ns; /* NEVER_NS: it stands still */
    bool is_late;         /* the oldest request; it has one more turn of the loop */
    int open_parts;       /* that have yet to close: the timer and each wire */
    size_t unwritten;     /* requests, when the session was closed */
    struct buf command;   /* the next one; kept for its memory */
};

/* Takes over the url. */
void session_init(struct session *s, uv_loop_t *loop, const struct redis_url *url,
                  const struct session_events *events);
int session_connect(struct session *s, const struct wire_address *to, struct err *err);
/* The greeting is over. */
void session_come_up(struct session *s);
/* Ends the connection, for that reason. */
void session_drop(struct session *s, const char *reason);
/* Drops it if the answer is an error; `what` was refused. */
void session_drop_if_refused(struct session *s, const char *what, const struct link_answer *answer);
void session_close(struct session *s);

/* Why it is down: behind the address. */
void session_set_reason(struct session *s, const char *reason);
/* -1 when it is down or the command is too long. */
int session_check(const struct session *s, struct err *err);
/* Adds the words of a request to the command. */
void session_add_words(struct session *s, const struct link_question *q);
/* What is kept of a request until it is answered. */
struct pending_request session_request(const struct session *s, const struct link_question *q);
/* Sends the command as this request. There is a wire. */
void session_send(struct session *s, struct pending_request *r);

#endif
