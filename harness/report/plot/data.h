/* plot_data: what the pictures are drawn from, as files of plain columns (docs/pictures.md).
 *
 * Shape   a row of plot_files is one file. Each starts with '#' lines that say what it holds; then
 *         come columns with a tab between. A text is in double quotes on one line, with \\ for a
 *         backslash and \042 for a double quote: what a name holds never reaches gnuplot as a
 *         program, only as such a field.
 * Units   in the names of the columns: ms and bytes, else counts.
 * Errors  none. What was not measured is NaN, never 0.
 */
#ifndef REPORT_PLOT_DATA_H
#define REPORT_PLOT_DATA_H

#include "base/buf.h"
#include "model/comparison.h"

struct plot_file {
    const char *name; /* "latency.dat" */
    void (*write)(const struct comparison *c, struct buf *out);
};

extern const struct plot_file plot_files[]; /* ends with one without a name */

#endif
