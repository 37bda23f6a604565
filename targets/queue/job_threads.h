/* job_threads: a fixed number of threads that run work, one piece on one thread, in order.
 *
 * Shape   closed, but for struct job_run, which is the caller's: added, and handed back by on_done
 *         on the loop's thread. libuv's pool is not used: others need it for short things, and
 *         those must not wait behind work of hours.
 * Units   ns of base/clock.
 * Owner   what job_threads_open gives is freed by job_threads_close, some turns of the loop later:
 *         on_closed tells.
 * Errors  job_threads_open: kind USAGE. Work cannot fail; told to stop, it ends early.
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
/* All that no thread has begun, joined by `next`; on_done does not come for them. */
struct job_run *job_threads_take_back(struct job_threads *t);
/* Waits for what still runs; on_done does not come any more. */
void job_threads_close(struct job_threads *t);

#endif
