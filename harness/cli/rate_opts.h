/* rate_opts: the option rows of an open loop, and what has to be right about them together.
 *
 * Shape   the rows fill a struct plan.
 * Owner   the plan borrows from argv.
 * Errors  kind USAGE: one sentence with the remedy.
 * Source  docs/measurement.md, "Open loop"; the names are autocannon's and oha's.
 */
#ifndef CLI_RATE_OPTS_H
#define CLI_RATE_OPTS_H

#include "base/opt.h"
#include "model/plan.h"

extern const struct opt run_rate_opts[];

/* Completes the plan: the number of connections, and how long the stages last. `given` are the
 * options of the command line. */
int rate_check(struct plan *plan, const struct opt_given *given, struct err *err);

#endif
