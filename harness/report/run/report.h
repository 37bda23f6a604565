/* run/report: one result as text for the terminal.
 *
 * Shape   one walk over the result: problems, what was run, rates, latency distribution, what
 *         happened to every request, costs, warnings.
 * Errors  none. A number that was not measured is shown as '-', or its row is left out.
 */
#ifndef REPORT_RUN_REPORT_H
#define REPORT_RUN_REPORT_H

#include "base/buf.h"
#include "model/result.h"
#include "report/style.h"

void report_run(const struct result *r, const struct report_style *style, struct buf *out);

#endif
