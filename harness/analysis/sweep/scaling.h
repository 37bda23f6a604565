/* scaling: how the throughput of an arm grows with what a sweep varies, by the scalability law.
 *
 * Shape   the law (stat/usl.h) is fitted to the arm's medians at all points. Only
 *         of a sweep over one option that says how many work at once: connections, or the size of
 *         a pool.
 * Units   as in struct usl_fit; throughput is work per second, or requests where the work is not
 *         known.
 * Owner   caller's storage.
 * Errors  none: a fit without an answer has its reason.
 */
#ifndef ANALYSIS_SWEEP_SCALING_H
#define ANALYSIS_SWEEP_SCALING_H

#include "model/sweep.h"
#include "stat/usl.h"

/* There is a law for what this sweep varies. */
bool scaling_applies(const struct sweep *s);
void scaling_fit(const struct sweep *s, size_t arm, struct usl_fit *out);

#endif
