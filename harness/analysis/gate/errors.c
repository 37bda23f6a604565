/* Errors that a latency or rate does not show: a fast refusal looks like a fast response. */
#include <string.h>

#include "analysis/gate/gate.h"
#include "base/mem.h"

#define ERRORS_MOST 0.01

/* Figures that errors distort: latencies of the requests and of their work, rates, and what is
 * divided by the responses. Connects and probes have counts of their own. */
static bool is_distorted(const struct metric *m)
{
    static const char *const rows[] = {"cpu_per_request", "switches_per_request"};
    if (m->hist != NULL)
        return strcmp(m->hist->name, "connect") != 0 && strcmp(m->hist->name, "probe") != 0;
    bool any = m->row->trait == METRIC_THROUGHPUT;
    for (size_t i = 0; i < LEN(rows); i++)
        any |= strcmp(m->row->name, rows[i]) == 0;
    return any;
}

static bool is_on(const struct gate_threshold *threshold, const char *const *names)
{
    bool any = false;
    for (; *names != NULL; names++)
        any |= strcmp(threshold->metric.name, *names) == 0;
    return any;
}

/* True if the user allows errors, or has set an upper limit on errors of this kind that is not
 * weaker than this threshold (a warning does not excuse a failure). */
static bool is_excused(const struct gate_threshold *threshold, const struct gate_policy *policy,
                       const char *const *names)
{
    bool any = policy->allow_errors;
    for (size_t i = 0; i < policy->count; i++) {
        const struct gate_threshold *t = &policy->thresholds[i];
        bool upper = t->op == GATE_ABOVE || t->op == GATE_AT_LEAST;
        bool counts = t->level == GATE_FAIL || threshold->level == GATE_WARN;
        any |= upper && counts && is_on(t, names);
    }
    return any;
}

/* True if a threshold that is crossed would be crossed without these errors, too: a lost request
 * waited at least as long as it counts, and no error raises the rate of good responses. */
static bool is_certain(const struct gate_threshold *threshold, enum gate_error error)
{
    bool upper = threshold->op == GATE_ABOVE || threshold->op == GATE_AT_LEAST;
    const struct metric_row *row = threshold->metric.row;
    if (row == NULL)
        return upper && error == GATE_ERROR_LOSS;
    return !upper && row->trait == METRIC_THROUGHPUT;
}

enum gate_error gate_error_of(const struct gate_outcome *o, const struct result *r,
                              const struct gate_policy *policy, double *share)
{
    const struct gate_threshold *threshold = o->threshold;
    bool crossed = o->verdict == GATE_CROSSED;
    const struct accounting *a = &r->accounting;
    const int64_t lost = a->timed_out + accounting_failed(a) + a->connect_failed;
    const struct {
        enum gate_error error;
        int64_t part, whole;
        const char *names[4];
    } kinds[] = {
        {GATE_ERROR_NON_2XX, a->non_2xx, a->completed, {"non2xx", "4xx", "5xx"}},
        {GATE_ERROR_MISMATCH, a->mismatches, a->completed, {"mismatches"}},
        {GATE_ERROR_LOSS, lost, a->sent + a->connect_failed, {"errors", "failed", "timeouts"}},
    };
    for (size_t i = 0; is_distorted(&threshold->metric) && i < LEN(kinds); i++) {
        *share = kinds[i].whole > 0 ? (double)kinds[i].part / (double)kinds[i].whole : 0;
        if (*share > ERRORS_MOST && !is_excused(threshold, policy, kinds[i].names) &&
            !(crossed && is_certain(threshold, kinds[i].error)))
            return kinds[i].error;
    }
    return GATE_ERROR_NONE;
}
