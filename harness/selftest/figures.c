/* Rows about the machine, and about when requests are sent. What the latencies show is in
 * figures_latency.c. */
#include "selftest/figures.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "load/schedule.h"
#include "selftest/figures_internal.h"
#include "selftest/sample.h"
#include "stat/anderson_darling.h"
#include "stat/ascending.h"
#include "stat/kolmogorov.h"

#define RATE_SHARE       1e-4
#define SPREAD_MOST      0.10
#define BIAS_NS          (50.0 * NS_PER_US)
#define SHARED_NS        (200.0 * NS_PER_US)
#define SLIP_P99_NS      (20.0 * NS_PER_US)
#define SLIP_P999_NS     (50.0 * NS_PER_US)
#define OWN_SHARE_NS     (10.0 * NS_PER_US)
#define CORES_OF_ITS_OWN 3 /* one for the generator, beside its main thread and the server */

#define POISSON_ARRIVALS 100000
#define POISSON_RATE_RPS 1000.0
#define POISSON_CHANCE   0.01

static bool has_own_core(const struct figures *f)
{
    return f->selftest->cores != MISSING && f->selftest->cores >= CORES_OF_ITS_OWN;
}

/* ---- the machine ---- */

static void state(struct figures *f, const char *key, const char *text, double measured_ns)
{
    selftest_add(f->selftest, &(struct selftest_figure){.key = key,
                                                        .text = text,
                                                        .unit = METRIC_TIME,
                                                        .truth = NAN,
                                                        .measured = measured_ns,
                                                        .limit = NAN});
}

void figures_of_machine(struct figures *f)
{
    const struct machine_floor *floor = f->floor;
    state(f, "machine.wake.p50", "machine: idle wake-up late by, p50",
          (double)hist_percentile_ns(floor->wake, 0.5));
    state(f, "machine.wake.p99", "machine: idle wake-up late by, p99",
          (double)hist_percentile_ns(floor->wake, 0.99));
    state(f, "machine.round_trip.p50", "machine: loopback round trip, p50",
          (double)hist_percentile_ns(floor->round_trip, 0.5));
    state(f, "machine.idle", "machine: wake-ups from 20 ms of sleep",
          (double)machine_floor_idle_ns(floor));
}

/* ---- the computed arrivals ---- */

/* In ascending order. Times are whole nanoseconds, and two arrivals may have the same. */
static double *poisson_gaps(int64_t seed)
{
    const struct schedule_stage stage = {SCHEDULE_ENDLESS_NS, POISSON_RATE_RPS, POISSON_RATE_RPS};
    const struct schedule schedule = {
        .arrivals = ARRIVALS_POISSON, .stages = &stage, .nstages = 1, .seed = (uint64_t)seed};
    struct schedule_cursor cursor;
    double *gaps = mem_array(POISSON_ARRIVALS, sizeof *gaps);
    int64_t before_ns = 0;
    schedule_start(&cursor, &schedule, 0, 1);
    for (size_t i = 0; i < POISSON_ARRIVALS; i++) {
        int64_t due_ns = schedule_next(&cursor);
        gaps[i] = fmax((double)(due_ns - before_ns), 0.5);
        before_ns = due_ns;
    }
    ascending_sort(gaps, POISSON_ARRIVALS);
    return gaps;
}

void figures_of_poisson(struct figures *f, int64_t seed)
{
    const double mean_ns = (double)NS_PER_S / POISSON_RATE_RPS;
    double *gaps = poisson_gaps(seed);
    selftest_add(f->selftest,
                 &(struct selftest_figure){
                     .key = "poisson.distance",
                     .text = "Poisson arrivals, distance (KS)",
                     .unit = METRIC_NUMBER,
                     .truth = 0,
                     .measured = kolmogorov_exponential(gaps, POISSON_ARRIVALS, mean_ns),
                     .limit = kolmogorov_critical(POISSON_CHANCE, POISSON_ARRIVALS)});
    selftest_add(f->selftest,
                 &(struct selftest_figure){
                     .key = "poisson.tails",
                     .text = "Poisson arrivals, tails (Anderson-Darling)",
                     .unit = METRIC_NUMBER,
                     .truth = 0,
                     .measured = anderson_darling_exponential(gaps, POISSON_ARRIVALS, mean_ns),
                     .limit = anderson_darling_critical(POISSON_CHANCE)});
    free(gaps);
}

/* ---- sending ---- */

void figures_add_due(struct figures *f, const struct delay_load *load, const struct delay_run *run,
                     const char *key, const char *text)
{
    double seconds = (double)load->duration_ns / (double)NS_PER_S;
    int64_t due = run->result.accounting.due;
    selftest_add(f->selftest,
                 &(struct selftest_figure){.key = key,
                                           .text = text,
                                           .unit = METRIC_COUNT,
                                           .truth = ceil(load->rate_rps * seconds - 1e-6),
                                           .measured = due == MISSING ? NAN : (double)due,
                                           .limit = 0});
}

struct slip_row {
    double q;
    const char *key, *text;
};

/* What makes half as many wake-ups of a thread that only sleeps late by as much or more. Both the
 * numbers of late requests and of late wake-ups vary by chance, and more than they would by
 * themselves, since one stall makes several of them late. */
static double beside_ns(const struct delay_run *run, double q)
{
    return figures_percentile_ns(run->beside, 1 - (1 - q) / 2);
}

/* NAN: the figure is only stated. */
static double slip_limit_ns(const struct figures *f, const struct delay_run *run, double q)
{
    bool own = has_own_core(f);
    if (q < 0.9)
        return NAN;
    if (q > 0.99)
        return own ? beside_ns(run, q) + SLIP_P999_NS : NAN;
    double floor_ns = beside_ns(run, q) + SLIP_P99_NS;
    return own ? floor_ns : fmax(floor_ns, SHARED_NS);
}

static void add_slip(struct figures *f, const struct delay_run *run, const struct slip_row *rows,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        selftest_add(f->selftest,
                     &(struct selftest_figure){
                         .key = rows[i].key,
                         .text = rows[i].text,
                         .unit = METRIC_TIME,
                         .truth = 0,
                         .measured = figures_percentile_ns(run->result.slip, rows[i].q),
                         .limit = slip_limit_ns(f, run, rows[i].q)});
}

static void add_rate(struct figures *f, const struct delay_load *load, const struct delay_run *run)
{
    selftest_add(f->selftest, &(struct selftest_figure){
                                  .key = "rate.1000",
                                  .text = "rate at the server, 1,000/s asked",
                                  .unit = METRIC_NUMBER,
                                  .truth = load->rate_rps,
                                  .measured = sample_rate_rps(run->log.arrivals_ns, run->log.count),
                                  .limit = load->rate_rps * RATE_SHARE});
}

/* What bench shows beyond what the server took: both ways over loopback, both wake-ups, and the
 * slip. The truth is what a bare program needs for the same way. */
static void add_bias(struct figures *f, const struct delay_run *run)
{
    double more_ns = hist_mean_ns(run->result.latency) - server_log_mean_span_ns(&run->log);
    selftest_add(f->selftest,
                 &(struct selftest_figure){.key = "bias.mean",
                                           .text = "latency beyond the server's own, mean",
                                           .unit = METRIC_TIME,
                                           .truth = hist_mean_ns(f->floor->round_trip),
                                           .measured = more_ns,
                                           .limit = has_own_core(f) ? BIAS_NS : SHARED_NS});
}

void figures_of_slip(struct figures *f, const struct delay_load *load, const struct delay_run *run)
{
    static const struct slip_row rows[] = {
        {0.5, "slip.1000.p50", "sent late at 1,000/s by, p50"},
        {0.99, "slip.1000.p99", "sent late at 1,000/s by, p99"},
        {0.999, "slip.1000.p999", "sent late at 1,000/s by, p99.9"}};
    figures_add_due(f, load, run, "due.1000", "requests due at 1,000/s");
    add_rate(f, load, run);
    state(f, "beside.1000.p995", "a thread that only sleeps meanwhile, p99.5",
          beside_ns(run, 0.99));
    add_slip(f, run, rows, LEN(rows));
    add_bias(f, run);
}

void figures_of_fast_slip(struct figures *f, const struct delay_load *load,
                          const struct delay_run *run)
{
    static const struct slip_row rows[] = {
        {0.5, "slip.20000.p50", "sent late at 20,000/s by, p50"},
        {0.99, "slip.20000.p99", "sent late at 20,000/s by, p99"},
        {0.999, "slip.20000.p999", "sent late at 20,000/s by, p99.9"}};
    figures_add_due(f, load, run, "due.20000", "requests due at 20,000/s");
    state(f, "beside.20000.p995", "a thread that only sleeps meanwhile, p99.5",
          beside_ns(run, 0.99));
    add_slip(f, run, rows, LEN(rows));
}

/* By the kernel's stamps where bench may have them, else by when the server read them. */
static double gap_spread(const struct delay_run *run)
{
    const struct wire_log *wire = &run->wire;
    return wire->count > 0 && wire->missed == 0
               ? sample_gap_spread(wire->requests_ns, wire->count)
               : sample_gap_spread(run->log.arrivals_ns, run->log.count);
}

/* What is added to the time between the kernel's two stamps by writing the request, and by waking
 * up for the reply, which no program can be without. */
static void add_own_share(struct figures *f, const struct delay_run *run)
{
    double own_ns = hist_mean_ns(run->result.service) - wire_mean_span_ns(&run->wire);
    double limit_ns = figures_percentile_ns(f->floor->wake, 0.5) + OWN_SHARE_NS;
    selftest_add(f->selftest, &(struct selftest_figure){
                                  .key = "bias.kernel",
                                  .text = "service time beyond the kernel's, mean",
                                  .unit = METRIC_TIME,
                                  .truth = isnan(own_ns) ? NAN : 0,
                                  .measured = own_ns,
                                  .limit = has_own_core(f) && !isnan(own_ns) ? limit_ns : NAN});
}

void figures_of_spacing(struct figures *f, const struct delay_load *load,
                        const struct delay_run *run)
{
    figures_add_due(f, load, run, "due.500", "requests due at 500/s");
    selftest_add(f->selftest,
                 &(struct selftest_figure){.key = "spacing.500",
                                           .text = "gaps at the server, median deviation",
                                           .unit = METRIC_SHARE,
                                           .truth = 0,
                                           .measured = gap_spread(run),
                                           .limit = SPREAD_MOST});
    add_own_share(f, run);
}
