/* redis_link: a connection to a Redis server that is made again whenever it is lost.
 *
 * Shape   closed. It resolves, connects, says who it is (AUTH, SELECT, CLIENT SETNAME, SCRIPT LOAD
 *         and PING, in one write) and is up when all that is answered. Questions are pipelined:
 *         those of one turn of the loop go out in one write at its end, and are answered in the
 *         order in which they were asked. A link that is down takes none, so none waits for the
 *         server to come back. It tries again after 50 ms, twice as long each time up to 2 s, up to
 *         half of that less by chance, until it is closed.
 * Units   *_ns.
 * Owner   link_open gives the link to the caller, who may close it at any time after, from within
 *         any callback too. link_close frees it some turns of the loop later: what was asked is
 *         answered as lost, then on_closed comes, the last. Options and questions are copied, but
 *         for the texts of the scripts, which outlive the link. Replies and texts are borrowed for
 *         the call. The program must ignore SIGPIPE.
 * Errors  link_open: kind USAGE, for the URL. link_ask and link_script: kind USAGE when the link is
 *         down, at once, with the reason; then `done` is not called. What becomes of a question is
 *         its end. A question that is not answered within its limit, when none before it is any
 *         more either, ends the connection and all that was asked on it. No text has the password.
 * Source  RESP2, redis.io/docs/reference/protocol-spec.
 */
#ifndef TARGETS_REDIS_LINK_H
#define TARGETS_REDIS_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include <hiredis/hiredis.h>

#include "base/clock.h"
#include "base/err.h"

#define LINK_LIMIT_NS (5 * NS_PER_S)
#define LINK_NO_LIMIT INT64_MAX

struct link_options {
    const char *url;            /* redis_url.h */
    const char *client_name;    /* without blanks; NULL: none */
    const char *const *scripts; /* Lua, known by their index */
    size_t script_count;
    int64_t connect_limit_ns; /* until it is up; 0: LINK_LIMIT_NS */
    int64_t answer_limit_ns;  /* of a question without its own; 0: LINK_LIMIT_NS */
};

struct link_events {
    void *ctx;
    void (*on_up)(void *ctx);
    /* It was lost, or (once a second at most) cannot be made. "redis://127.0.0.1:6379: why". */
    void (*on_down)(void *ctx, const char *reason);
    void (*on_closed)(void *ctx);
};

enum link_end {
    LINK_ANSWERED,
    LINK_REFUSED, /* the server's answer is an error: it did not do it, or a script not all of it */
    LINK_NOT_SENT, /* the connection was lost before any of it went out */
    LINK_UNKNOWN,  /* the connection was lost: the server may have done it */
};

struct link_answer {
    enum link_end end;
    const redisReply *reply; /* ANSWERED; an array may hold errors */
    const char *text;        /* REFUSED: the server's words, maybe cut; else why it was lost */
};

typedef void (*link_done_fn)(void *ctx, const struct link_answer *answer);

struct link_question {
    const char *const *argv;
    const size_t *argvlen; /* NULL: they are all text */
    size_t argc;
    int64_t limit_ns;  /* 0: that of the link. A question behind another has at least its limit. */
    link_done_fn done; /* exactly once, in a later turn */
    void *ctx;
};

struct link;

struct link *link_open(uv_loop_t *loop, const struct link_options *options,
                       const struct link_events *events, struct err *err);
bool link_is_up(const struct link *l);
int link_ask(struct link *l, const struct link_question *q, struct err *err);
/* Calls a script of the options. The first `keys` words are its KEYS, the others its ARGV. When the
 * server has lost the script, it is loaded and called again, behind what was asked meanwhile. */
int link_script(struct link *l, size_t script, size_t keys, const struct link_question *q,
                struct err *err);
void link_close(struct link *l);

#endif
