/* request_file: a file of requests, as --requests takes it.
 *
 * Shape   JSON objects one after the other, usually one a line; or one array of them, as
 *         autocannon's API takes it. Each is what requests/entry.h says.
 * Owner   the list is caller's storage, to be freed also after an error.
 * Errors  kind USAGE, with file, line and column: also an empty file, more than REQUESTS_MOST
 *         requests, and weights that only some have.
 */
#ifndef REQUESTS_REQUEST_FILE_H
#define REQUESTS_REQUEST_FILE_H

#include "requests/entry.h"

#define REQUESTS_MOST 100000

int request_file_parse(const struct written *text, enum entry_headers rule,
                       struct request_list *list, struct err *err);

#endif
