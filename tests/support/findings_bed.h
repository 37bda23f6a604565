/* findings_bed: arms whose trials differ in what a test is about, and the findings on them.
 *
 * Owner   the caller finishes the comparison with comparison_fini.
 * Errors  a finding that is missing, differs or is too much fails the test.
 */
#ifndef TESTS_FINDINGS_BED_H
#define TESTS_FINDINGS_BED_H

#include "cases/compare_cases.h"

/* What a plain arm does in ten seconds; tests change what they are about. */
extern const struct trial_shape plain_trial;
struct trial_shape trial_completing(int64_t completed);
struct trial_shape trial_queueing(int64_t accepted, int64_t jobs);

void add_arm(struct comparison *c, const char *name, const struct trial_shape *shape);
/* With three equal rounds, so that a difference to another arm is told apart. */
void add_ranked_arm(struct comparison *c, const char *name, const struct trial_shape *shape);
/* An arm with a round for each count. */
void add_arm_of_rounds(struct comparison *c, const char *name, const int64_t *completed,
                       size_t rounds);

const struct finding *finding_of(const struct comparison *c, const char *code); /* or NULL */
void expect_finding(const struct comparison *c, const char *code, const char *text);
void expect_no_finding(const struct comparison *c, const char *code);

#endif
