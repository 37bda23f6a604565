/* selftest_json: what bench has found out about itself, as a bench.selftest/1 document.
 *
 * Shape   docs/bench.selftest.1.schema.json
 * Units   of a figure: its "unit". What was not measured is null.
 * Owner   everything is borrowed.
 * Errors  none.
 */
#ifndef STORE_SELFTEST_JSON_H
#define STORE_SELFTEST_JSON_H

#include "base/buf.h"
#include "model/selftest.h"
#include "store/doc.h"

/* The document's text, ending with a newline. */
void selftest_write(const struct selftest *s, enum doc_layout layout, struct buf *out);

#endif
