/* guard_process: what runs inside the inner guard, a fork of the outer one (proc/guard_pair.h).
 *
 * Shape   one loop over the lifeline and SIGCHLD. Only plain system calls: no allocation, no
 *         stdio, no libuv, because the copy shares nothing with bench but those descriptors.
 * Owner   the process: it never returns and leaves with _exit.
 * Errors  every wait is bounded: what cannot be killed is counted in the report GUARD_GONE.
 */
#ifndef PROC_GUARD_PROCESS_H
#define PROC_GUARD_PROCESS_H

#include "proc/guard.h"

struct guard_stop_request {
    int64_t grace_ns;
};

struct guard_fds {
    int lifeline, out, err;
};

/* Entered with every signal blocked. When `outer`, its parent, is killed, it kills all below it. */
_Noreturn void guard_process_run(const struct guard_spec *spec, const struct guard_fds *fds,
                                 pid_t outer);

#endif
