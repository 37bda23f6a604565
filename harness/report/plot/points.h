/* points: the curves of a picture as JSON, so that a page can show the values under the pointer.
 *
 * Shape   {"across": "percentile", "axes": [[panel, left, right, top, bottom, from, to, log], ..],
 *         "x": [[..], ..], "panels": [{"panel": 1, "name": "p99", "unit": "ms",
 *         "curves": [[arm, at, [y, ..]], ..]}, ..]}. `at` is the list of x that a curve has: most
 *         curves share one. The edges of a panel are shares of the picture, from its left and its
 *         top. A y that was not measured is null, and one with a mark is a text: ">1.2" a lower
 *         bound, "<1.2" an upper one, "1.2*" of too few samples. At most POINTS_MAX points a curve:
 *         of more, evenly spaced ones with the last; the stretches of time are as few before, and
 *         each has the highest of all that it stands for (report/plot/stretch.h).
 * Units   those of the data files (docs/pictures.md); x is 1/(1-percentile), or s of the run.
 * Errors  none. It has numbers and our own words only: nothing needs an escape. What gnuplot said
 *         of the axes is read as numbers; without a panel that makes sense there is no JSON.
 * Source  docs/pictures.md, "The columns"; what a script says of its axes: scripts/common.gp.
 */
#ifndef REPORT_PLOT_POINTS_H
#define REPORT_PLOT_POINTS_H

#include <stdbool.h>

#include "base/buf.h"

#define POINTS_MAX 600

enum plot_across { PLOT_BY_PERCENTILE, PLOT_BY_TIME };

/* The curves that a panel has, one per arm. Columns are counted from 0. */
struct plot_panel {
    int number; /* the p of the script; a panel may have two sorts of curves */
    const char *name, *unit;
    const char *file; /* "latency.dat" */
    int column;
    bool at_end;    /* over time: a sample at the end of each stretch, not of all of it */
    int few, bound; /* the columns that mark it, or 0; of `bound`, 1 is a lower one, 2 an upper */
};

/* Gives the text of a data file, or NULL; it is borrowed. */
typedef const char *(*plot_text_fn)(void *ctx, const char *file);

/* The panels end with one without a name; `axes` is the text that the script wrote. */
void plot_points(const struct plot_panel *panels, enum plot_across across, const char *axes,
                 plot_text_fn text_of, void *ctx, struct buf *out);

#endif
