/* complete: what the requests of a file leave to the command line.
 *
 * Shape   a method, path or body that an entry does not give is that of the command line, and its
 *         name is "METHOD /path", without the query.
 * Owner   the list's.
 * Errors  kind USAGE: a capture that is called like a column of the feed; one that no earlier
 *         request of a list without weights makes, so that what needs it would never be sent; more
 *         than COMPLETE_MAX_BYTES or COMPLETE_MAX_CAPTURES in all.
 */
#ifndef REQUESTS_COMPLETE_H
#define REQUESTS_COMPLETE_H

#include "base/err.h"
#include "feed/feed.h"
#include "model/request_list.h"

#define COMPLETE_MAX_BYTES    ((size_t)256 << 20)
#define COMPLETE_MAX_CAPTURES 1000 /* names: a connection has room for the values of all */

struct complete_with {
    const char *method, *path;
    const char *body; /* NULL: none */
    size_t body_len;
    const struct feed *feed; /* NULL: none */
};

int requests_complete(struct request_list *list, const struct complete_with *with, struct err *err);

#endif
