/* end_opts: the option rows of how a run ends, and what is counted where.
 *
 * Shape   the rows fill a struct plan. The trials of a comparison and of a sweep have all of them
 *         but -f; of a check, -x alone.
 * Owner   the plan borrows from argv.
 * Errors  kind USAGE: one sentence with the remedy.
 * Source  docs/measurement.md, "How a run ends"; the names are autocannon's.
 */
#ifndef CLI_END_OPTS_H
#define CLI_END_OPTS_H

#include "base/opt.h"
#include "model/plan.h"

extern const struct opt run_end_opts[];

/* Of -a, -M and -O one holds. */
void end_opts_choose(struct plan *plan);
int end_opts_check(const struct plan *plan, const struct opt_given *given, struct err *err);
/* Says on stderr which of -a, -M and -O has no effect beside another one, and so of the rates. */
void end_opts_say(const struct opt_given *given);

#endif
