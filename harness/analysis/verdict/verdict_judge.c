/* One gate, from what the blocks gave it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/verdict_internal.h"
#include "stat/ascending.h"
#include "stat/signed_rank.h"

#define EYE_ALPHA 0.025 /* of an interval that decides nothing */

int judge_max_blocks(const struct session *s)
{
    return s->max_blocks > LOOKS_BLOCKS_MOST ? LOOKS_BLOCKS_MOST : (int)s->max_blocks;
}

bool judge_is_over(const struct session *s)
{
    return s->interrupted || s->out_of_time || s->problem != NULL;
}

static void set_state(struct verdict_gate *g, enum verdict_state state, enum verdict_reason reason)
{
    g->state = state;
    g->reason = reason;
}

/* --- the state --- */

/* A percentile that nobody asked for must not break a build because the endpoint is slow. */
static enum verdict_state state_of_reason(const struct change_gate *gate,
                                          enum verdict_reason reason)
{
    bool is_machine = reason == VERDICT_REASON_MACHINE || reason == VERDICT_REASON_ONE_SIDED;
    bool is_slow = gate->is_default && reason == VERDICT_REASON_FEW_SAMPLES;
    return is_machine || is_slow ? VERDICT_INCONCLUSIVE : VERDICT_INVALID;
}

/* No look decided, and no block is at fault. */
static void set_undecided(const struct judge_view *view, bool is_last_look, struct verdict_gate *g)
{
    const struct session *s = view->session;
    enum verdict_reason too_little =
        g->look == NULL ? VERDICT_REASON_FEW_BLOCKS : VERDICT_REASON_NOISE;
    if (!is_last_look && view->failed_elsewhere)
        set_state(g, VERDICT_INCONCLUSIVE, VERDICT_REASON_STOPPED);
    else if (!is_last_look && s->problem != NULL)
        set_state(g, VERDICT_INVALID, VERDICT_REASON_DIED);
    else if (!is_last_look && s->interrupted)
        set_state(g, VERDICT_INCONCLUSIVE, VERDICT_REASON_INTERRUPTED);
    else if (is_last_look || s->out_of_time)
        set_state(g, VERDICT_INCONCLUSIVE, too_little);
    else
        set_state(g, VERDICT_OPEN, VERDICT_REASON_NONE);
}

static enum look_decision decide(const struct judge_view *view, struct verdict_gate *g)
{
    struct look_bound bounds[CHANGE_BOUNDS_MAX];
    struct look_progress progress = {
        .blocks = g->blocks,
        .max_blocks = judge_max_blocks(view->session),
    };
    struct look_verdict verdict = {.decision = LOOK_GO_ON};
    for (int b = 0; b < g->gate.nbounds; b++)
        bounds[b] = (struct look_bound){.d = g->bounds[b].d, .tau = g->gate.bounds[b].tau};
    (void)looks_judge(bounds, g->gate.nbounds, progress, &verdict); /* usable values are finite */
    g->look = verdict.look;
    return verdict.decision;
}

static void judge(const struct judge_view *view, const struct series *series,
                  struct verdict_gate *g)
{
    enum look_decision decision = decide(view, g);
    bool is_decided = decision == LOOK_PASS || decision == LOOK_FAIL;
    if (is_decided) {
        set_state(g, decision == LOOK_PASS ? VERDICT_PASS : VERDICT_FAIL, VERDICT_REASON_NONE);
        g->blocks = g->look->blocks;
    } else if (series->usable < view->blocks) {
        g->at_arm = series->at_arm;
        set_state(g, state_of_reason(&g->gate, series->reason), series->reason);
        return;
    } else {
        set_undecided(view, decision == LOOK_INCONCLUSIVE, g);
    }
    /* Between looks nothing is decided. */
    if ((g->look != NULL || g->state != VERDICT_OPEN) && judge_errors(view->session, g))
        set_state(g, VERDICT_INVALID, VERDICT_REASON_ERRORS);
}

/* --- what is shown of it --- */

static double median(const double *values, int n)
{
    double sorted[SESSION_BLOCKS_MAX];
    if (n < 1 || n > SESSION_BLOCKS_MAX)
        return NAN;
    memcpy(sorted, values, (size_t)n * sizeof *sorted);
    for (int i = 0; i < n; i++)
        if (isnan(sorted[i]))
            return NAN; /* the reference, of a limit on the other arm alone */
    ascending_sort(sorted, (size_t)n);
    return ascending_median(sorted, (size_t)n);
}

static void set_interval(struct verdict_gate *g)
{
    const double *d = g->bounds[0].d;
    int critical = signed_rank_critical(g->blocks, EYE_ALPHA);
    if (g->look != NULL && g->look->blocks == g->blocks)
        g->has_interval = looks_interval(g->look, d, &g->interval) == 0;
    else if (g->blocks >= 2)
        g->has_interval =
            walsh_interval(d, g->blocks, critical < 0 ? 0 : critical, &g->interval) == 0;
}

/* How far the margin is from what has to be told from it. */
static double distance(const struct verdict_gate *g)
{
    const struct change_bound *bound = &g->gate.bounds[0];
    return bound->scale == CHANGE_ABSOLUTE ? fabs(g->interval.estimate) : bound->tau;
}

static void set_forecast(const struct session *s, int usable, struct verdict_gate *g)
{
    const struct change_bound *bound = &g->gate.bounds[0];
    g->caught_at = NAN;
    if (bound->scale != CHANGE_ABSOLUTE)
        g->caught_at = isnan(g->gate.detect) ? 2 * bound->tau : g->gate.detect;
    g->has_forecast = usable >= LOOKS_BLOCKS_LEAST &&
                      forecast_make(g->bounds[0].d, usable, judge_max_blocks(s), &g->forecast) == 0;
    g->can_be_decided = g->state == VERDICT_PASS || g->state == VERDICT_FAIL;
    if (g->state == VERDICT_OPEN)
        g->can_be_decided =
            !g->has_forecast || forecast_blocks_needed(&g->forecast, distance(g)) > 0;
}

void judge_gate(const struct judge_view *view, const struct series *series, struct verdict_gate *g)
{
    int usable = series->usable < view->blocks ? series->usable : view->blocks;
    g->blocks = usable;
    g->has_interval = false;
    judge(view, series, g);
    if (g->state != VERDICT_OPEN && g->look != NULL)
        g->blocks = g->look->blocks;
    g->reference = median(series->values[0], g->blocks);
    g->other = median(series->values[g->arm], g->blocks);
    set_interval(g);
    set_forecast(view->session, usable, g);
}
