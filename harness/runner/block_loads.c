/* The loads of a block, one after the other: the warm-ups, the pilot, the slices. */
#include "base/clock.h"
#include "model/result_sum.h"
#include "runner/block_internal.h"

static int64_t longer(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t shorter(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct block_lengths block_choose_lengths(int64_t latency_ns, int64_t load_ns)
{
    int64_t least_ns = longer(BLOCK_SLICE_NS, BLOCK_SLICE_LATENCIES * latency_ns);
    int64_t all_ns = load_ns > 0 ? load_ns : longer(BLOCK_LOAD_NS, SESSION_SLICES_LEAST * least_ns);
    int64_t slices =
        shorter(longer(all_ns / least_ns, SESSION_SLICES_LEAST), SESSION_SLICES_MOST) / 2 * 2;
    int64_t slice_ns = longer(all_ns / slices, NS_PER_MS);
    return (struct block_lengths){
        .slices = slices,
        .slice_ns = slice_ns,
        .guard_ns = longer(shorter(BLOCK_GUARD_NS, slice_ns), BLOCK_GUARD_LATENCIES * latency_ns),
    };
}

/* Only the least number of slices can be longer than the load asks for: those of a slow server. */
static bool may_be_slices(int64_t load_ns, int64_t latency_most_ns, const struct block_lengths *l)
{
    int64_t all_ns = load_ns > 0 ? load_ns : BLOCK_LOAD_NS;
    if (l->slices < SESSION_SLICES_LEAST || l->slices > SESSION_SLICES_MOST || l->slices % 2 != 0)
        return false;
    if (load_ns > 0 || l->slices > SESSION_SLICES_LEAST)
        return l->slice_ns == longer(all_ns / l->slices, NS_PER_MS);
    return l->slice_ns >= all_ns / l->slices &&
           l->slice_ns <= BLOCK_SLICE_LATENCIES * latency_most_ns;
}

bool block_may_have(enum session_layout layout, int64_t load_ns, int64_t timeout_ns,
                    const struct block_lengths *l)
{
    int64_t latency_most_ns =
        longer(2 * timeout_ns, NS_PER_S); /* a reply on its deadline may count */
    if (l->slice_ns == 0)                 /* nothing was measured yet */
        return l->slices == 0 && l->guard_ns == 0;
    if (!may_be_slices(load_ns, latency_most_ns, l))
        return false;
    if (layout == SESSION_LAYOUT_TRIALS)
        return l->guard_ns == 0;
    int64_t least_ns = shorter(BLOCK_GUARD_NS, l->slice_ns);
    if (load_ns == 0 && l->slices == SESSION_SLICES_LEAST &&
        l->slice_ns > BLOCK_LOAD_NS / SESSION_SLICES_LEAST)
        return l->guard_ns ==
               longer(least_ns, BLOCK_GUARD_LATENCIES * (l->slice_ns / BLOCK_SLICE_LATENCIES));
    return l->guard_ns >= least_ns && l->guard_ns <= BLOCK_GUARD_LATENCIES * latency_most_ns;
}

static void next(struct block *b);

static void on_nothing(void *ctx)
{
    (void)ctx;
}

static void on_second(void *ctx, const struct second *second)
{
    struct block *b = ctx;
    struct second seen = *second;
    if (b->phase != PHASE_SLICES)
        return;
    meter_tell(&b->meter, b->loaded, &seen);
    b->spec->on_second(b->spec->ctx, b->loaded, &seen);
}

static void on_window(void *ctx)
{
    struct block *b = ctx;
    if (b->is_ending)
        return;
    meter_open(&b->meter);
    b->is_measuring = true;
}

/* Whether the server answered the connections that did not hang. If not, the whole machine may have
 * stood still. */
static bool is_served(const struct block *b, const struct accounting *a, int64_t stuck)
{
    const struct plan *plan = &b->arms[b->loaded].plan;
    int64_t others = plan->connections * plan->pipelining - stuck;
    if (plan_is_open_loop(plan))
        return a->completed > 0;
    return a->completed > 0 && a->completed >= others;
}

/* A request that hangs does not time out in a slice, and one that was sent before it is none of its
 * own. What has had no reply for a whole slice and longer, while others had theirs, counts as timed
 * out, or a server that answers half of its requests, and never the others, would show no error. */
static void add_stuck(const struct block *b, struct result *part)
{
    struct accounting *a = &part->accounting;
    int64_t stuck = load_stuck(b->load);
    if (!is_served(b, a, stuck))
        return;
    a->sent += stuck;
    a->timed_out += stuck;
    if (a->due != MISSING)
        a->due += stuck;
    hist_record_n(part->unfinished, b->out->lengths.slice_ns, (uint64_t)stuck);
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
        add_stuck(b, &part);
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

/* A slice that is shorter than the slow requests would not see them end. */
static int64_t latency_of(const struct hist *latency)
{
    return longer(hist_percentile_ns(latency, 0.5), hist_percentile_ns(latency, 0.99) / 2);
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
        b->out->pilot_latency_ns = longer(b->out->pilot_latency_ns, latency_of(r.latency));
        b->pilot_ns = 0; /* for the next arm */
    } else if (!b->is_ending) {
        (void)err_set(&b->out->err, ERR_INVALID, "no request was answered in %.3g s",
                      (double)b->pilot_ns / (double)NS_PER_S);
        block_give_up(b, BLOCK_NOT_STARTED, b->loaded);
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

/* At a rate, each stretch has arrivals of its own, so that all of them together have the rate that
 * was asked for: one of 75 ms holds few, or none. The n-th stretches of all arms have the same. */
static void set_arrivals(struct block *b, size_t arm)
{
    struct rate *rate = &b->arms[arm].aim.rate;
    int64_t turn = (int64_t)((b->step - 1) / b->narms); /* the step is that of the next one */
    int64_t number = ((int64_t)b->spec->number * PHASE_END + b->phase) * SESSION_SLICES_MOST + turn;
    uint64_t seed = (uint64_t)b->arms[arm].plan.seed + (uint64_t)number;
    rate->run.phase = rate->warmup.phase = schedule_spread(number);
    rate->run.seed = rate->warmup.seed = seed;
}

static void load_arm(struct block *b, size_t arm, const struct stretch *stretch)
{
    struct load_spec spec = b->arms[arm].load;
    spec.warmup_ns = stretch->warmup_ns;
    if (stretch->connections > 0)
        spec.connections = (int)stretch->connections;
    spec.warmup_connections = spec.connections;
    if (spec.workers > spec.connections)
        spec.workers = spec.connections;
    spec.duration_ns = stretch->duration_ns;
    set_arrivals(b, arm);
    b->loaded = arm;
    b->load = load_start(&b->loop, &spec,
                         &(struct load_events){.ctx = b,
                                               .on_window = stretch->on_window,
                                               .on_second = on_second,
                                               .on_done = stretch->on_done},
                         &b->out->err);
    if (b->load == NULL)
        block_give_up(b, BLOCK_FAILED, arm);
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
    const struct block_lengths *lengths = &b->out->lengths;
    const struct block_place place = {arm, b->step, b->narms * (size_t)lengths->slices};
    b->spec->on_place(b->spec->ctx, &place);
    load_arm(b, arm,
             &(struct stretch){.warmup_ns = lengths->guard_ns,
                               .duration_ns = lengths->slice_ns,
                               .on_window = on_window,
                               .on_done = on_slice_done});
}

static void begin_slices(struct block *b)
{
    if (b->out->pilot_latency_ns != MISSING)
        b->out->lengths = block_choose_lengths(b->out->pilot_latency_ns, b->spec->load_ns);
    session_slice_order(b->narms, (size_t)b->out->lengths.slices,
                        session_is_mirrored(b->spec->session->seed, b->spec->number), b->order);
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
        return b->narms * (size_t)b->out->lengths.slices;
    default:
        return 0;
    }
}

static void next(struct block *b)
{
    if (b->is_ending) {
        block_wind_up(b);
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
        block_wind_up(b);
}

void block_begin_loads(struct block *b)
{
    b->phase = PHASE_WARMUP;
    b->step = 0;
    next(b);
}
