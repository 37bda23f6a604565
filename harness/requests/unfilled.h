/* unfilled: placeholders that nothing fills in, which are sent as they stand there.
 *
 * Shape   "{usr}" is told where something like it would be filled in ({user} of a feed), and in a
 *         path or a header also where nothing is. Braces of a body may be part of it.
 * Owner   the caller frees the text.
 * Errors  none.
 */
#ifndef REQUESTS_UNFILLED_H
#define REQUESTS_UNFILLED_H

#include "feed/feed.h"
#include "model/request_list.h"

struct unfilled_in {
    const struct request_list *list;
    const struct str_list *headers; /* of all of its requests */
    const struct feed *feed;        /* NULL: there is none */
};

/* A sentence on the first one; NULL: there is none. */
char *unfilled_text(const struct unfilled_in *in);

#endif
