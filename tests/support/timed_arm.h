/* timed_arm: an arm whose rounds have a series, as a run of so many seconds would.
 *
 * Owner   the comparison is the caller's, who finishes it.
 */
#ifndef TESTS_TIMED_ARM_H
#define TESTS_TIMED_ARM_H

#include "model/comparison.h"

/* A comparison of that one arm, without any round. */
struct comparison timed_arm(const char *name);
/* Adds a round of so many seconds, the last of which lasts `last_s`: each has 10 responses, one of
 * them a 503, and 2 errors; 1 core, (i + 1) MB in second i, 4 threads, 20 switches, 0.5 s of wait.
 */
struct result *timed_round(struct comparison *c, size_t seconds, double last_s);
/* The same with the latencies of each second: 90 of 1 ms, 9 of 10 ms, and one of 100 ms. */
struct result *timed_latencies(struct comparison *c, size_t seconds, double last_s);

#endif
