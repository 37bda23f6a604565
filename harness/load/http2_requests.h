/* http2_requests: the requests of a load as HTTP/2 sends them, as far as they are always the same.
 *
 * Shape   the one text, or the entries of the lists; those with placeholders are made anew each
 * time that they are sent. Owner   one thread's; the spec is borrowed. http2_requests_fini also
 * after an error. Errors  kind USAGE: those of http2/request.h.
 */
#ifndef LOAD_HTTP2_REQUESTS_H
#define LOAD_HTTP2_REQUESTS_H

#include "base/err.h"
#include "http2/request.h"
#include "load/spec.h"

struct http2_requests {
    const struct load_spec *spec;
    struct h2_request text;
    struct h2_request **listed; /* of each list, its entries */
};

int http2_requests_init(struct http2_requests *r, const struct load_spec *spec, struct err *err);
void http2_requests_fini(struct http2_requests *r);
/* Of connections to that origin. */
const char *http2_requests_scheme(const struct load_spec *spec, size_t origin);

#endif
