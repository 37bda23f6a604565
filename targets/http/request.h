/* request: one request that is owed one answer.
 *
 * Shape   the server parses it and hands it to a strategy, which answers through one of the four
 *         calls below: at once or later, on the loop's thread, exactly once.
 * Units   ns of base/clock.
 * Owner   answering gives the request back: it must not be touched afterwards. A client that goes
 *         away changes nothing for the strategy; its answer is then counted as aborted.
 * Errors  none: what fails inside the measured window is an answer and a counter (stats.h).
 */
#ifndef TARGETS_HTTP_REQUEST_H
#define TARGETS_HTTP_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "targets/http/query.h"
#include "targets/http/reply.h"
#include "targets/work/work.h"

struct request;

/* What the client sent; borrowed while a request is routed, gone when that returns. */
struct message {
    unsigned method; /* http_parser's HTTP_GET.. */
    char *target;    /* as sent; cut up by query_split */
    size_t target_len;
    struct query query; /* path and params */
    const char *body;
    size_t body_len;
};

/* What a heavy request asks for; checked against the limits. */
struct work request_work(const struct request *r);
/* What a heavy request's client sent: a body is one JSON object. Only while `handle` runs. */
const struct message *request_message(const struct request *r);

/* 200 with the result and Server-Timing; records wait and work. Work that ended early, because the
 * server stops, is rejected instead. */
void request_reply_work(struct request *r, int64_t reached, int64_t began_ns, int64_t ended_ns);
/* Any other success, such as 202 with a Location. */
void request_reply(struct request *r, const struct reply *reply);
/* 503 with Retry-After: there is no room, try again. */
void request_reject(struct request *r, const char *why);
/* An error: of the strategy (5xx), or of a client that asked for a path of it (4xx). `headers` as
 * in struct reply. */
void request_fail(struct request *r, int status, const char *headers, const char *why);

#endif
