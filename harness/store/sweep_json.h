/* sweep_json: struct sweep as a bench.sweep/1 document, and back.
 *
 * Shape   what was swept, and under "comparison" a whole bench.comparison/1 object with an arm for
 *         each arm at each point, whose results have little of their course over time: they are
 * many. A document that is read and written again is the same text, byte for byte. Owner documents
 * and sweeps belong to the caller. Errors  writing cannot fail. Reading takes untrusted documents:
 * kind USAGE, naming the key. A sweep that failed to be read is empty and needs no sweep_fini.
 * Source  docs/bench.sweep.1.schema.json
 */
#ifndef STORE_SWEEP_JSON_H
#define STORE_SWEEP_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "model/sweep.h"

json_t *sweep_to_json(const struct sweep *s);
int sweep_from_json(const json_t *doc, struct sweep *out, struct err *err);

#endif
