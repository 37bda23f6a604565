#include "runner/watch_figures.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/plan.h"

#define SECOND_LEAST_S 0.1 /* of less than ten ticks of CPU no rate is made */

/* The process counts the switches of all its threads. Those of its threads that ended tell it how
 * long they waited; without such a thread the samples know all. */
static struct missed missed_of(const struct target_stats *s, const struct thread_figures *seen)
{
    struct missed m = {.is_told = true};
    if (s->switches_voluntary != MISSING && s->switches_involuntary != MISSING)
        m.switches = s->switches_voluntary + s->switches_involuntary - seen->switches;
    if (s->run_wait_ended_s > 0)
        m.run_wait_s =
            s->run_wait_ended_s + s->run_wait_live_s - (double)seen->run_wait_ns / (double)NS_PER_S;
    return m;
}

static void take_counters(struct moment *m, const struct target_stats *s,
                          const struct thread_figures *seen)
{
    m->missed = missed_of(s, seen);
    if (!s->has_queue)
        return;
    m->jobs_completed = s->queue.completed;
    m->backlog = queue_stats_backlog(&s->queue);
}

static struct moment moment_of(struct sample now)
{
    return (struct moment){.sample = now, .jobs_completed = MISSING, .backlog = MISSING};
}

void watch_figures_open(struct watch_figures *f, struct sample now)
{
    struct missed missed = f->opened.missed; /* told before the window opened */
    f->opened = moment_of(now);
    f->opened.missed = missed;
    if (f->has_before && f->before.has_queue) {
        f->opened.jobs_completed = f->before.queue.completed;
        f->opened.backlog = queue_stats_backlog(&f->before.queue);
    }
}

bool watch_figures_opened(const struct watch_figures *f)
{
    return f->opened.sample.threads > 0;
}

void watch_figures_add(struct watch_figures *f, struct sample now)
{
    f->moments = mem_grow(f->moments, f->count + 1, sizeof *f->moments);
    f->moments[f->count++] = moment_of(now);
}

void watch_figures_close(struct watch_figures *f, struct sample now)
{
    f->closed = now;
}

void watch_figures_refine(struct watch_figures *f, size_t at, const struct target_stats *stats,
                          const struct thread_figures *seen)
{
    if (at < f->count)
        take_counters(&f->moments[at], stats, seen);
}

static void replace(struct target_stats *slot, bool *has, const struct target_stats *stats)
{
    if (*has)
        target_stats_fini(slot);
    *slot = *stats;
    *has = true;
}

void watch_figures_begin(struct watch_figures *f, const struct target_stats *stats,
                         const struct thread_figures *seen)
{
    replace(&f->before, &f->has_before, stats);
    take_counters(&f->opened, stats, seen); /* excludes the warm-up */
}

void watch_figures_end(struct watch_figures *f, const struct target_stats *stats,
                       const struct thread_figures *seen)
{
    replace(&f->after, &f->has_after, stats);
    f->missed = missed_of(stats, seen);
}

void watch_figures_fini(struct watch_figures *f)
{
    if (f->has_before)
        target_stats_fini(&f->before);
    if (f->has_after)
        target_stats_fini(&f->after);
    free(f->moments);
    *f = (struct watch_figures){0};
}

/* A counter that decreased belongs to another process. */
static int64_t gained(int64_t before, int64_t after)
{
    return before == MISSING || after == MISSING || after < before ? MISSING : after - before;
}

/* The last of the seconds that are asked for ends with the window, and so does what was missed. */
static const struct missed *told_at(const struct watch_figures *f, size_t i, size_t nseconds)
{
    const struct missed *m = i + 1 == nseconds && f->has_after ? &f->missed : &f->moments[i].missed;
    return m->is_told ? m : NULL;
}

/* Between two answers of the target it is taken to be missed evenly: a loop that is starved answers
 * late or not at all. Without an answer from the beginning there is nothing to compare with. */
static struct missed missed_by(const struct watch_figures *f, size_t i, size_t nseconds)
{
    const struct missed *from = NULL;
    const struct missed *to = NULL;
    size_t before = 0; /* seconds back to `from` and on to `to` */
    size_t after = 0;
    if (!f->opened.missed.is_told)
        return (struct missed){0};
    for (; from == NULL && before <= i; before += from == NULL)
        from = told_at(f, i - before, nseconds);
    for (; to == NULL && i + after < f->count && i + after < nseconds; after += to == NULL)
        to = told_at(f, i + after, nseconds);
    if (from == NULL)
        from = &f->opened.missed;
    if (to == NULL || to == from)
        return *from;
    double part = (double)before / (double)(before + after);
    struct missed m = *from;
    m.switches += llround(part * (double)(to->switches - from->switches));
    m.run_wait_s += part * (to->run_wait_s - from->run_wait_s);
    return m;
}

/* The last second ends with the window, so that the seconds add up to the totals; and none ends
 * later, even if its reading arrived after that of the window's end. */
static struct moment end_of_second(const struct watch_figures *f, size_t i, size_t nseconds)
{
    struct moment m = f->moments[i];
    bool is_last = i + 1 == nseconds;
    m.missed = missed_by(f, i, nseconds);
    if (is_last && f->closed.threads > 0)
        m.sample = f->closed;
    if (!f->has_after || !f->after.has_queue)
        return m;
    bool late = f->after.queue.completed != MISSING && m.jobs_completed > f->after.queue.completed;
    if (is_last || late) {
        m.jobs_completed = f->after.queue.completed;
        m.backlog = queue_stats_backlog(&f->after.queue);
    }
    return m;
}

static int64_t switches(const struct moment *m)
{
    return m->sample.switches + m->missed.switches;
}

static double run_wait_s(const struct moment *m)
{
    return m->sample.run_wait_s + m->missed.run_wait_s;
}

static void set_server(struct second *s, const struct moment *last, const struct moment *now)
{
    if (s->length_s >= SECOND_LEAST_S)
        s->server_cpu_cores = (now->sample.cpu_s - last->sample.cpu_s) / s->length_s;
    s->server_rss_bytes = now->sample.rss_bytes;
    s->server_threads = now->sample.threads;
    s->server_run_wait_s = fmax(run_wait_s(now) - run_wait_s(last), 0);
    s->server_switches = gained(switches(last), switches(now));
    s->jobs_completed = gained(last->jobs_completed, now->jobs_completed);
    s->queue_backlog = now->backlog;
}

void watch_figures_show(const struct watch_figures *f, struct second *second)
{
    size_t at = f->count - 1;
    struct moment last = at > 0 ? end_of_second(f, at - 1, SIZE_MAX) : f->opened;
    struct moment now = end_of_second(f, at, SIZE_MAX);
    set_server(second, &last, &now);
    while (at > 0 && second->queue_backlog == MISSING)
        second->queue_backlog = f->moments[--at].backlog;
}

static void collect_seconds(const struct watch_figures *f, struct result *r)
{
    struct moment last = f->opened;
    size_t count = r->nseconds < f->count ? r->nseconds : f->count;
    for (size_t i = 0; i < count; i++) {
        const struct moment m = end_of_second(f, i, count);
        set_server(&r->seconds[i], &last, &m);
        last = m;
    }
}

static struct hist *hist_gained(const struct hist *before, const struct hist *after)
{
    if (before == NULL || after == NULL)
        return NULL;
    struct hist *gain = hist_copy(after);
    hist_subtract(gain, before);
    return gain;
}

/* A bundled program's own counters include exited threads, which sampling misses. */
static void refine(struct process_cost *c, const struct target_stats *before,
                   const struct target_stats *after, double missed_s)
{
    c->threads_started = after->threads_started;
    c->switches_voluntary = gained(before->switches_voluntary, after->switches_voluntary);
    c->switches_involuntary = gained(before->switches_involuntary, after->switches_involuntary);
    c->run_wait_s += missed_s;
    c->threads_peak = after->threads_peak > c->threads_peak ? after->threads_peak : c->threads_peak;
    c->live_threads_only = false;
}

static void refine_process(struct server_cost *s, const struct target_stats *before,
                           const struct target_stats *after, double missed_s)
{
    for (size_t i = 0; i < s->nprocesses; i++) {
        if (s->processes[i].pid == after->pid)
            refine(&s->processes[i], before, after, missed_s);
    }
}

/* Recomputes the total from the rows, some of which have been refined. */
static void sum_up(struct server_cost *s)
{
    struct process_cost *total = &s->total;
    total->switches_voluntary = total->switches_involuntary = 0;
    total->run_wait_s = 0;
    total->live_threads_only = false;
    for (size_t i = 0; i < s->nprocesses; i++) {
        const struct process_cost *c = &s->processes[i];
        total->switches_voluntary += c->switches_voluntary == MISSING ? 0 : c->switches_voluntary;
        total->switches_involuntary +=
            c->switches_involuntary == MISSING ? 0 : c->switches_involuntary;
        total->run_wait_s += c->run_wait_s;
        total->live_threads_only |= c->live_threads_only;
        if (c->threads_started != MISSING)
            total->threads_started =
                c->threads_started +
                (total->threads_started == MISSING ? 0 : total->threads_started);
        if (c->threads_peak > total->threads_peak)
            total->threads_peak = c->threads_peak;
    }
}

static void refine_all(const struct watch_figures *f, const struct job_workers *workers,
                       struct server_cost *s)
{
    refine_process(s, &f->before, &f->after, f->missed.run_wait_s - f->opened.missed.run_wait_s);
    for (size_t i = 0; i < workers->count; i++) {
        const struct job_worker *w = &workers->items[i];
        if (w->has[JOBS_AFTER])
            refine_process(s, &w->stats[JOBS_BEFORE], &w->stats[JOBS_AFTER], 0); /* none ends */
    }
    sum_up(s);
}

/* Without a rate only an empty queue has a projected time: 0. */
static void project_drain(struct queue_account *q)
{
    q->drain = q->backlog_end == MISSING ? DRAIN_UNKNOWN : DRAIN_PROJECTED;
    if (q->backlog_end == 0)
        q->drain_s = 0;
    else if (q->backlog_end != MISSING && q->completed_per_s > 0)
        q->drain_s = (double)q->backlog_end / q->completed_per_s;
}

static void collect_health(const struct queue_stats *before, const struct queue_stats *after,
                           struct broker_health *health)
{
    int64_t lost = gained(before->broker_lost, after->broker_lost);
    health->lost = lost == MISSING ? 0 : lost;
    health->is_away = after->broker_is_away;
    health->eviction = mem_strdup_or_null(after->broker_eviction);
    health->has_no_log = after->broker_has_no_log;
}

static void collect_queue(const struct watch_figures *f, const struct job_workers *workers,
                          struct result *r)
{
    struct queue_account *q = &r->queue;
    const struct queue_stats *before = &f->before.queue;
    const struct queue_stats *after = &f->after.queue;
    r->has_queue = true;
    q->broker = mem_strdup_or_null(after->broker);
    collect_health(before, after, &q->health);
    q->accepted = gained(before->accepted, after->accepted);
    q->completed = gained(before->completed, after->completed);
    q->failed = gained(before->failed, after->failed);
    q->backlog_start = queue_stats_backlog(before);
    q->backlog_end = queue_stats_backlog(after);
    if (q->completed != MISSING && r->duration_s > 0)
        q->completed_per_s = (double)q->completed / r->duration_s;
    job_workers_collect(workers, r);
    if (f->drain.how == DRAIN_UNKNOWN) {
        project_drain(q);
        return;
    }
    q->drain = f->drain.how;
    q->drain_cut = f->drain.cut;
    if (f->drain_most_ns != PLAN_DRAIN_ALL)
        q->drain_most_s = (double)f->drain_most_ns / (double)NS_PER_S;
    q->drain_s = (double)f->drain.waited_ns / (double)NS_PER_S;
    q->drain_left = f->drain.left;
    q->drain_completed = gained(after->completed, f->drain.completed);
}

void watch_figures_collect(const struct watch_figures *f, const struct job_workers *workers,
                           struct result *r)
{
    collect_seconds(f, r);
    if (!f->has_before || !f->has_after)
        return;
    r->target_counted = f->after.heavy.completed;
    refine_all(f, workers, &r->server);
    if (f->before.has_queue && f->after.has_queue) {
        collect_queue(f, workers, r); /* wait and work happen in the workers, not in the gateway */
        return;
    }
    r->wait = hist_gained(f->before.wait, f->after.wait);
    r->work = hist_gained(f->before.work, f->after.work);
}
