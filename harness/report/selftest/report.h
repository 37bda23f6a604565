/* selftest/report: what bench has found out about itself, for a terminal.
 *
 * Shape   one table: figure, truth, measured, error, limit, verdict; then a line that sums it up
 *         and, when a limit does not hold, what that means here.
 * Owner   everything is borrowed.
 * Errors  none.
 */
#ifndef REPORT_SELFTEST_REPORT_H
#define REPORT_SELFTEST_REPORT_H

#include "base/buf.h"
#include "model/selftest.h"
#include "report/style.h"

void report_selftest(const struct selftest *s, const struct report_style *style, struct buf *out);

#endif
