/* field: one field of a data file that a picture is drawn from (report/plot/data.h).
 *
 * Shape   a text is in double quotes, and ends with an ellipsis where it was cut; a number has the
 *         tab before it, and is NaN when it was not measured.
 * Errors  none: any text is made safe for gnuplot.
 */
#ifndef REPORT_PLOT_FIELD_H
#define REPORT_PLOT_FIELD_H

#include <stddef.h>

#include "base/buf.h"

#define PLOT_ARMS_HEAD                                                                             \
    "# The arms: index, name, label in the SVG, label in the PNG, rounds, completed requests\n"    \
    "# of all rounds.\n"                                                                           \
    "\"arm\"\t\"name\"\t\"label\"\t\"plain_label\"\t\"rounds\"\t\"completed\"\t"                   \
    "\"completed_text\"\n"

/* A PNG is drawn with the fonts of this machine, which may lack a character; an SVG is not. */
enum glyphs { GLYPHS_ALL, GLYPHS_COMMON };

void plot_text(struct buf *out, const char *text, size_t columns_max, enum glyphs glyphs);
/* The same for the SVG and for the PNG, with a tab between them. */
void plot_both(struct buf *out, const char *text, size_t columns_max);
void plot_number(struct buf *out, double value);
/* The first four columns of a row of arms.dat, without an end of line. */
void plot_arm(struct buf *out, size_t index, const char *name);
/* A row of caption.dat. */
void plot_caption(struct buf *out, size_t index, const char *text);

#endif
