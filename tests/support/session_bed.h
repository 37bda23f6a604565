/* session_bed: sessions of known figures, and what a verdict says of them.
 *
 * Shape   two arms, "base" and "head", or a third, "control". Each block is of 10 s; its rates and
 *         CPU are what the test names, every other figure is the same for all arms.
 * Owner   the caller ends a session with session_fini, a verdict with verdict_fini.
 * Errors  a gate that cannot be read, or another state than the expected, fails the test.
 */
#ifndef TESTS_SESSION_BED_H
#define TESTS_SESSION_BED_H

#include "analysis/verdict/verdict.h"

enum bed_arm { BED_BASE, BED_HEAD, BED_CONTROL };

void bed_session(struct session *s);
void bed_session_with_control(struct session *s);
void bed_gate(struct session *s, enum session_gate_kind kind, const char *text);
/* A block in which all arms do the same: 1000 requests per second, all good, each in 1000 ns and
 * with 100 us of CPU; 100 MiB of memory. */
struct session_block *bed_block(struct session *s);
void bed_blocks(struct session *s, int count);

/* Blocks whose `metric` ("rps", "cpu_per_request", "p99", "rss", "errors") has these differences:
 * d of head, as a verdict counts it (positive: worse). For rss and errors they are rounded to whole
 * bytes and requests, for p99 to 3 digits. */
void bed_set(struct session *s, size_t block, enum bed_arm arm, const char *metric, double d);
void bed_differences(struct session *s, const char *metric, const double *d, int count);
/* The same difference in each of `count` new blocks. */
void bed_shift(struct session *s, const char *metric, double d, int count);

/* Of one arm in one block: so many of its requests went wrong. */
void bed_non_2xx(struct session *s, size_t block, enum bed_arm arm, int64_t count);
void bed_mismatches(struct session *s, size_t block, enum bed_arm arm, int64_t count);
void bed_losses(struct session *s, size_t block, enum bed_arm arm, int64_t count);
/* The block stays, and is not valid. */
void bed_redo(struct session *s, size_t block, enum session_flaw flaw, enum bed_arm arm);

struct verdict bed_verdict(const struct session *s);
/* Of the gate with that number: state, reason and the blocks that it was judged by. */
void bed_expect(const struct verdict *v, size_t gate, enum verdict_state state,
                enum verdict_reason reason, int blocks);
void bed_expect_all(const struct verdict *v, enum verdict_state state, bool goes_on);
/* All of it at once, for one gate, and then it is thrown away. */
void bed_judge(const struct session *s, enum verdict_state state, enum verdict_reason reason,
               int blocks);

#endif
