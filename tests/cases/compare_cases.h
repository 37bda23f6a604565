/* compare_cases: comparisons of known content, for tests of what is written, read and shown.
 *
 * Shape   plausible trials; every number is fixed, so that outputs can be compared byte by byte.
 *         The findings are those that findings_add makes of it, the verdicts those of
 *         reference_judge.
 * Owner   the caller finishes what it gets with result_fini or comparison_fini.
 * Errors  -1 for a name that is neither in compare_case_names nor "spike", whose rate has one, and
 * of which a document has less than it is made of.
 */
#ifndef TESTS_COMPARE_CASES_H
#define TESTS_COMPARE_CASES_H

#include "model/comparison.h"

/* One trial of 10 s on 100 connections; what is 0 was 0, or was not measured where it cannot be. */
struct trial_shape {
    const char *strategy; /* NULL: a server that bench did not start */
    int64_t completed, refused, timed_out, open;
    double low_ms, high_ms;             /* latency of the completed */
    double open_ms;                     /* the least age of the open; 0: as the completed */
    double probe_low_ms, probe_high_ms; /* 200 probes; 0: no probe */
    double cpu_s, rss_mb, run_wait_s;
    int64_t threads, switches;
    double bench_core; /* of its busiest thread; above 0.9 it is saturated */
    double bench_wait_s;
    int64_t jobs; /* completed by a queue */
};
void trial_of(const struct trial_shape *shape, struct result *out);
void comparison_of(struct comparison *c, int64_t rounds); /* without arms and trials */

extern const char *const compare_case_names[]; /* ends with NULL */
int compare_case(const char *name, struct comparison *out);

#endif
