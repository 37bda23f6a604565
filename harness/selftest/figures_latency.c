/* Rows about latencies of servers whose latencies are known. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "load/schedule.h"
#include "selftest/figures_internal.h"
#include "selftest/sample.h"
#include "selftest/truth.h"

#define CONSTANT_NS       (50 * NS_PER_MS)
#define CONSTANT_ERROR_NS (1.0 * NS_PER_MS)
#define FROZEN_NS         (20 * NS_PER_MS)
#define QUEUE_SERVICE_NS  (4.0 * NS_PER_MS)
#define QUEUE_SHARE       0.03

/* A percentile, with the part of its true value that it may be off by. It is above a histogram's
 * own width, which is at most 0.001 of the value. */
struct row {
    double q, share;
    const char *key, *text;
};

/* All requests of a number of them were answered, and the server knows of each. */
static bool is_whole(const struct delay_load *load, const struct delay_run *run)
{
    return run->result.accounting.completed == load->amount &&
           run->log.count == (size_t)load->amount;
}

/* sorted: the true latencies, all of them, but for the machine's floor; NULL: not known. */
static void add_percentiles(struct figures *f, const struct delay_run *run, const int64_t *sorted,
                            const struct row *rows, size_t count, double floor_ns)
{
    for (size_t i = 0; i < count; i++) {
        double truth =
            sorted == NULL ? NAN : (double)sample_percentile_ns(sorted, run->log.count, rows[i].q);
        selftest_add(f->selftest,
                     &(struct selftest_figure){
                         .key = rows[i].key,
                         .text = rows[i].text,
                         .unit = METRIC_TIME,
                         .truth = truth,
                         .measured = figures_percentile_ns(run->result.latency, rows[i].q),
                         .limit = sorted == NULL ? 0 : truth * rows[i].share + floor_ns});
    }
}

void figures_of_constant(struct figures *f, const struct delay_load *load,
                         const struct delay_run *run)
{
    figures_add_due(f, load, run, "due.10", "requests due at 10/s");
    selftest_add(f->selftest, &(struct selftest_figure){
                                  .key = "constant.p50",
                                  .text = "a 50 ms server at 10/s: p50",
                                  .unit = METRIC_TIME,
                                  .truth = (double)CONSTANT_NS,
                                  .measured = figures_percentile_ns(run->result.latency, 0.5),
                                  .limit = CONSTANT_ERROR_NS});
}

/* The first request came when the first was due, but for some microseconds. */
void figures_of_freeze(struct figures *f, const struct delay_load *load,
                       const struct delay_run *run)
{
    static const struct row rows[] = {
        {0.5, 0.01, "freeze.p50", "a 20 ms server that freezes: p50"},
        {0.9, 0.01, "freeze.p90", "a 20 ms server that freezes: p90"},
        {0.99, 0.01, "freeze.p99", "a 20 ms server that freezes: p99"},
        {0.999, 0.01, "freeze.p999", "a 20 ms server that freezes: p99.9"}};
    size_t n = run->log.count;
    int64_t *latencies_ns = mem_array(n, sizeof *latencies_ns);
    bool is_known = is_whole(load, run) && run->frozen_ns > 0 && run->thawed_ns > 0;
    if (is_known) {
        int64_t first_ns = run->log.arrivals_ns[0];
        truth_frozen_all(
            load->rate_rps, FROZEN_NS,
            &(struct truth_freeze){run->frozen_ns - first_ns, run->thawed_ns - first_ns}, n,
            latencies_ns);
        sample_sort(latencies_ns, n);
    }
    add_percentiles(f, run, is_known ? latencies_ns : NULL, rows, LEN(rows),
                    (double)machine_floor_idle_ns(f->floor));
    free(latencies_ns);
}

void figures_of_lognormal(struct figures *f, const struct delay_load *load,
                          const struct delay_run *run)
{
    static const struct row rows[] = {
        {0.5, 0.01, "lognormal.p50", "lognormal service times: p50"},
        {0.9, 0.01, "lognormal.p90", "lognormal service times: p90"},
        {0.99, 0.01, "lognormal.p99", "lognormal service times: p99"},
        {0.999, 0.03, "lognormal.p999", "lognormal service times: p99.9"}};
    size_t n = run->log.count;
    int64_t *spans_ns = mem_array(n, sizeof *spans_ns);
    for (size_t i = 0; i < n; i++)
        spans_ns[i] = run->log.spans_ns[i]; /* the draw, and what the server was late by */
    sample_sort(spans_ns, n);
    add_percentiles(f, run, is_whole(load, run) ? spans_ns : NULL, rows, LEN(rows), 0);
    free(spans_ns);
}

/* The mean of the very requests of this run: when each was due, and its service time. */
static double queue_mean_ns(const struct delay_load *load, const struct delay_run *run)
{
    const struct schedule_stage stage = {SCHEDULE_ENDLESS_NS, load->rate_rps, load->rate_rps};
    const struct schedule schedule = {
        .arrivals = ARRIVALS_POISSON, .stages = &stage, .nstages = 1, .seed = (uint64_t)load->seed};
    struct schedule_cursor cursor;
    size_t n = run->log.count;
    int64_t *due_ns = mem_array(n, sizeof *due_ns);
    int64_t *latencies_ns = mem_array(n, sizeof *latencies_ns);
    schedule_start(&cursor, &schedule, 0, 1);
    for (size_t i = 0; i < n; i++)
        due_ns[i] = schedule_next(&cursor);
    truth_queue(due_ns, run->log.services_ns, n, latencies_ns);
    double mean_ns = sample_mean_ns(latencies_ns, n);
    free(due_ns);
    free(latencies_ns);
    return mean_ns;
}

void figures_of_queue(struct figures *f, const struct delay_load *load, const struct delay_run *run)
{
    double busy = load->rate_rps * QUEUE_SERVICE_NS / (double)NS_PER_S;
    bool whole = is_whole(load, run);
    double measured = whole ? hist_mean_ns(run->result.latency) : NAN;
    double floor_ns = (double)machine_floor_idle_ns(f->floor);
    double exact = whole ? queue_mean_ns(load, run) : NAN;
    selftest_add(f->selftest,
                 &(struct selftest_figure){.key = "queue.theory",
                                           .text = "half-busy server, mean, by theory",
                                           .unit = METRIC_TIME,
                                           .truth = truth_random_mean_ns(QUEUE_SERVICE_NS, busy),
                                           .measured = measured,
                                           .limit = truth_random_spread_ns(
                                               QUEUE_SERVICE_NS, busy, (size_t)load->amount, 1)});
    selftest_add(f->selftest,
                 &(struct selftest_figure){.key = "queue.exact",
                                           .text = "half-busy server, mean, by its times",
                                           .unit = METRIC_TIME,
                                           .truth = exact,
                                           .measured = measured,
                                           .limit = whole ? exact * QUEUE_SHARE + floor_ns : 0});
}
