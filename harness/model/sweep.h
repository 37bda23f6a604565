/* sweep: arms measured over the values of one or two options, the struct behind bench.sweep/1.
 *
 * Shape   a point is one value of each option. All arms are measured at each point, as those of a
 *         comparison: arm a at point p is arm p * narms + a of the comparison, whose name has both.
 *         Points of a range were placed one after the other, where the curves of the arms bend or
 *         cross; they stand in the order in which they were placed.
 * Units   a value is what the option makes of the text: ns, bytes, a count or a rate; for an option
 *         whose values have no order, their number in the list.
 * Owner   a sweep owns everything in it; sweep_fini frees it.
 * Errors  none: it is data.
 */
#ifndef MODEL_SWEEP_H
#define MODEL_SWEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "model/comparison.h"

#define SWEEP_SCHEMA    "bench.sweep/1"
#define SWEEP_AXES_MAX  2
#define SWEEP_CELLS_MAX 500 /* arms at points; a document with more is not read back */

/* How the values of an axis lie: what the middle of two is, and how pictures are drawn. */
enum axis_scale { AXIS_NAMES, AXIS_LINEAR, AXIS_LOG };
extern const char *const axis_scale_names[]; /* "names", "linear", "log"; stable; ends with NULL */

struct sweep_axis {
    char *option; /* "connections" */
    char *range;  /* as given: "1..512" */
    enum axis_scale scale;
    bool is_placed; /* a range: values were chosen by bench */
};

struct sweep_point {
    char *texts[SWEEP_AXES_MAX]; /* as the option takes them; NULL beyond the axes */
    double values[SWEEP_AXES_MAX];
};

struct sweep {
    struct sweep_axis axes[SWEEP_AXES_MAX];
    size_t naxes;
    char **arms;
    size_t narms;
    struct sweep_point *points;
    size_t npoints;
    char *goal;      /* what makes an arm the best: "most work" */
    double budget_s; /* that was given; NAN: none was */
    bool is_cut;     /* the budget ended it before all its points were placed */
    struct comparison comparison;
};

void sweep_init(struct sweep *s);
void sweep_fini(struct sweep *s);
void sweep_add_arm(struct sweep *s, const char *name); /* before the first point */
/* Copies the texts. The comparison gets the arms of the point. */
void sweep_add_point(struct sweep *s, const char *const *texts, const double *values);
const struct arm *sweep_arm(const struct sweep *s, size_t point, size_t arm);
/* "pool connections=8 work=10k": the caller frees it. */
char *sweep_cell_name(const struct sweep *s, size_t point, size_t arm);
/* The different values of an axis, in ascending order; returns how many. The caller frees *out. */
size_t sweep_values(const struct sweep *s, size_t axis, double **out);
/* The points by their values, in ascending order: those of the first axis first. The caller frees
 * it. */
size_t *sweep_order(const struct sweep *s);
/* The point that has these values, one for each axis; false: none has. */
bool sweep_find_point(const struct sweep *s, const double *values, size_t *out);
/* The text of a value of an axis, as it was measured; NULL: it was not. */
const char *sweep_text(const struct sweep *s, size_t axis, double value);
/* As it is shown: "10k" for the "count:10k" of `work`. A part of the text. */
const char *sweep_short_text(const char *option, const char *text);
const char *sweep_label(const struct sweep *s, size_t axis, double value);
const char *sweep_point_label(const struct sweep *s, size_t point, size_t axis);

#endif
