/* verdict_json: what a session says of its gates, as a bench.verdict/1 document.
 *
 * Shape   docs/bench.verdict.1.schema.json
 * Units   of a change, limit and figure: "change" says how they are to be read.
 * Owner   everything is borrowed. `file` is where the session is stored, or NULL.
 * Errors  none.
 */
#ifndef STORE_VERDICT_JSON_H
#define STORE_VERDICT_JSON_H

#include <stdbool.h>

#include "analysis/verdict/verdict.h"
#include "base/buf.h"
#include "store/doc.h"

/* The document's text, ending with a newline. is_strict: the exit code is that of --strict. */
void verdict_write(const struct verdict *v, const char *file, bool is_strict,
                   enum doc_layout layout, struct buf *out);

#endif
