/* connect_errors_json: why connections could not be opened, as a list in a document.
 *
 * Shape   an entry has "errno" with its "name", or "tls" (a key of tls/trouble.h) with a "text".
 *         A key that is not known is kept: a newer bench may have more of them.
 * Owner   the texts that are read belong to the accounting, also after a failure.
 * Errors  kind USAGE, naming the entry: the document is untrusted.
 */
#ifndef STORE_CONNECT_ERRORS_JSON_H
#define STORE_CONNECT_ERRORS_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "model/result.h"

json_t *connect_errors_to_json(const struct accounting *a);
/* `object` is the accounting, whose connect_failed was read. */
int connect_errors_from_json(const json_t *object, struct accounting *a, struct err *err);

#endif
