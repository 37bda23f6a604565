/* goal: what must hold of a run, clause by clause: "p99<200ms and errors<0.1%".
 *
 * Shape   a clause has the grammar of a threshold of check (analysis/gate/gate.h), but tells the
 *         good case where that tells the bad one: the threshold of "p99<200ms" is "p99>=200ms", and
 *         the goal holds when no threshold is crossed.
 * Owner   a goal owns its texts; goal_fini frees them.
 * Errors  kind USAGE, saying what to write instead: a clause that cannot be parsed, one that tells
 *         the bad case, one that every run breaks or none, two on the same metric.
 */
#ifndef ANALYSIS_CAPACITY_GOAL_H
#define ANALYSIS_CAPACITY_GOAL_H

#include "analysis/gate/gate.h"
#include "base/str.h"
#include "model/capacity.h"

struct goal {
    struct str_list clauses;                                /* as given, without blanks around */
    struct gate_threshold thresholds[CAPACITY_CLAUSES_MAX]; /* crossed: the clause is broken */
};

int goal_parse(const char *text, struct goal *out, struct err *err);
void goal_fini(struct goal *goal);
/* Fails for a clause on a throughput, which is what a search looks for. */
int goal_check_search(const struct goal *goal, struct err *err);
/* Requests that a trial needs before its percentiles of the latency tell something. */
double goal_samples(const struct goal *goal);
/* How long a trial at this rate lasts: base_ns, or longer where the goal needs more requests, up to
 * GOAL_LONGEST times that. */
#define GOAL_LONGEST 5
/* Below this rate even that is too short; 0: it never is. */
double goal_least_rps(const struct goal *goal, int64_t base_ns);
int64_t goal_trial_ns(const struct goal *goal, double rate_rps, int64_t base_ns);

#endif
