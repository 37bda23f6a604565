/* curve: latency by percentile, as rows of a data file.
 *
 * Shape   percentile, 1/(1-percentile), latency, and two marks: fewer than 10 samples beyond it;
 *         only a lower bound. 75 rows per decade, including 50%, 75%, 90%, 95%, 97.5%, 99%, 99.9%;
 *         the last row is the highest value. A missing curve is one row of NaN, so that the next
 *         block keeps its number.
 * Units   ms.
 * Owner   plot_pool_init fills caller's storage; plot_pool_fini frees what it holds.
 * Source  the columns of HdrHistogram's own percentile output; see report/spread.h for the bounds.
 */
#ifndef REPORT_PLOT_CURVE_H
#define REPORT_PLOT_CURVE_H

#include "base/buf.h"
#include "model/comparison.h"

/* Which latencies of a result. */
struct plot_source {
    const struct hist *(*finished)(const struct result *r);
    const struct hist *(*unfinished)(const struct result *r);
};
extern const struct plot_source plot_requests, plot_probes, plot_new_probes;

/* The latencies of all rounds of an arm, merged as if they were one run. */
struct plot_pool {
    struct hist *finished, *unfinished;
};

/* Whether any round has one. */
bool plot_source_is_known(const struct arm *arm, const struct plot_source *source);
void plot_pool_init(struct plot_pool *pool, const struct arm *arm,
                    const struct plot_source *source);
void plot_pool_fini(struct plot_pool *pool);

/* Those that finished only. */
void plot_curve_completed(const struct plot_pool *pool, struct buf *out);
/* Includes unfinished ones with the time elapsed so far, if that makes a difference. */
void plot_curve_unfinished(const struct plot_pool *pool, struct buf *out);
/* The second where it makes a difference, and else the first. */
void plot_curve_whole(const struct plot_pool *pool, struct buf *out);

#endif
