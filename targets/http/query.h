/* query: what a request asks for, read from its target and its body. Pure.
 *
 * Shape   "/heavy?n=5000" splits into path and params; the work comes from the params, else from a
 *         JSON body, else it is the default.
 * Owner   struct query points into the text that was split.
 * Errors  kind USAGE; the text is what the client is told with its 400.
 */
#ifndef TARGETS_HTTP_QUERY_H
#define TARGETS_HTTP_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "targets/work/options.h"

struct query {
    const char *path, *params; /* params is "" without a '?' */
};

/* Cuts `target` (origin form, or absolute form as for a proxy) in place. */
int query_split(char *target, size_t len, struct query *out, struct err *err);
/* "brief=1" or "a=b&brief=1". */
bool query_has(const struct query *query, const char *pair);
/* An empty body is none; names other than n and sleep_ms are ignored. */
int query_work(const struct query *query, const char *body, size_t body_len,
               const struct target_options *options, struct work *out, struct err *err);

#endif
