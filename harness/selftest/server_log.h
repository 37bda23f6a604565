/* server_log: what a delay server says that it did with each request (delay_log.h of the targets).
 *
 * Shape   lists of one length, in the order in which the server read the requests.
 * Units   nanoseconds of clock_now_ns.
 * Owner   server_log_read fills caller's storage, on success only; server_log_fini frees it.
 * Errors  kind INVALID: a file that cannot be read, is longer than any that bench asks for, or is
 *         not what a delay server writes.
 */
#ifndef SELFTEST_SERVER_LOG_H
#define SELFTEST_SERVER_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct server_log {
    int64_t *arrivals_ns;
    int64_t *services_ns; /* as they were drawn */
    int64_t *spans_ns;    /* from the arrival to the written reply; -1: never written */
    size_t count;
};

int server_log_read(const char *path, struct server_log *out, struct err *err);
/* The same of a text. */
int server_log_parse(const char *text, struct server_log *out, struct err *err);
void server_log_fini(struct server_log *log);
/* The mean of the spans that are known; NAN without one. */
double server_log_mean_span_ns(const struct server_log *log);

#endif
