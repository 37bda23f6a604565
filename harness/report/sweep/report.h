/* sweep/report: a sweep as tables and sentences: a table of each figure over one option, or a map
 * of the best arms over two.
 *
 * Shape   every call adds to a buf, whose owner prints it.
 * Errors  none.
 */
#ifndef REPORT_SWEEP_REPORT_H
#define REPORT_SWEEP_REPORT_H

#include "analysis/sweep/ranking.h"
#include "base/buf.h"
#include "report/style.h"

void report_sweep(const struct ranking *r, const struct report_style *style, struct buf *out);
void report_sweep_markdown(const struct ranking *r, struct buf *out);
/* How each arm's throughput grows, where that is a curve of the scalability law. */
void report_sweep_scaling(const struct sweep *s, const struct report_style *style, struct buf *out);
/* One entry for each kind of warning: the first that the runs have, and whose runs have it. */
void report_sweep_warnings(const struct sweep *s, const struct report_style *style,
                           struct buf *out);
/* A row for each arm at each point whose rate had a spike; else nothing. */
void report_sweep_recovery(const struct sweep *s, const struct report_style *style,
                           struct buf *out);
/* A row for each arm at each point: the values of the options, then as bench compare has it. It is
 * the same for every goal. */
void report_sweep_csv(const struct sweep *s, struct buf *out);

#endif
