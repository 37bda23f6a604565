#include "base/clock.h"
#include "load/visit.h"
#include "load/worker_internal.h"

/* Whole milliseconds until then, rounded up. */
uint64_t worker_ms_until(struct worker *w, int64_t then_ns, int64_t now_ns)
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

/* The end of an open loop is that of its schedule, and not when the timer rang. */
static int64_t end_of_window(const struct worker *w, int64_t now_ns)
{
    int64_t end_ns = w->env.window_ns + w->spec->duration_ns;
    bool is_over = w->open_loop != NULL && w->spec->duration_ns > 0 && end_ns < now_ns;
    return is_over ? end_ns : now_ns;
}

static void count_rest(struct worker *w, int64_t now_ns)
{
    w->used = thread_use_since(&w->used_before);
    w->spun_s = spun_s(w);
    w->stuck = conn_env_count_open(&w->env, now_ns);
    if (w->open_loop != NULL)
        open_loop_finish(w->open_loop, w->end_ns);
    const struct posting_time at = posting_time_of(w, w->end_ns);
    if (posting_rest(&w->posting, &w->env.tally, &at))
        tell_second(w);
}

/* From here on nothing is in the window, so that requests which are open now can end as they like.
 */
void worker_close_window(struct worker *w, int64_t now_ns)
{
    struct conn_env *env = &w->env;
    if (env->ending)
        return;
    env->ending = true;
    w->end_ns = end_of_window(w, now_ns);
    w->measuring = w->measuring && now_ns >= env->window_ns; /* it may have been opened early */
    if (w->measuring)
        count_rest(w, now_ns);
    for (int i = 0; i < w->nconns; i++)
        w->open_at_end += w->conns[i].state == CONN_OPEN;
    w->counted = env->tally.counts;
    env->after_ns = env->window_ns;
    env->window_ns = INT64_MAX;
    env->quota = 0;
    (void)uv_timer_stop(&w->second_timer);
    (void)uv_timer_stop(&w->phase_timer);
    retries_stop(&w->retries);
    w->on_window_closed(w->done_ctx);
}

static void on_second_timer(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    int64_t now_ns = clock_now_ns();
    const struct load_spec *spec = w->spec;
    int64_t left_ns = w->window_ns + spec->duration_ns - now_ns;
    if (spec->duration_ns > 0 && left_ns < w->posting.least_ns)
        return; /* the end posts it, so that it leaves no sliver of a second behind */
    const struct posting_time at = posting_time_of(w, now_ns);
    posting_second(&w->posting, &w->env.tally, &at);
    tell_second(w);
    int64_t next_ns = w->window_ns + (int64_t)(w->posting.count + 1) * spec->sample_ns;
    (void)uv_timer_start(timer, on_second_timer, worker_ms_until(w, next_ns, now_ns), 0);
}

void worker_connect_first(struct worker *w, int count)
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

void worker_release(struct worker *w, int count)
{
    int64_t own = load_share(count, w->spec->workers, w->index);
    int64_t now_ns = clock_now_ns();
    for (int i = 0; i < w->nconns && i < own; i++) {
        struct conn *c = &w->conns[i];
        if (!c->is_paused || c->pause != PAUSE_HELD)
            continue;
        c->is_paused = false;
        visit_resume(c, now_ns);
    }
}

static void reset_conns(struct worker *w)
{
    const struct load_spec *spec = w->spec;
    for (int i = 0; i < w->nconns; i++) {
        struct conn *c = &w->conns[i];
        c->completed = 0;
        conn_begin_amount(c, spec->connection_amount);
        if (c->state == CONN_IDLE)
            c->connect_ns = 0; /* so far, the window has not needed it */
    }
}

static int64_t count_connected(const struct worker *w)
{
    int64_t connected = 0;
    for (int i = 0; i < w->nconns; i++)
        connected += w->conns[i].state == CONN_OPEN;
    return connected;
}

/* INT64_MAX: as many as there is time for. */
static int64_t quota_of(const struct worker *w)
{
    const struct load_spec *spec = w->spec;
    if (spec->amount > 0)
        return load_share(spec->amount, spec->workers, w->index);
    return spec->connection_amount > 0 ? spec->connection_amount * w->nconns : INT64_MAX;
}

/* What was counted so far is that of the warm-up. */
static void end_warmup(struct worker *w)
{
    struct tally counted = w->env.tally;
    w->env.tally = w->warmup;
    w->env.tally.tls = counted.tls; /* its connections go on */
    w->warmup = counted;
    w->env.bailout = w->bailout;
}

/* Requests that are due from here on count. Connections stay open with the requests on them, which
 * do not count. */
void worker_open_window(struct worker *w, int64_t window_ns)
{
    const struct load_spec *spec = w->spec;
    int64_t now_ns = clock_now_ns();
    int64_t early = w->env.tally.counts.sent;
    int64_t end_ns = spec->duration_ns > 0 ? window_ns + spec->duration_ns : INT64_MAX;
    if (spec->warmup_ns > 0)
        end_warmup(w);
    /* Without a warm-up, what was opened to begin at a time was opened for the window. */
    if (spec->warmup_ns > 0 || spec->start_at_ns == LOAD_START_NOW) {
        tally_reset(&w->env.tally);
        w->env.tally.counts.connected = count_connected(w);
    }
    w->env.tally.counts.warmup_discarded = early;
    w->env.last_reply_ns = w->env.last_reply_ns > window_ns ? w->env.last_reply_ns : window_ns;
    w->measuring = true;
    w->env.window_ns = w->window_ns = window_ns;
    w->used_before = thread_use_now();
    posting_begin(&w->posting, window_ns, w->used_before.cpu_s - spun_s(w));
    w->env.quota = quota_of(w);
    (void)uv_timer_start(&w->second_timer, on_second_timer,
                         worker_ms_until(w, window_ns + spec->sample_ns, now_ns), 0);
    /* A thread whose share of an amount is nothing has nothing to wait for. */
    w->planned_end_ns = w->env.quota == 0 ? window_ns : end_ns;
    reset_conns(w);
    worker_connect_first(w, spec->connections);
    worker_release(w, spec->connections);
    if (w->open_loop != NULL)
        open_loop_start(w->open_loop, spec->schedule, window_ns, end_ns);
}
