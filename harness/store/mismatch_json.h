/* mismatch_json: what was not as expected of the replies, in a document.
 *
 * Shape   accounting.mismatch_kinds and accounting.first_mismatch, which are there when a reply was
 *         wrong. Older documents have neither.
 * Owner   what is read is the accounting's.
 * Errors  kind USAGE: a value that does not fit, or counts that do not add up.
 */
#ifndef STORE_MISMATCH_JSON_H
#define STORE_MISMATCH_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "model/result.h"

void mismatches_write(json_t *object, const struct accounting *a);
int mismatches_read(const json_t *object, struct accounting *a, struct err *err);
/* Together with the other counts, which have been read. */
int mismatches_check(const struct accounting *a, struct err *err);

#endif
