#include "load/worker.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/visit.h"
#include "load/worker_internal.h"

#define GIVE_UP_LEAST_NS (10 * NS_PER_S)

static void close_handles(struct worker *w)
{
    uv_close((uv_handle_t *)&w->phase_timer, NULL);
    uv_close((uv_handle_t *)&w->second_timer, NULL);
    uv_close((uv_handle_t *)&w->deadline_timer, NULL);
    retries_close(&w->retries);
    pauses_close(&w->env.pauses);
    if (w->open_loop != NULL)
        open_loop_close(w->open_loop);
    if (w->has_starter)
        pacer_close(&w->starter);
    uv_close((uv_handle_t *)&w->wake, NULL);
}

/* What came after the window is in no count of it. */
static void shut_down(struct worker *w)
{
    struct tally *t = &w->env.tally;
    w->is_over = true;
    t->counts = w->counted;
    if (w->spec->wait_open_ns > 0)
        t->counts.completed_after_end =
            (int64_t)(hist_count(t->after_end) + hist_over(t->after_end));
    for (int i = 0; i < w->nconns; i++)
        conn_shut(&w->conns[i]);
    close_handles(w);
}

static void on_waited(uv_timer_t *timer)
{
    shut_down(timer->data);
}

/* Lets open requests finish; a connection without one is of no use any more. */
static void wait_for_open(struct worker *w, int64_t now_ns)
{
    for (int i = 0; i < w->nconns; i++) {
        if (w->conns[i].open == 0)
            conn_shut(&w->conns[i]);
    }
    (void)uv_timer_start(&w->phase_timer, on_waited,
                         worker_ms_until(w, w->end_ns + w->spec->wait_open_ns, now_ns), 0);
}

/* The window ends, or what came after it. */
static void end_run(struct worker *w, int64_t now_ns)
{
    bool is_first = !w->env.ending;
    if (w->is_over)
        return;
    worker_close_window(w, now_ns);
    if (is_first && w->measuring && w->spec->wait_open_ns > 0 && w->env.pending > 0 &&
        !atomic_load(&w->stop))
        wait_for_open(w, now_ns);
    else
        shut_down(w);
}

/* libuv counts whole milliseconds, and may be early by a part of one. */
static void on_end(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    int64_t now_ns = clock_now_ns();
    if (now_ns < w->planned_end_ns)
        (void)uv_timer_start(timer, on_end, worker_ms_until(w, w->planned_end_ns, now_ns), 0);
    else
        end_run(w, now_ns);
}

static void on_wake(uv_async_t *async)
{
    struct worker *w = async->data;
    if (atomic_load(&w->stop))
        end_run(w, clock_now_ns());
    else
        worker_told(w);
}

static void begin(struct worker *w, int64_t window_ns)
{
    int64_t now_ns = clock_now_ns();
    worker_open_window(w, window_ns);
    if (w->planned_end_ns != INT64_MAX)
        (void)uv_timer_start(&w->phase_timer, on_end, worker_ms_until(w, w->planned_end_ns, now_ns),
                             0);
}

static void on_deadline(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    int64_t now_ns = clock_now_ns();
    for (;;) {
        struct deadline *expired = deadlines_expired(&w->env.deadlines, now_ns);
        if (w->is_over || expired == NULL)
            break;
        conn_expire((struct slot *)expired, now_ns);
    }
    if (w->is_over)
        return;
    /* What is opened from now on times out after the oldest, so one timer is enough. */
    const struct deadline *oldest = deadlines_oldest(&w->env.deadlines);
    int64_t next_ns = (oldest != NULL ? oldest->since_ns : now_ns) + w->spec->timeout_ns;
    (void)uv_timer_start(timer, on_deadline, worker_ms_until(w, next_ns, now_ns), 0);
}

/* Since when a reply is owed: in an open loop none may be due for long. */
static int64_t owed_since_ns(const struct worker *w)
{
    int64_t since_ns = w->env.last_reply_ns;
    if (since_ns < w->env.pauses.thought_ns)
        since_ns = w->env.pauses.thought_ns;
    if (w->open_loop == NULL)
        return since_ns;
    const struct deadline *oldest = deadlines_oldest(&w->env.deadlines);
    bool is_request = w->env.pending > 0 && oldest != NULL;
    int64_t owed_ns = is_request ? oldest->since_ns : open_loop_oldest_ns(w->open_loop);
    return owed_ns > since_ns ? owed_ns : since_ns;
}

/* Ends a run with -a and without -d when the server no longer replies: nothing else would. A
 * warm-up has its own end. */
static void check_hopeless(struct worker *w, int64_t now_ns)
{
    int64_t patience_ns = 2 * w->spec->timeout_ns;
    if (patience_ns < GIVE_UP_LEAST_NS)
        patience_ns = GIVE_UP_LEAST_NS;
    if (!w->measuring || w->spec->duration_ns > 0 || w->env.pauses.thinking > 0 ||
        now_ns - owed_since_ns(w) < patience_ns)
        return;
    w->gave_up = true;
    end_run(w, now_ns);
}

/* Requests of which none can be sent end no better. */
static void on_woken(void *worker, int64_t now_ns)
{
    check_hopeless(worker, now_ns);
}

static void on_retry_tick(void *worker, int64_t now_ns)
{
    check_hopeless(worker, now_ns);
}

static void on_retry_later(void *ctx, struct conn *c)
{
    struct worker *w = ctx;
    retries_add(&w->retries, c);
}

static void on_quota_done(void *ctx, int64_t now_ns)
{
    end_run(ctx, now_ns);
}

/* Called where a conn is in the middle of something: the window ends now, and the connections are
 * closed when the loop comes to it. */
static void on_bailout(void *ctx, int64_t now_ns)
{
    struct worker *w = ctx;
    worker_close_window(w, now_ns);
    w->on_bailout(w->done_ctx);
}

static void init_timer(struct worker *w, uv_timer_t *timer)
{
    (void)uv_timer_init(&w->loop, timer);
    timer->data = w;
}

static int init_env(struct worker *w, struct err *err)
{
    struct conn_env *env = &w->env;
    *env = (struct conn_env){.loop = &w->loop,
                             .spec = w->spec,
                             .thread = w->index,
                             .on_retry_later = on_retry_later,
                             .on_quota_done = on_quota_done,
                             .on_bailout = on_bailout,
                             .ctx = w};
    return conn_env_init(env, err);
}

static void init_conns(struct worker *w)
{
    size_t pipelining = (size_t)w->spec->pipelining;
    int connections = w->spec->schedule == NULL ? w->spec->connections : w->spec->max_connections;
    w->nconns = (int)load_share(connections, w->spec->workers, w->index);
    w->conns = mem_array((size_t)w->nconns, sizeof *w->conns);
    if (!w->spec->http2)
        w->slots = mem_array((size_t)w->nconns * pipelining, sizeof *w->slots);
    for (int i = 0; i < w->nconns; i++)
        conn_init(&w->conns[i], &w->env,
                  (uint32_t)(w->spec->part.first_connection + i * w->spec->workers + w->index),
                  w->spec->http2 ? NULL : w->slots + (size_t)i * pipelining);
}

static void init_pauses(struct worker *w)
{
    w->env.pauses.on_over = visit_resume;
    w->env.pauses.on_woken = on_woken;
    w->env.pauses.ctx = w;
    pauses_init(&w->env.pauses, &w->loop, w->spec->nlists > 0 ? (size_t)w->nconns : 0);
}

/* Once the loop has its descriptors, initialising the handles cannot fail. */
static int init_loop(struct worker *w, struct err *err)
{
    int error = uv_loop_init(&w->loop);
    if (error < 0)
        return err_set(err, ERR_USAGE,
                       "cannot make the event loop of worker thread %d: %s; raise ulimit -n, or "
                       "use fewer with -w",
                       w->index + 1, uv_strerror(error));
    w->has_loop = true;
    (void)uv_async_init(&w->loop, &w->wake, on_wake);
    w->wake.data = w;
    init_timer(w, &w->phase_timer);
    init_timer(w, &w->second_timer);
    init_timer(w, &w->deadline_timer);
    w->retries = (struct retries){.on_tick = on_retry_tick, .ctx = w};
    retries_init(&w->retries, &w->loop);
    init_pauses(w);
    return 0;
}

int worker_init(struct worker *w, int index, const struct load_spec *spec, struct board *board,
                struct err *err)
{
    *w = (struct worker){.spec = spec, .index = index, .begin = begin};
    if (spec->warmup_ns > 0)
        tally_init(&w->warmup, spec->nnames);
    posting_init(&w->posting, board, index, spec->sample_ns / POSTING_LEAST_PART);
    if (init_env(w, err) < 0)
        return -1;
    init_conns(w);
    if (init_loop(w, err) < 0 || worker_start_init(w, err) < 0)
        return -1;
    if (spec->schedule == NULL)
        return 0;
    w->open_loop = open_loop_new(&w->env, w->conns, w->nconns, err);
    return w->open_loop == NULL ? -1 : 0;
}

/* A thread that ran has closed the handles; a loop with open handles cannot be closed. */
static void fini_loop(struct worker *w)
{
    if (!w->is_over) {
        close_handles(w);
        (void)uv_run(&w->loop, UV_RUN_DEFAULT);
    }
    (void)uv_loop_close(&w->loop);
}

void worker_fini(struct worker *w)
{
    if (w->has_loop)
        fini_loop(w);
    open_loop_free(w->open_loop);
    if (w->has_starter)
        pacer_fini(&w->starter);
    for (int i = 0; i < w->nconns; i++)
        conn_fini(&w->conns[i]);
    pauses_fini(&w->env.pauses);
    free(w->conns);
    free(w->slots);
    conn_env_fini(&w->env);
    tally_fini(&w->warmup);
    posting_fini(&w->posting);
}

void worker_run(void *worker)
{
    struct worker *w = worker;
    const struct load_spec *spec = w->spec;
    int64_t now_ns = clock_now_ns();
    w->env.last_reply_ns = now_ns;
    (void)uv_timer_start(&w->deadline_timer, on_deadline,
                         worker_ms_until(w, now_ns + spec->timeout_ns, now_ns), 0);
    worker_start(w, now_ns);
    (void)uv_run(&w->loop, UV_RUN_DEFAULT);
    board_leave(w->posting.board, w->index);
    w->on_done(w->done_ctx);
}

void worker_open_at(struct worker *w, int64_t at_ns)
{
    atomic_store(&w->told_ns, at_ns);
    (void)uv_async_send(&w->wake);
}

void worker_stop(struct worker *w)
{
    atomic_store(&w->stop, true);
    (void)uv_async_send(&w->wake);
}
