#include "analysis/verdict/verdict.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/verdict/verdict_internal.h"
#include "base/mem.h"
#include "stat/operating_point.h"

const char *const verdict_state_names[VERDICT_STATE_COUNT] = {
    [VERDICT_OPEN] = "open",       [VERDICT_PASS] = "pass",
    [VERDICT_FAIL] = "fail",       [VERDICT_INCONCLUSIVE] = "inconclusive",
    [VERDICT_INVALID] = "invalid",
};
const char *const verdict_reason_codes[VERDICT_REASON_COUNT] = {
#define X(name, code) code,
    VERDICT_REASONS(X)
#undef X
};

/* --- the gates --- */

static int parse_gates(const struct session *s, struct verdict *v, struct err *err)
{
    if (s->ngates == 0)
        return err_set(err, ERR_USAGE, "the session has no gate");
    v->gates = mem_array(s->ngates, sizeof *v->gates);
    for (size_t i = 0; i < s->ngates; i++) {
        struct change_gate *gate = &v->gates[i].gate;
        if (change_parse(s->gates[i].kind, s->gates[i].text, gate, err) < 0 ||
            change_arm(s, gate, &v->gates[i].arm, err) < 0)
            return -1;
        gate->is_default = s->gates[i].is_default;
        v->ngates++;
    }
    return 0;
}

static void judge_all(const struct judge_view *view, const struct series *series, struct verdict *v)
{
    for (size_t i = 0; i < v->ngates; i++)
        judge_gate(view, &series[i], &v->gates[i]);
}

static bool is_failure(const struct verdict_gate *g)
{
    return g->state == VERDICT_FAIL && g->gate.kind != SESSION_GATE_WARN;
}

/* The first look at which a gate failed; NULL: none did. */
static const struct look *first_failure(const struct verdict *v)
{
    const struct look *first = NULL;
    for (size_t i = 0; i < v->ngates; i++) {
        const struct verdict_gate *g = &v->gates[i];
        if (is_failure(g) && (first == NULL || g->look->blocks < first->blocks))
            first = g->look;
    }
    return first;
}

/* --- the control --- */

static bool is_beyond_half(const struct series *series, const struct verdict_gate *g)
{
    bool is_beyond = true;
    for (int b = 0; b < g->gate.nbounds; b++) {
        struct walsh_interval at;
        is_beyond = is_beyond && looks_interval(g->look, series->control[b], &at) == 0 &&
                    fabs(at.estimate) > g->gate.bounds[b].tau / 2;
    }
    return is_beyond;
}

/* At the look that decided the gate: a copy of the reference that would fail, or that lies beyond
 * half of the margin on either side; of two margins, of both. */
static bool is_control_different(const struct series *series, struct verdict_gate *g)
{
    struct look_bound bounds[CHANGE_BOUNDS_MAX];
    struct look_progress progress = {.blocks = g->look->blocks, .max_blocks = g->look->blocks};
    struct look_verdict verdict = {.decision = LOOK_GO_ON};
    for (int b = 0; b < g->gate.nbounds; b++)
        bounds[b] = (struct look_bound){.d = series->control[b], .tau = g->gate.bounds[b].tau};
    if (looks_judge(bounds, g->gate.nbounds, progress, &verdict) < 0 ||
        looks_interval(g->look, series->control[0], &g->control) < 0)
        return false;
    g->has_control = true;
    return verdict.decision == LOOK_FAIL || is_beyond_half(series, g);
}

static void judge_control(const struct series *series, struct verdict *v)
{
    for (size_t i = 0; i < v->ngates; i++) {
        struct verdict_gate *g = &v->gates[i];
        bool is_decided = g->state == VERDICT_PASS || g->state == VERDICT_FAIL;
        if (!is_decided || series[i].control[0] == NULL || !is_control_different(&series[i], g) ||
            v->control_differs || g->gate.kind == SESSION_GATE_WARN)
            continue;
        v->control_differs = true;
        v->control_gate = i;
    }
    for (size_t i = 0; i < v->ngates && v->control_differs; i++) {
        struct verdict_gate *g = &v->gates[i];
        if (g->state == VERDICT_INVALID)
            continue;
        g->state = VERDICT_INCONCLUSIVE;
        g->reason = VERDICT_REASON_CONTROL;
        g->can_be_decided = false;
    }
}

/* --- all of them --- */

static int badness(enum verdict_state state)
{
    static const int order[VERDICT_STATE_COUNT] = {
        [VERDICT_PASS] = 0,    [VERDICT_INCONCLUSIVE] = 1,
        [VERDICT_INVALID] = 2, [VERDICT_OPEN] = 3, /* it may still become a failure */
        [VERDICT_FAIL] = 4,
    };
    return order[state];
}

static void set_overall(struct verdict *v)
{
    v->state = VERDICT_PASS;
    for (size_t i = 0; i < v->ngates; i++) {
        const struct verdict_gate *g = &v->gates[i];
        if (g->gate.kind == SESSION_GATE_WARN || badness(g->state) <= badness(v->state))
            continue;
        v->state = g->state;
        v->reason = g->reason;
    }
}

int verdict_make(const struct session *s, struct verdict *out, struct err *err)
{
    *out = (struct verdict){.session = s};
    if (parse_gates(s, out, err) < 0) {
        verdict_fini(out);
        return -1;
    }
    struct series *series = mem_array(out->ngates, sizeof *series);
    for (size_t i = 0; i < out->ngates; i++)
        series_make(s, &out->gates[i], &series[i]);
    struct judge_view view = {.session = s, .blocks = (int)s->nblocks};
    judge_all(&view, series, out);
    const struct look *failure = first_failure(out);
    if (failure != NULL && !s->all_gates) {
        view.blocks = failure->blocks; /* the session ended there, whatever came after it */
        view.failed_elsewhere = true;
        judge_all(&view, series, out);
    }
    judge_control(series, out);
    set_overall(out);
    for (size_t i = 0; i < out->ngates; i++)
        series_fini(&series[i]);
    free(series);
    return 0;
}

void verdict_fini(struct verdict *v)
{
    for (size_t i = 0; i < v->ngates; i++)
        for (int b = 0; b < CHANGE_BOUNDS_MAX; b++)
            free(v->gates[i].bounds[b].d);
    free(v->gates);
    *v = (struct verdict){0};
}

/* --- what to do with it --- */

/* A session that was left open says as little as one that could not tell. */
static enum err_kind kind_of(enum verdict_state state, bool is_strict)
{
    switch (state) {
    case VERDICT_FAIL:
        return ERR_GATE;
    case VERDICT_INVALID:
        return ERR_INVALID;
    case VERDICT_OPEN:
    case VERDICT_INCONCLUSIVE:
        return is_strict ? ERR_INCONCLUSIVE : ERR_NONE;
    case VERDICT_PASS:
    case VERDICT_STATE_COUNT:
        break;
    }
    return ERR_NONE;
}

enum err_kind verdict_kind(const struct verdict *v, bool is_strict)
{
    enum verdict_state state = v->state;
    for (size_t i = 0; i < v->ngates && v->state == VERDICT_OPEN; i++)
        if (v->gates[i].state == VERDICT_INVALID && v->gates[i].gate.kind != SESSION_GATE_WARN)
            state = VERDICT_INVALID;
    return kind_of(state, is_strict);
}

bool verdict_goes_on(const struct verdict *v)
{
    bool any = false;
    for (size_t i = 0; i < v->ngates; i++)
        any = any || v->gates[i].state == VERDICT_OPEN;
    return any;
}

int verdict_next_look(const struct session *s)
{
    int blocks = (int)s->nblocks;
    int due = looks_within(blocks);
    return due < LOOKS ? looks_get(due)->blocks - blocks : 0;
}

/* How often the change of caught_at would be found beyond a further bound, which may be an amount:
 * a tenth of a small one is a small amount. */
static double caught_by(const struct verdict_gate *g, int bound, int planned)
{
    const struct change_bound *b = &g->gate.bounds[bound];
    double other = g->reference * exp(g->gate.higher_is_better ? -g->caught_at : g->caught_at);
    double at = change_d(&g->gate, b, g->reference, other);
    struct forecast forecast;
    if (forecast_make(g->bounds[bound].d, g->usable, planned, &forecast) < 0)
        return NAN;
    return operating_point(at - b->tau, forecast.sd, planned);
}

double verdict_caught(const struct verdict *v, const struct verdict_gate *g)
{
    const struct session *s = v->session;
    int planned = judge_is_over(s) ? (int)s->nblocks : judge_max_blocks(s);
    if (!g->has_forecast || isnan(g->caught_at))
        return NAN;
    double caught = operating_point(g->caught_at - g->gate.bounds[0].tau, g->forecast.sd, planned);
    for (int b = 1; b < g->gate.nbounds; b++) /* it has to be beyond all */
        caught = fmin(caught, caught_by(g, b, planned));
    return caught;
}
