#include "runner/watch.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "load/fetch.h"
#include "proc/sampler.h"
#include "runner/drain.h"
#include "runner/job_workers.h"
#include "runner/watch_figures.h"
#include "tls/client.h"
#include "tls/tls.h"

#define FAST_MS       50
#define COUNT_TIMEOUT (5 * NS_PER_S)
/* A target whose threads starve its event loop may need this long to respond. */
#define AFTER_TIMEOUT (20 * NS_PER_S)

struct watch {
    uv_loop_t *loop;
    const struct plan *plan;
    struct watch_events events;
    bool has_address, closed;
    struct sockaddr_storage address;
    struct tls_options tls_options;
    struct tls_client *tls_client;
    struct tls_context *tls; /* NULL: plain */

    struct sampler *sampler;
    uv_timer_t fast_timer;
    bool sampling, polling; /* polling: a brief /stats is in flight */
    size_t polled;          /* the moment of the figures that it is for */
    struct watch_figures figures;
    struct job_workers workers;
    bool reading_before;   /* a reading of WATCH_BEFORE is in progress */
    struct count *waiting; /* the reading of WATCH_AFTER that starts when it is done */

    int64_t window_end_ns;
    struct drain *drain; /* NULL: not draining */
    drain_left_fn left;
    watch_done_fn drained;
    void *drained_ctx;
};

static bool is_ours(const struct watch *w)
{
    return plan_is_ours(w->plan);
}

struct watch *watch_new(uv_loop_t *loop, const struct plan *plan, pid_t guard_pid,
                        const struct watch_events *events)
{
    struct watch *w = mem_zalloc(sizeof *w);
    w->loop = loop;
    w->plan = plan;
    w->events = *events;
    (void)uv_timer_init(loop, &w->fast_timer);
    w->fast_timer.data = w;
    w->sampler = sampler_new(guard_pid);
    sampler_add_role(w->sampler, "bench-compute", "compute");
    sampler_add_role(w->sampler, "rust-compute", "compute"); /* that of the originals */
    sampler_add_role(w->sampler, "bench-worker", "worker");
    sampler_add_role(w->sampler, "bench-gateway",
                     "target"); /* an original; its parent is the target process */
    sampler_add_role(w->sampler, "bench-redis", "launcher");
    sampler_add_role(w->sampler, "redis-server", "broker");
    if (plan->command != NULL)
        sampler_leave_out_shell(w->sampler);
    return w;
}

/* Without a context the counters are not read, like those of a target that does not answer. */
static void trust(struct watch *w, const char *ca_file)
{
    struct err err;
    str_list_add(&w->tls_options.ca_files, ca_file);
    w->tls_client = tls_client_new(&w->tls_options, &err);
    if (w->tls_client != NULL)
        w->tls = tls_client_context(w->tls_client, "localhost", &err);
    if (w->tls == NULL)
        log_warn("cannot read the target's own counters: %s", err.text);
}

void watch_set_address(struct watch *w, const struct sockaddr_storage *address, const char *ca_file)
{
    w->address = *address;
    if (ca_file != NULL)
        trust(w, ca_file);
    w->has_address = ca_file == NULL || w->tls != NULL;
}

static void on_closed(uv_handle_t *handle)
{
    struct watch *w = handle->data;
    w->events.on_closed(w->events.ctx);
}

void watch_close(struct watch *w)
{
    w->closed = true;
    w->sampling = false;
    if (w->drain != NULL)
        drain_stop(w->drain, DRAIN_CUT_NO_ANSWER); /* its gateway is gone or exiting */
    uv_close((uv_handle_t *)&w->fast_timer, on_closed);
}

void watch_free(struct watch *w)
{
    if (w == NULL)
        return;
    sampler_free(w->sampler);
    watch_figures_fini(&w->figures);
    job_workers_fini(&w->workers);
    tls_context_free(w->tls);
    tls_client_free(w->tls_client);
    str_list_fini(&w->tls_options.ca_files);
    free(w);
}

/* --- the target's own counters --- */

/* One reading in progress. */
struct count {
    struct watch *watch;
    enum watch_moment when;
    watch_done_fn done;
    void *ctx;
};

static void finish_count(struct count *count)
{
    if (count->done != NULL)
        count->done(count->ctx);
    free(count);
}

static void request_count(struct count *count);

static void end_count(struct count *count)
{
    struct watch *w = count->watch;
    struct count *next = NULL;
    if (count->when == WATCH_BEFORE) {
        w->reading_before = false;
        next = w->waiting;
        w->waiting = NULL;
    }
    finish_count(count);
    if (next == NULL)
        return;
    if (w->closed)
        finish_count(next);
    else
        request_count(next);
}

static void on_counted(void *ctx)
{
    end_count(ctx);
}

static void on_stats(void *ctx, const char *body, size_t len, const struct err *fetch_err)
{
    struct count *count = ctx;
    struct watch *w = count->watch;
    struct target_stats stats;
    struct err err;
    if (fetch_err != NULL || target_stats_parse(body, len, &stats, &err) < 0) {
        end_count(count);
        return;
    }
    if (stats.has_queue)
        job_workers_see(&w->workers, &stats.queue);
    target_stats_look(&stats);
    struct thread_figures seen = sampler_threads(w->sampler, stats.pid);
    if (count->when == WATCH_BEFORE)
        watch_figures_begin(&w->figures, &stats, &seen);
    else
        watch_figures_end(&w->figures, &stats, &seen);
    job_workers_read(&w->workers, w->loop, count->when == WATCH_BEFORE ? JOBS_BEFORE : JOBS_AFTER,
                     on_counted, count);
}

static void send_request(struct watch *w, const char *path, int64_t timeout_ns, fetch_done_fn done,
                         void *ctx)
{
    fetch_start(w->loop, &(struct fetch_request){.address = &w->address,
                                                 .tls = w->tls,
                                                 .path = path,
                                                 .timeout_ns = timeout_ns,
                                                 .on_done = done,
                                                 .ctx = ctx});
}

static void request_count(struct count *count)
{
    send_request(count->watch, "/stats", count->when == WATCH_AFTER ? AFTER_TIMEOUT : COUNT_TIMEOUT,
                 on_stats, count);
}

void watch_count(struct watch *w, enum watch_moment when, watch_done_fn done, void *ctx)
{
    if (!is_ours(w) || w->closed || !w->has_address) {
        if (done != NULL)
            done(ctx);
        return;
    }
    struct count *count = mem_zalloc(sizeof *count);
    *count = (struct count){w, when, done, ctx};
    if (when == WATCH_AFTER && w->reading_before) {
        w->waiting = count;
        return;
    }
    w->reading_before = when == WATCH_BEFORE;
    request_count(count);
}

/* --- the window --- */

static void on_fast(uv_timer_t *timer)
{
    struct watch *w = timer->data;
    sampler_fast(w->sampler);
    struct sample now = sampler_now(w->sampler);
    if (w->plan->max_rss_bytes > 0 && now.rss_bytes > w->plan->max_rss_bytes) {
        watch_close_window(w);
        w->events.on_max_rss(w->events.ctx);
    }
}

void watch_open_window(struct watch *w)
{
    if (w->closed)
        return;
    sampler_open_window(w->sampler);
    w->sampling = true;
    watch_figures_open(&w->figures, sampler_now(w->sampler));
    (void)uv_timer_start(&w->fast_timer, on_fast, FAST_MS, FAST_MS);
}

/* Arrives within the next second, and refines the moment it was requested for. */
static void on_brief(void *ctx, const char *body, size_t len, const struct err *fetch_err)
{
    struct watch *w = ctx;
    struct target_stats stats;
    struct err err;
    w->polling = false;
    if (fetch_err != NULL || target_stats_parse(body, len, &stats, &err) < 0)
        return;
    if (stats.has_queue)
        job_workers_see(&w->workers, &stats.queue);
    target_stats_look(&stats);
    struct thread_figures seen = sampler_threads(w->sampler, stats.pid);
    watch_figures_refine(&w->figures, w->polled, &stats, &seen);
    target_stats_fini(&stats);
}

void watch_close_second(struct watch *w, struct second *second)
{
    if (!w->sampling)
        return;
    sampler_slow(w->sampler);
    watch_figures_add(&w->figures, sampler_now(w->sampler));
    watch_figures_show(&w->figures, second);
    if (!is_ours(w) || w->polling)
        return;
    w->polling = true;
    w->polled = w->figures.count - 1;
    send_request(w, "/stats?brief=1", NS_PER_S - 100 * NS_PER_MS, on_brief, w);
}

void watch_close_window(struct watch *w)
{
    if (!w->sampling)
        return;
    w->sampling = false;
    w->window_end_ns = clock_now_ns();
    (void)uv_timer_stop(&w->fast_timer);
    sampler_close_window(w->sampler);
    watch_figures_close(&w->figures, sampler_now(w->sampler));
}

struct sample watch_sample(struct watch *w)
{
    sampler_slow(w->sampler);
    return sampler_now(w->sampler);
}

/* --- the backlog --- */

static void on_drain_read(void *ctx)
{
    struct watch *w = ctx;
    if (!w->closed)
        w->drained(w->drained_ctx);
}

/* A worker that died in the meantime may have a successor. */
static void on_drain_stats(void *ctx, const char *body, size_t len, const struct err *fetch_err)
{
    struct watch *w = ctx;
    struct target_stats stats;
    struct err err;
    if (fetch_err == NULL && target_stats_parse(body, len, &stats, &err) == 0) {
        if (stats.has_queue)
            job_workers_see(&w->workers, &stats.queue);
        target_stats_fini(&stats);
    }
    job_workers_read(&w->workers, w->loop, JOBS_AFTER, on_drain_read, w);
}

static void on_left(void *ctx, int64_t left, int64_t waited_ns)
{
    struct watch *w = ctx;
    if (w->left != NULL)
        w->left(w->drained_ctx, left, waited_ns);
}

static void on_drained(void *ctx, const struct drain_end *end)
{
    struct watch *w = ctx;
    w->drain = NULL;
    w->figures.drain = *end;
    w->figures.drain_most_ns = w->plan->drain_ns;
    if (!w->closed)
        send_request(w, "/stats?brief=1", COUNT_TIMEOUT, on_drain_stats, w);
}

void watch_drain(struct watch *w, drain_left_fn left, watch_done_fn done, void *ctx)
{
    const struct watch_figures *f = &w->figures;
    if (w->closed || w->plan->drain_ns == 0 || !f->has_after || !f->after.has_queue) {
        done(ctx);
        return;
    }
    w->left = left;
    w->drained = done;
    w->drained_ctx = ctx;
    w->drain = drain_start(w->loop, &(struct drain_spec){.address = &w->address,
                                                         .tls = w->tls,
                                                         .from = &f->after.queue,
                                                         .since_ns = w->window_end_ns,
                                                         .most_ns = w->plan->drain_ns,
                                                         .on_left = on_left,
                                                         .done = on_drained,
                                                         .ctx = w});
}

void watch_stop_drain(struct watch *w)
{
    if (w->drain != NULL)
        drain_stop(w->drain, DRAIN_CUT_INTERRUPT);
}

void watch_collect(const struct watch *w, struct result *r)
{
    if (!watch_figures_opened(&w->figures))
        return;
    r->has_server = true;
    sampler_costs(w->sampler, r);
    watch_figures_collect(&w->figures, &w->workers, r);
}
