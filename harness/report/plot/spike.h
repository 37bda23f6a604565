/* spike: a spike of the rate in the pictures over time: a row of a data file, and the sentences of
 * their captions.
 *
 * Shape   a row has where the spike begins and ends, when the arm was back within its goal, and
 *         when the jobs that had piled up were done; each after a tab. Of several rounds it is that
 *         of model/arm_recovery.h. A sentence has a blank before it, and is not there without a
 *         spike.
 * Units   s from the start of the window. NaN: there was no spike, or nothing to come back from, or
 *         not before the end.
 */
#ifndef REPORT_PLOT_SPIKE_H
#define REPORT_PLOT_SPIKE_H

#include "base/buf.h"
#include "model/comparison.h"

void plot_spike(const struct arm *arm, struct buf *out);

/* What an upright line stands for. */
enum spike_line { SPIKE_BACK, SPIKE_DRAINED };

/* How to read the shade and the lines. */
void plot_spike_read(const struct comparison *c, enum spike_line line, struct buf *out);
/* What is to be seen: when the goal held again, the goodput, and what waited. */
void plot_spike_see_back(const struct comparison *c, struct buf *out);
void plot_spike_see_goodput(const struct comparison *c, struct buf *out);
void plot_spike_see_requests(const struct comparison *c, struct buf *out);
void plot_spike_see_jobs(const struct comparison *c, struct buf *out);

#endif
