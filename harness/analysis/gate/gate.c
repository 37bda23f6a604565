#include "analysis/gate/gate.h"

#include <math.h>

const char *const gate_reason_codes[GATE_REASON_COUNT] = {
#define X(name, code, label) code,
    GATE_REASONS(X)
#undef X
};

const char *const gate_reason_labels[GATE_REASON_COUNT] = {
#define X(name, code, label) label,
    GATE_REASONS(X)
#undef X
};

static const char *const op_texts[] = {">", ">=", "<", "<="};

const char *gate_op_text(enum gate_op op)
{
    return op_texts[op];
}

const char *gate_verdict_code(const struct gate_outcome *o)
{
    if (o->verdict == GATE_PASSED)
        return "pass";
    if (o->verdict == GATE_UNKNOWN)
        return "unknown";
    return o->threshold->level == GATE_FAIL ? "fail" : "warn";
}

/* --- outcomes --- */

bool gate_crosses(const struct gate_threshold *threshold, double value)
{
    switch (threshold->op) {
    case GATE_ABOVE:
        return value > threshold->value;
    case GATE_AT_LEAST:
        return value >= threshold->value;
    case GATE_BELOW:
        return value < threshold->value;
    case GATE_AT_MOST:
        break;
    }
    return value <= threshold->value;
}

/* Even few samples show that a percentile is too high when nearly all of them are. */
static bool is_sure(const struct gate_threshold *threshold, const struct metric_value *v)
{
    bool upper = threshold->op == GATE_ABOVE || threshold->op == GATE_AT_LEAST;
    return upper && !isnan(v->sure) && gate_crosses(threshold, v->sure);
}

/* Whether the ticks are so few that the figure may be on either side of the threshold: user and
 * system time may each be one off. */
static bool is_within_ticks(const struct gate_threshold *threshold, const struct metric_value *v,
                            const struct result *r)
{
    const struct metric_row *row = threshold->metric.row;
    double off_ns = 2 * CPU_TICK_S * 1e9 / (double)accounting_replies(&r->accounting);
    return row != NULL && row->trait == METRIC_CPU &&
           process_cpu_s(&r->server.total) < CPU_LEAST_S &&
           gate_crosses(threshold, fmax(v->low - off_ns, 0)) !=
               gate_crosses(threshold, v->high + off_ns);
}

/* A throughput that the generator limited, not the server, or a latency with its own delays, and of
 * a load that it did not send as it was asked to. */
static enum gate_reason generators(const struct gate_threshold *threshold, const struct result *r)
{
    const struct metric_row *row = threshold->metric.row;
    bool is_latency = metric_is_timed_by_load(&threshold->metric);
    bool is_rate =
        row != NULL && row->trait == METRIC_THROUGHPUT && threshold->unit != METRIC_SHARE;
    if (r->client.saturated && (is_rate || is_latency))
        return GATE_SATURATED;
    return r->client.late && is_latency ? GATE_LATE : GATE_NONE;
}

static enum gate_reason reason_of(const struct gate_outcome *o, const struct result *r,
                                  const struct gate_policy *policy)
{
    const struct gate_threshold *threshold = o->threshold;
    const struct metric_value *v = &o->measured;
    enum gate_reason own = generators(threshold, r);
    if (!r->valid)
        return GATE_INVALID;
    if (r->interrupted && policy->partial == GATE_PARTIAL_REFUSED)
        return GATE_INTERRUPTED;
    if (isnan(v->low))
        return GATE_MISSING;
    if (o->error != GATE_ERROR_NONE && o->error != GATE_ERROR_LOSS)
        return GATE_ERRORS;
    if (own != GATE_NONE)
        return own;
    if (v->samples < v->needed)
        return is_sure(threshold, v) ? GATE_NONE : GATE_FEW;
    if (is_within_ticks(threshold, v, r))
        return GATE_FEW;
    if (gate_crosses(threshold, v->low) != gate_crosses(threshold, v->high))
        return threshold->metric.row != NULL ? GATE_ENDED_THREADS : GATE_UNFINISHED;
    return o->error == GATE_ERROR_NONE ? GATE_NONE : GATE_ERRORS;
}

struct gate_outcome gate_judge(const struct gate_threshold *threshold, const struct result *r,
                               const struct gate_policy *policy)
{
    struct gate_outcome o = {.threshold = threshold};
    struct result view;
    o.measured = metric_measure(&threshold->metric, threshold->unit, r);
    o.verdict = gate_crosses(threshold, o.measured.low) ? GATE_CROSSED : GATE_PASSED;
    bool is_named = metric_view(&threshold->metric, r, &view);
    o.error = gate_error_of(&o, is_named ? &view : r, policy, &o.error_share);
    o.reason = reason_of(&o, r, policy);
    if (o.reason != GATE_NONE) {
        o.verdict = GATE_UNKNOWN;
    } else if (o.measured.samples < o.measured.needed) {
        o.measured.low = o.measured.sure; /* the figure itself is not known */
        o.measured.high = INFINITY;
    }
    return o;
}
