#include "runner/job_workers.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/fetch.h"

#define REPLY_TIMEOUT_NS (5 * NS_PER_S)
#define KEPT_MAX         ((size_t)4 * TARGET_WORKERS_MAX) /* a bound, if workers keep dying */

/* One reading of all workers. */
struct reading {
    struct job_workers *workers;
    enum job_moment when;
    size_t in_flight;
    job_workers_read_fn done;
    void *ctx;
};

/* The request to one of them. */
struct request {
    struct reading *reading;
    size_t index; /* not a pointer: the array may grow meanwhile */
};

static struct job_worker *find(const struct job_workers *w, const struct worker_place *place)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->items[i].pid == place->pid && w->items[i].port == place->port)
            return &w->items[i];
    }
    return NULL;
}

void job_workers_see(struct job_workers *w, const struct queue_stats *q)
{
    w->ready = (int64_t)q->workers_ready;
    for (size_t i = 0; i < q->nworkers && w->count < KEPT_MAX; i++) {
        const struct worker_place *place = &q->workers[i];
        if (find(w, place) != NULL)
            continue;
        w->items = mem_grow(w->items, w->count + 1, sizeof *w->items);
        w->items[w->count++] = (struct job_worker){.pid = place->pid, .port = place->port};
    }
}

/* Another process may have reused the port of a worker: its response is ignored. */
static void keep(struct job_worker *worker, enum job_moment when, struct target_stats *stats)
{
    if (stats->pid != worker->pid) {
        target_stats_fini(stats);
        return;
    }
    if (worker->has[when])
        target_stats_fini(&worker->stats[when]);
    worker->stats[when] = *stats;
    worker->has[when] = true;
    worker->silent = false;
}

static void end_request(struct reading *r)
{
    if (--r->in_flight > 0)
        return;
    r->done(r->ctx);
    free(r);
}

static void on_stats(void *ctx, const char *body, size_t len, const struct err *fetch_err)
{
    struct request *request = ctx;
    struct reading *r = request->reading;
    struct target_stats stats;
    struct err err;
    if (fetch_err == NULL && target_stats_parse(body, len, &stats, &err) == 0)
        keep(&r->workers->items[request->index], r->when, &stats);
    free(request);
    end_request(r);
}

static void send_request(struct reading *r, uv_loop_t *loop, size_t index)
{
    struct request *request = mem_zalloc(sizeof *request);
    *request = (struct request){.reading = r, .index = index};
    struct job_worker *worker = &r->workers->items[index];
    struct sockaddr_storage address = {0};
    (void)uv_ip4_addr("127.0.0.1", worker->port, (struct sockaddr_in *)&address);
    worker->silent = true; /* until it answers */
    r->in_flight++;
    fetch_start(loop, &(struct fetch_request){.address = &address, /* only used during the call */
                                              .path = "/stats",
                                              .timeout_ns = REPLY_TIMEOUT_NS,
                                              .on_done = on_stats,
                                              .ctx = request});
}

void job_workers_read(struct job_workers *w, uv_loop_t *loop, enum job_moment when,
                      job_workers_read_fn done, void *ctx)
{
    struct reading *r = mem_zalloc(sizeof *r);
    /* One more than the requests, so that a connect that fails at once does not end the reading. */
    *r = (struct reading){.workers = w, .when = when, .in_flight = 1, .done = done, .ctx = ctx};
    for (size_t i = 0; i < w->count; i++)
        send_request(r, loop, i);
    end_request(r);
}

/* sum += after - before; creates the sum if needed. */
static void add_gain(struct hist **sum, const struct hist *before, const struct hist *after)
{
    if (after == NULL)
        return;
    struct hist *gain = hist_copy(after);
    if (before != NULL)
        hist_subtract(gain, before);
    if (*sum == NULL)
        *sum = hist_new_latency();
    hist_merge(*sum, gain);
    hist_free(gain);
}

void job_workers_collect(const struct job_workers *w, struct result *r)
{
    r->queue.workers = w->ready;
    r->queue.workers_lost = 0;
    for (size_t i = 0; i < w->count; i++) {
        const struct job_worker *worker = &w->items[i];
        const struct target_stats *before =
            &worker->stats[JOBS_BEFORE]; /* zero if it started later */
        const struct target_stats *after = &worker->stats[JOBS_AFTER];
        r->queue.workers_lost += worker->silent || !worker->has[JOBS_AFTER];
        if (!worker->has[JOBS_AFTER])
            continue;
        add_gain(&r->wait, before->wait, after->wait);
        add_gain(&r->work, before->work, after->work);
        add_gain(&r->job, before->job, after->job);
    }
}

void job_workers_fini(struct job_workers *w)
{
    for (size_t i = 0; i < w->count; i++) {
        for (size_t when = 0; when < JOB_MOMENTS; when++) {
            if (w->items[i].has[when])
                target_stats_fini(&w->items[i].stats[when]);
        }
    }
    free(w->items);
    *w = (struct job_workers){0};
}
