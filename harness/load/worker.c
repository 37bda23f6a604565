#include "load/worker.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

#define RETRY_TICK_MS    10
#define GIVE_UP_LEAST_NS (10 * NS_PER_S)

/* Whole milliseconds until then, rounded up. */
static uint64_t ms_until(struct worker *w, int64_t then_ns, int64_t now_ns)
{
    uv_update_time(&w->loop);
    return then_ns <= now_ns ? 0 : (uint64_t)((then_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS);
}

/* Of an open loop. */
static int64_t due_by(const struct worker *w, int64_t now_ns)
{
    return w->open_loop == NULL ? MISSING : open_loop_due(w->open_loop, now_ns);
}

static double spun_s(const struct worker *w)
{
    return w->open_loop == NULL ? 0 : (double)open_loop_spun_ns(w->open_loop) / 1e9;
}

static struct posting_time posting_time_of(const struct worker *w, int64_t now_ns)
{
    return (struct posting_time){
        .now_ns = now_ns, .due = due_by(w, now_ns), .cpu_s = thread_use_cpu_s() - spun_s(w)};
}

static void tell_second(const struct worker *w)
{
    if (w->on_second != NULL)
        w->on_second(w->done_ctx);
}

static void close_timer(uv_timer_t *timer)
{
    uv_close((uv_handle_t *)timer, NULL);
}

static void close_handles(struct worker *w)
{
    close_timer(&w->phase_timer);
    close_timer(&w->second_timer);
    close_timer(&w->deadline_timer);
    close_timer(&w->retry_timer);
    pauses_close(&w->env.pauses);
    if (w->open_loop != NULL)
        open_loop_close(w->open_loop);
    uv_close((uv_handle_t *)&w->wake, NULL);
}

/* The end of an open loop is that of its schedule, and not when the timer rang. */
static int64_t end_of_window(const struct worker *w, int64_t now_ns)
{
    int64_t end_ns = w->env.window_ns + w->spec->duration_ns;
    bool is_over = w->open_loop != NULL && w->spec->duration_ns > 0 && end_ns < now_ns;
    return is_over ? end_ns : now_ns;
}

static void end_run(struct worker *w, int64_t now_ns)
{
    if (w->env.ending)
        return;
    w->env.ending = true;
    w->end_ns = end_of_window(w, now_ns);
    w->measuring = w->measuring && now_ns >= w->env.window_ns; /* it may have been opened early */
    if (w->measuring) {
        w->used = thread_use_since(&w->used_before);
        w->spun_s = spun_s(w);
        w->stuck = conn_env_count_open(&w->env, now_ns);
        if (w->open_loop != NULL)
            open_loop_finish(w->open_loop, w->end_ns);
        const struct posting_time at = posting_time_of(w, w->end_ns);
        if (posting_rest(&w->posting, &w->env.tally, &at))
            tell_second(w);
    }
    for (int i = 0; i < w->nconns; i++) {
        w->open_at_end += w->conns[i].state == CONN_OPEN;
        conn_shut(&w->conns[i]);
    }
    close_handles(w);
}

/* libuv counts whole milliseconds, and may be early by a part of one. */
static void on_end(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    int64_t now_ns = clock_now_ns();
    if (now_ns < w->planned_end_ns)
        (void)uv_timer_start(timer, on_end, ms_until(w, w->planned_end_ns, now_ns), 0);
    else
        end_run(w, now_ns);
}

static void on_wake(uv_async_t *async)
{
    struct worker *w = async->data;
    if (atomic_load(&w->stop))
        end_run(w, clock_now_ns());
}

static void on_second_timer(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    int64_t now_ns = clock_now_ns();
    const struct load_spec *spec = w->spec;
    if (spec->duration_ns > 0 && w->env.window_ns + spec->duration_ns - now_ns < POSTING_LEAST_NS)
        return; /* the end posts it, so that it leaves no sliver of a second behind */
    const struct posting_time at = posting_time_of(w, now_ns);
    posting_second(&w->posting, &w->env.tally, &at);
    tell_second(w);
    int64_t next_ns = w->env.window_ns + (int64_t)(w->posting.count + 1) * NS_PER_S;
    (void)uv_timer_start(timer, on_second_timer, ms_until(w, next_ns, now_ns), 0);
}

static void connect_first(struct worker *w, int count)
{
    int64_t own = load_share(count, w->spec->workers, w->index);
    int64_t now_ns = clock_now_ns();
    if (w->open_loop != NULL) {
        open_loop_connect(w->open_loop, (int)own, now_ns);
        return;
    }
    for (int i = 0; i < w->nconns && i < own; i++) {
        if (w->conns[i].state == CONN_IDLE)
            conn_connect(&w->conns[i], now_ns);
    }
}

static void reset_conns(struct worker *w)
{
    for (int i = 0; i < w->nconns; i++) {
        struct conn *c = &w->conns[i];
        c->completed = 0;
        if (c->state == CONN_IDLE)
            c->connect_ns = 0; /* so far, the window has not needed it */
        w->env.tally.counts.connected += c->state == CONN_OPEN;
    }
}

/* Requests that are due from here on count. Connections stay open with the requests on them, which
 * do not count. */
static void open_window(struct worker *w, int64_t window_ns)
{
    const struct load_spec *spec = w->spec;
    int64_t now_ns = clock_now_ns();
    int64_t early = w->env.tally.counts.sent;
    int64_t end_ns = spec->duration_ns > 0 ? window_ns + spec->duration_ns : INT64_MAX;
    tally_reset(&w->env.tally);
    w->env.tally.counts.warmup_discarded = early;
    w->measuring = true;
    w->env.window_ns = window_ns;
    w->used_before = thread_use_now();
    posting_begin(&w->posting, window_ns, w->used_before.cpu_s - spun_s(w));
    w->env.quota =
        spec->amount == 0 ? INT64_MAX : load_share(spec->amount, spec->workers, w->index);
    (void)uv_timer_start(&w->second_timer, on_second_timer,
                         ms_until(w, window_ns + NS_PER_S, now_ns), 0);
    /* A thread whose share of an amount is nothing has nothing to wait for. */
    w->planned_end_ns = w->env.quota == 0 ? window_ns : end_ns;
    if (w->planned_end_ns != INT64_MAX)
        (void)uv_timer_start(&w->phase_timer, on_end, ms_until(w, w->planned_end_ns, now_ns), 0);
    reset_conns(w);
    connect_first(w, spec->connections);
    if (w->open_loop != NULL)
        open_loop_start(w->open_loop, spec->schedule, window_ns, end_ns);
}

/* The threads of an open loop have one schedule, which begins at a time that is still to come. */
static void on_window(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    int64_t planned_ns = w->start_ns + w->spec->warmup_ns + load_lead_ns(w->spec);
    open_window(w, w->open_loop != NULL ? planned_ns : clock_now_ns());
}

static void on_deadline(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    int64_t now_ns = clock_now_ns();
    for (;;) {
        struct deadline *expired = deadlines_expired(&w->env.deadlines, now_ns);
        if (w->env.ending || expired == NULL)
            break;
        conn_expire((struct slot *)expired, now_ns);
    }
    if (w->env.ending)
        return;
    /* What is opened from now on times out after the oldest, so one timer is enough. */
    const struct deadline *oldest = deadlines_oldest(&w->env.deadlines);
    int64_t next_ns = (oldest != NULL ? oldest->since_ns : now_ns) + w->spec->timeout_ns;
    (void)uv_timer_start(timer, on_deadline, ms_until(w, next_ns, now_ns), 0);
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

static void on_retry(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    int64_t now_ns = clock_now_ns();
    struct conn *c = w->waiting;
    w->waiting = NULL;
    while (c != NULL) {
        struct conn *next = c->next_waiting;
        if (c->retry_ns <= now_ns) {
            conn_retry(c, now_ns);
        } else {
            c->next_waiting = w->waiting;
            w->waiting = c;
        }
        c = next;
    }
    check_hopeless(w, now_ns);
    if (!w->env.ending && w->waiting == NULL)
        (void)uv_timer_stop(timer);
}

static void on_retry_later(void *ctx, struct conn *c)
{
    struct worker *w = ctx;
    c->next_waiting = w->waiting;
    w->waiting = c;
    if (!uv_is_active((const uv_handle_t *)&w->retry_timer))
        (void)uv_timer_start(&w->retry_timer, on_retry, RETRY_TICK_MS, RETRY_TICK_MS);
}

static void on_quota_done(void *ctx, int64_t now_ns)
{
    end_run(ctx, now_ns);
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
        conn_init(&w->conns[i], &w->env, (uint32_t)(i * w->spec->workers + w->index),
                  w->spec->http2 ? NULL : w->slots + (size_t)i * pipelining);
}

static void init_pauses(struct worker *w)
{
    w->env.pauses.on_over = conn_resume;
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
    init_timer(w, &w->retry_timer);
    init_pauses(w);
    return 0;
}

int worker_init(struct worker *w, int index, const struct load_spec *spec, struct board *board,
                struct err *err)
{
    *w = (struct worker){.spec = spec, .index = index};
    posting_init(&w->posting, board, index);
    if (init_env(w, err) < 0)
        return -1;
    init_conns(w);
    if (init_loop(w, err) < 0)
        return -1;
    if (spec->schedule == NULL)
        return 0;
    w->open_loop = open_loop_new(&w->env, w->conns, w->nconns, err);
    return w->open_loop == NULL ? -1 : 0;
}

/* A thread that ran has closed the handles; a loop with open handles cannot be closed. */
static void fini_loop(struct worker *w)
{
    if (!w->env.ending) {
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
    for (int i = 0; i < w->nconns; i++)
        conn_fini(&w->conns[i]);
    pauses_fini(&w->env.pauses);
    free(w->conns);
    free(w->slots);
    conn_env_fini(&w->env);
    posting_fini(&w->posting);
}

static void warm_up(struct worker *w, int64_t now_ns)
{
    const struct load_spec *spec = w->spec;
    int64_t end_ns = w->start_ns + spec->warmup_ns;
    (void)uv_timer_start(&w->phase_timer, on_window, ms_until(w, end_ns, now_ns), 0);
    connect_first(w, spec->warmup_connections > 0 ? spec->warmup_connections : spec->connections);
    if (w->open_loop != NULL)
        open_loop_start(w->open_loop, spec->warmup_schedule, w->start_ns, end_ns);
}

void worker_run(void *worker)
{
    struct worker *w = worker;
    const struct load_spec *spec = w->spec;
    int64_t now_ns = clock_now_ns();
    w->env.last_reply_ns = now_ns;
    (void)uv_timer_start(&w->deadline_timer, on_deadline,
                         ms_until(w, now_ns + spec->timeout_ns, now_ns), 0);
    if (spec->warmup_ns > 0)
        warm_up(w, now_ns);
    else
        open_window(w, w->start_ns + load_lead_ns(spec));
    (void)uv_run(&w->loop, UV_RUN_DEFAULT);
    board_leave(w->posting.board, w->index);
    w->on_done(w->done_ctx);
}

void worker_stop(struct worker *w)
{
    atomic_store(&w->stop, true);
    (void)uv_async_send(&w->wake);
}
