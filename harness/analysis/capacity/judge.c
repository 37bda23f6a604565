#include "analysis/capacity/judge.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "model/lateness.h"
#include "stat/trend.h"

#define POINTS   20  /* of the series: those next to each other are alike */
#define PILED_UP 2.0 /* what bench sends late comes all at once, and waits for as long again */

/* --- was the rate sustained --- */

/* What waited, at the end of each second. */
static double *waiting(const struct result *r)
{
    double *values = mem_array(r->nseconds, sizeof *values);
    double sum = 0;
    for (size_t i = 0; i < r->nseconds; i++) {
        const struct second *s = &r->seconds[i];
        sum += s->due == MISSING ? NAN : (double)(s->due - s->requests - s->errors);
        values[i] = sum;
    }
    return values;
}

/* Keeps so many of the values, evenly, with the last. */
static size_t thin(double *values, size_t n)
{
    if (n <= POINTS)
        return n;
    for (size_t i = 0; i < POINTS; i++)
        values[i] = values[(i + 1) * n / POINTS - 1];
    return POINTS;
}

static void measure_growth(const struct result *r, struct capacity_trial *out)
{
    double *values = waiting(r);
    size_t n = thin(values, r->nseconds);
    if (n >= TREND_LEAST && !isnan(values[n - 1])) {
        out->growth = trend_slope(values, n) * (double)(n - 1);
        out->growth_chance = trend_chance(values, n);
    }
    free(values);
}

static bool grows(const struct capacity_trial *t)
{
    double least = fmax(JUDGE_GROWTH_LEAST, JUDGE_GROWTH_SHARE * (double)t->due);
    return t->growth_chance < JUDGE_GROWTH_CHANCE && t->growth > least; /* false for NAN */
}

/* What bench itself may have added to a latency, also by what piled up meanwhile; INFINITY: as
 * much as there is. */
static double own_delay_ns(const struct result *r)
{
    if (!r->client.saturated && !r->client.late)
        return 0;
    double own_ns = lateness_own_p99_ns(r);
    return r->client.saturated || isnan(own_ns) ? INFINITY : PILED_UP * own_ns;
}

/* Why it was not; NULL: it was. The caller frees it. */
static char *why_unsustained(const struct result *r, const struct capacity_trial *t)
{
    if (t->unsent != MISSING && t->unsent > 0)
        return mem_printf("%lld of %lld requests that were due could not be sent: all connections "
                          "waited for replies",
                          (long long)t->unsent, (long long)t->due);
    if (grows(t))
        return mem_printf("%.0f more requests waited at the end than in the beginning, of %lld "
                          "that were due",
                          t->growth, (long long)t->due);
    if (r->accounting.completed == 0)
        return mem_strdup("nothing was answered");
    return NULL;
}

/* --- the clauses --- */

/* What the goal makes of the run. */
struct view {
    const struct goal *goal;
    struct gate_outcome outcomes[CAPACITY_CLAUSES_MAX];
    size_t broken, unknown; /* the first; the number of clauses: none is */
};

static bool is_by_generator(const struct gate_outcome *o)
{
    return o->reason == GATE_SATURATED || o->reason == GATE_LATE;
}

/* The delays of the generator make a figure worse, so one that is good enough is. */
static bool holds(const struct gate_outcome *o)
{
    const struct metric_value *v = &o->measured;
    return o->verdict == GATE_PASSED ||
           (is_by_generator(o) && v->samples >= v->needed && !gate_crosses(o->threshold, v->low) &&
            !gate_crosses(o->threshold, v->high));
}

/* Also without these delays. */
static bool breaks(const struct gate_outcome *o, double own_ns)
{
    const struct metric_value *v = &o->measured;
    double least = v->samples < v->needed ? v->sure : v->low;
    return o->verdict == GATE_CROSSED ||
           (is_by_generator(o) && gate_crosses(o->threshold, least - own_ns));
}

static void judge_clauses(const struct goal *goal, const struct result *r, struct view *v,
                          struct capacity_trial *out)
{
    size_t n = goal->clauses.count;
    const struct gate_policy policy = {.thresholds = goal->thresholds, .count = n};
    double own_ns = own_delay_ns(r);
    *v = (struct view){.goal = goal, .broken = n, .unknown = n};
    for (size_t i = 0; i < n; i++) {
        struct gate_outcome *o = &v->outcomes[i];
        *o = gate_judge(&goal->thresholds[i], r, &policy);
        out->figures[i] = isfinite(o->measured.low) ? o->measured.low : NAN;
        if (v->broken == n && breaks(o, own_ns))
            v->broken = i;
        else if (v->unknown == n && o->verdict == GATE_UNKNOWN && !holds(o))
            v->unknown = i;
    }
}

/* Whether what went wrong would have without the delays of bench. */
static bool is_of_server(const struct view *v, const struct result *r,
                         const struct capacity_trial *t, bool is_unsustained)
{
    double own_ns = own_delay_ns(r);
    if (own_ns == 0 || isinf(own_ns))
        return own_ns == 0;
    if (is_unsustained)
        return t->unsent == 0 &&
               t->growth > JUDGE_GROWTH_LEAST + own_ns / 1e9 * (double)t->due / r->duration_s;
    return v->broken < v->goal->clauses.count;
}

static char *why_errors(const struct gate_outcome *o)
{
    static const struct {
        const char *what, *clause;
    } kinds[] = {
        [GATE_ERROR_NONE] = {"", ""},
        [GATE_ERROR_NON_2XX] = {"of the responses were not 2xx", "non2xx<1%"},
        [GATE_ERROR_MISMATCH] = {"of the responses were not as expected", "mismatches<1%"},
        [GATE_ERROR_LOSS] = {"of the requests were lost", "errors<1%"},
        [GATE_ERROR_PROBE] = {"of the probes were answered with no 2xx", "probe_errors<1%"},
        [GATE_ERROR_JOB] = {"of the jobs failed", "jobs_failed<1%"},
    };
    char share[32];
    return mem_printf("%s %s, of which the goal says nothing; how many are good enough is a clause "
                      "such as %s",
                      metric_format(o->error_share, METRIC_SHARE, share, sizeof share),
                      kinds[o->error].what, kinds[o->error].clause);
}

/* Of a clause that cannot be judged: an outcome, and why. */
static void take_unknown(const struct gate_outcome *o, const struct result *r,
                         struct capacity_trial *out)
{
    char text[320];
    out->outcome = CAPACITY_INVALID;
    if (o->reason == GATE_ERRORS) {
        out->outcome = CAPACITY_BROKEN;
        out->why = why_errors(o);
    } else if (o->reason == GATE_UNFINISHED) {
        out->outcome = CAPACITY_UNSUSTAINED;
        out->why = mem_printf("too many requests got no reply for %s to be known",
                              o->threshold->metric.name);
    } else if (o->reason == GATE_INVALID) {
        out->why = mem_strdup(r->nwarnings > 0 ? r->warnings[0].message : "the run is not valid");
    } else if (o->reason == GATE_FEW && o->threshold->metric.row == NULL) {
        out->why = mem_printf("%s needs %llu requests and has %llu; make the trials longer with -d",
                              o->threshold->metric.name, (unsigned long long)o->measured.needed,
                              (unsigned long long)o->measured.samples);
    } else {
        out->why = mem_strdup(gate_explain(o, text, sizeof text));
    }
}

/* --- the whole --- */

static void take_figures(const struct result *r, struct capacity_trial *out)
{
    out->started_wall_ms = r->started_wall_ms;
    out->duration_s = r->duration_s;
    out->answered_rps = r->duration_s > 0 ? (double)r->accounting.completed / r->duration_s : NAN;
    out->is_disturbed = r->machine.is_disturbed;
}

static bool take_death(const struct result *r, struct capacity_trial *out)
{
    if (r->target_end == NULL)
        return false;
    out->outcome = CAPACITY_DIED;
    out->why = mem_printf("the server ended: %s", r->target_end);
    return true;
}

void judge_trial(const struct goal *goal, const struct result *r, struct capacity_trial *out)
{
    struct view v;
    take_figures(r, out);
    out->due = r->accounting.due;
    out->unsent = r->accounting.unsent;
    measure_growth(r, out);
    judge_clauses(goal, r, &v, out);
    if (take_death(r, out))
        return;
    size_t n = goal->clauses.count;
    char *unsustained = r->valid ? why_unsustained(r, out) : NULL;
    bool is_good = v.broken == n && v.unknown == n && unsustained == NULL;
    out->outcome = CAPACITY_HELD;
    if (is_good)
        return;
    if (r->valid && !is_of_server(&v, r, out, unsustained != NULL)) {
        out->outcome = CAPACITY_GENERATOR;
        out->why = mem_strdup(r->client.saturated
                                  ? "bench itself used its cores up, and was the bottleneck"
                                  : "bench sent too many requests late, by its own fault");
        free(unsustained);
        return;
    }
    out->why = unsustained;
    if (unsustained != NULL)
        out->outcome = CAPACITY_UNSUSTAINED;
    else if (v.broken < n)
        out->outcome = CAPACITY_BROKEN;
    else
        take_unknown(&v.outcomes[v.unknown], r, out);
}

void judge_pilot(const struct result *r, struct capacity_trial *out)
{
    take_figures(r, out);
    out->outcome = CAPACITY_PILOT;
    if (take_death(r, out))
        return;
    if (r->valid && r->accounting.completed > 0)
        return;
    out->outcome = CAPACITY_INVALID;
    out->why = mem_strdup(r->valid           ? "nothing was answered"
                          : r->nwarnings > 0 ? r->warnings[0].message
                                             : "the run is not valid");
}

void judge_nothing(const char *why, struct capacity_trial *out)
{
    out->outcome = CAPACITY_INVALID;
    out->why = mem_strdup(why);
}
