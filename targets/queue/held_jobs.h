/* held_jobs: the jobs that a worker has taken and that are leased to it.
 *
 * Shape   open structs, used by the worker only.
 * Owner   held_jobs_add takes over what is in the taken job; held_jobs_drop frees it.
 */
#ifndef TARGETS_QUEUE_HELD_JOBS_H
#define TARGETS_QUEUE_HELD_JOBS_H

#include <stddef.h>

#include "targets/queue/broker.h"
#include "targets/queue/job_threads.h"

struct worker;

enum job_place {
    JOB_ON_THREADS, /* runs, or waits for a thread */
    JOB_ENDING,     /* the broker was asked to store its end */
    JOB_UNSTORED    /* the broker could not; to be asked again */
};

struct job {
    struct job_run run; /* first: on_done gets this */
    struct worker *worker;
    struct taken_job taken;
    enum job_place place;
    char *error; /* NULL: it was run */
    struct job *prev, *next;
};

struct held_jobs {
    struct job *first; /* the newest */
    size_t count;
};

struct job *held_jobs_add(struct held_jobs *held, struct worker *worker,
                          const struct taken_job *taken);
void held_jobs_drop(struct held_jobs *held, struct job *job);
/* Asks the broker to keep their leases. */
void held_jobs_renew(const struct held_jobs *held, struct broker *broker);

#endif
