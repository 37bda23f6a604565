/* plot/sweep: the data files of the pictures of a sweep: curves over one option, a map over two.
 *
 * Shape   as in report/plot/data.h; what is written is a struct ranking. The figure is that of its
 *         goal. A map has a cell for each value of the first option, to the right, and of
 *         the second, upwards; cells are counted from 0.
 * Units   ms for times, else the figure's own. A value of an option as in model/sweep.h.
 * Owner   everything is borrowed.
 */
#ifndef REPORT_PLOT_SWEEP_H
#define REPORT_PLOT_SWEEP_H

#include "analysis/sweep/ranking.h"
#include "report/plot/data.h"

/* Each ends with one without a name. */
extern const struct plot_file sweep_files[]; /* over one option */
extern const struct plot_file map_files[];   /* over two */

/* The least CPU that any arm used for a request with this value of `work`; NAN for another option,
 * and where it was not measured. */
double sweep_value_cpu_ns(const struct sweep *s, size_t axis, double value);

#endif
