/* diff_json: what bench diff shows, as a bench.diff/1 document.
 *
 * Shape   docs/bench.diff.1.schema.json: {schema, old, new, files: [{file, kind, same_file, old,
 *         new, differences, arms: [{arm, old_rounds, new_rounds, figures, shift}], only_old,
 *         only_new}], left_out: [{file, why}]}.
 * Units   figures in their `unit`, as in gate_json. What was not measured is null.
 * Errors  none.
 */
#ifndef STORE_DIFF_JSON_H
#define STORE_DIFF_JSON_H

#include "analysis/diff/diff.h"
#include "base/buf.h"
#include "store/doc.h"

/* The document's text, ending with a newline. */
void diff_write(const struct diff *d, enum doc_layout layout, struct buf *out);

#endif
