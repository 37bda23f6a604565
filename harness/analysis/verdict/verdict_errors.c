/* Errors that a latency, a rate or a cost does not show: a fast refusal looks like a fast response.
 * The rule is that of thresholds on a run (docs/gates.md), over all blocks that were judged. */
#include <string.h>

#include "analysis/verdict/verdict_internal.h"
#include "base/mem.h"

#define ERRORS_MOST 0.01

struct kind {
    const char *excuses[4]; /* the metrics of gates that show them */
};

const char *const verdict_error_limits[VERDICT_ERROR_COUNT] = {
    [VERDICT_ERROR_NON_2XX] = "non2xx>1%",
    [VERDICT_ERROR_MISMATCH] = "mismatches>1%",
    [VERDICT_ERROR_LOSS] = "errors>1%",
};

static const struct kind kinds[] = {
    [VERDICT_ERROR_NON_2XX] = {.excuses = {"non2xx", "4xx", "5xx"}},
    [VERDICT_ERROR_MISMATCH] = {.excuses = {"mismatches"}},
    [VERDICT_ERROR_LOSS] = {.excuses = {"errors", "failed", "timeouts"}},
};

static double share_of(const struct session *s, enum verdict_error error, size_t arm, int blocks)
{
    int64_t part = 0;
    int64_t whole = 0;
    for (int i = 0; i < blocks; i++) {
        const struct accounting *a = &s->blocks[i].sides[arm].result.accounting;
        if (error == VERDICT_ERROR_LOSS) {
            part += a->timed_out + accounting_failed(a) + a->connect_failed;
            whole += a->sent + a->connect_failed;
        } else {
            part += error == VERDICT_ERROR_NON_2XX ? accounting_wrong_status(a) : a->mismatches;
            whole += a->completed;
        }
    }
    return whole > 0 ? (double)part / (double)whole : 0;
}

static bool is_rate(const struct metric *m)
{
    return m->row != NULL && m->row->trait == METRIC_THROUGHPUT;
}

/* Not shares, which are the errors themselves, and not memory. */
static bool is_distorted(const struct metric *m)
{
    return m->hist != NULL || is_rate(m) || strcmp(m->row->name, "cpu_per_request") == 0;
}

static bool is_on(const struct change_gate *gate, enum verdict_error error)
{
    const struct kind *kind = &kinds[error];
    bool any = false;
    for (size_t i = 0; i < LEN(kind->excuses) && kind->excuses[i] != NULL; i++)
        any = any || strcmp(gate->metric.name, kind->excuses[i]) == 0;
    return any;
}

/* The user has set a limit on errors of this kind that is not weaker than the gate: a warning does
 * not excuse a failure. A default gate is nothing that the user has set. */
static bool is_excused(const struct session *s, const struct change_gate *g,
                       enum verdict_error error)
{
    bool any = s->allow_errors;
    for (size_t i = 0; i < s->ngates; i++) {
        struct change_gate other;
        struct err err;
        if (s->gates[i].is_default ||
            change_parse(s->gates[i].kind, s->gates[i].text, &other, &err) < 0)
            continue;
        bool counts = other.kind != SESSION_GATE_WARN || g->kind == SESSION_GATE_WARN;
        any = any || (counts && is_on(&other, error));
    }
    return any;
}

/* A failure that would be one without these errors, too: no error raises the rate of good
 * responses, and a lost request counts for no longer than it waited. */
static bool is_certain(const struct verdict_gate *g, enum verdict_error error)
{
    return g->state == VERDICT_FAIL && (is_rate(&g->gate.metric) || (g->gate.metric.hist != NULL &&
                                                                     error == VERDICT_ERROR_LOSS));
}

/* The arm with more than 1 % of them, and the reference rather than the other; -1: none has. */
static int arm_with(const struct session *s, const struct verdict_gate *g, enum verdict_error error)
{
    bool is_alone = g->gate.bounds[0].scale == CHANGE_ABSOLUTE;
    if (!is_alone && share_of(s, error, 0, g->blocks) > ERRORS_MOST)
        return 0;
    return share_of(s, error, g->arm, g->blocks) > ERRORS_MOST ? (int)g->arm : -1;
}

bool judge_errors(const struct session *s, struct verdict_gate *g)
{
    if (!is_distorted(&g->gate.metric))
        return false;
    for (enum verdict_error error = 0; error < VERDICT_ERROR_COUNT; error++) {
        int arm = arm_with(s, g, error);
        if (arm < 0 || is_excused(s, &g->gate, error) ||
            ((size_t)arm == g->arm && is_certain(g, error)))
            continue;
        g->at_arm = (size_t)arm;
        g->error = error;
        g->errors = share_of(s, error, (size_t)arm, g->blocks);
        return true;
    }
    return false;
}
