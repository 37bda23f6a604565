/* figures: the figures of the arms side by side, as rows of data files: numbers, and as text.
 *
 * Shape   the rows of arm_figures (model/arm_figure.h) are columns: the median over the rounds, the
 *         lowest and the highest; and in a file of its own each as the pictures show it.
 * Units   in the names of the columns.
 */
#ifndef REPORT_PLOT_FIGURES_H
#define REPORT_PLOT_FIGURES_H

#include "base/buf.h"
#include "model/comparison.h"

void plot_figures(const struct comparison *c, struct buf *out);
void plot_figure_texts(const struct comparison *c, struct buf *out);

#endif
