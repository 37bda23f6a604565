#include "runner/block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/load.h"
#include "model/result_sum.h"
#include "runner/aim.h"
#include "runner/meter.h"
#include "runner/target.h"
#include "runner/trial_signals.h"

struct block;

struct block_arm {
    struct block *block;
    struct plan plan;
    struct aim aim;
    struct load_spec load;
    struct target *target; /* NULL: a URL */
    bool is_ready, is_gone;
};

/* What is loaded now. */
enum phase { PHASE_START, PHASE_WARMUP, PHASE_PILOT, PHASE_SLICES, PHASE_END };

struct block {
    const struct block_spec *spec;
    struct session_side *sides;
    struct block_outcome *out;
    uv_loop_t loop;
    struct trial_signals signals;
    struct block_arm arms[SESSION_ARMS_MAX];
    size_t narms;
    size_t started[SESSION_ARMS_MAX]; /* the order of the starts */
    size_t order[SESSION_ARMS_MAX * SESSION_SLICES];
    enum phase phase;
    size_t step; /* of the phase */
    struct load *load;
    size_t loaded;    /* the arm that is being loaded */
    int64_t pilot_ns; /* of the current try */
    struct meter meter;
    bool is_measuring, is_ending;
};

static int64_t longer(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t shorter(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void block_choose_lengths(int64_t p50_ns, int64_t load_ns, int64_t *slice_ns, int64_t *guard_ns)
{
    *slice_ns = load_ns > 0 ? longer(load_ns / SESSION_SLICES, NS_PER_MS)
                            : longer(BLOCK_SLICE_NS, BLOCK_SLICE_P50 * p50_ns);
    *guard_ns = longer(shorter(BLOCK_GUARD_NS, *slice_ns), BLOCK_GUARD_P50 * p50_ns);
}

struct plan block_plan(const struct arm_plan *arm, const struct session *s, size_t block,
                       size_t number_of_arm, int64_t load_ns)
{
    struct plan plan = arm->options.plan;
    plan.padding_bytes = session_padding(s->seed, block, number_of_arm);
    plan.probe_path = NULL;
    plan.probe_rate_rps = 0;
    plan.drain_ns = 0;
    plan.amount = 0;
    plan.duration_ns = load_ns;
    if (plan.warmup_ns == 0) {
        int64_t slice_ns = load_ns > 0 ? longer(load_ns / SESSION_SLICES, NS_PER_MS) : INT64_MAX;
        plan.warmup_ns = shorter(BLOCK_WARMUP_NS, slice_ns);
    }
    return plan;
}

/* --- the end --- */

static bool is_anything_left(const struct block *b)
{
    bool any = b->load != NULL;
    for (size_t i = 0; i < b->narms; i++)
        any |= b->arms[i].target != NULL && !b->arms[i].is_gone;
    return any;
}

/* Called again when something of the block has ended. */
static void wind_up(struct block *b)
{
    b->is_ending = true;
    if (b->load != NULL) {
        load_stop(b->load);
        return; /* the servers live until nothing is sent to them any more */
    }
    for (size_t i = 0; i < b->narms; i++) {
        if (b->arms[i].target != NULL)
            target_stop(b->arms[i].target);
    }
    if (!is_anything_left(b))
        trial_signals_stop(&b->signals);
}

/* What went wrong first counts. */
static void give_up(struct block *b, enum block_how how, size_t arm)
{
    if (!b->is_ending) {
        b->out->how = how;
        b->out->arm = arm;
    }
    wind_up(b);
}

static void on_signal(void *ctx)
{
    struct block *b = ctx;
    if (!b->is_ending) {
        b->out->how = BLOCK_INTERRUPTED;
        b->out->signal = b->signals.first;
        (void)err_set(&b->out->err, ERR_INTERRUPTED, "interrupted");
    }
    wind_up(b);
}

/* --- the loads, one after the other --- */

static void next(struct block *b);

static void on_nothing(void *ctx)
{
    (void)ctx;
}

static void on_second(void *ctx, const struct second *second)
{
    (void)ctx;
    (void)second;
}

static void on_window(void *ctx)
{
    struct block *b = ctx;
    if (b->is_ending)
        return;
    meter_open(&b->meter);
    b->is_measuring = true;
}

/* The windows are those of the load generator's threads; the readings of the main thread are as
 * near to their ends as it gets. */
static void on_slice_done(void *ctx)
{
    struct block *b = ctx;
    struct result part;
    if (b->is_measuring)
        meter_close(&b->meter, b->loaded);
    b->is_measuring = false;
    if (load_measured(b->load)) {
        result_init(&part);
        load_collect(b->load, &part);
        result_sum_add(&b->sides[b->loaded].result, &part);
        result_fini(&part);
    }
    load_free(b->load);
    b->load = NULL;
    next(b);
}

static void on_warm(void *ctx)
{
    struct block *b = ctx;
    load_free(b->load);
    b->load = NULL;
    next(b);
}

/* Tries again for longer while fewer requests were answered than are kept open. */
static void on_pilot_done(void *ctx)
{
    struct block *b = ctx;
    struct result r;
    result_init(&r);
    if (load_measured(b->load))
        load_collect(b->load, &r);
    load_free(b->load);
    b->load = NULL;
    const struct plan *plan = &b->arms[b->loaded].plan;
    int64_t completed = r.accounting.completed;
    if (completed < plan->connections * plan->pipelining && b->pilot_ns < plan->timeout_ns) {
        b->pilot_ns *= 2;
        b->step--;
    } else if (completed > 0) {
        b->out->pilot_p50_ns = longer(b->out->pilot_p50_ns, hist_percentile_ns(r.latency, 0.5));
        b->pilot_ns = 0; /* for the next arm */
    } else if (!b->is_ending) {
        (void)err_set(&b->out->err, ERR_INVALID, "no request was answered in %.3g s",
                      (double)b->pilot_ns / (double)NS_PER_S);
        give_up(b, BLOCK_NOT_STARTED, b->loaded);
        result_fini(&r);
        return;
    }
    result_fini(&r);
    next(b);
}

struct stretch {
    int64_t warmup_ns, duration_ns;
    int64_t connections; /* 0: all */
    void (*on_window)(void *ctx);
    void (*on_done)(void *ctx);
};

static void load_arm(struct block *b, size_t arm, const struct stretch *stretch)
{
    struct load_spec spec = b->arms[arm].load;
    spec.warmup_ns = stretch->warmup_ns;
    spec.warmup_connections = 0;
    if (stretch->connections > 0)
        spec.connections = (int)stretch->connections;
    if (spec.workers > spec.connections)
        spec.workers = spec.connections;
    spec.duration_ns = stretch->duration_ns;
    b->loaded = arm;
    b->load = load_start(&b->loop, &spec,
                         &(struct load_events){b, stretch->on_window, on_second, stretch->on_done},
                         &b->out->err);
    if (b->load == NULL)
        give_up(b, BLOCK_FAILED, arm);
}

static void warm_up(struct block *b)
{
    size_t arm = b->started[b->step++];
    const struct plan *plan = &b->arms[arm].plan;
    load_arm(b, arm,
             &(struct stretch){.duration_ns = plan->warmup_ns,
                               .connections = plan->warmup_connections,
                               .on_window = on_nothing,
                               .on_done = on_warm});
}

static void fly_pilot(struct block *b)
{
    size_t arm = b->started[b->step++];
    int64_t load_ns = b->spec->load_ns;
    if (b->pilot_ns == 0)
        b->pilot_ns =
            load_ns > 0 ? shorter(BLOCK_PILOT_NS, longer(load_ns, NS_PER_MS)) : BLOCK_PILOT_NS;
    load_arm(b, arm,
             &(struct stretch){
                 .duration_ns = b->pilot_ns, .on_window = on_nothing, .on_done = on_pilot_done});
}

static void load_slice(struct block *b)
{
    size_t arm = b->order[b->step++];
    const struct block_place place = {arm, b->step, b->narms * SESSION_SLICES};
    b->spec->on_place(b->spec->ctx, &place);
    load_arm(b, arm,
             &(struct stretch){.warmup_ns = b->out->guard_ns,
                               .duration_ns = b->out->slice_ns,
                               .on_window = on_window,
                               .on_done = on_slice_done});
}

static void begin_slices(struct block *b)
{
    if (b->out->pilot_p50_ns != MISSING)
        block_choose_lengths(b->out->pilot_p50_ns, b->spec->load_ns, &b->out->slice_ns,
                             &b->out->guard_ns);
    for (size_t i = 0; i < b->narms; i++) {
        if (b->arms[i].target == NULL)
            continue;
        b->meter.arms[i].watch = target_watch(b->arms[i].target);
        watch_open_window(b->meter.arms[i].watch);
    }
}

/* How many steps the phase has. */
static size_t steps_of(const struct block *b, enum phase phase)
{
    switch (phase) {
    case PHASE_WARMUP:
        return b->narms;
    case PHASE_PILOT:
        return b->spec->session->slice_ns > 0 ? 0 : b->narms;
    case PHASE_SLICES:
        return b->narms * SESSION_SLICES;
    default:
        return 0;
    }
}

static void next(struct block *b)
{
    if (b->is_ending) {
        wind_up(b);
        return;
    }
    while (b->phase < PHASE_END && b->step >= steps_of(b, b->phase)) {
        b->phase++;
        b->step = 0;
        if (b->phase == PHASE_SLICES)
            begin_slices(b);
    }
    if (b->phase == PHASE_WARMUP)
        warm_up(b);
    else if (b->phase == PHASE_PILOT)
        fly_pilot(b);
    else if (b->phase == PHASE_SLICES)
        load_slice(b);
    else
        wind_up(b);
}

/* --- the start --- */

static void start_next(struct block *b);

static void on_ready(void *ctx, const char *host, int port)
{
    struct block_arm *arm = ctx;
    struct block *b = arm->block;
    size_t number = (size_t)(arm - b->arms);
    if (b->is_ending)
        return;
    if (aim_at_target(&arm->aim, &arm->plan, host, port, &b->out->err) < 0 ||
        aim_find(&arm->aim, &arm->plan, &b->out->err) < 0 ||
        aim_load(&arm->aim, &arm->plan, &arm->load, &b->out->err) < 0) {
        give_up(b, BLOCK_NOT_STARTED, number);
        return;
    }
    arm->is_ready = true;
    b->step++;
    start_next(b);
}

static void on_gone(void *ctx)
{
    struct block_arm *arm = ctx;
    struct block *b = arm->block;
    const char *problem = target_problem(arm->target);
    arm->is_gone = true;
    if (b->is_ending) {
        wind_up(b);
        return;
    }
    if (problem != NULL) {
        (void)target_problem_err(arm->target, &b->out->err);
        b->out->words = mem_strdup(problem);
    } else {
        (void)err_set(&b->out->err, ERR_INVALID, "its memory exceeded --max-rss");
    }
    give_up(b, arm->is_ready ? BLOCK_DIED : BLOCK_NOT_STARTED, (size_t)(arm - b->arms));
}

/* Starts the next server that bench has to start; after the last the loads begin. */
static void start_next(struct block *b)
{
    while (b->step < b->narms && b->arms[b->started[b->step]].plan.url != NULL)
        b->step++;
    if (b->step == b->narms) {
        b->phase = PHASE_WARMUP;
        b->step = 0;
        next(b);
        return;
    }
    size_t number = b->started[b->step];
    struct block_arm *arm = &b->arms[number];
    b->spec->on_place(b->spec->ctx, &(struct block_place){.arm = number});
    arm->target = target_start(&b->loop, &arm->plan,
                               &(struct target_events){arm, on_ready, on_gone}, &b->out->err);
    if (arm->target == NULL)
        give_up(b, BLOCK_NOT_STARTED, number);
}

/* Before signals are watched: while a connect takes long, one that is held ends it. */
static int connect_urls(struct block *b)
{
    for (size_t i = 0; i < b->narms; i++) {
        struct block_arm *arm = &b->arms[i];
        if (arm->plan.url == NULL)
            continue;
        if (aim_at_url(&arm->aim, &arm->plan, &b->out->err) < 0 ||
            aim_find(&arm->aim, &arm->plan, &b->out->err) < 0 ||
            aim_load(&arm->aim, &arm->plan, &arm->load, &b->out->err) < 0) {
            bool interrupted = b->out->err.kind == ERR_INTERRUPTED;
            b->out->how = interrupted ? BLOCK_INTERRUPTED : BLOCK_NOT_STARTED;
            b->out->arm = i;
            return -1;
        }
        arm->is_ready = true;
    }
    return 0;
}

/* --- the figures --- */

static void collect_server(struct block *b, size_t i)
{
    struct result *r = &b->sides[i].result;
    const struct meter_arm *m = &b->meter.arms[i];
    struct process_cost *total = &r->server.total;
    struct result whole;
    result_init(&whole);
    watch_collect(target_watch(b->arms[i].target), &whole);
    r->has_server = whole.has_server;
    total->rss_peak_bytes = whole.server.total.rss_peak_bytes;
    total->threads_peak = whole.server.total.threads_peak;
    total->cpu_user_s = m->user_s;
    total->cpu_system_s = m->system_s;
    if (r->accounting.completed > 0)
        total->cpu_per_request_us =
            (m->user_s + m->system_s) * 1e6 / (double)r->accounting.completed;
    result_fini(&whole);
    b->out->rss_bytes[i] = total->rss_peak_bytes;
}

static void collect(struct block *b)
{
    for (size_t i = 0; i < b->narms; i++) {
        struct result *r = &b->sides[i].result;
        const struct plan *plan = &b->arms[i].plan;
        r->connections = plan->connections;
        r->pipelining = plan->pipelining;
        r->workers = plan->workers;
        meter_share(&b->meter, i, &b->sides[i].share);
        b->out->idle_cores[i] = meter_idle_median(&b->meter, i);
        if (b->arms[i].target != NULL)
            collect_server(b, i);
    }
}

static void note_second(struct block *b)
{
    if (b->arms[b->out->arm].is_ready)
        return;
    for (size_t i = 0; i < b->narms; i++)
        b->out->is_second |= i != b->out->arm && b->arms[i].target != NULL && b->arms[i].is_ready;
}

static void set_up(struct block *b, const struct block_spec *spec)
{
    const struct session *s = spec->session;
    bool mirrored = session_is_mirrored(s->seed, spec->number);
    b->spec = spec;
    b->narms = s->narms;
    session_slice_order(b->narms, mirrored, b->order);
    meter_init(&b->meter, b->narms);
    for (size_t i = 0; i < b->narms; i++) {
        struct block_arm *arm = &b->arms[i];
        b->started[i] = mirrored ? b->narms - 1 - i : i;
        arm->block = b;
        arm->plan = block_plan(&spec->arms->items[i], s, spec->number, i, spec->load_ns);
        aim_init(&arm->aim);
        b->out->idle_cores[i] = NAN;
        b->out->rss_bytes[i] = MISSING;
        b->sides[i].padding_bytes = arm->plan.url == NULL ? arm->plan.padding_bytes : 0;
    }
}

static void tear_down(struct block *b)
{
    for (size_t i = 0; i < b->narms; i++) {
        target_free(b->arms[i].target);
        aim_fini(&b->arms[i].aim);
    }
    (void)uv_loop_close(&b->loop);
    trial_signals_fini(&b->signals);
}

void block_measure(const struct block_spec *spec, struct session_side *sides,
                   struct block_outcome *out)
{
    struct block b = {.sides = sides, .out = out};
    *out = (struct block_outcome){.pilot_p50_ns = MISSING,
                                  .slice_ns = spec->session->slice_ns,
                                  .guard_ns = spec->session->guard_ns};
    if (uv_loop_init(&b.loop) < 0) {
        out->how = BLOCK_FAILED;
        (void)err_set(&out->err, ERR_USAGE, "no event loop; raise ulimit -n");
        return;
    }
    set_up(&b, spec);
    trial_signals_init(&b.signals, on_signal, &b);
    if (connect_urls(&b) == 0) {
        trial_signals_watch(&b.signals, &b.loop);
        start_next(&b);
        (void)uv_run(&b.loop, UV_RUN_DEFAULT);
    }
    if (out->how == BLOCK_MEASURED)
        collect(&b);
    else if (out->how == BLOCK_NOT_STARTED)
        note_second(&b);
    tear_down(&b);
}

void block_outcome_fini(struct block_outcome *out)
{
    free(out->words);
    out->words = NULL;
}
