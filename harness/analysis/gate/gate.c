#include "analysis/gate/gate.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

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

/* --- outcomes --- */

static bool crosses(const struct gate_threshold *threshold, double value)
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
    return upper && !isnan(v->sure) && crosses(threshold, v->sure);
}

static enum gate_reason reason_of(const struct gate_outcome *o, const struct result *r,
                                  const struct gate_policy *policy)
{
    const struct gate_threshold *threshold = o->threshold;
    const struct metric_value *v = &o->measured;
    const struct metric_row *row = threshold->metric.row;
    if (!r->valid)
        return GATE_INVALID;
    if (r->interrupted && policy->partial == GATE_PARTIAL_REFUSED)
        return GATE_INTERRUPTED;
    if (isnan(v->low))
        return GATE_MISSING;
    if (o->error != GATE_ERROR_NONE && o->error != GATE_ERROR_LOSS)
        return GATE_ERRORS;
    if (v->samples < v->needed)
        return is_sure(threshold, v) ? GATE_NONE : GATE_FEW;
    if (row != NULL && row->trait == METRIC_THROUGHPUT && threshold->unit != METRIC_SHARE &&
        r->client.saturated)
        return GATE_SATURATED;
    if (crosses(threshold, v->low) != crosses(threshold, v->high))
        return row != NULL ? GATE_ENDED_THREADS : GATE_UNFINISHED;
    return o->error == GATE_ERROR_NONE ? GATE_NONE : GATE_ERRORS;
}

struct gate_outcome gate_judge(const struct gate_threshold *threshold, const struct result *r,
                               const struct gate_policy *policy)
{
    struct gate_outcome o = {.threshold = threshold};
    o.measured = metric_measure(&threshold->metric, threshold->unit, r);
    o.verdict = crosses(threshold, o.measured.low) ? GATE_CROSSED : GATE_PASSED;
    o.error = gate_error_of(&o, r, policy, &o.error_share);
    o.reason = reason_of(&o, r, policy);
    if (o.reason != GATE_NONE) {
        o.verdict = GATE_UNKNOWN;
    } else if (o.measured.samples < o.measured.needed) {
        o.measured.low = o.measured.sure; /* the figure itself is not known */
        o.measured.high = INFINITY;
    }
    return o;
}

/* --- sheets --- */

void gate_sheet_add(struct gate_sheet *sheet, const struct gate_outcome *outcome)
{
    sheet->outcomes = mem_one_more(sheet->outcomes, sheet->count, sizeof *sheet->outcomes);
    sheet->outcomes[sheet->count++] = *outcome;
}

void gate_sheet_warn(struct gate_sheet *sheet, const char *file, const struct result *r)
{
    for (size_t i = 0; i < r->nwarnings; i++) {
        const struct warning *w = &r->warnings[i];
        sheet->warnings = mem_one_more(sheet->warnings, sheet->nwarnings, sizeof *sheet->warnings);
        sheet->warnings[sheet->nwarnings++] =
            (struct gate_warning){.file = file,
                                  .code = mem_strdup(w->code),
                                  .message = mem_strdup(w->message),
                                  .remedy = mem_strdup_or_null(w->remedy)};
    }
}

void gate_sheet_fini(struct gate_sheet *sheet)
{
    for (size_t i = 0; i < sheet->nwarnings; i++) {
        free(sheet->warnings[i].code);
        free(sheet->warnings[i].message);
        free(sheet->warnings[i].remedy);
    }
    free(sheet->warnings);
    free(sheet->outcomes);
    *sheet = (struct gate_sheet){0};
}

struct gate_counts gate_sheet_count(const struct gate_sheet *sheet)
{
    struct gate_counts counts = {0};
    for (size_t i = 0; i < sheet->count; i++) {
        const struct gate_outcome *o = &sheet->outcomes[i];
        if (o->verdict == GATE_PASSED)
            counts.passed++;
        else if (o->verdict == GATE_UNKNOWN)
            counts.unknown++;
        else if (o->threshold->level == GATE_FAIL)
            counts.failed++;
        else
            counts.warned++;
    }
    return counts;
}

enum err_kind gate_sheet_kind(const struct gate_sheet *sheet)
{
    enum err_kind kind = ERR_NONE;
    for (size_t i = 0; i < sheet->count; i++) {
        const struct gate_outcome *o = &sheet->outcomes[i];
        bool whole_run = o->reason == GATE_INVALID || o->reason == GATE_INTERRUPTED;
        if (o->verdict == GATE_CROSSED && o->threshold->level == GATE_FAIL)
            return ERR_GATE;
        if (o->verdict == GATE_UNKNOWN && (o->threshold->level == GATE_FAIL || whole_run))
            kind = ERR_INVALID;
    }
    return kind;
}
