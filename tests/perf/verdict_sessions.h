/* verdict_sessions: simulated sessions, judged by harness/stat, and counted.
 *
 * Shape   each function makes `sessions` seeded sessions of one kind and returns shares of them.
 * Units   shares in [0, 1]; noise in units that each function names.
 * Owner   plain values.
 * Errors  none; a refusal by the statistics ends the program.
 */
#ifndef TESTS_PERF_VERDICT_SESSIONS_H
#define TESTS_PERF_VERDICT_SESSIONS_H

#include "tests/perf/noise.h"

struct rates_coverage {
    double level, covered;
};
/* n blocks, the interval of 95 % or the next level above. */
struct rates_coverage rates_fixed_coverage(enum noise_shape shape, int n, int sessions);

struct rates_stopping {
    double failed, passed;
    double covered; /* by the interval of the look that ended the session */
    double blocks;  /* on average */
};
/* One gate in the whole plan. `beyond`: the truth less the margin, in sds of a block. */
struct rates_stopping rates_stopping(enum noise_shape shape, double beyond, int sessions);

struct rates_session {
    double failed, passed; /* one gate at least; all of them */
};
/* Equal arms at the default gates of `--detect 10%`; `times` is the noise, 1 for the upper end of
 * what was measured on a machine of two shared cores. */
struct rates_session rates_equal_arms(enum noise_shape shape, double times, int sessions);

struct rates_detection {
    double failed;
    double point;               /* what operating_point says about it */
    double decidable;           /* the forecast after six blocks calls it so, or it is decided */
    double failed_of_decidable; /* the share of FAIL among these */
};
/* A change twice as large as the margin; `noise` is the sd of a block in units of the margin. */
struct rates_detection rates_detection(enum noise_shape shape, double noise, int sessions);

/* Arms against a reference in five metrics that share half of their variance. The first `different`
 * arms are truly worse by three sds in every metric; the sd of the arms is 1. An arm is equal if
 * the estimate of its shift, after any number of blocks, would be 0. */
struct rates_family_case {
    int arms, different;
    double reference_sd;
    int n;
};
struct rates_family {
    double alarmed; /* any equal arm has an adjusted p of .05 or less in any metric */
    double found;   /* all different arms have such a p in their first metric */
};
struct rates_family rates_family(enum noise_shape shape, const struct rates_family_case *c,
                                 int sessions);

struct rates_session rates_layout(enum noise_layout layout, double shift, double tau, int sessions);

#endif
