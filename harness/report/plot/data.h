/* data: the data files that pictures are drawn from, in plain columns (docs/pictures.md).
 *
 * Shape   a row of plot_files is one file. Each starts with '#' lines that describe it, followed by
 *         columns separated by tabs. A text is in double quotes on one line, with \\ for a
 *         backslash and \042 for a double quote, so gnuplot never interprets a name as a program.
 * Units   in the names of the columns: ms and bytes, else counts.
 * Errors  none. What was not measured is NaN, never 0.
 */
#ifndef REPORT_PLOT_DATA_H
#define REPORT_PLOT_DATA_H

#include "base/buf.h"
#include "model/comparison.h"

struct plot_file {
    const char *name;                                 /* "latency.dat" */
    void (*write)(const void *what, struct buf *out); /* of these: a struct comparison */
};

extern const struct plot_file plot_files[]; /* ends with one without a name */

#endif
