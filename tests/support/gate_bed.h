/* gate_bed: runs of known figures, and limits that are judged by them.
 *
 * Owner   the caller finishes a run with result_fini. An outcome holds until the next one is made.
 * Errors  a limit that cannot be read, or another outcome than the expected, fails the test.
 */
#ifndef TESTS_GATE_BED_H
#define TESTS_GATE_BED_H

#include "analysis/gate/gate.h"

/* `count` values of 1, 2, 3 ... ms, so that the k-th smallest is k ms. */
struct hist *gate_ramp(uint64_t count);
/* A run of 10 s with 1000 replies and a server, in which every figure has a different value. */
void gate_full_run(struct result *r);
/* The same run was of a queue, which was waited for. */
void gate_queue_up(struct result *r);

struct gate_threshold gate_threshold_of(const char *text);
struct gate_outcome gate_judged(const char *text, const struct result *r);
void gate_expect(const struct result *r, const char *text, enum gate_verdict want);
void gate_expect_reason(const struct result *r, const char *text, enum gate_reason want);

#endif
