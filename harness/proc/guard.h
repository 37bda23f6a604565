/* guard: two small processes between bench and a target, so that no process outlives bench.
 *
 * Shape   guard_start forks bench (no exec) into the outer guard, which forks the inner one, which
 *         forks and execs the target; "the guard" is the inner one. One socket, the lifeline, joins
 *         bench and guard: reports come up, stop requests go down, and when bench's end closes,
 *         however bench died, the guard kills everything below it. The guard is a subreaper, so
 *         daemons that fork twice or call setsid stay its descendants.
 *         A killed guard takes the target along (PR_SET_PDEATHSIG), and the other guard kills what
 *         the target had started. When both guards are killed, bench does (proc/orphans.h); when
 *         bench and both guards are killed at once, only the target itself is sure to die.
 *         The guard's last act is to remove the target's private folder, if it has one.
 *         The target leads its own process group in the guard's session; its stdin is /dev/null.
 * Units   nanoseconds.
 * Owner   guard_start's caller owns the three descriptors and calls guard_end at the end.
 *         bench must be single-threaded while guard_start runs.
 * Errors  kind USAGE; the errno says when a program cannot be executed.
 * Source  prctl(2), PR_SET_CHILD_SUBREAPER and PR_SET_PDEATHSIG.
 */
#ifndef PROC_GUARD_H
#define PROC_GUARD_H

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/err.h"

#define GUARD_COMM "bench-guard" /* the guard's name in /proc/PID/stat */

struct guard_spec {
    const char *role;   /* for messages: "target" */
    char *const *argv;  /* argv[0] is a path; PATH is not searched */
    char *const *envp;  /* the whole environment */
    const char *folder; /* removed when all are gone, see proc/folder.h; or NULL */
};

struct guard {
    pid_t pid, inner_pid; /* the outer one's, and that of its child */
    pid_t target_pid;
    int lifeline_fd;
    int out_fd, err_fd; /* what the target prints */
};

enum guard_news {
    GUARD_STARTED,     /* value: the target's pid */
    GUARD_EXEC_FAILED, /* value: errno; the guard exits */
    GUARD_ENDED,       /* value: wait status of the target */
    GUARD_GONE, /* value: processes that could not be killed, 0 unless the kernel is broken */
};

/* Written whole to the lifeline; guard and bench are one program, so the layout is the same. */
struct guard_report {
    int32_t news;
    int32_t value;
    int32_t inner_pid;   /* STARTED */
    int32_t by_us;       /* ENDED: the guard had sent it a signal before */
    struct rusage usage; /* ENDED: of the target and of those it waited for */
};

/* Returns when the target runs (or cannot): at most some seconds. */
int guard_start(const struct guard_spec *spec, struct guard *out, struct err *err);
/* SIGTERM to the target's group, SIGKILL to all that is left after the grace time. May be called
 * again with a shorter one. The reports ENDED and GONE follow. */
void guard_stop(const struct guard *g, int64_t grace_ns);
/* For guards that do not answer: kills both, and with them the target. */
void guard_kill(const struct guard *g);
/* Waits for the guards after the lifeline has ended. A guard may be suspended, so both are killed
 * after some seconds. */
void guard_end(const struct guard *g);

#endif
