#include "base/clock.h"
#include "load/worker_internal.h"

#define READY_LOOK_MS 5 /* between two looks at whether all connections were tried */

/* --- a closed loop that waits with open connections --- */

static void hold(struct worker *w)
{
    for (int i = 0; i < w->nconns && w->open_loop == NULL; i++) {
        w->conns[i].is_paused = true;
        w->conns[i].pause = PAUSE_HELD;
    }
}

/* --- the window, as soon as it can be opened --- */

/* The threads of an open loop have one schedule, which begins at a time that is still to come. */
static void on_window(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    int64_t planned_ns = w->start_ns + w->spec->warmup_ns + load_lead_ns(w->spec);
    w->begin(w, w->open_loop != NULL ? planned_ns : clock_now_ns());
}

/* All of it is counted, apart from what is measured. */
static void warm_up(struct worker *w, int64_t end_ns)
{
    w->env.window_ns = w->warm_ns;
    w->bailout = w->env.bailout;
    w->env.bailout = NULL;
    worker_connect_first(w, w->spec->warmup_connections);
    worker_release(w, w->spec->warmup_connections);
    if (w->open_loop != NULL)
        open_loop_start(w->open_loop, w->spec->warmup_schedule, w->warm_ns, end_ns);
}

static void start_now(struct worker *w, int64_t now_ns)
{
    const struct load_spec *spec = w->spec;
    int64_t end_ns = w->start_ns + spec->warmup_ns;
    if (spec->warmup_ns == 0) {
        w->begin(w, w->start_ns + load_lead_ns(spec));
        return;
    }
    (void)uv_timer_start(&w->phase_timer, on_window, worker_ms_until(w, end_ns, now_ns), 0);
    w->warm_ns = w->start_ns;
    warm_up(w, end_ns);
}

/* --- the window at a time --- */

/* The timer of libuv counts milliseconds. This is one arrival, at the start of its schedule. */
static void on_start(void *ctx, int64_t now_ns)
{
    struct worker *w = ctx;
    w->begin(w, now_ns);
}

static void on_lead(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    w->begin(w, w->at_ns);
}

/* Arrivals of an open loop have a timer of their own, so its window can be opened before it is
 * time. */
static void open_at(struct worker *w, int64_t at_ns, int64_t now_ns)
{
    static const struct schedule_stage stage = {NS_PER_S, 1, 1};
    static const struct schedule once = {.stages = &stage, .nstages = 1};
    int64_t lead_ns = load_lead_ns(w->spec);
    w->at_ns = at_ns;
    if (w->open_loop == NULL)
        pacer_start(&w->starter, &once, at_ns, INT64_MAX, 1);
    else
        (void)uv_timer_start(&w->phase_timer, on_lead, worker_ms_until(w, at_ns - lead_ns, now_ns),
                             0);
}

/* Not those whose first attempt goes on. */
static bool was_tried(const struct conn *c)
{
    bool is_opening = c->state == CONN_CONNECTING || c->state == CONN_WAITING;
    return !is_opening || c->last_backoff_ns > 0;
}

static bool is_ready(const struct worker *w, int64_t now_ns)
{
    for (int i = 0; i < w->nconns; i++) {
        if (!was_tried(&w->conns[i]))
            return false;
    }
    return now_ns >= w->warm_ns + w->spec->warmup_ns;
}

static void on_look(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    if (!is_ready(w, clock_now_ns()))
        return;
    (void)uv_timer_stop(timer);
    w->on_ready(w->done_ctx);
}

static void on_warm(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    const struct load_spec *spec = w->spec;
    bool is_told = spec->start_at_ns == LOAD_START_TOLD;
    w->warm_ns = clock_now_ns();
    if (is_told)
        (void)uv_timer_start(timer, on_look, READY_LOOK_MS, READY_LOOK_MS);
    else if (w->open_loop != NULL)
        open_at(w, spec->start_at_ns, w->warm_ns);
    if (spec->warmup_ns > 0)
        warm_up(w, is_told ? INT64_MAX : spec->start_at_ns - load_lead_ns(spec));
}

static void start_at(struct worker *w, int64_t now_ns)
{
    const struct load_spec *spec = w->spec;
    bool is_told = spec->start_at_ns == LOAD_START_TOLD;
    int64_t warm_ns = spec->start_at_ns - load_lead_ns(spec) - spec->warmup_ns;
    /* Of an open loop, a connection that is open has its part of the warm-up. */
    bool has_fewer = w->open_loop != NULL && spec->warmup_ns > 0;
    hold(w);
    worker_connect_first(w, has_fewer ? spec->warmup_connections : spec->connections);
    if (!is_told && (w->open_loop == NULL || spec->warmup_ns == 0))
        open_at(w, spec->start_at_ns, now_ns);
    if (is_told || spec->warmup_ns > 0)
        (void)uv_timer_start(&w->phase_timer, on_warm,
                             is_told ? 0 : worker_ms_until(w, warm_ns, now_ns), 0);
}

void worker_told(struct worker *w)
{
    int64_t at_ns = atomic_load(&w->told_ns);
    if (at_ns != 0 && w->at_ns == 0 && !w->env.ending)
        open_at(w, at_ns, clock_now_ns());
}

void worker_start(struct worker *w, int64_t now_ns)
{
    if (w->spec->start_at_ns == LOAD_START_NOW)
        start_now(w, now_ns);
    else
        start_at(w, now_ns);
}

int worker_start_init(struct worker *w, struct err *err)
{
    if (w->spec->start_at_ns == LOAD_START_NOW || w->spec->schedule != NULL)
        return 0;
    w->starter = (struct pacer){.threads = 1, .on_due = on_start, .ctx = w};
    w->has_starter = pacer_init(&w->starter, &w->loop, err) == 0;
    return w->has_starter ? 0 : -1;
}
