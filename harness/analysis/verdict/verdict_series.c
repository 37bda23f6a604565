/* What the blocks gave a gate. */
#include <math.h>
#include <stdlib.h>

#include "analysis/verdict/verdict_internal.h"
#include "base/mem.h"

bool verdict_has_control(const struct session *s, const struct change_gate *g)
{
    return s->has_control && s->narms > VERDICT_CONTROL && g->bounds[0].scale != CHANGE_ABSOLUTE;
}

/* --- a block as a whole --- */

/* The redone block from which on the arms themselves must have been what disturbed them; NULL: it
 * was the machine. */
static const struct session_redo *last_of_three(const struct session *s)
{
    const struct session_redo *last = NULL;
    for (size_t i = 0; s->is_one_sided && i < s->nredone; i++)
        if (!isnan(s->redone[i].imbalance))
            last = &s->redone[i];
    return last;
}

static void blame(const struct session *s, const struct session_redo *redo, struct series *out)
{
    if (redo->arm < s->narms)
        out->at_arm = redo->arm;
}

/* Sets at_arm when a block that is not valid has one. */
static enum verdict_reason reason_of_block(const struct session *s, int block, struct series *out)
{
    const struct session_redo *one_sided = last_of_three(s);
    if (one_sided != NULL && (size_t)block >= one_sided->block) {
        blame(s, one_sided, out);
        return VERDICT_REASON_ONE_SIDED;
    }
    if (s->blocks[block].is_valid)
        return VERDICT_REASON_NONE;
    enum verdict_reason reason = VERDICT_REASON_MACHINE;
    for (size_t i = 0; i < s->nredone; i++) {
        const struct session_redo *redo = &s->redone[i];
        if (redo->block != (size_t)block)
            continue;
        blame(s, redo, out);
        if (redo->flaw == SESSION_FLAW_DIED)
            return VERDICT_REASON_DIED;
    }
    return reason;
}

/* --- one arm in it --- */

/* Figures as a document keeps them: the verdict is the same from a stored session. The settings are
 * those of the arm, which tell what was measured. */
static struct metric_value measure(const struct change_gate *g, const struct session_arm *arm,
                                   const struct result *r)
{
    struct result view = *r;
    view.config = arm->config;
    view.nconfig = arm->nconfig;
    view.duration_s = result_stored(r->duration_s);
    view.server.total.cpu_per_request_us = result_stored(r->server.total.cpu_per_request_us);
    return metric_measure(&g->metric, g->unit, &view);
}

/* A rate or a latency that is the generator's own in part. */
static enum verdict_reason generators(const struct metric *m, const struct result *r)
{
    bool is_latency = metric_is_timed_by_load(m);
    bool is_rate = m->row != NULL && m->row->trait == METRIC_THROUGHPUT;
    if (r->client.saturated && (is_rate || is_latency))
        return VERDICT_REASON_SATURATED;
    return r->client.late && is_latency ? VERDICT_REASON_LATE : VERDICT_REASON_NONE;
}

static enum verdict_reason value_of(const struct change_gate *g, const struct session_arm *arm,
                                    const struct result *r, double *out)
{
    struct metric_value v = measure(g, arm, r);
    enum verdict_reason own = generators(&g->metric, r);
    if (isnan(v.low))
        return VERDICT_REASON_MISSING;
    if (own != VERDICT_REASON_NONE)
        return own;
    if (v.samples < v.needed)
        return VERDICT_REASON_FEW_SAMPLES;
    if (v.low != v.high)
        return VERDICT_REASON_UNFINISHED;
    *out = v.low;
    return VERDICT_REASON_NONE;
}

/* --- the series --- */

static bool is_needed(const struct session *s, const struct verdict_gate *g, size_t arm)
{
    if (g->gate.bounds[0].scale == CHANGE_ABSOLUTE)
        return arm == g->arm;
    return arm < VERDICT_CONTROL || verdict_has_control(s, &g->gate);
}

/* False when a d is not known although the values are: the log of 0. */
static bool set_differences(struct verdict_gate *g, struct series *out, int block)
{
    double reference = out->values[0][block];
    bool is_known = true;
    for (int b = 0; b < g->gate.nbounds; b++) {
        const struct change_bound *bound = &g->gate.bounds[b];
        double d = change_d(&g->gate, bound, reference, out->values[g->arm][block]);
        g->bounds[b].d[block] = d;
        is_known = is_known && isfinite(d);
        if (out->control[b] == NULL)
            continue;
        double control = change_d(&g->gate, bound, reference, out->values[VERDICT_CONTROL][block]);
        out->control[b][block] = control;
        is_known = is_known && isfinite(control);
    }
    return is_known;
}

/* Processor time that the kernel's ticks do not show is little, and not none. */
static enum verdict_reason reason_of_nothing(const struct metric *m)
{
    bool is_cpu = m->row != NULL && m->row->trait == METRIC_CPU;
    return is_cpu ? VERDICT_REASON_FEW_SAMPLES : VERDICT_REASON_MISSING;
}

static enum verdict_reason add_block(const struct session *s, struct verdict_gate *g, int block,
                                     struct series *out)
{
    enum verdict_reason reason = reason_of_block(s, block, out);
    if (reason != VERDICT_REASON_NONE)
        return reason;
    for (size_t arm = s->narms; arm-- > 0;) {
        const struct result *r = &s->blocks[block].sides[arm].result;
        enum verdict_reason of_arm = value_of(&g->gate, &s->arms[arm], r, &out->values[arm][block]);
        if (of_arm == VERDICT_REASON_NONE || !is_needed(s, g, arm))
            continue;
        out->at_arm = arm;
        reason = of_arm;
    }
    if (reason == VERDICT_REASON_NONE && !set_differences(g, out, block)) {
        out->at_arm = out->values[g->arm][block] > 0 ? 0 : g->arm;
        reason = reason_of_nothing(&g->gate.metric);
    }
    return reason;
}

static double *missing(size_t count)
{
    double *values = mem_array(count + 1, sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = NAN;
    return values;
}

void series_make(const struct session *s, struct verdict_gate *g, struct series *out)
{
    *out = (struct series){.usable = (int)s->nblocks, .at_arm = g->arm};
    for (size_t arm = 0; arm < SESSION_ARMS_MAX; arm++)
        out->values[arm] = missing(s->nblocks);
    for (int b = 0; b < g->gate.nbounds; b++) {
        g->bounds[b] = (struct verdict_bound){&g->gate.bounds[b], missing(s->nblocks)};
        if (verdict_has_control(s, &g->gate))
            out->control[b] = missing(s->nblocks);
    }
    for (int i = 0; i < out->usable; i++) {
        out->reason = add_block(s, g, i, out);
        if (out->reason != VERDICT_REASON_NONE)
            out->usable = i;
    }
    g->usable = out->usable;
}

void series_fini(struct series *series)
{
    for (size_t arm = 0; arm < SESSION_ARMS_MAX; arm++)
        free(series->values[arm]);
    for (int b = 0; b < CHANGE_BOUNDS_MAX; b++)
        free(series->control[b]);
    *series = (struct series){0};
}
