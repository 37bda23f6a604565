/* guard_pair: the outer one of the two guards of a target, a fork of bench.
 *
 * Shape   the outer guard forks the inner one (proc/guard_process.h), which does the work, and
 *         waits for its end. Both adopt orphans, each in a session of its own. When the inner guard
 *         is killed the outer one kills all that is left below; when the outer one is killed the
 *         inner one does so. So bench and either of them can be killed together, and nothing
 *         outlives them.
 * Owner   the process: it never returns and leaves with _exit.
 * Errors  none: every wait is bounded. Plain system calls only, as in the inner guard.
 */
#ifndef PROC_GUARD_PAIR_H
#define PROC_GUARD_PAIR_H

#include "proc/guard_process.h"

/* Entered with every signal blocked. */
_Noreturn void guard_pair_run(const struct guard_spec *spec, const struct guard_fds *fds);

#endif
