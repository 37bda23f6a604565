/* gate_json: what bench check found, as a bench.check/1 document.
 *
 * Shape   {schema, verdict, exit_code, passed, failed, warned, unknown, limits: [{file, level,
 *         limit, metric, operator, value, unit, verdict, measured, at_least, finished, samples,
 *         needed, rounds: {planned, judged, beyond, unknown, left_out}, reason, why}], warnings:
 * [{file, code, message, remedy}]}. Units   value, measured and finished in `unit`: "ns", "count",
 * "bytes", "number" or "share" (a fraction). What was not measured is null. Errors  none.
 */
#ifndef STORE_GATE_JSON_H
#define STORE_GATE_JSON_H

#include "analysis/gate/sheet.h"
#include "base/buf.h"
#include "store/doc.h"

/* The document's text, ending with a newline. */
void gate_write(const struct gate_sheet *sheet, enum doc_layout layout, struct buf *out);

#endif
