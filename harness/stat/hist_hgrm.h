/* hist_hgrm: a histogram as the percentile output of HdrHistogram, which its plotter draws.
 *
 * Shape   a line of names, an empty one, then rows "Value Percentile TotalCount 1/(1-Percentile)",
 *         five between each percentile and the one half as far from 100 %, the last one at 100 %
 *         and without its fourth column; then three lines that start with '#'. TotalCount is how
 *         many samples have that value or less.
 * Units   ms with six decimals, so to the nanosecond; percentiles are fractions.
 * Errors  none. An empty histogram has no rows. What lies above the histogram's maximum counts at
 *         that: a lower bound, as in hist_percentile_ns, which gives each row's value.
 * Source  HdrHistogram 2.1, outputPercentileDistribution and PercentileIterator;
 *         hdrhistogram.github.io/HdrHistogram/plotFiles.html.
 */
#ifndef STAT_HIST_HGRM_H
#define STAT_HIST_HGRM_H

#include "base/buf.h"
#include "stat/hist.h"

void hist_hgrm_write(const struct hist *h, struct buf *out);

#endif
