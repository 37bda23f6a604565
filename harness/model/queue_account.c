/* The jobs of a queue in a result. */
#include <math.h>

#include "base/mem.h"
#include "model/result.h"

void queue_account_init(struct queue_account *q)
{
    *q = (struct queue_account){
        .accepted = MISSING,
        .completed = MISSING,
        .failed = MISSING,
        .backlog_start = MISSING,
        .backlog_end = MISSING,
        .completed_per_s = NAN,
        .workers = MISSING,
        .workers_lost = MISSING,
        .drain_s = NAN,
        .drain_left = MISSING,
        .drain_completed = MISSING,
        .drain_most_s = NAN,
    };
}

int64_t queue_account_lost(const struct queue_account *q)
{
    const int64_t parts[] = {q->accepted, q->completed, q->failed, q->backlog_start,
                             q->backlog_end};
    for (size_t i = 0; i < LEN(parts); i++) {
        if (parts[i] == MISSING)
            return MISSING;
    }
    return q->backlog_start + q->accepted - q->completed - q->failed - q->backlog_end;
}

int64_t queue_account_left(const struct queue_account *q)
{
    return q->drain == DRAIN_MEASURED || q->drain == DRAIN_CUT ? q->drain_left : q->backlog_end;
}

static bool is_drained(const struct result *r)
{
    return r->queue.drain == DRAIN_MEASURED && !isnan(r->queue.drain_s);
}

int64_t queue_work_jobs(const struct result *r)
{
    const struct queue_account *q = &r->queue;
    if (!r->has_queue || q->completed == MISSING || !is_drained(r))
        return r->has_queue ? q->completed : MISSING;
    /* In an older file the jobs that failed in the drain are not counted separately. */
    int64_t drained = q->drain_completed != MISSING ? q->drain_completed : q->backlog_end;
    return drained == MISSING ? MISSING : q->completed + drained;
}

double queue_work_s(const struct result *r)
{
    if (!r->has_queue)
        return NAN;
    return is_drained(r) ? r->duration_s + r->queue.drain_s : r->duration_s;
}

double queue_work_per_second(const struct result *r)
{
    int64_t jobs = queue_work_jobs(r);
    if (r->has_queue && !is_drained(r))
        return r->queue.completed_per_s;
    return jobs != MISSING && queue_work_s(r) > 0 ? (double)jobs / queue_work_s(r) : NAN;
}
