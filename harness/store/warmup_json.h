/* warmup_json: what happened before the window, as the "warmup" of a document.
 *
 * Shape   autocannon's keys, as far as a warm-up has them, and the histogram of its latencies.
 * Units   those of the same keys of the document.
 * Owner   a value belongs to the caller; what is read belongs to the result.
 * Errors  reading takes an untrusted document: kind USAGE, naming the key. Without the key there is
 *         no warm-up.
 * Source  docs/bench.result.1.schema.json
 */
#ifndef STORE_WARMUP_JSON_H
#define STORE_WARMUP_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "model/result.h"

json_t *warmup_to_json(const struct warmup *w);
int warmup_from_json(const json_t *doc, struct result *r, struct err *err);

#endif
