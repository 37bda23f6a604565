/* held_jobs: the jobs that a worker has taken and that are leased to it.
 *
 * Shape   open structs, used by the worker only.
 * Owner   held_jobs_add takes over the contents of the taken job; held_jobs_drop frees them.
 */
#ifndef TARGETS_QUEUE_HELD_JOBS_H
#define TARGETS_QUEUE_HELD_JOBS_H

#include <stddef.h>

#include "targets/queue/broker.h"
#include "targets/queue/job_threads.h"

struct worker;

enum job_place {
    JOB_ON_THREADS, /* runs, or waits for a thread */
    JOB_ENDING,     /* a request to store its end is under way */
    JOB_UNSTORED    /* that request failed; another is to follow */
};

struct job {
    struct job_run run; /* the first member: on_done gets this */
    struct worker *worker;
    struct taken_job taken;
    enum job_place place;
    char *error; /* NULL: it was run to the end */
    struct job *prev, *next;
};

struct held_jobs {
    struct job *first; /* the newest */
    size_t count;
};

struct job *held_jobs_add(struct held_jobs *held, struct worker *worker,
                          const struct taken_job *taken);
void held_jobs_drop(struct held_jobs *held, struct job *job);
/* Renews their leases. */
void held_jobs_renew(const struct held_jobs *held, struct broker *broker);

#endif
