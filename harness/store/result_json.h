/* result_json: struct result as a bench.result/1 document, and back.
 *
 * Shape   a superset of what `autocannon --json` prints. A document that is read and written again
 *         is the same text, byte for byte.
 * Units   autocannon's keys have autocannon's units (latency in ms, rates per second); our keys
 *         end with theirs.
 * Owner   documents and results belong to the caller.
 * Errors  writing cannot fail. Reading takes untrusted documents: kind USAGE, naming the key; what
 *         does not add up (requests, statuses, histogram counts, repeated figures) is refused. A
 *         result that failed to be read is empty and needs no result_fini.
 * Source  docs/bench.result.1.schema.json, docs/bench.second.1.schema.json
 */
#ifndef STORE_RESULT_JSON_H
#define STORE_RESULT_JSON_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/result.h"
#include "store/doc.h"

json_t *result_to_json(const struct result *r);
/* How much of a run's course over time a document takes: one with many results has less room for
 * each. */
struct result_room {
    size_t seconds;       /* entries of its series */
    size_t latency_bytes; /* of the texts of its series_latency, which is null if they need more */
};
json_t *result_to_json_within(const struct result *r, struct result_room room);
/* Only its "config": the plan as it was run. */
json_t *result_config_to_json(const struct result *r);
json_t *result_warnings_to_json(const struct result *r); /* only its "warnings" */
int result_from_json(const json_t *doc, struct result *out, struct err *err);
/* The document's text, ending with a newline. */
void result_write(const struct result *r, enum doc_layout layout, struct buf *out);
/* One second of a run that goes on, as a line of bench.second/1. The share is that of the run;
 * NULL: it is of none. */
void second_write(const struct second *second, const struct share *share, bool open_loop,
                  struct buf *out);

#endif
