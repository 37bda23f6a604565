#include "targets/queue/held_jobs.h"

#include <stdlib.h>

#include "base/mem.h"

struct job *held_jobs_add(struct held_jobs *held, struct worker *worker,
                          const struct taken_job *taken)
{
    struct job *job = mem_zalloc(sizeof *job);
    job->worker = worker;
    job->taken = *taken;
    job->next = held->first;
    if (held->first != NULL)
        held->first->prev = job;
    held->first = job;
    held->count++;
    return job;
}

void held_jobs_drop(struct held_jobs *held, struct job *job)
{
    if (job->prev != NULL)
        job->prev->next = job->next;
    else
        held->first = job->next;
    if (job->next != NULL)
        job->next->prev = job->prev;
    held->count--;
    taken_job_fini(&job->taken);
    free(job->error);
    free(job);
}

void held_jobs_renew(const struct held_jobs *held, struct broker *broker)
{
    size_t count = 0;
    if (held->first == NULL)
        return;
    const struct taken_job **jobs = mem_array(held->count, sizeof(struct taken_job *));
    for (const struct job *job = held->first; job != NULL; job = job->next)
        jobs[count++] = &job->taken;
    broker->kind->renew(broker, jobs, count);
    free(jobs);
}
