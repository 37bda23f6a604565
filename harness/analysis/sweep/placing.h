/* placing: where on an axis the next value says most about the curves that are drawn over it.
 *
 * Shape   curves over the same ascending places, several in a group: the arms at one value of the
 *         other axis. An interval is worth halving as far as curves bend around it, so that a
 *         straight line would be off in its middle, and as far as it is wide when the best of a
 *         group is not the same at both of its ends: there curves cross.
 * Units   places and values on the scales on which they are drawn: natural logs, mostly.
 * Owner   everything is borrowed.
 * Errors  none. A value that was not measured is NAN, and bends nothing.
 */
#ifndef ANALYSIS_SWEEP_PLACING_H
#define ANALYSIS_SWEEP_PLACING_H

#include <stdbool.h>
#include <stddef.h>

struct placing {
    const double *places; /* ascending */
    size_t nplaces;
    const double *values; /* of curve c at place i: [c * nplaces + i] */
    size_t ncurves;
    size_t group;     /* so many curves that follow each other belong together */
    bool is_most;     /* the highest of a group is the best, not the lowest */
    const bool *open; /* interval i, from place i to the next, has a middle to measure */
};

/* How much it is worth to halve interval i; 0: it has no middle. */
double placing_worth(const struct placing *p, size_t i);
/* The interval that is worth most; false: none has a middle. */
bool placing_next(const struct placing *p, size_t *out);

#endif
