/* sparkline: a row of small bars, one a column, for numbers that came one after the other.
 *
 * Shape   the scale begins at 0 and ends at the largest value that is shown. A 0 has a bar of its
 *         own, the lowest; what is not known is a gap. With more values than columns, a column
 *         stands for several values in a row, the same ones as long as the columns last, and shows
 *         the worst of them.
 * Units   any; columns are of a terminal.
 * Errors  none. Values below 0, and those that are not finite, are not known.
 */
#ifndef REPORT_LIVE_SPARKLINE_H
#define REPORT_LIVE_SPARKLINE_H

#include <stddef.h>

#include "base/buf.h"
#include "report/style.h"

#define SPARKLINE_MAX 60 /* columns, and values */

enum sparkline_worst { SPARKLINE_LOWEST, SPARKLINE_HIGHEST };

struct sparkline {
    const double *values; /* the last one is the newest; SPARKLINE_MAX at most */
    size_t count;
    size_t before; /* how many came before the first */
    enum sparkline_worst worst;
};

/* Adds no more than `columns` of them. */
void sparkline(struct buf *out, const struct sparkline *s, size_t columns,
               const struct report_style *style);

#endif
