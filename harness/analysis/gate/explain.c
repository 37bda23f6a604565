/* Why an outcome is what it is, in words. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "analysis/gate/gate.h"

/* How unfinished requests raised a figure that was judged all the same. */
static void explain_raised(const struct gate_outcome *o, char *text, size_t size)
{
    const struct metric_value *v = &o->measured;
    char value[32];
    if (!v->raised)
        return;
    if (isnan(v->finished))
        (void)snprintf(text, size, "nothing was completed: this is the age of what was not");
    else
        (void)snprintf(text, size,
                       "with unfinished %s counted at their age; %s of the completed alone",
                       o->limit->metric.hist->samples,
                       metric_format(v->finished, o->limit->unit, value, sizeof value));
}

static void explain_few(const struct gate_outcome *o, char *text, size_t size)
{
    const struct metric_value *v = &o->measured;
    const struct metric *m = &o->limit->metric;
    char value[32];
    (void)snprintf(text, size,
                   "too few samples: %s needs %" PRIu64 " %s, so that %d lie beyond it, and there "
                   "are %" PRIu64 " (%s so far); run longer",
                   m->name, v->needed, m->hist->samples, METRIC_BEYOND, v->samples,
                   metric_format(fmax(v->low, v->finished), o->limit->unit, value, sizeof value));
}

/* Samples of unknown size. */
static void explain_unfinished(const struct gate_outcome *o, char *text, size_t size)
{
    const struct metric_value *v = &o->measured;
    const struct metric_hist *hist = o->limit->metric.hist;
    char value[32];
    (void)snprintf(text, size, "so many %s %s that it may be anything from %s up; %s",
                   hist->samples, hist->gone,
                   metric_format(v->low, o->limit->unit, value, sizeof value), hist->remedy);
}

static void explain_ended(const struct gate_outcome *o, char *text, size_t size)
{
    char value[32];
    (void)snprintf(text, size,
                   "at least %s: what threads did that ended during the run is known of bundled "
                   "targets only",
                   metric_format(o->measured.low, o->limit->unit, value, sizeof value));
}

char *gate_explain(const struct gate_outcome *o, char *text, size_t size)
{
    text[0] = '\0';
    switch (o->reason) {
    case GATE_NONE:
        explain_raised(o, text, size);
        break;
    case GATE_INVALID:
        (void)snprintf(text, size, "nothing in an invalid run can be judged; its warnings say why");
        break;
    case GATE_INTERRUPTED:
        (void)snprintf(text, size, "the run was interrupted; --allow-partial judges what it has");
        break;
    case GATE_MISSING:
        (void)snprintf(text, size, "the run lacks it: it takes %s",
                       metric_needs(&o->limit->metric));
        break;
    case GATE_FEW:
        explain_few(o, text, size);
        break;
    case GATE_SATURATED:
        (void)snprintf(
            text, size,
            "the generator may have been the limit, not the server; give it more threads "
            "(-w) or another machine");
        break;
    case GATE_UNFINISHED:
        explain_unfinished(o, text, size);
        break;
    case GATE_ENDED_THREADS:
        explain_ended(o, text, size);
        break;
    case GATE_REASON_COUNT:
        break;
    }
    return text;
}
