/* job_workers: the counters of a queue's worker processes, read from each one's /stats.
 *
 * Shape   every worker that the gateway ever named is kept, by its process id. It is read twice: at
 *         the window's start (a worker that starts later counts from zero) and at the end; a later
 *         reading of the same moment replaces an earlier one. The difference is what it did in
 *         between.
 * Owner   caller's storage, initially zeroed; call job_workers_fini after all readings are done.
 * Errors  none: a worker that exited or does not respond counts as lost, and its figures are
 *         missing.
 */
#ifndef RUNNER_JOB_WORKERS_H
#define RUNNER_JOB_WORKERS_H

#include <stdbool.h>
#include <uv.h>

#include "model/result.h"
#include "proc/target_stats.h"

enum job_moment { JOBS_BEFORE, JOBS_AFTER, JOB_MOMENTS };

struct job_worker {
    int64_t pid;
    int port;
    bool has[JOB_MOMENTS];
    bool silent; /* did not respond to the last request */
    struct target_stats stats[JOB_MOMENTS];
};

struct job_workers {
    struct job_worker *items;
    size_t count;
    int64_t ready; /* at the last job_workers_see */
};

typedef void (*job_workers_read_fn)(void *ctx);

/* Adds the workers that are new. */
void job_workers_see(struct job_workers *w, const struct queue_stats *q);
/* Reads all of them; done is called once, in a later turn of the loop unless there are none. */
void job_workers_read(struct job_workers *w, uv_loop_t *loop, enum job_moment when,
                      job_workers_read_fn done, void *ctx);
/* Fills wait, work, job and the numbers of workers in result.queue. */
void job_workers_collect(const struct job_workers *w, struct result *r);
void job_workers_fini(struct job_workers *w);

#endif
