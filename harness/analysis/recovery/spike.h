/* spike: where the rate of an open loop goes up and comes back.
 *
 * Shape   the spike begins where the rate starts to rise to its peak, and ends where it has come
 *         down to a plateau, or to a rise, that is at least a tenth lower. After it comes the time
 *         in which the rate stays as low as that. Several peaks of one height are one spike, from
 *         the first to the last of them.
 * Units   s from the window's start, requests per second.
 * Errors  none: a rate that never comes down has no spike.
 */
#ifndef ANALYSIS_RECOVERY_SPIKE_H
#define ANALYSIS_RECOVERY_SPIKE_H

#include "model/stages.h"

struct spike {
    double from_s, to_s;
    double end_s; /* of the time after it; to_s: it came down to nothing that stays */
    double peak_rps, after_rps;
};

/* first_rps is the rate that the first stage begins with. */
bool spike_of(const struct plan_stages *stages, double first_rps, struct spike *out);

#endif
