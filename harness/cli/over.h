/* over: one axis of a sweep as it is written, "connections=1..512", and the values on it.
 *
 * Shape   NAME=A,B,C are these values; NAME=A..B a range on which values are placed, on a
 *         logarithmic scale unless it begins with 0; NAME=A..B/STEP every STEP from A to B. NAME is
 *         an option of a run, long or by its letter. Ranges are of options whose values are
 *         numbers.
 * Units   of a value: as in struct sweep.
 * Owner   an over owns its texts; over_fini frees them, also after a failure.
 * Errors  kind USAGE: one sentence with the remedy.
 */
#ifndef CLI_OVER_H
#define CLI_OVER_H

#include "base/opt.h"
#include "model/sweep.h"

#define OVER_VALUES_MAX 100

enum over_unit { OVER_NAMES, OVER_COUNT, OVER_TIME, OVER_SIZE, OVER_RATE, OVER_WORK };

struct over {
    struct sweep_axis axis;
    enum over_unit unit;
    struct str_list texts; /* of a list or of steps; empty for a range to place values on */
    double *values;
    double lo, hi; /* of such a range */
};

/* `groups` are those of a run, and end with one without rows. */
int over_parse(const char *text, const struct opt_group *groups, struct over *out, struct err *err);
void over_fini(struct over *o);
/* The nearest value that is worth measuring: a whole one, of two digits, within the range. */
double over_round(const struct over *o, double value);
/* As the option takes it; the caller frees it. */
char *over_text(const struct over *o, double value);
/* Puts the first of `wanted` values on the range, both ends among them. */
void over_begin(struct over *o, size_t wanted);
/* The value in the middle of two, by the scale; NAN: there is none that is worth measuring. */
double over_middle(const struct over *o, double lo, double hi);

#endif
