#include "report/plot/generator.h"

#include <math.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/plot/field.h"
#include "stat/hist.h"

/* --- threads --- */

static double percent(double seconds, const struct result *r)
{
    return r->duration_s > 0 ? 100 * seconds / r->duration_s : NAN;
}

static void add_thread(size_t round, size_t thread, double cpu, double wait, struct buf *out)
{
    buf_printf(out, "%zu\t%zu", round + 1, thread + 1);
    plot_number(out, cpu);
    plot_number(out, wait);
    buf_puts(out, "\n");
}

void plot_generator(const struct arm *arm, struct buf *out)
{
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct result *r = &arm->results[i];
        for (size_t k = 0; k < r->client.nthreads; k++)
            add_thread(i, k, percent(r->client.threads[k].cpu_s, r),
                       percent(r->client.threads[k].run_wait_s, r), out);
        if (r->client.nthreads == 0)
            add_thread(i, 0, 100 * r->client.busiest_worker, NAN, out);
    }
    if (arm->nresults == 0)
        buf_puts(out, "NaN\tNaN\tNaN\tNaN\n");
}

double plot_generator_busiest(const struct arm *arm)
{
    double busiest = NAN;
    for (size_t i = 0; i < arm->nresults; i++)
        busiest = fmax(busiest, arm->results[i].client.busiest_worker); /* of NAN: the other */
    return busiest;
}

/* --- the schedule --- */

static void add_points(const struct arm *arm, bool of_lag, struct buf *out)
{
    static const double points[] = {0.5, 0.99, 1};
    struct hist *all = hist_new_latency();
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct hist *h = of_lag ? arm->results[i].lag : arm->results[i].slip;
        if (h != NULL)
            hist_merge(all, h);
    }
    for (size_t i = 0; i < LEN(points); i++) {
        int64_t ns = hist_percentile_ns(all, points[i]);
        plot_number(out, ns < 0 ? NAN : (double)ns / (double)NS_PER_MS);
    }
    hist_free(all);
}

void plot_late(const struct arm *arm, struct buf *out)
{
    add_points(arm, false, out);
    add_points(arm, true, out);
}
