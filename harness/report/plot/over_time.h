/* over_time: what the series of an arm says, as rows of data files: the percentiles, the rates, the
 * cost of the server, the jobs of a queue.
 *
 * Shape   a row is a stretch of time (report/plot/stretch.h): its start, its end, then the columns.
 *         A rate or a level is the mean over the rounds, by their time in the stretch; latencies of
 *         the rounds are merged. An arm without any has one row of NaN, so that the next block
 *         keeps its number.
 * Units   s, ms, bytes, counts per second.
 */
#ifndef REPORT_PLOT_OVER_TIME_H
#define REPORT_PLOT_OVER_TIME_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/comparison.h"

/* p50, p90, p99 and the highest. Of an older result, without latencies over time, what `series`
 * has: no p90, and the p50 and p99 only where one entry of one round is a stretch. */
void plot_percentiles(const struct arm *arm, struct buf *out);
/* Responses; errors of both kinds, requests without a response, responses of another status. */
void plot_rate(const struct arm *arm, struct buf *out);
/* CPU, memory, threads, switches, run-queue wait, backlog. */
void plot_server(const struct arm *arm, struct buf *out);
/* Accepted, completed, backlog. */
void plot_queue(const struct arm *arm, struct buf *out);

typedef void (*plot_over_time_fn)(const struct arm *arm, struct buf *out);

/* Columns of the four, from 0. */
#define PLOT_P50       2
#define PLOT_P99       4
#define PLOT_HIGHEST   5
#define PLOT_RESPONSES 2
#define PLOT_ERRORS    3
#define PLOT_CORES     2
#define PLOT_MEMORY    3

/* Of the numbers in a column; both NAN when there is none. */
struct plot_range {
    double low, high;
};
struct plot_range plot_range_of(const struct arm *arm, plot_over_time_fn write, int column);
/* Whether there is any number but the times. */
bool plot_over_time_is_known(const struct arm *arm, plot_over_time_fn write);

#endif
