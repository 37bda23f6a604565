/* judge: whether a goal held in one trial of an open loop.
 *
 * Shape   a trial holds when no clause is broken and the rate was sustained: all that was due was
 *         sent, and what waited did not grow from the beginning to the end, by a trend test and by
 *         its size. Where the generator was saturated or late, a goal that held counts, for that
 *         makes nothing look better; one that did not says nothing of the server, unless bench was
 *         late by less than what was broken was too much.
 * Owner   the trial takes copies.
 * Errors  none: a result that cannot tell is an outcome with a reason.
 * Source  docs/capacity.md
 */
#ifndef ANALYSIS_CAPACITY_JUDGE_H
#define ANALYSIS_CAPACITY_JUDGE_H

#include "analysis/capacity/goal.h"
#include "model/capacity.h"

#define JUDGE_GROWTH_CHANCE 0.01
#define JUDGE_GROWTH_SHARE  0.02 /* of what was due */
#define JUDGE_GROWTH_LEAST  10   /* requests */

/* Fills all but arm, round and rate of a trial that was just added. */
void judge_trial(const struct goal *goal, const struct result *r, struct capacity_trial *out);
void judge_pilot(const struct result *r, struct capacity_trial *out);
/* A trial without a result. */
void judge_nothing(const char *why, struct capacity_trial *out);

#endif
