/* capacity_plan: the search that a command line asks for, before anything of it is measured.
 *
 * Shape   its arms as open loops, its goal, and the document that the trials go into. One that goes
 *         on must be the same in all of it, on the same machine, but for how far it is to go.
 * Owner   caller's storage; capacity_plan_fini in every case. The arms borrow from argv and the
 *         options.
 * Errors  kind USAGE: one sentence with the remedy; INCOMPARABLE with the first difference.
 */
#ifndef CLI_CAPACITY_PLAN_H
#define CLI_CAPACITY_PLAN_H

#include "analysis/capacity/goal.h"
#include "cli/run_opts.h"
#include "model/capacity.h"
#include "runner/arm.h"

struct capacity_options {
    struct run_options run; /* shared by the arms */
    const char *goal;
    const char *strategy, *strategies, *command;
    struct str_list arms;
    double resolution;
    int64_t max_trials, budget_ns;
    const char *continued, *format;
};

struct capacity_plan {
    struct str_list texts; /* of the arms that are no strategies */
    struct arms arms;
    struct goal goal;
    struct capacity capacity; /* without trials */
};

/* seed: of the search that goes on, or NULL. */
int capacity_plan_make(struct capacity_options *options, const struct opt_line *given,
                       const uint64_t *seed, struct capacity_plan *out, struct err *err);
void capacity_plan_fini(struct capacity_plan *plan);
/* Whether `stored` was measured by this plan, on this machine. */
int capacity_plan_same(const struct capacity_plan *plan, const struct capacity *stored,
                       struct err *err);

#endif
