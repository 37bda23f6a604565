/* Explains an outcome in words. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/gate/gate.h"

/* How unfinished requests raised a figure that could still be checked. */
static void explain_raised(const struct gate_outcome *o, char *text, size_t size)
{
    const struct metric_value *v = &o->measured;
    char value[32];
    if (!v->raised)
        return;
    if (isnan(v->finished))
        (void)snprintf(text, size, "no %s completed: the value is the time elapsed so far",
                       o->threshold->metric.hist->samples);
    else
        (void)snprintf(
            text, size,
            "includes unfinished %s with the time elapsed so far; %s for completed ones only",
            o->threshold->metric.hist->samples,
            metric_format(v->finished, o->threshold->unit, value, sizeof value));
}

/* CPU per request. */
static void explain_few_ticks(const struct gate_outcome *o, char *text, size_t size)
{
    char value[32];
    (void)snprintf(text, size,
                   "too few samples: CPU is counted in ticks of 10 ms, and the server used fewer "
                   "than 10 of them (%s per request so far); run longer",
                   metric_format(o->measured.low, o->threshold->unit, value, sizeof value));
}

static void explain_few(const struct gate_outcome *o, char *text, size_t size)
{
    const struct metric_value *v = &o->measured;
    const struct metric *m = &o->threshold->metric;
    char value[32];
    (void)snprintf(
        text, size,
        "too few samples: %s needs %" PRIu64 " %s (%d beyond it) and has %" PRIu64
        " (%s so far); run longer",
        m->name, v->needed, m->hist->samples, METRIC_BEYOND, v->samples,
        metric_format(fmax(v->low, v->finished), o->threshold->unit, value, sizeof value));
}

/* Nearly all of the few samples are beyond the threshold. */
static void explain_sure(const struct gate_outcome *o, char *text, size_t size)
{
    const struct metric_value *v = &o->measured;
    const struct metric *m = &o->threshold->metric;
    (void)snprintf(text, size,
                   "%s needs %" PRIu64 " %s and has %" PRIu64
                   ", but so many of them are above the threshold that it is crossed",
                   m->name, v->needed, m->hist->samples, v->samples);
}

static void explain_errors(const struct gate_outcome *o, char *text, size_t size)
{
    static const struct {
        const char *what, *limit;
    } kinds[] = {
        [GATE_ERROR_NONE] = {"", ""},
        [GATE_ERROR_NON_2XX] = {"of responses were non-2xx", "non2xx>1%"},
        [GATE_ERROR_MISMATCH] = {"of responses were not as expected", "mismatches>1%"},
        [GATE_ERROR_LOSS] = {"of requests were lost (timed out, failed or not connected)",
                             "errors>1%"},
        [GATE_ERROR_PROBE] = {"of probes had a non-2xx response", "probe_errors>1%"},
        [GATE_ERROR_JOB] = {"of jobs failed", "jobs_failed>1%"},
    };
    char share[32];
    (void)snprintf(text, size,
                   "%s %s, and the figure does not show that; add a threshold such as "
                   "--fail '%s', or --allow-errors",
                   metric_format(o->error_share, METRIC_SHARE, share, sizeof share),
                   kinds[o->error].what, kinds[o->error].limit);
}

/* Some samples have an unknown value. */
static void explain_unfinished(const struct gate_outcome *o, char *text, size_t size)
{
    const struct metric_value *v = &o->measured;
    const struct metric_hist *hist = o->threshold->metric.hist;
    char value[32];
    (void)metric_format(v->low, o->threshold->unit, value, sizeof value);
    if (isnan(v->finished))
        (void)snprintf(text, size,
                       "no %s completed: those that %s may have taken anything from %s up; %s, "
                       "or run longer",
                       hist->samples, hist->gone, value, hist->remedy);
    else
        (void)snprintf(text, size, "too many %s %s: the value may be anything from %s up; %s",
                       hist->samples, hist->gone, value, hist->remedy);
}

static void explain_ended(const struct gate_outcome *o, char *text, size_t size)
{
    char value[32];
    (void)snprintf(text, size,
                   "at least %s: threads that exited during the run are only included for bundled "
                   "targets",
                   metric_format(o->measured.low, o->threshold->unit, value, sizeof value));
}

/* Ends "or more" where nothing bounds it above. */
static void explain_interval(const struct gate_outcome *o, char *text, size_t size)
{
    const struct metric_value *v = &o->measured;
    char lo[32];
    char hi[32];
    (void)metric_format(v->low, o->threshold->unit, lo, sizeof lo);
    if (isinf(v->high))
        (void)snprintf(text, size, "it is %s/s or more, so the limit may be on either side", lo);
    else
        (void)snprintf(text, size,
                       "the limit is within the interval, from %s to %s/s (90 %%); more trials "
                       "make it narrower: bench capacity --continue",
                       lo, metric_format(v->high, o->threshold->unit, hi, sizeof hi));
}

/* Of a single run, or of the round of an arm that is in doubt. */
static void explain_run(const struct gate_outcome *o, char *text, size_t size)
{
    switch (o->reason) {
    case GATE_NONE:
        if (o->measured.samples < o->measured.needed)
            explain_sure(o, text, size);
        else
            explain_raised(o, text, size);
        break;
    case GATE_ERRORS:
        explain_errors(o, text, size);
        break;
    case GATE_INVALID:
        (void)snprintf(text, size, "an invalid run cannot be checked; see its warnings");
        break;
    case GATE_INTERRUPTED:
        (void)snprintf(text, size,
                       "the run was interrupted; bench check --allow-partial checks its partial "
                       "results");
        break;
    case GATE_MISSING:
        (void)snprintf(text, size, "not measured in this run: it needs %s",
                       metric_needs(&o->threshold->metric));
        break;
    case GATE_FEW:
        if (o->threshold->metric.row != NULL)
            explain_few_ticks(o, text, size);
        else
            explain_few(o, text, size);
        break;
    case GATE_SATURATED:
        (void)snprintf(
            text, size,
            "the load generator may have been the bottleneck, not the server; use more threads "
            "(-w) or another machine");
        break;
    case GATE_LATE:
        (void)snprintf(text, size,
                       "the load generator sent over 1%% of the requests late, so latencies are "
                       "its own in part; use more threads (-w), give it a core of its own, or "
                       "lower the rate");
        break;
    case GATE_UNFINISHED:
        explain_unfinished(o, text, size);
        break;
    case GATE_ENDED_THREADS:
        explain_ended(o, text, size);
        break;
    case GATE_INTERVAL:
        explain_interval(o, text, size);
        break;
    case GATE_REASON_COUNT:
        break;
    }
}

/* Why the arm cannot be judged. */
static void explain_doubt(const struct gate_outcome *o, char *text, size_t size)
{
    const struct gate_rounds *rounds = &o->rounds;
    struct gate_outcome one = *o;
    if (o->reason == GATE_INVALID) {
        (void)snprintf(text, size,
                       "round %zu of %zu gave no valid result, so the arm cannot be checked; see "
                       "the warnings, or check the others with --each-round",
                       rounds->doubted, rounds->planned);
        return;
    }
    if (o->reason == GATE_INTERRUPTED) {
        (void)snprintf(text, size,
                       "round %zu of %zu was interrupted or not run; --allow-partial checks what "
                       "the arm has",
                       rounds->doubted, rounds->planned);
        return;
    }
    if (rounds->doubted == 0) { /* each is certain, but not the mean of the two in the middle */
        (void)snprintf(text, size,
                       "the median of the rounds may be on either side of the threshold; run an "
                       "odd number of rounds, or longer ones");
        return;
    }
    one.measured = rounds->doubt;
    int len = snprintf(text, size, "round %zu: ", rounds->doubted);
    explain_run(&one, text + len, size - (size_t)len);
}

/* How the arm's figure was found. */
static void explain_median(const struct gate_outcome *o, char *text, size_t size)
{
    const struct gate_rounds *rounds = &o->rounds;
    explain_raised(o, text, size);
    size_t len = strlen(text);
    if (rounds->unknown > 0)
        len += (size_t)snprintf(text + len, size - len, "%sthe unknown rounds would change nothing",
                                len > 0 ? "; " : "");
    if (rounds->left_out > 0)
        (void)snprintf(text + len, size - len,
                       "%s%zu of %zu rounds left out: other programs or steal took the cores",
                       len > 0 ? "; " : "", rounds->left_out, rounds->planned);
}

char *gate_explain(const struct gate_outcome *o, char *text, size_t size)
{
    text[0] = '\0';
    if (o->rounds.planned == 0)
        explain_run(o, text, size);
    else if (o->reason == GATE_NONE)
        explain_median(o, text, size);
    else
        explain_doubt(o, text, size);
    return text;
}
