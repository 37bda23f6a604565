/* har: the requests that a browser recorded.
 *
 * Shape   entries of one origin, in their order: that of the URL that is loaded; of a target that
 *         bench starts, that of the first entry. Their fragments, pseudo-headers, and the headers
 *         that belong to a connection or frame a request are left out; what was answered and when
 *         is not used.
 * Owner   the list is caller's storage, to be freed also after an error; *left_out, a sentence
 *         about what other origins have, is the caller's; NULL: nothing was left out.
 * Errors  kind USAGE, with file, line and column: what is no HAR, what cannot be sent; no entry of
 *         that origin.
 * Source  HAR 1.2; the grouping by origin is autocannon's.
 */
#ifndef REQUESTS_HAR_H
#define REQUESTS_HAR_H

#include "base/place.h"
#include "http/url.h"
#include "model/request_list.h"

/* url NULL: the first entry's origin. */
int har_parse(const struct written *text, const struct url *url, struct request_list *list,
              char **left_out, struct err *err);

#endif
