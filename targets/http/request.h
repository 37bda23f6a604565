/* request: one request, which must be answered exactly once.
 *
 * Shape   the server parses it and gives it to a strategy, which answers it through one of the four
 *         functions below, at once or later, on the loop's thread, exactly once.
 * Units   ns of base/clock.
 * Owner   an answered request must not be touched again. A client that goes away changes nothing
 *         for the strategy; the answer is then counted as aborted.
 * Errors  none: a failure in the measured window is an answer and a counter (stats.h).
 */
#ifndef TARGETS_HTTP_REQUEST_H
#define TARGETS_HTTP_REQUEST_H

#include <stdint.h>

#include "targets/http/message.h"
#include "targets/http/reply.h"
#include "targets/work/work.h"

struct request;

/* What a heavy request asks for, checked against the limits. */
struct work request_work(const struct request *r);
/* What the client of a heavy request sent: a body is one JSON object. Only while `handle` runs. */
const struct message *request_message(const struct request *r);

/* 200 with the result and Server-Timing; records wait and work. Work that ended early, because the
 * server stops, is rejected instead. */
void request_reply_work(struct request *r, int64_t reached, int64_t began_ns, int64_t ended_ns);
/* Any other success, such as 202 with a Location. */
void request_reply(struct request *r, const struct reply *reply);
/* 503 with Retry-After: there is no room, try again. */
void request_reject(struct request *r, const char *why);
/* An error: of the strategy (5xx), or of a client that asked for one of its paths (4xx). `headers`
 * as in struct reply. */
void request_fail(struct request *r, int status, const char *headers, const char *why);

#endif
