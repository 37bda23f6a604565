/* Errors that a latency or rate does not show: a fast refusal looks like a fast response. */
#include <string.h>

#include "analysis/gate/gate.h"
#include "base/mem.h"

#define ERRORS_MOST 0.01

static bool is_row(const struct metric *m, const char *const *names)
{
    bool any = false;
    for (; m->row != NULL && *names != NULL; names++)
        any |= strcmp(m->row->name, *names) == 0;
    return any;
}

static bool is_hist(const struct metric *m, const char *name)
{
    return m->hist != NULL && strcmp(m->hist->name, name) == 0;
}

static bool is_of_probe(const struct metric *m)
{
    return is_hist(m, "probe") || is_hist(m, "probe_new");
}

/* What is left of a queue's work: a job that was refused, or failed, needs no time. */
static bool is_backlog(const struct metric *m)
{
    static const char *const rows[] = {"drain_time", "backlog", "backlog_left", NULL};
    return is_row(m, rows);
}

/* Figures that errors distort: latencies of the requests and of their work, rates, what is divided
 * by the responses, and what is left in a queue. Connects have counts of their own; errors of the
 * probe and of jobs only concern their own figures. */
static bool is_distorted(const struct metric *m, enum gate_error error)
{
    static const char *const rows[] = {"cpu_per_request", "switches_per_request", NULL};
    if (error == GATE_ERROR_PROBE)
        return is_of_probe(m);
    if (error == GATE_ERROR_JOB)
        return is_backlog(m);
    if (m->hist != NULL)
        return !is_hist(m, "connect") && !is_hist(m, "handshake") && !is_hist(m, "slip") &&
               !is_of_probe(m);
    return m->row->trait == METRIC_THROUGHPUT || is_row(m, rows) || is_backlog(m);
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
 * waited at least as long as it counts, no error raises the rate of good responses, and none fills
 * a queue. */
static bool is_certain(const struct gate_threshold *threshold, enum gate_error error)
{
    bool upper = threshold->op == GATE_ABOVE || threshold->op == GATE_AT_LEAST;
    const struct metric_row *row = threshold->metric.row;
    if (row == NULL)
        return upper && error == GATE_ERROR_LOSS;
    if (is_backlog(&threshold->metric))
        return upper;
    return !upper && row->trait == METRIC_THROUGHPUT;
}

/* Of the figure's own connections; a probe that was lost or timed out is among its samples. */
static struct probe_fate probes_of(const struct metric *m, const struct result *r)
{
    return is_hist(m, "probe_new") ? r->probe_counts.opened : probe_kept(&r->probe_counts);
}

enum gate_error gate_error_of(const struct gate_outcome *o, const struct result *r,
                              const struct gate_policy *policy, double *share)
{
    const struct gate_threshold *threshold = o->threshold;
    bool crossed = o->verdict == GATE_CROSSED;
    const struct accounting *a = &r->accounting;
    const int64_t lost = a->timed_out + accounting_failed(a) + a->connect_failed;
    const struct probe_fate probes = probes_of(&threshold->metric, r);
    const struct queue_account *q = &r->queue;
    const struct {
        enum gate_error error;
        int64_t part, whole;
        const char *names[4];
    } kinds[] = {
        {GATE_ERROR_NON_2XX, accounting_wrong_status(a), a->completed, {"non2xx", "4xx", "5xx"}},
        {GATE_ERROR_MISMATCH, a->mismatches, a->completed, {"mismatches"}},
        {GATE_ERROR_LOSS, lost, a->sent + a->connect_failed, {"errors", "failed", "timeouts"}},
        {GATE_ERROR_PROBE, probes.non_2xx, probes.due, {"probe_errors"}},
        {GATE_ERROR_JOB, q->failed, q->accepted, {"jobs_failed"}},
    };
    for (size_t i = 0; i < LEN(kinds); i++) {
        *share = kinds[i].whole > 0 ? (double)kinds[i].part / (double)kinds[i].whole : 0;
        if (is_distorted(&threshold->metric, kinds[i].error) && *share > ERRORS_MOST &&
            !is_excused(threshold, policy, kinds[i].names) &&
            !(crossed && is_certain(threshold, kinds[i].error)))
            return kinds[i].error;
    }
    return GATE_ERROR_NONE;
}
