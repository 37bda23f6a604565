/* heat: the latencies over time, as rows of a data file for a heat map.
 *
 * Shape   a row is one cell: a stretch of time, a range of latency (a quarter of a doubling), the
 *         requests that completed in it, and their share of the stretch's requests. Cells without
 *         requests have no row. At most 100 stretches: of more intervals several are one. The
 *         rounds of an arm are merged, each request at its time in its own round. An arm without
 *         such latencies has one row of NaN, so that the next block keeps its number.
 * Units   s, ms, requests.
 */
#ifndef REPORT_PLOT_HEAT_H
#define REPORT_PLOT_HEAT_H

#include "base/buf.h"
#include "model/comparison.h"

#define HEAT_STRETCHES_MAX 100

void plot_heat(const struct arm *arm, struct buf *out);

#endif
