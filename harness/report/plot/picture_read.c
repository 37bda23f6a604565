/* How to read each picture, in one sentence. */
#include <math.h>

#include "base/mem.h"
#include "model/arm_figure.h"
#include "report/plot/curve.h"
#include "report/plot/drain.h"
#include "report/plot/over_time.h"
#include "report/plot/picture_internal.h"
#include "report/plot/spike.h"

#define LOG_FROM 100 /* a panel of compare whose arms differ by more has a logarithmic axis */

/* --- what a picture shows, which its sentence need not explain otherwise --- */

typedef bool (*arm_has_fn)(const struct arm *arm);

static bool any_arm(const struct comparison *c, arm_has_fn has)
{
    bool any = false;
    for (size_t i = 0; i < c->narms; i++)
        any = any || has(&c->arms[i]);
    return any;
}

/* Whether any arm has a number above `least` in that column. */
static bool any_above(const struct comparison *c, plot_over_time_fn write, int column, double least)
{
    bool any = false;
    for (size_t i = 0; i < c->narms; i++)
        any = any || plot_range_of(&c->arms[i], write, column).high > least; /* not of NAN */
    return any;
}

static bool any_has(const struct comparison *c, plot_over_time_fn write, int column)
{
    return any_above(c, write, column, -1);
}

static bool has_new_probes(const struct arm *arm)
{
    return plot_source_is_known(arm, &plot_new_probes);
}

static bool has_open_probes(const struct arm *arm)
{
    return arm_figure_is_bound(arm, arm_figure_find("probe_p99"));
}

static bool has_thread_waits(const struct arm *arm)
{
    bool any = false;
    for (size_t i = 0; i < arm->nresults; i++)
        any = any || arm->results[i].client.nthreads > 0;
    return any;
}

/* Whether the server's totals leave out what its ended threads did. */
static bool lives_only(const struct arm *arm)
{
    bool any = false;
    for (size_t i = 0; i < arm->nresults; i++)
        any = any || (arm->results[i].has_server && arm->results[i].server.total.live_threads_only);
    return any;
}

/* --- the sentences --- */

void picture_read_latency(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out,
             "At the 99 % mark, a curve is as high as the time within which 99 of 100 requests "
             "were answered, so lower is better; from one mark to the next, nine of ten of the "
             "requests that were still waiting are answered.");
}

/* Of older results, and of several rounds of them, only the highest may be known. */
void picture_read_percentiles(const void *what, struct buf *out)
{
    if (any_has(what, plot_percentiles, PLOT_P50))
        buf_puts(out,
                 "Each point stands for the requests that completed at that time: half of them "
                 "took no longer than the p50, and one in a hundred took longer than the p99.");
    else
        buf_puts(out, "Each point is the highest latency of the requests that completed at that "
                      "time; these results do not have the percentiles of each second.");
    plot_spike_read(what, SPIKE_BACK, out);
}

void picture_read_heat(const void *what, struct buf *out)
{
    buf_puts(out, "Time goes to the right and latency upwards; a cell has a stronger colour where "
                  "more of the "
                  "requests that completed at that time took that long.");
    plot_spike_read(what, SPIKE_BACK, out);
}

void picture_read_rate(const void *what, struct buf *out)
{
    buf_puts(out, "The height is the number of responses in each second");
    if (any_above(what, plot_rate, PLOT_ERRORS, 0))
        buf_puts(out, "; below are the requests that got none (full) or one with another status "
                      "than 2xx (pale)");
    buf_puts(out, ".");
    plot_spike_read(what, SPIKE_BACK, out);
}

void picture_read_server(const void *what, struct buf *out)
{
    buf_puts(out, "All panels have one time axis");
    if (any_has(what, plot_percentiles, PLOT_P99))
        buf_puts(out, ", so the cost of the server is below the latency at the same moment");
    buf_puts(out, ".");
    if (any_arm(what, lives_only))
        buf_puts(out, " Switches and CPU wait are lower bounds where threads of a server ended: "
                      "only bundled servers count those of ended threads.");
    plot_spike_read(what, SPIKE_BACK, out);
}

void picture_read_parts(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out,
             "The outline is the whole latency, the pale bar the wait in the server and the full "
             "one its work, as shares of the arm's own latency, so bars of two arms have no common "
             "scale; what is left of the mean is the network and the wait before the server read "
             "the request, which is where the requests wait for a server that blocks its loop. The "
             "percentiles of the parts come from different requests, so they do not add up.");
}

void picture_read_probe(const void *what, struct buf *out)
{
    buf_puts(out,
             "While the load ran, a light request was sent at a steady rate; at the 99 % mark, a "
             "curve is as high as the time within which 99 of 100 of these were answered.");
    if (any_arm(what, has_new_probes))
        buf_puts(out, " Dashed are those that had to open a connection first.");
    if (any_arm(what, has_open_probes))
        buf_puts(out, " Where a curve is thin, some probes had no response yet, so it is a lower "
                      "bound.");
}

void picture_read_queue(const void *what, struct buf *out)
{
    buf_puts(out, "Jobs that are accepted faster than they are completed pile up as the backlog");
    if (any_arm(what, plot_drain_is_drawn))
        buf_puts(out, ", which the dashed line continues after the load, down to 0 when it is "
                      "drained; a long drain does not fit, so its line is cut and looks almost "
                      "flat");
    buf_puts(out, ".");
    plot_spike_read(what, SPIKE_DRAINED, out);
}

void picture_read_generator(const void *what, struct buf *out)
{
    buf_puts(out, "Each dot is the CPU time of a thread of bench itself; near the dashed line the "
                  "figures show bench rather than the server");
    if (any_arm(what, has_thread_waits))
        buf_puts(out, ", and a ring far to the right shows that bench had to wait for a core");
    buf_puts(out, ".");
}

/* As in compare.gp. */
static bool is_log(const struct comparison *c, const struct arm_figure *figure)
{
    double least = INFINITY;
    double most = 0;
    for (size_t i = 0; i < c->narms; i++) {
        struct arm_summary sum = arm_figure_summary(&c->arms[i], figure);
        least = sum.low > 0 ? fmin(least, sum.low) : least;
        most = fmax(most, sum.high); /* of NAN: the other */
    }
    return most > LOG_FROM * least;
}

static bool any_is_log(const struct comparison *c)
{
    static const char *const keys[] = {
        "work_per_second",     "requests_per_second", "p50",      "p99",
        "probe_p99",           "cpu_per_work",        "rss_peak", "threads_peak",
        "switches_per_request"};
    bool any = false;
    for (size_t i = 0; i < LEN(keys); i++)
        any = any || is_log(c, arm_figure_find(keys[i]));
    return any;
}

void picture_read_compare(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    bool is_of_rounds = false;
    for (size_t i = 0; i < c->narms; i++)
        is_of_rounds |= c->arms[i].nresults > 1;
    buf_puts(out, is_of_rounds
                      ? "Each panel is a figure and each bar the median of an arm over its rounds, "
                        "with a line from the lowest round to the highest."
                      : "Each panel is a figure and each bar is that of an arm.");
    if (any_is_log(c))
        buf_puts(out, " In a panel that says log, compare where the bars end, not their lengths.");
}

void picture_read_shift(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "The height is the latency of NEW divided by that of OLD at the same percentile: "
                  "above 1, NEW is slower.");
}

void picture_read_blocks(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "Each point is the change in one block of fresh servers; the dashed line is the "
                  "limit, and the shaded side lies beyond it.");
}
