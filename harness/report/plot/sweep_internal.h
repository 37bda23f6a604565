/* sweep_internal: the files that both pictures of a sweep have; what they are of is a struct
 * ranking.
 */
#ifndef REPORT_PLOT_SWEEP_INTERNAL_H
#define REPORT_PLOT_SWEEP_INTERNAL_H

#include "model/arm_figure.h"
#include "report/plot/sweep.h"

#define SWEEP_FILES                                                                                \
    {.name = "arms.dat", .write = sweep_write_arms},                                               \
        {.name = "caption.dat", .write = sweep_write_captions},                                    \
        {.name = "text.dat", .write = sweep_write_texts},                                          \
        {.name = "axes.dat", .write = sweep_write_axes},                                           \
    {                                                                                              \
        .name = "values.dat", .write = sweep_write_values                                          \
    }

void sweep_write_arms(const void *what, struct buf *out);
void sweep_write_captions(const void *what, struct buf *out);
void sweep_write_texts(const void *what, struct buf *out);
void sweep_write_axes(const void *what, struct buf *out);
void sweep_write_values(const void *what, struct buf *out);
/* In the unit of the data files. */
double sweep_in_unit(const struct arm_figure *figure, double value);

#endif
