/* generator: how the load generator itself fared, as rows of data files.
 *
 * Shape   a row for each thread of the load in each round: round, thread (both from 1), its CPU and
 *         its run-queue wait as shares of the window. An older result tells the CPU of its busiest
 *         thread alone. And of an open loop one row: how late requests were sent (slip), and how
 *         much of that bench itself was late to see that they were due (lag).
 * Units   percent of a core, ms; NaN: not known.
 */
#ifndef REPORT_PLOT_GENERATOR_H
#define REPORT_PLOT_GENERATOR_H

#include "base/buf.h"
#include "model/comparison.h"

void plot_generator(const struct arm *arm, struct buf *out);
void plot_late(const struct arm *arm, struct buf *out);
/* The CPU of its busiest thread in any round, as a share; NAN: not known. */
double plot_generator_busiest(const struct arm *arm);

#endif
