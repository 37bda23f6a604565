/* job_threads: a fixed number of threads that run work, one run on one thread, in order.
 *
 * Shape   closed, except for struct job_run, which belongs to the caller: it is added, and returned
 *         by on_done on the loop's thread. libuv's pool is not used, because short tasks of others
 *         would wait there behind work of hours. Short runs share the cost of a wake: their start,
 *         and their on_done, may be delayed by a millisecond.
 * Units   ns of base/clock.
 * Owner   job_threads_open gives the threads to the caller; job_threads_close frees them some turns
 *         of the loop later, before on_closed.
 * Errors  job_threads_open: kind USAGE. Work cannot fail; it ends early when it is stopped.
 */
#ifndef TARGETS_QUEUE_JOB_THREADS_H
#define TARGETS_QUEUE_JOB_THREADS_H

#include <stdatomic.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "targets/work/work.h"

struct job_run {
    struct work work;
    int64_t reached, began_ns, ended_ns;
    struct job_run *next;
};

struct job_threads_spec {
    uv_loop_t *loop;
    int64_t count;
    const atomic_bool *stop; /* for work_run */
    void *ctx;
    void (*on_done)(void *ctx, struct job_run *run); /* may add the next */
    void (*on_closed)(void *ctx);
};

struct job_threads;

struct job_threads *job_threads_open(const struct job_threads_spec *spec, struct err *err);
void job_threads_add(struct job_threads *t, struct job_run *run);
/* Returns the runs that no thread has begun, linked by `next`; on_done is not called for them. */
struct job_run *job_threads_take_back(struct job_threads *t);
/* Waits for the runs that have begun; on_done is not called any more. */
void job_threads_close(struct job_threads *t);

#endif
