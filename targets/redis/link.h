/* redis_link: a connection to a Redis server, which is made again whenever it is lost.
 *
 * Shape   closed. A link resolves the host, connects and sends a greeting (AUTH, SELECT, CLIENT
 *         SETNAME, SCRIPT LOAD and PING, in one write); it is up when all of that is answered.
 *         Requests are pipelined: those of one turn of the loop go out in one write at the end of
 *         the turn, and are answered in the order in which they were sent. A link that is down
 *         accepts no request, so none waits for the server to come back. It tries to connect again
 *         after 50 ms, then twice as long each time up to 2 s, each time shortened at random by up
 *         to a half, until it is closed.
 * Units   *_ns.
 * Owner   link_open gives the link to the caller, who may close it at any time, also from within
 *         any callback. link_close frees it some turns of the loop later: what is pending is
 *         answered as lost, and on_closed comes last. Options and requests are copied, except the
 *         texts of the scripts, which must outlive the link. Replies and texts are borrowed for the
 *         call. The program must ignore SIGPIPE.
 * Errors  link_open: kind USAGE, for the URL. link_send and link_send_script: kind USAGE with the
 *         reason when the link is down; then `done` is not called. How a request that was sent
 *         ended is in its answer. A request that is not answered within its limit ends the
 *         connection, and with it all requests that are pending. No text contains the password.
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
    const char *url;            /* see url.h */
    const char *client_name;    /* without blanks; NULL: none */
    const char *const *scripts; /* Lua; a script is named by its index */
    size_t script_count;
    int64_t connect_limit_ns; /* until it is up; 0: LINK_LIMIT_NS */
    int64_t answer_limit_ns;  /* for a request without a limit of its own; 0: LINK_LIMIT_NS */
};

struct link_events {
    void *ctx;
    void (*on_up)(void *ctx);
    /* The connection was lost, or cannot be made (this is told once a second at most).
     * "redis://127.0.0.1:6379: why". */
    void (*on_down)(void *ctx, const char *reason);
    void (*on_closed)(void *ctx);
};

enum link_end {
    LINK_ANSWERED,
    LINK_REFUSED,  /* the server answered with an error: nothing was done, or part of a script */
    LINK_NOT_SENT, /* the connection was lost before any of the request went out */
    LINK_UNKNOWN,  /* the connection was lost later: the server may have done it */
};

struct link_answer {
    enum link_end end;
    const redisReply *reply; /* ANSWERED; an array may contain errors */
    const char *text;        /* REFUSED: the server's words, maybe cut; else why it was lost */
};

typedef void (*link_done_fn)(void *ctx, const struct link_answer *answer);

struct link_request {
    const char *const *argv;
    const size_t *argvlen; /* NULL: all words end in a NUL */
    size_t argc;
    int64_t limit_ns;  /* 0: the link's. It is never shorter than that of a request ahead of it. */
    link_done_fn done; /* exactly once, in a later turn of the loop */
    void *ctx;
};

struct link;

struct link *link_open(uv_loop_t *loop, const struct link_options *options,
                       const struct link_events *events, struct err *err);
bool link_is_up(const struct link *l);
int link_send(struct link *l, const struct link_request *request, struct err *err);
/* Calls a script of the options: the first `keys` words are its KEYS, the others its ARGV. When the
 * server has lost the script, it is loaded and the request is sent again, behind those that were
 * sent meanwhile. */
int link_send_script(struct link *l, size_t script, size_t keys, const struct link_request *request,
                     struct err *err);
void link_close(struct link *l);

#endif
