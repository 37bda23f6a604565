#include "load/load_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

/* The work of this thread at the start of a window must not take a core from the first requests,
 * which several generators send at that time. */
#define AFTER_START_NS (2 * NS_PER_MS)

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

static void on_worker_ready(void *ctx)
{
    struct load *l = ctx;
    atomic_fetch_add(&l->nready, 1);
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

static void tell_ready(struct load *l)
{
    l->is_ready = true;
    if (!l->failed && l->events.on_ready != NULL)
        l->events.on_ready(l->events.ctx);
}

static void on_notify(uv_async_t *async)
{
    struct load *l = async->data;
    struct second second;
    while (!l->failed && board_take_next(l->board, &second))
        l->events.on_second(l->events.ctx, &second);
    if (!l->is_ready && atomic_load(&l->nready) == l->nstarted)
        tell_ready(l);
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
        w->on_ready = on_worker_ready;
        w->on_second = wake;
        w->on_window_closed = on_window_closed;
        w->on_bailout = on_bailout;
        if (bailout_has_limit(&l->spec.bailout))
            w->env.bailout = &l->bailout;
        w->done_ctx = l;
    }
    return 0;
}

static void expect_window_in(struct load *l, int64_t before_ns)
{
    if (before_ns <= 0)
        l->events.on_window(l->events.ctx);
    else
        (void)uv_timer_start(&l->window_timer, on_window_timer, (uint64_t)(before_ns / NS_PER_MS),
                             0);
}

static void expect_window(struct load *l, int64_t now_ns)
{
    const struct load_spec *spec = &l->spec;
    if (spec->start_at_ns == LOAD_START_NOW)
        expect_window_in(l, spec->warmup_ns + load_lead_ns(spec));
    else if (spec->start_at_ns != LOAD_START_TOLD)
        expect_window_in(l, spec->start_at_ns + AFTER_START_NS - now_ns);
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
    int64_t start_ns = clock_now_ns();
    expect_window(l, start_ns);
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

void load_open_at(struct load *l, int64_t at_ns)
{
    if (l->joined)
        return;
    uv_update_time(l->notify.loop);
    expect_window_in(l, at_ns + AFTER_START_NS - clock_now_ns());
    for (int i = 0; i < l->nstarted; i++)
        worker_open_at(&l->workers[i], at_ns);
}

void load_stop(struct load *l)
{
    for (int i = 0; i < l->nstarted && !l->joined; i++)
        worker_stop(&l->workers[i]);
}

bool load_measured(const struct load *l)
{
    for (int i = 0; i < l->nworkers; i++) {
        if (!l->workers[i].measuring)
            return false;
    }
    return true;
}

int64_t load_window_ns(const struct load *l)
{
    int64_t first_ns = INT64_MAX;
    for (int i = 0; i < l->nworkers; i++)
        first_ns = l->workers[i].window_ns < first_ns ? l->workers[i].window_ns : first_ns;
    return first_ns;
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
