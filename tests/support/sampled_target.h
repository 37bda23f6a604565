/* sampled_target: a guarded target of known costs. The test's program is also the target: run with
 * a mode as its only word, it acts that mode out.
 *
 * Shape   each mode waits for sampled_go, and prints a line when it has done what is to be
 * measured, so that nothing waits for time to pass. main hands its word to sampled_act. Errors fail
 * the test. An alarm bounds all waiting.
 */
#ifndef TESTS_SAMPLED_TARGET_H
#define TESTS_SAMPLED_TARGET_H

#include "base/clock.h"
#include "proc/guard.h"
#include "support/bounded.h"

#define BURN_NS     (150 * NS_PER_MS)
#define ALLOC_BYTES ((size_t)48 << 20)
#define THREADS     5

void sampled_act(const char *name); /* returns if there is no such mode */

struct guard sampled_start(const char *mode);
void sampled_await(const struct guard *g, const char *line);
void sampled_go(const struct guard *g);
void sampled_finish(const struct guard *g);

#endif
