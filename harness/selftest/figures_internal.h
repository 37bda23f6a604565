/* figures_internal: what figures.c and figures_latency.c share.
 *
 * Units   nanoseconds.
 */
#ifndef SELFTEST_FIGURES_INTERNAL_H
#define SELFTEST_FIGURES_INTERNAL_H

#include <math.h>

#include "selftest/figures.h"

static inline double figures_percentile_ns(const struct hist *h, double q)
{
    int64_t ns = h == NULL ? -1 : hist_percentile_ns(h, q);
    return ns < 0 ? NAN : (double)ns;
}

/* How many requests were due: exactly as many as rate and duration ask for. */
void figures_add_due(struct figures *f, const struct delay_load *load, const struct delay_run *run,
                     const char *key, const char *text);

#endif
