/* plot/shift: the data files of the shift picture: the ratio NEW / OLD of the latency at each
 * quantile (docs/diff.md).
 *
 * Shape   as in report/plot/data.h; what is written is a struct shift_picture. One block per curve,
 *         with columns for the ends of an interval, NaN where there is none.
 * Owner   a picture borrows everything.
 */
#ifndef REPORT_PLOT_SHIFT_H
#define REPORT_PLOT_SHIFT_H

#include "model/shift.h"
#include "report/plot/data.h"

struct shift_picture {
    const struct shift *shift;
    const char *captions[2]; /* what was measured; what differs */
};

extern const struct plot_file shift_files[]; /* ends with one without a name */

#endif
