#include "runner/block.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/warnings.h"
#include "base/clock.h"
#include "base/mem.h"
#include "runner/block_internal.h"

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
        bool is_short = load_ns > 0 && load_ns / SESSION_SLICES_LEAST < BLOCK_WARMUP_NS;
        plan.warmup_ns = is_short ? load_ns / SESSION_SLICES_LEAST : BLOCK_WARMUP_NS;
    }
    return plan;
}

static void on_signal(void *ctx)
{
    struct block *b = ctx;
    b->out->signal = b->signals.first;
    if (!b->is_ending) { /* one that is ending already is what it is */
        b->out->how = BLOCK_INTERRUPTED;
        (void)err_set(&b->out->err, ERR_INTERRUPTED, "interrupted");
    }
    block_wind_up(b);
}

/* --- the start --- */

static void start_next(struct block *b);

static void on_ready(void *ctx, const struct aim_target *where)
{
    struct block_arm *arm = ctx;
    struct block *b = arm->block;
    size_t number = (size_t)(arm - b->arms);
    if (b->is_ending)
        return;
    if (aim_at_target(&arm->aim, &arm->plan, where, &b->out->err) < 0 ||
        aim_find(&arm->aim, &arm->plan, &b->out->err) < 0 ||
        aim_load(&arm->aim, &arm->plan, &arm->load, &b->out->err) < 0) {
        block_give_up(b, BLOCK_NOT_STARTED, number);
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
        block_wind_up(b);
        return;
    }
    if (problem != NULL) {
        (void)target_problem_err(arm->target, &b->out->err);
        b->out->words = mem_strdup(problem);
    } else {
        (void)err_set(&b->out->err, ERR_INVALID, "its memory exceeded --max-rss");
    }
    block_give_up(b, arm->is_ready ? BLOCK_DIED : BLOCK_NOT_STARTED, (size_t)(arm - b->arms));
}

/* Starts the next server that bench has to start; after the last the loads begin. */
static void start_next(struct block *b)
{
    while (b->step < b->narms && b->arms[b->started[b->step]].plan.url != NULL)
        b->step++;
    if (b->step == b->narms) {
        block_begin_loads(b);
        return;
    }
    size_t number = b->started[b->step];
    struct block_arm *arm = &b->arms[number];
    b->spec->on_place(b->spec->ctx, &(struct block_place){.arm = number});
    arm->target = target_start(&b->loop, &arm->plan,
                               &(struct target_events){arm, on_ready, on_gone}, &b->out->err);
    if (arm->target == NULL)
        block_give_up(b, BLOCK_NOT_STARTED, number);
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
    int64_t replies = accounting_replies(&r->accounting);
    if (replies > 0)
        total->cpu_per_request_us = (m->user_s + m->system_s) * 1e6 / (double)replies;
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
        warnings_judge_client(r);
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
    *out = (struct block_outcome){
        .pilot_latency_ns = MISSING,
        .lengths = {spec->session->slices, spec->session->slice_ns, spec->session->guard_ns}};
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
