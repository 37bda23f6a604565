#include "cli/sweeping_internal.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/live.h"
#include "runner/rounds.h"
#include "store/sweep_file.h"

typedef void save_fn(struct saving *s, const struct document *d);

static void save(struct sweeping *w, save_fn *how)
{
    const struct document d = sweep_document(&w->sweep);
    w->sweep.comparison.finished_wall_ms = clock_wall_ms();
    how(&w->saving, &d);
}

static void on_trial(void *sweeping)
{
    struct sweeping *w = sweeping;
    w->ntrials++;
    save(w, saving_step);
}

/* All trials that have not been made yet, in the order that the seed gives them. */
static size_t missing_trials(const struct sweeping *w, struct trial_ref **out)
{
    const struct comparison *c = &w->sweep.comparison;
    size_t count = c->narms * (size_t)c->rounds;
    size_t missing = 0;
    struct trial_ref *order = mem_array(count, sizeof *order);
    comparison_order(c->seed + w->sweep.npoints, c->narms, c->rounds, order);
    for (size_t i = 0; i < count; i++) {
        const struct arm *arm = &c->arms[order[i].arm];
        if (order[i].round > (int64_t)(arm->nresults + arm->nproblems))
            order[missing++] = order[i];
    }
    *out = order;
    return missing;
}

/* A trial that was cut short says nothing of its point: it is made again when the sweep goes on. */
static void drop_cut_trial(struct comparison *c)
{
    if (c->ntrials == 0)
        return;
    const struct arm *arm = &c->arms[c->trials[c->ntrials - 1].arm];
    if (arm->nresults > 0 && arm->results[arm->nresults - 1].interrupted)
        comparison_drop_last(c);
}

static int run_missing(struct sweeping *w, const struct signals *signals)
{
    struct comparison *c = &w->sweep.comparison;
    struct trial_ref *order = NULL;
    struct live live;
    const struct rounds_view view = live_rounds(&live);
    size_t norder = missing_trials(w, &order);
    const struct arm_plan **plans = mem_array(c->narms, sizeof(struct arm_plan *));
    for (size_t i = 0; i < c->narms; i++)
        plans[i] = &sweep_place_arms(w->places[i / w->sweep.narms])->items[i % w->sweep.narms];
    c->trials = mem_grow(c->trials, c->ntrials + norder + 1, sizeof *c->trials);
    int signal = rounds_run(&(struct rounds){.arms = plans,
                                             .order = order,
                                             .norder = norder,
                                             .repeats_disturbed = w->options->repeat,
                                             .signals = signals,
                                             .view = &view,
                                             .on_trial = on_trial,
                                             .ctx = w,
                                             .comparison = c});
    if (signal != 0)
        drop_cut_trial(c);
    c->interrupted = signal != 0;
    free(plans);
    free(order);
    return signal;
}

static bool has_time_for(struct sweeping *w, size_t trials)
{
    int64_t spent_ns = clock_now_ns() - w->began_ns;
    if (w->options->budget_ns == 0 || w->ntrials == 0)
        return true;
    int64_t each_ns = spent_ns / (int64_t)w->ntrials;
    w->sweep.is_cut = spent_ns + each_ns * (int64_t)trials > w->options->budget_ns;
    return !w->sweep.is_cut;
}

static size_t values_across(const struct sweep *s, size_t axis)
{
    double *values = NULL;
    size_t count = s->naxes > 1 ? sweep_values(s, 1 - axis, &values) : 1;
    free(values);
    return count;
}

static double middle(void *sweeping, size_t axis, double lo, double hi)
{
    const struct sweeping *w = sweeping;
    return over_middle(&w->overs[axis], lo, hi);
}

/* 1: a line of points was added; 0: there is none to add. */
static int place_more(struct sweeping *w, struct err *err)
{
    size_t more[SWEEP_AXES_MAX] = {0};
    struct stage_value next;
    for (size_t i = 0; i < w->sweep.naxes; i++) {
        double *values = NULL;
        size_t count = sweep_values(&w->sweep, i, &values);
        size_t wanted = sweeping_values(w, i);
        more[i] = wanted > count ? wanted - count : 0;
        free(values);
    }
    if (!stage_next(&w->sweep, &w->goal, more, middle, w, &next))
        return 0;
    size_t trials =
        values_across(&w->sweep, next.axis) * w->sweep.narms * (size_t)w->options->rounds;
    if (!has_time_for(w, trials))
        return 0;
    if (sweeping_add_line(w, &next, err) < 0)
        return -1;
    sweeping_set_duration(w);
    return 1;
}

int sweeping_run(struct sweeping *w, int *out_signal, struct err *err)
{
    struct signals signals;
    int more = 1;
    struct comparison *c = &w->sweep.comparison;
    signals_hold(&signals);
    w->began_ns = clock_now_ns();
    w->sweep.is_cut = false; /* one that goes on has a budget of its own */
    if (c->started_wall_ms == 0)
        c->started_wall_ms = clock_wall_ms();
    while (more > 0 && *out_signal == 0) {
        *out_signal = run_missing(w, &signals);
        more = *out_signal == 0 ? place_more(w, err) : 0;
    }
    if (c->ntrials > 0)
        save(w, saving_save);
    signals_release(&signals);
    return more < 0 ? -1 : 0;
}
