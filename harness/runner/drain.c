#include "runner/drain.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/fetch.h"

#define PAUSE_MS         200
#define REPLY_TIMEOUT_NS (5 * NS_PER_S)
#define NO_WORKER_NS     (5 * NS_PER_S)
#define NO_PROGRESS_NS   (60 * NS_PER_S) /* failed jobs may be waiting for their next attempt */
#define NO_ANSWER_NS     (20 * NS_PER_S)

struct drain {
    uv_timer_t timer;
    struct drain_spec spec;
    bool requesting, over;
    int64_t left, ended, completed;   /* jobs: not done; done; done without failure */
    int64_t answered_ns, progress_ns; /* when the gateway last answered, and jobs last progressed */
    bool has_workers;
    struct drain_end end;
};

static void on_closed(uv_handle_t *handle)
{
    struct drain *d = handle->data;
    struct drain_spec spec = d->spec;
    struct drain_end end = d->end;
    free(d);
    spec.done(spec.ctx, &end);
}

/* Waits for a request in flight first: it is answered or times out. */
static void finish(struct drain *d)
{
    if (d->over && !d->requesting && !uv_is_closing((const uv_handle_t *)&d->timer))
        uv_close((uv_handle_t *)&d->timer, on_closed);
}

static void end(struct drain *d, enum drain_how how, enum drain_cut cut)
{
    if (!d->over)
        d->end =
            (struct drain_end){how, cut, clock_now_ns() - d->spec.since_ns, d->left, d->completed};
    d->over = true;
    (void)uv_timer_stop(&d->timer);
    finish(d);
}

/* A running job counts as progress: it may take hours. */
static void take(struct drain *d, const struct queue_stats *q, int64_t now_ns)
{
    int64_t left = queue_stats_backlog(q);
    if (left == MISSING || q->completed == MISSING || q->failed == MISSING)
        return;
    int64_t ended = q->completed + q->failed;
    if (ended != d->ended || (q->active > 0 && q->workers_ready > 0))
        d->progress_ns = now_ns;
    d->answered_ns = now_ns;
    d->left = left;
    d->ended = ended;
    d->completed = q->completed;
    d->has_workers = q->workers_ready > 0;
}

static void judge(struct drain *d, int64_t now_ns)
{
    int64_t patience_ns = d->has_workers ? NO_PROGRESS_NS : NO_WORKER_NS;
    if (d->left == 0)
        end(d, DRAIN_MEASURED, DRAIN_CUT_UNKNOWN);
    else if (now_ns - d->spec.since_ns >= d->spec.most_ns)
        end(d, DRAIN_CUT, DRAIN_CUT_TIME);
    else if (now_ns - d->answered_ns >= NO_ANSWER_NS)
        end(d, DRAIN_CUT, DRAIN_CUT_NO_ANSWER);
    else if (now_ns - d->progress_ns >= patience_ns)
        end(d, DRAIN_CUT, d->has_workers ? DRAIN_CUT_NO_PROGRESS : DRAIN_CUT_NO_WORKER);
}

static void on_stats(void *ctx, const char *body, size_t len, const struct err *fetch_err)
{
    struct drain *d = ctx;
    struct target_stats stats;
    struct err err;
    int64_t now_ns = clock_now_ns();
    d->requesting = false;
    if (!d->over && fetch_err == NULL && target_stats_parse(body, len, &stats, &err) == 0) {
        if (stats.has_queue)
            take(d, &stats.queue, now_ns);
        target_stats_fini(&stats);
        if (d->spec.on_left != NULL && d->left != MISSING)
            d->spec.on_left(d->spec.ctx, d->left, now_ns - d->spec.since_ns);
        judge(d, now_ns);
    }
    finish(d);
}

static void on_timer(uv_timer_t *timer)
{
    struct drain *d = timer->data;
    judge(d, clock_now_ns());
    if (d->over || d->requesting)
        return;
    d->requesting = true;
    fetch_start(timer->loop, &(struct fetch_request){.address = d->spec.address,
                                                     .tls = d->spec.tls,
                                                     .path = "/stats?brief=1",
                                                     .timeout_ns = REPLY_TIMEOUT_NS,
                                                     .on_done = on_stats,
                                                     .ctx = d});
}

struct drain *drain_start(uv_loop_t *loop, const struct drain_spec *spec)
{
    struct drain *d = mem_zalloc(sizeof *d);
    d->spec = *spec;
    d->left = d->ended = d->completed = MISSING;
    d->answered_ns = d->progress_ns = clock_now_ns();
    take(d, spec->from, d->progress_ns);
    d->spec.from = NULL;
    (void)uv_timer_init(loop, &d->timer);
    d->timer.data = d;
    (void)uv_timer_start(&d->timer, on_timer, 0, PAUSE_MS);
    return d;
}

void drain_stop(struct drain *d, enum drain_cut why)
{
    end(d, DRAIN_CUT, why);
}
