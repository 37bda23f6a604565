/* threads: what the threads of one process waited and switched, summed over their lives.
 *
 * Shape   the kernel keeps these figures per thread and drops them when it ends, so each sample
 *         adds what every thread gained since the last; a thread that ended keeps what it had when
 *         last seen. The sums only grow.
 *         A brief sample leaves out which switches were voluntary, for half the price: it matters
 *         with hundreds of threads.
 * Units   run_wait_ns: ready to run, but no core was free.
 * Owner   caller's storage, zeroed to begin with; threads_fini frees.
 * Errors  none: a thread that vanishes in the middle is skipped.
 * Source  /proc/PID/task/TID/schedstat and status, proc(5); the 3rd field of
 *         schedstat, time slices, counts every switch.
 */
#ifndef PROC_THREADS_H
#define PROC_THREADS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct thread_figures {
    int64_t run_wait_ns;
    int64_t switches; /* of both kinds */
    int64_t switches_voluntary, switches_involuntary;
};

struct thread_row {
    pid_t tid;
    struct thread_figures seen;
};

struct threads {
    struct thread_figures sum;
    struct thread_row *rows; /* of the last sample, by tid */
    size_t count;
};

enum threads_depth { THREADS_BRIEF, THREADS_FULL };

void threads_sample(struct threads *t, pid_t pid, enum threads_depth depth);
void threads_fini(struct threads *t);
/* What the threads that live now have waited since each began; 0 when the process is gone. */
int64_t threads_run_wait_ns(pid_t pid);

#endif
