/* named_json: "requests_by_name" of a bench.result/1 document.
 *
 * Shape   one object for each name. Documents of other runs, and of older versions, have none.
 * Owner   what is read belongs to the result, also after a failure.
 * Errors  kind USAGE, naming the key: the document is untrusted. Names that come twice, and sums
 *         over all names that are not those of the accounting, are refused.
 */
#ifndef STORE_NAMED_JSON_H
#define STORE_NAMED_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "model/result.h"

json_t *named_requests_to_json(const struct result *r);
/* After the accounting and the histograms. */
int named_requests_from_json(const json_t *doc, struct result *r, struct err *err);

#endif
