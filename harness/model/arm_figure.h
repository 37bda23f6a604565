/* arm_figure: the figures that a comparison sets side by side, one row each.
 *
 * Shape   a table of rows, read by the text table, the data files of the pictures and the findings
 *         alike, so that all say the same. All but work_per_second and cpu_per_work are a metric of
 *         model/metric.h.
 *         A rate of fewer than 30 replies (of a queue: jobs) is few, or of less than half a second;
 *         so is CPU of fewer than ten of the kernel's ticks.
 *         Rounds in which other programs or steal took the cores (is_disturbed) are left out of an
 *         arm's summary, unless it has no others.
 * Units   as in a metric: ns, bytes, counts, numbers.
 * Owner   rows are static.
 * Errors  none: what an arm did not measure is NAN.
 * Source  docs/compare.md has each figure, and what in a result it is made of.
 */
#ifndef MODEL_ARM_FIGURE_H
#define MODEL_ARM_FIGURE_H

#include <stdbool.h>

#include "model/comparison.h"
#include "model/metric.h"

#define STATUS_ACCEPTED 202 /* RFC 9110: taken, and not yet done */

struct arm_figure {
    const char *key;   /* "requests_per_second"; stable, for programs */
    const char *title; /* "req/s" */
    enum metric_unit unit;
    const char *metric;                     /* its name in model/metric.h; NULL: read by `read` */
    double (*read)(const struct result *r); /* NULL for a metric */
    bool (*few)(const struct result *r);    /* too little to judge by; NULL: never */
};

/* requests_per_second, work_per_second, p50, p99, unfinished, timeouts, probe_p99, probe_new_p99,
 * cpu_per_request, cpu_per_work, rss_peak, threads_peak, switches_per_request, run_wait; ends with
 * one without a key. */
extern const struct arm_figure arm_figures[];

const struct arm_figure *arm_figure_find(const char *key); /* the key is one of ours */

/* One run's. Unfinished requests and probes count at their age where that makes a difference. */
struct arm_value {
    double value;  /* NAN: not measured */
    bool is_bound; /* the truth is that or more */
    bool is_few;   /* too few samples to judge by: beyond a percentile, or in a rate */
};
struct arm_value arm_figure_read(const struct arm_figure *figure, const struct result *r);

/* Sorts the values. NAN when there is none. */
double arm_median(double *values, size_t count);

/* How many of the arm's results were not disturbed. */
size_t arm_undisturbed(const struct arm *arm);
/* Whether result `at` is one of those that the arm's summary is made of. */
bool arm_counts_round(const struct arm *arm, size_t at);

/* Over the arm's undisturbed results; without one, over all. */
struct arm_summary {
    double median, low, high; /* all NAN when it was not measured */
    bool is_bound, is_few;    /* of any of them */
};
struct arm_summary arm_figure_summary(const struct arm *arm, const struct arm_figure *figure);

/* The same of the latency at each of `nq` quantiles; `out` has room for as many. */
void arm_latency_summaries(const struct arm *arm, const double *q, size_t nq,
                           struct arm_summary *out);

/* Parts of the summary: the median, the least and the most, the marks. */
double arm_figure_value(const struct arm *arm, const struct arm_figure *figure);
void arm_figure_range(const struct arm *arm, const struct arm_figure *figure, double *low,
                      double *high);
bool arm_figure_is_bound(const struct arm *arm, const struct arm_figure *figure);
bool arm_figure_is_few(const struct arm *arm, const struct arm_figure *figure);

/* The path that all probed results have; NULL when there is none, or several. */
const char *comparison_probe_path(const struct comparison *c);
/* Whether probes that had a connection opened for them took another time than the others: by more
 * than 10 % in the p50 or the p99. */
bool result_probe_new_differs(const struct result *r);

/* Whether its replies come before the work is done: a queue's, or any 202. */
bool arm_answers_early(const struct arm *arm);

#endif
