/* hosts_opts: the option rows of a load that is generated on other hosts, and what has to be right
 * about them together with the rest of the plan.
 *
 * Shape   the rows fill a struct plan. bench itself stays here, with the server if it starts one:
 *         each host gets the options of the load, as far as they say what is sent and how.
 * Owner   the plan borrows from argv.
 * Errors  kind USAGE: one sentence with the remedy.
 * Source  docs/scale.md; mpirun(1), "--host".
 */
#ifndef CLI_HOSTS_OPTS_H
#define CLI_HOSTS_OPTS_H

#include "base/opt.h"
#include "model/plan.h"
#include "runner/arm.h"

extern const struct opt run_hosts_opts[];

/* Index in run_hosts_opts: the rows before it are those of a single run. */
#define HOSTS_OPTS_SHARED 1

/* Once the rest of the plan is known. */
int hosts_opts_check(const struct plan *plan, const struct opt_given *given, struct err *err);
/* Of a command that measures several arms, whose results are compared. */
int hosts_opts_check_compared(const struct plan *plan, struct err *err);
/* Warns of what the other hosts will hardly mean. */
void hosts_opts_say(const struct plan *plan);
void hosts_opts_say_arms(const struct arms *arms);

#endif
