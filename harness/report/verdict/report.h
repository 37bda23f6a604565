/* verdict/report: what a session says of its gates, for people.
 *
 * Shape   one line with the verdict, a table of the gates, and a sentence for each that needs one.
 * Errors  none.
 */
#ifndef REPORT_VERDICT_REPORT_H
#define REPORT_VERDICT_REPORT_H

#include "analysis/verdict/verdict.h"
#include "base/buf.h"
#include "report/style.h"

void report_verdict_text(const struct verdict *v, const struct report_style *style,
                         struct buf *out);
/* "+1.2% [-0.8%, +3.3%]"; text should hold 128 bytes. Returns text. */
char *verdict_change_text(const struct verdict_gate *g, char *text, size_t size);
/* What the looks still to come can tell, a line each, and which gates they cannot decide; nothing
 * while there is no forecast. */
void report_verdict_forecast(const struct verdict *v, struct buf *out);

#endif
