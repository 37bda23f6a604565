#include "load/load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/worker.h"

struct load {
    struct load_spec spec;
    struct load_events events;
    struct board *board;
    struct worker *workers;
    int nworkers, nstarted;
    struct bailout bailout;
    atomic_int nclosed, ndone; /* windows, threads */
    bool is_closed;            /* all windows; on_window_end was called */
    bool joined;
    bool failed; /* to start: the caller does not get the load, which frees itself */
    uv_async_t notify;
    uv_timer_t window_timer;
};

/* Called on a worker's thread: has on_notify look at the board and at ndone. */
static void wake(void *ctx)
{
    struct load *l = ctx;
    (void)uv_async_send(&l->notify);
}

static void on_worker_done(void *ctx)
{
    struct load *l = ctx;
    atomic_fetch_add(&l->ndone, 1);
    wake(ctx);
}

static void on_window_closed(void *ctx)
{
    struct load *l = ctx;
    atomic_fetch_add(&l->nclosed, 1);
    wake(ctx);
}

/* Also called on a worker's thread. One that was not started yet ends when it is. */
static void on_bailout(void *ctx)
{
    struct load *l = ctx;
    for (int i = 0; i < l->nworkers; i++)
        worker_stop(&l->workers[i]);
}

static void on_notify_closed(uv_handle_t *handle)
{
    struct load *l = handle->data;
    if (l->failed)
        load_free(l);
    else
        l->events.on_done(l->events.ctx);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct load *l = handle->data;
    uv_close((uv_handle_t *)&l->notify, on_notify_closed);
}

static void on_window_timer(uv_timer_t *timer)
{
    struct load *l = timer->data;
    l->events.on_window(l->events.ctx);
}

/* A window may be over before this thread has seen it begin: then it is told now. */
static void end_window(struct load *l)
{
    l->is_closed = true;
    if (l->failed)
        return;
    if (uv_is_active((uv_handle_t *)&l->window_timer) && load_measured(l))
        on_window_timer(&l->window_timer);
    if (l->events.on_window_end != NULL)
        l->events.on_window_end(l->events.ctx);
}

static void join_all(struct load *l)
{
    for (int i = 0; i < l->nstarted; i++)
        (void)uv_thread_join(&l->workers[i].thread);
    l->joined = true;
    uv_close((uv_handle_t *)&l->window_timer, on_timer_closed);
}

static void on_notify(uv_async_t *async)
{
    struct load *l = async->data;
    struct second second;
    while (!l->failed && board_take_next(l->board, &second))
        l->events.on_second(l->events.ctx, &second);
    if (!l->is_closed && atomic_load(&l->nclosed) == l->nstarted)
        end_window(l);
    if (!l->joined && atomic_load(&l->ndone) == l->nstarted)
        join_all(l);
}

static int start_threads(struct load *l, struct err *err)
{
    for (int i = 0; i < l->nworkers; i++) {
        int error = uv_thread_create(&l->workers[i].thread, worker_run, &l->workers[i]);
        if (error < 0)
            return err_set(
                err, ERR_USAGE, "cannot start worker thread %d: %s; %s", i + 1, uv_strerror(error),
                l->nworkers > 1 ? "use fewer with -w" : "raise the limits (ulimit -u, ulimit -v)");
        l->nstarted++;
    }
    return 0;
}

static int init_workers(struct load *l, struct err *err)
{
    l->workers = mem_array((size_t)l->spec.workers, sizeof *l->workers);
    while (l->nworkers < l->spec.workers) {
        int index = l->nworkers++;
        struct worker *w = &l->workers[index];
        if (worker_init(w, index, &l->spec, l->board, err) < 0)
            return -1;
        w->on_done = on_worker_done;
        w->on_second = wake;
        w->on_window_closed = on_window_closed;
        w->on_bailout = on_bailout;
        if (bailout_has_limit(&l->spec.bailout))
            w->env.bailout = &l->bailout;
        w->done_ctx = l;
    }
    return 0;
}

struct load *load_start(uv_loop_t *loop, const struct load_spec *spec,
                        const struct load_events *events, struct err *err)
{
    struct load *l = mem_zalloc(sizeof *l);
    l->spec = *spec;
    l->bailout.spec = spec->bailout;
    l->events = *events;
    l->board = board_new(spec->workers);
    if (init_workers(l, err) < 0) {
        load_free(l);
        return NULL;
    }
    (void)uv_async_init(loop, &l->notify, on_notify);
    (void)uv_timer_init(loop, &l->window_timer);
    l->notify.data = l->window_timer.data = l;
    int64_t before_ns = spec->warmup_ns + load_lead_ns(spec);
    if (before_ns == 0)
        events->on_window(events->ctx);
    else
        (void)uv_timer_start(&l->window_timer, on_window_timer, (uint64_t)(before_ns / NS_PER_MS),
                             0);
    int64_t start_ns = clock_now_ns();
    for (int i = 0; i < spec->workers; i++)
        l->workers[i].start_ns = start_ns;
    if (start_threads(l, err) < 0) {
        l->failed = true; /* the threads that did start end, then the load frees itself */
        (void)uv_timer_stop(&l->window_timer);
        load_stop(l);
        wake(l);
        return NULL;
    }
    return l;
}

void load_stop(struct load *l)
{
    for (int i = 0; i < l->nstarted && !l->joined; i++)
        worker_stop(&l->workers[i]);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Jain, Chiu and Hawe (1984): (sum x)^2 / (n sum x^2). */
static void collect_fairness(const struct load *l, struct fairness *f)
{
    size_t n = 0;
    double sum = 0;
    double squares = 0;
    int connections = l->spec.schedule == NULL ? l->spec.connections : l->spec.max_connections;
    int64_t *completed = mem_array((size_t)connections, sizeof *completed);
    f->starved = 0;
    for (int i = 0; i < l->nworkers; i++) {
        for (int k = 0; k < l->workers[i].nconns; k++) {
            int64_t count = l->workers[i].conns[k].completed;
            if (l->spec.schedule != NULL && l->workers[i].conns[k].connect_ns == 0)
                continue; /* it was never needed */
            completed[n++] = count;
            f->starved += count == 0;
            sum += (double)count;
            squares += (double)count * (double)count;
        }
    }
    qsort(completed, n, sizeof *completed, by_value);
    f->min = completed[0];
    f->median = completed[n > 0 ? (n - 1) / 2 : 0];
    f->max = completed[n > 0 ? n - 1 : 0];
    f->jain = squares > 0 ? sum * sum / ((double)n * squares) : NAN;
    free(completed);
}

static void add_thread(struct client_cost *c, const struct worker *w)
{
    c->threads[c->nthreads++] =
        (struct thread_cost){.cpu_s = w->used.cpu_s - w->spun_s, .run_wait_s = w->used.run_wait_s};
}

/* The overall window: from the first worker's start to the last one's end. */
static void collect_times(const struct load *l, struct result *r)
{
    int64_t first_ns = INT64_MAX;
    int64_t last_ns = 0;
    r->client.busiest_worker = 0;
    r->client.run_wait_s = 0;
    r->client.spin_s = l->spec.schedule == NULL ? NAN : 0;
    r->client.threads = mem_array((size_t)l->nworkers, sizeof *r->client.threads);
    r->client.nthreads = 0;
    for (int i = 0; i < l->nworkers; i++) {
        const struct worker *w = &l->workers[i];
        if (!w->measuring)
            continue;
        double wall_s = (double)(w->end_ns - w->window_ns) / 1e9;
        first_ns = w->window_ns < first_ns ? w->window_ns : first_ns;
        last_ns = w->end_ns > last_ns ? w->end_ns : last_ns;
        add_thread(&r->client, w);
        r->client.run_wait_s += w->used.run_wait_s;
        r->client.spin_s += w->spun_s;
        if (wall_s > 0)
            r->client.busiest_worker =
                fmax(r->client.busiest_worker, (w->used.cpu_s - w->spun_s) / wall_s);
    }
    r->duration_s = last_ns > first_ns ? (double)(last_ns - first_ns) / 1e9 : 0;
}

/* See accounting.gone_after_ns. */
static int64_t server_gone_after_ns(const struct load *l, const struct accounting *a)
{
    int64_t window_ns = INT64_MAX;
    int64_t last_reply_ns = 0;
    int64_t connect_failed_ns = 0;
    int open = 0;
    for (int i = 0; i < l->nworkers; i++) {
        const struct conn_env *env = &l->workers[i].env;
        window_ns = l->workers[i].window_ns < window_ns ? l->workers[i].window_ns : window_ns;
        if (env->last_reply_ns > last_reply_ns)
            last_reply_ns = env->last_reply_ns;
        if (env->connect_failed_ns > connect_failed_ns)
            connect_failed_ns = env->connect_failed_ns;
        open += l->workers[i].open_at_end;
    }
    bool is_gone = a->completed > 0 && open == 0 && connect_failed_ns > last_reply_ns;
    return is_gone && last_reply_ns > window_ns ? last_reply_ns - window_ns : MISSING;
}

static void take_hists(struct tally *sum, struct result *r)
{
    r->first_byte = tally_first_byte(sum);
    r->latency = sum->latency;
    r->unfinished = sum->unfinished;
    r->connect = sum->connect;
    sum->latency = sum->unfinished = sum->connect = NULL;
    if (sum->counts.completed_after_end != MISSING) {
        r->after_end = sum->after_end;
        sum->after_end = NULL;
    }
    if (r->has_tls) {
        r->handshake = sum->handshake;
        sum->handshake = NULL;
    }
    if (sum->counts.due == MISSING)
        return;
    r->service = sum->service;
    r->slip = sum->slip;
    r->unsent = sum->unsent;
    r->lag = sum->lag;
    sum->service = sum->slip = sum->unsent = sum->lag = NULL;
}

/* Of the origins that have TLS, all have the same options. */
static const struct tls_client *client_of(const struct load_spec *spec)
{
    const struct tls_client *tls = NULL;
    for (size_t i = 0; i < spec->norigins && tls == NULL; i++)
        tls = spec->origins[i].tls;
    return tls;
}

static void collect_protocols(const struct load *l, const struct tally *sum, struct result *r)
{
    const struct tally_http2 *http2 = &sum->http2;
    const struct tls_client *tls = client_of(&l->spec);
    r->has_tls = tls != NULL;
    r->has_http2 = l->spec.http2;
    if (r->has_tls)
        r->tls = (struct tls_use){.version = mem_strdup_or_null(sum->tls.version),
                                  .cipher = mem_strdup_or_null(sum->tls.cipher),
                                  .library = mem_strdup(tls_library()),
                                  .handshakes = sum->tls.handshakes,
                                  .resumed = sum->tls.resumed,
                                  .is_mixed = sum->tls.is_mixed,
                                  .is_verified = tls_client_verifies(tls)};
    if (r->has_http2)
        r->http2 = (struct http2_use){
            .max_streams = http2->max_streams == UINT32_MAX ? MISSING : http2->max_streams,
            .limit_changes = http2->limit_changes,
            .goaways = http2->goaways,
            .blocked = http2->blocked,
            .blocked_s = (double)http2->blocked_ns / 1e9};
}

void load_collect(struct load *l, struct result *r)
{
    struct tally sum;
    tally_init(&sum, l->spec.nnames);
    for (int i = 0; i < l->nworkers; i++)
        tally_merge(&sum, &l->workers[i].env.tally);
    r->accounting = tally_accounting(&sum);
    struct accounting *a = &r->accounting;
    for (size_t status = 0; status < LEN(a->statuses); status++) {
        if (status / 100 != 2)
            a->non_2xx += a->statuses[status];
    }
    a->gone_after_ns = server_gone_after_ns(l, a);
    collect_protocols(l, &sum, r);
    if (l->spec.is_named)
        tally_take_names(&sum, l->spec.names, r);
    take_hists(&sum, r);
    tally_fini(&sum);
    r->seconds = board_finish(l->board, &r->nseconds);
    r->series_latency = board_take_series(l->board);
    collect_times(l, r);
    collect_fairness(l, &r->fairness);
    r->bailed_out = atomic_load(&l->bailout.reached);
    /* What is in the system is not known beforehand, or how long all of it took. */
    if (l->spec.schedule != NULL || l->spec.connect_rps > 0 ||
        (l->spec.exclude_errors && a->non_2xx > 0)) {
        r->client.little_residual = NAN;
        return;
    }
    double open = (double)l->spec.connections * l->spec.pipelining;
    double busy = result_requests_per_second(r) * hist_mean_ns(r->latency) / 1e9;
    r->client.little_residual = 1 - busy / open; /* NAN when nothing completed */
}

bool load_measured(const struct load *l)
{
    for (int i = 0; i < l->nworkers; i++) {
        if (!l->workers[i].measuring)
            return false;
    }
    return true;
}

int64_t load_stuck(const struct load *l)
{
    int64_t stuck = 0;
    for (int i = 0; i < l->nworkers; i++)
        stuck += l->workers[i].stuck;
    return stuck;
}

bool load_gave_up(const struct load *l)
{
    for (int i = 0; i < l->nworkers; i++) {
        if (l->workers[i].gave_up)
            return true;
    }
    return false;
}

void load_free(struct load *l)
{
    if (l == NULL)
        return;
    for (int i = 0; i < l->nworkers; i++)
        worker_fini(&l->workers[i]);
    free(l->workers);
    board_free(l->board);
    free(l);
}
