/* query: the work that a request asks for, from its target and its body. Pure.
 *
 * Shape   "/heavy?n=5000" splits into path and params. The work comes from the params, else from a
 *         JSON body, else it is the default of --work.
 * Owner   struct query points into the text that was split.
 * Errors  kind USAGE; the text goes to the client with the 400.
 * Source  RFC 9112, section 3.2, for the forms of a target.
 */
#ifndef TARGETS_HTTP_QUERY_H
#define TARGETS_HTTP_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "targets/work/host_name.h"
#include "targets/work/options.h"

struct query {
    const char *path, *params;  /* params is "" without a '?' */
    char host[HOST_NAME_BYTES]; /* of the absolute form; "": origin form */
};

/* Cuts `target` in place: origin form, or absolute form as for a proxy. */
int query_split(char *target, size_t len, struct query *out, struct err *err);
/* True for "brief=1" and "a=b&brief=1" when pair is "brief=1". */
bool query_has(const struct query *query, const char *pair);
/* An empty body is no body. Names other than n and sleep_ms are ignored. */
int query_work(const struct query *query, const char *body, size_t body_len,
               const struct target_options *options, struct work *out, struct err *err);

#endif
