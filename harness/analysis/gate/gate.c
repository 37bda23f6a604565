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

static enum gate_reason reason_of(const struct gate_threshold *threshold,
                                  const struct metric_value *v, const struct result *r,
                                  enum gate_partial partial)
{
    const struct metric_row *row = threshold->metric.row;
    if (!r->valid)
        return GATE_INVALID;
    if (r->interrupted && partial == GATE_PARTIAL_REFUSED)
        return GATE_INTERRUPTED;
    if (isnan(v->low))
        return GATE_MISSING;
    if (v->samples < v->needed)
        return GATE_FEW;
    if (row != NULL && row->trait == METRIC_THROUGHPUT && threshold->unit != METRIC_SHARE &&
        r->client.saturated)
        return GATE_SATURATED;
    if (crosses(threshold, v->low) != crosses(threshold, v->high))
        return row != NULL ? GATE_ENDED_THREADS : GATE_UNFINISHED;
    return GATE_NONE;
}

struct gate_outcome gate_judge(const struct gate_threshold *threshold, const struct result *r,
                               enum gate_partial partial)
{
    struct gate_outcome o = {.threshold = threshold};
    o.measured = metric_measure(&threshold->metric, threshold->unit, r);
    o.reason = reason_of(threshold, &o.measured, r, partial);
    if (o.reason != GATE_NONE)
        o.verdict = GATE_UNKNOWN;
    else
        o.verdict = crosses(threshold, o.measured.low) ? GATE_CROSSED : GATE_PASSED;
    return o;
}

/* --- sheets --- */

void gate_sheet_add(struct gate_sheet *sheet, const struct gate_outcome *outcome)
{
    sheet->outcomes = mem_grow(sheet->outcomes, sheet->count + 1, sizeof *sheet->outcomes);
    sheet->outcomes[sheet->count++] = *outcome;
}

void gate_sheet_fini(struct gate_sheet *sheet)
{
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
