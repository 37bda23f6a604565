/* connection_opts: the option rows of connections, and what has to be right about them together.
 *
 * Shape   the rows fill a struct plan: how long a connection is kept, how fast new ones are opened,
 *         and to which addresses.
 * Owner   the plan borrows from argv.
 * Errors  kind USAGE: one sentence with the remedy.
 * Source  docs/measurement.md, "Connections"; the names are autocannon's and curl's.
 */
#ifndef CLI_CONNECTION_OPTS_H
#define CLI_CONNECTION_OPTS_H

#include "base/opt.h"
#include "model/plan.h"

extern const struct opt run_connection_opts[];

/* No more connections than there are requests, unless they were asked for. */
void connection_opts_fit(struct plan *plan, const struct opt_given *given);
/* What does not depend on the target. */
int connection_opts_check(const struct plan *plan, struct err *err);
/* Where to connect to is a question of a URL. */
int connection_opts_check_target(const struct plan *plan, struct err *err);

#endif
