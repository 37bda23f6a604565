/* What is to be seen in a picture over time, in one sentence, from the figures. Each arm is
 * described by itself: nothing is ranked. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/arm_traits.h"
#include "base/clock.h"
#include "report/plot/curve.h"
#include "report/plot/drain.h"
#include "report/plot/listing.h"
#include "report/plot/over_time.h"
#include "report/plot/picture_internal.h"
#include "report/plot/spike.h"
#include "report/text.h"

static void add_range(struct plot_range range, double scale, enum metric_unit unit, struct buf *out)
{
    if (isnan(range.low))
        return;
    listing_value(range.low * scale, unit, false, out);
    if (range.high > range.low) {
        buf_puts(out, " to ");
        listing_value(range.high * scale, unit, false, out);
    }
}

static void finish(size_t listed, struct buf *out)
{
    buf_puts(out, listed > 0 ? "." : "not measured.");
}

/* --- latency --- */

static void latency_over_time(const struct arm *arm, const void *ctx, struct buf *out)
{
    const int *column = ctx;
    add_range(plot_range_of(arm, plot_percentiles, *column), (double)NS_PER_MS, METRIC_TIME, out);
}

void picture_see_percentiles(const void *what, struct buf *out)
{
    static const int p99 = PLOT_P99;
    static const int highest = PLOT_HIGHEST;
    struct buf list;
    buf_init(&list, BUF_TEXT_MAX);
    if (listing_add(what, latency_over_time, &p99, &list) > 0) {
        buf_printf(out, "Over the run the p99 ranged: %s.", list.data);
    } else { /* of older results only the highest is known */
        buf_puts(out, "Over the run the highest latency ranged: ");
        finish(listing_add(what, latency_over_time, &highest, out), out);
    }
    buf_fini(&list);
    plot_spike_see_back(what, out);
}

static void most_requests(const struct arm *arm, const void *ctx, struct buf *out)
{
    (void)ctx;
    struct plot_pool pool;
    plot_pool_init(&pool, arm, &plot_requests);
    const struct plot_range range = {(double)hist_percentile_ns(pool.finished, 0.05),
                                     (double)hist_percentile_ns(pool.finished, 0.95)};
    if (range.low >= 0)
        add_range(range, 1, METRIC_TIME, out);
    plot_pool_fini(&pool);
}

void picture_see_heat(const void *what, struct buf *out)
{
    buf_puts(out, "Nine of ten requests took: ");
    finish(listing_add(what, most_requests, NULL, out), out);
    plot_spike_see_back(what, out);
}

/* --- rate --- */

static void errors(const struct arm *arm, const void *ctx, struct buf *out)
{
    (void)ctx;
    char number[32];
    struct replies replies = arm_replies(arm);
    int64_t lost = replies.timed_out + replies.failed;
    if (lost > 0)
        text_list(out, "%s without a response", text_grouped(lost, number, sizeof number));
    if (replies.non_2xx > 0)
        text_list(out, "%s with another status than 2xx",
                  text_grouped(replies.non_2xx, number, sizeof number));
}

static void rates(const struct arm *arm, const void *ctx, struct buf *out)
{
    (void)ctx;
    add_range(plot_range_of(arm, plot_rate, PLOT_RESPONSES), 1, METRIC_NUMBER, out);
}

void picture_see_rate(const void *what, struct buf *out)
{
    buf_puts(out, "Responses per second: ");
    if (listing_add(what, rates, NULL, out) == 0)
        buf_puts(out, "not measured");
    buf_puts(out, ", and errors: ");
    buf_puts(out, listing_add(what, errors, NULL, out) > 0 ? "." : "none.");
    plot_spike_see_goodput(what, out);
}

/* --- server --- */

static void costs(const struct arm *arm, const void *ctx, struct buf *out)
{
    (void)ctx;
    struct plot_range cores = plot_range_of(arm, plot_server, PLOT_CORES);
    struct plot_range memory = plot_range_of(arm, plot_server, PLOT_MEMORY);
    char used[32];
    (void)snprintf(used, sizeof used, "%.3g", cores.high);
    if (!isnan(cores.high)) /* 1.0002 is shown as 1, and so is one core */
        text_list(out, "up to %s core%s", used, strcmp(used, "1") == 0 ? "" : "s");
    if (!isnan(memory.high)) {
        buf_puts(out, out->len == 0 ? "up to " : " and ");
        listing_value(memory.high, METRIC_SIZE, false, out);
    }
}

void picture_see_server(const void *what, struct buf *out)
{
    buf_puts(out, "Under the load the servers used: ");
    finish(listing_add(what, costs, NULL, out), out);
    plot_spike_see_requests(what, out);
}

/* --- queue --- */

static void fate(const struct arm *arm, const void *ctx, struct buf *out)
{
    (void)ctx;
    double accepted = arm_figure_value(arm, &queue_accepting);
    double done = arm_figure_value(arm, arm_figure_find("work_per_second"));
    double backlog = arm_figure_value(arm, &queue_backlog);
    if (isnan(backlog) || isnan(accepted) || isnan(done))
        return;
    buf_puts(out, "accepted ");
    listing_value(accepted, METRIC_NUMBER, false, out);
    buf_puts(out, " jobs per second and completed ");
    listing_value(done, METRIC_NUMBER, false, out);
    buf_puts(out, ", with ");
    listing_value(backlog, METRIC_COUNT, false, out);
    buf_puts(out, " left at the end");
    struct buf drain;
    buf_init(&drain, BUF_TEXT_MAX);
    plot_drain_text(arm, &drain);
    if (drain.len > 0)
        buf_printf(out, " (%s)", drain.data);
    buf_fini(&drain);
}

void picture_see_queue(const void *what, struct buf *out)
{
    finish(listing_add(what, fate, NULL, out), out);
    plot_spike_see_jobs(what, out);
}
