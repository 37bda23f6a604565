/* har_body: the body of a recorded request.
 *
 * Shape   its text as it was sent; else its params, as a form of the recorded media type.
 * Errors  kind USAGE, with file, line and column.
 * Source  HAR 1.2, postData; application/x-www-form-urlencoded of the URL standard; RFC 7578.
 */
#ifndef REQUESTS_HAR_BODY_H
#define REQUESTS_HAR_BODY_H

#include "model/request_list.h"
#include "requests/node.h"

/* Also adds or replaces the Content-Type of the entry, whose other headers are there. */
int har_body_read(const struct node *post_data, struct request_entry *entry, struct err *err);

#endif
