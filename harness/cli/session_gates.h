/* session_gates: what a live check has to judge, from its options, from --gates, and by default.
 *
 * Shape   the gates are added to the session of a plan whose arms are made.
 * Owner   the session holds copies.
 * Errors  kind USAGE: a limit that is none, or that these arms cannot measure; the option, or the
 *         file and its line, is named.
 */
#ifndef CLI_SESSION_GATES_H
#define CLI_SESSION_GATES_H

#include "cli/check_live.h"
#include "cli/session_plan.h"

/* plan->dropped is set to the default gates that these arms cannot measure. */
int session_gates_add(const struct check_live_options *options,
                      const struct check_live_gates *gates, struct session_plan *plan,
                      struct err *err);

#endif
