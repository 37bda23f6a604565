/* expected: what a plan says about every reply, as a rule.
 *
 * Shape   made of the texts of --expect-body and its like, all of which have to hold.
 * Owner   caller's storage; expected_fini frees what expected_make has made, also after an error.
 *         The rule is NULL when nothing is expected.
 * Errors  kind USAGE: the option, and what is wrong with its text and where.
 */
#ifndef RUNNER_EXPECTED_H
#define RUNNER_EXPECTED_H

#include "base/err.h"
#include "match/rule.h"
#include "model/plan.h"

struct expected {
    struct expectation expect;
    struct rule *rule;
};

int expected_make(struct expected *e, const struct plan *plan, struct err *err);
void expected_fini(struct expected *e);

#endif
