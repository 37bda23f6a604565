/* reference_bed: arms that differ from the first in what a test is about, and the verdicts on them.
 *
 * Shape   every figure of every arm drifts with the machine from round to round, by more than a
 *         factor of two, so that only the pairs of rounds show what differs.
 * Owner   the caller finishes the comparison with comparison_fini.
 * Errors  a verdict that is missing or differs fails the test.
 */
#ifndef TESTS_REFERENCE_BED_H
#define TESTS_REFERENCE_BED_H

#include "cases/compare_cases.h"

#define CHANGED_ROUNDS_MOST 10

enum metric { RPS, P50, P99, CPU, RSS, ERRORS }; /* as in reference_metrics */

/* What differs from the first arm; 0: nothing. */
struct change {
    double rate, time, tail, cpu, rss; /* times its figures */
    int64_t timed_out, refused;
    double noise; /* of this arm alone, up and down in turn */
    const char *strategy;
    double bench_core;
};
struct trial_shape changed_trial(const struct change *change, size_t round); /* the first is 0 */

void begin_reference(struct comparison *c, int64_t rounds); /* with the first arm, "base" */
void add_changed(struct comparison *c, const char *name, const struct change *change);

const struct reference_verdict *verdict_of(const struct comparison *c, const char *arm,
                                           enum metric metric);
/* reason: NULL for none */
void expect_verdict(const struct comparison *c, const char *arm, enum metric metric,
                    enum reference_word word, const char *reason);

#endif
