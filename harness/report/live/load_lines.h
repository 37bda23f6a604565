/* load_lines: what one load does now, in a few lines of the live view.
 *
 * Shape   responses per second, latency, errors, the server and the generator, a line each, with a
 *         sparkline of the last minute for the first two. Lines of which nothing is known are left
 *         out. The figures are those of the last second, but for the errors, which are of the load
 *         so far.
 * Errors  none: what does not fit into the style's width is left out.
 */
#ifndef REPORT_LIVE_LOAD_LINES_H
#define REPORT_LIVE_LOAD_LINES_H

#include "report/live/fields.h"
#include "report/live/history.h"

void load_lines(struct buf *out, const struct history *h, const struct report_style *style);

/* The parts that other views have, too. */
void load_line_of_errors(struct buf *out, const struct history *h,
                         const struct report_style *style);
void load_line_of_generator(struct buf *out, const struct history *h,
                            const struct report_style *style);
void load_add_rate(struct fields *f, const struct history *h);
void load_add_errors(struct fields *f, const struct history *h);
void load_add_latency(struct fields *f, const char *name, int64_t ns);
/* A sparkline of the rates, or of the latencies; none in a few columns. */
void load_add_rates(struct fields *f, const struct history *h);
void load_add_latencies(struct fields *f, const struct history *h);

#endif
