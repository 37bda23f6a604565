/* drain: what becomes of the backlog of a queue after the load, as a row of a data file.
 *
 * Shape   the length of the window, the backlog at its end, the time until it is gone, and the same
 *         as a text; each after a tab.
 * Units   s, jobs; NaN: not known, or never.
 */
#ifndef REPORT_PLOT_DRAIN_H
#define REPORT_PLOT_DRAIN_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/comparison.h"

/* Whether its end is known, and so drawn. */
bool plot_drain_is_drawn(const struct arm *arm);
void plot_drain(const struct arm *arm, struct buf *out);
/* "drains in about 190 s", "drained in 3.67 s", "never drains", "not drained"; nothing where that
 * is not known, or there is no backlog. ASCII. */
void plot_drain_text(const struct arm *arm, struct buf *out);

#endif
