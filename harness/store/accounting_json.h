/* accounting_json: what became of the requests, as every document with figures has it.
 *
 * Shape   "accounting" and, under autocannon's name, "statusCodeStats".
 * Owner   values belong to the caller; what is read belongs to the accounting, also after a
 * failure. Errors  kind USAGE, naming the key: the document is untrusted, and what does not add up
 * is refused. Source  docs/bench.result.1.schema.json
 */
#ifndef STORE_ACCOUNTING_JSON_H
#define STORE_ACCOUNTING_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "model/result.h"

json_t *accounting_to_json(const struct accounting *a); /* without the statuses */
json_t *statuses_to_json(const int64_t statuses[1000]);
/* From both keys of the document. */
int accounting_from_json(const json_t *doc, struct accounting *a, struct err *err);
/* Counts by status code, from the object under `name`. */
int statuses_from_json(const json_t *object, const char *where, const char *name,
                       int64_t statuses[1000], struct err *err);

#endif
