/* stretch: the time axis of an arm: stretches of the run, each of one or more entries of `series`.
 *
 * Shape   the rounds of an arm share it: each request counts at its time in its own round, and the
 *         longest round has the times. A last stretch of less than half the length of the others is
 *         part of the one before, or its rates would be noise.
 * Units   s from the window's start; entries are those of `series`, from 0.
 * Owner   everything is borrowed.
 * Errors  none: an arm without any series has no stretches.
 */
#ifndef REPORT_PLOT_STRETCH_H
#define REPORT_PLOT_STRETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "model/comparison.h"

#define STRETCH_POINTS_MAX 600 /* of a curve */

struct stretches {
    const struct result *longest; /* of its rounds: it has the times */
    size_t entries;               /* of each stretch but the last */
    size_t step;                  /* of the intervals of latencies; 1 without them */
    size_t count;
};

/* Whether a round counts: all that have a series, or those that have latencies over time. */
typedef bool (*stretch_counts_fn)(const struct result *r);
bool stretch_has_series(const struct result *r);
bool stretch_has_latencies(const struct result *r);

/* At most `most` stretches, of whole intervals of latencies. False when no round counts. */
bool stretches_of(const struct arm *arm, stretch_counts_fn counts, size_t most,
                  struct stretches *out);
/* The entries [first, end) of stretch i. */
size_t stretch_first(const struct stretches *all, size_t i);
size_t stretch_end(const struct stretches *all, size_t i);
/* Its first two columns. */
double stretch_from_s(const struct stretches *all, size_t i);
double stretch_to_s(const struct stretches *all, size_t i);
/* The latencies of all rounds in it, into an empty histogram of hist_text_new. */
void stretch_latencies(const struct arm *arm, const struct stretches *all, size_t i,
                       struct hist *into);

#endif
