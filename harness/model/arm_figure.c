#include "model/arm_figure.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stat/ascending.h"

#define RATE_COUNT    30 /* the rate of fewer varies by a fifth or more by chance alone */
#define PROBE_DIFFERS 1.1
#define RATE_TIME_S   0.5 /* of a shorter time, starting and ending are a large part */

static bool answers_early(const struct result *r)
{
    return result_is_queue(r) || r->accounting.statuses[STATUS_ACCEPTED] > 0;
}

/* Non-2xx replies, unexpected ones, and jobs that were only accepted do not count as work. */
static double work_per_second(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    if (r->has_queue)
        return queue_work_per_second(r);
    if (answers_early(r) || !(r->duration_s > 0))
        return NAN;
    return accounting_replies_like(a, a->completed - accounting_wrong(a)) / r->duration_s;
}

/* The server's processor time is that of the window, so the work is that of the window as well. */
static double cpu_per_work(const struct result *r)
{
    double work = work_per_second(r) * r->duration_s;
    if (r->has_queue)
        work = r->queue.completed == MISSING ? NAN : (double)r->queue.completed;
    return r->has_server && work > 0 ? process_cpu_s(&r->server.total) / work * 1e9 : NAN;
}

static bool is_few_in(int64_t count, double time_s)
{
    return count < RATE_COUNT || time_s < RATE_TIME_S;
}

static bool few_ticks(const struct result *r)
{
    return r->has_server && process_cpu_s(&r->server.total) < CPU_LEAST_S;
}

static bool few_replies(const struct result *r)
{
    return is_few_in(r->accounting.completed, r->duration_s);
}

static bool few_work(const struct result *r)
{
    return r->has_queue ? is_few_in(queue_work_jobs(r), queue_work_s(r)) : few_replies(r);
}

/* clang-format off */
const struct arm_figure arm_figures[] = {
    {.key = "requests_per_second", .title = "req/s", .unit = METRIC_NUMBER, .metric = "rps", .few = few_replies},
    {.key = "work_per_second", .title = "work/s", .unit = METRIC_NUMBER, .read = work_per_second, .few = few_work},
    {.key = "p50", .title = "p50", .unit = METRIC_TIME, .metric = "p50"},
    {.key = "p99", .title = "p99", .unit = METRIC_TIME, .metric = "p99"},
    {.key = "unfinished", .title = "in flight", .unit = METRIC_COUNT, .metric = "in_flight"},
    {.key = "timeouts", .title = "timeouts", .unit = METRIC_COUNT, .metric = "timeouts"},
    {.key = "probe_p99", .title = "probe p99", .unit = METRIC_TIME, .metric = "probe.p99"},
    {.key = "probe_new_p99", .title = "new probe p99", .unit = METRIC_TIME, .metric = "probe_new.p99"},
    {.key = "cpu_per_request", .title = "CPU/req", .unit = METRIC_TIME, .metric = "cpu_per_request", .few = few_ticks},
    {.key = "cpu_per_work", .title = "CPU/work", .unit = METRIC_TIME, .read = cpu_per_work, .few = few_ticks},
    {.key = "rss_peak", .title = "peak RSS", .unit = METRIC_SIZE, .metric = "rss"},
    {.key = "threads_peak", .title = "threads", .unit = METRIC_COUNT, .metric = "threads"},
    {.key = "switches_per_request", .title = "switches/req", .unit = METRIC_NUMBER, .metric = "switches_per_request"},
    {.key = "run_wait", .title = "CPU wait", .unit = METRIC_TIME, .metric = "run_wait"},
    {.key = NULL},
};
/* clang-format on */

const struct arm_figure *arm_figure_find(const char *key)
{
    const struct arm_figure *figure = arm_figures;
    while (figure->key != NULL && strcmp(figure->key, key) != 0)
        figure++;
    assert(figure->key != NULL);
    return figure;
}

/* As in a run's report: the finished alone, unless the others change it. */
static struct arm_value value_of(const struct metric_value *v, bool few)
{
    bool alone = !v->raised && !isnan(v->finished);
    return (struct arm_value){.value = alone ? v->finished : v->low,
                              .is_bound = v->raised || v->high > v->low,
                              .is_few = few || (v->needed > 0 && v->samples < v->needed)};
}

struct arm_value arm_figure_read(const struct arm_figure *figure, const struct result *r)
{
    struct metric metric;
    struct err err;
    bool few = figure->few != NULL && figure->few(r);
    if (figure->metric == NULL)
        return (struct arm_value){.value = figure->read(r), .is_few = few};
    if (metric_find(figure->metric, &metric, &err) < 0)
        return (struct arm_value){.value = NAN};
    struct metric_value v = metric_measure(&metric, figure->unit, r);
    return value_of(&v, few);
}

double arm_median(double *values, size_t count)
{
    ascending_sort(values, count);
    return ascending_median(values, count);
}

size_t arm_undisturbed(const struct arm *arm)
{
    size_t count = 0;
    for (size_t i = 0; i < arm->nresults; i++)
        count += !arm->results[i].machine.is_disturbed;
    return count;
}

bool arm_counts_round(const struct arm *arm, size_t at)
{
    return !arm->results[at].machine.is_disturbed || arm_undisturbed(arm) == 0;
}

static struct arm_summary sum_up(const struct arm_value *rounds, size_t count)
{
    struct arm_summary sum = {.median = NAN, .low = NAN, .high = NAN};
    double *values = mem_array(count, sizeof *values);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        sum.is_bound |= rounds[i].is_bound;
        sum.is_few |= rounds[i].is_few;
        if (!isnan(rounds[i].value))
            values[n++] = rounds[i].value;
    }
    sum.median = arm_median(values, n);
    if (n > 0) {
        sum.low = values[0];
        sum.high = values[n - 1];
    }
    free(values);
    return sum;
}

struct arm_summary arm_figure_summary(const struct arm *arm, const struct arm_figure *figure)
{
    struct arm_value *rounds = mem_array(arm->nresults, sizeof *rounds);
    size_t count = 0;
    for (size_t i = 0; i < arm->nresults; i++) {
        if (arm_counts_round(arm, i))
            rounds[count++] = arm_figure_read(figure, &arm->results[i]);
    }
    struct arm_summary sum = sum_up(rounds, count);
    free(rounds);
    return sum;
}

void arm_latency_summaries(const struct arm *arm, const double *q, size_t nq,
                           struct arm_summary *out)
{
    struct metric_value *points = mem_array(nq, sizeof *points);
    struct arm_value *rounds = mem_array(nq * arm->nresults, sizeof *rounds);
    size_t count = 0;
    for (size_t i = 0; i < arm->nresults; i++) {
        if (!arm_counts_round(arm, i))
            continue;
        metric_measure_points(metric_hists, q, nq, &arm->results[i], points);
        for (size_t k = 0; k < nq; k++)
            rounds[k * arm->nresults + count] = value_of(&points[k], false);
        count++;
    }
    for (size_t k = 0; k < nq; k++)
        out[k] = sum_up(&rounds[k * arm->nresults], count);
    free(rounds);
    free(points);
}

double arm_figure_value(const struct arm *arm, const struct arm_figure *figure)
{
    return arm_figure_summary(arm, figure).median;
}

void arm_figure_range(const struct arm *arm, const struct arm_figure *figure, double *low,
                      double *high)
{
    struct arm_summary sum = arm_figure_summary(arm, figure);
    *low = sum.low;
    *high = sum.high;
}

bool arm_figure_is_bound(const struct arm *arm, const struct arm_figure *figure)
{
    return arm_figure_summary(arm, figure).is_bound;
}

bool arm_figure_is_few(const struct arm *arm, const struct arm_figure *figure)
{
    return arm_figure_summary(arm, figure).is_few;
}

const char *comparison_probe_path(const struct comparison *c)
{
    const char *path = NULL;
    for (size_t a = 0; a < c->narms; a++) {
        for (size_t i = 0; i < c->arms[a].nresults; i++) {
            const struct result *r = &c->arms[a].results[i];
            if (!r->has_probe)
                continue;
            if (path != NULL && strcmp(path, r->probe_counts.path) != 0)
                return NULL;
            path = r->probe_counts.path;
        }
    }
    return path;
}

static bool differs(double value, double other)
{
    return !isnan(value) && !(fmax(value, other) <= PROBE_DIFFERS * fmin(value, other));
}

bool result_probe_new_differs(const struct result *r)
{
    static const struct arm_figure points[][2] = {
        {{.metric = "probe_new.p50", .unit = METRIC_TIME},
         {.metric = "probe.p50", .unit = METRIC_TIME}},
        {{.metric = "probe_new.p99", .unit = METRIC_TIME},
         {.metric = "probe.p99", .unit = METRIC_TIME}},
    };
    bool any = false;
    for (size_t i = 0; i < LEN(points); i++)
        any |= differs(arm_figure_read(&points[i][0], r).value,
                       arm_figure_read(&points[i][1], r).value);
    return any;
}

bool arm_answers_early(const struct arm *arm)
{
    bool any = false;
    for (size_t i = 0; i < arm->nresults; i++)
        any |= answers_early(&arm->results[i]);
    return any;
}
