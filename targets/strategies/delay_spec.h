/* delay_spec: how long the delay server takes for a request, as its --delay says. Pure.
 *
 * Shape   "constant:50ms"; "bimodal:10ms,200ms,1s": 10 ms, then 200 ms, in phases of 1 s that
 *         alternate; "lognormal:20ms,0.5": median and sigma; "exponential:20ms": the mean.
 * Units   nanoseconds. A draw is never above DELAY_MAX_NS.
 * Owner   caller's storage; the generator of a draw is the caller's, so that a seed gives the same
 *         draws on every machine.
 * Errors  delay_spec_parse: kind USAGE.
 * Source  Box and Muller (1958) for the lognormal; the inverse of its distribution for the
 *         exponential.
 */
#ifndef TARGETS_STRATEGIES_DELAY_SPEC_H
#define TARGETS_STRATEGIES_DELAY_SPEC_H

#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/rng.h"

#define DELAY_MAX_NS    (3600 * NS_PER_S)
#define DELAY_SIGMA_MAX 5.0

enum delay_kind { DELAY_CONSTANT, DELAY_BIMODAL, DELAY_LOGNORMAL, DELAY_EXPONENTIAL };

struct delay_spec {
    enum delay_kind kind;
    int64_t first_ns; /* the only delay, the median, the mean, or that of the first phase */
    int64_t second_ns, phase_ns;
    double sigma;
};

int delay_spec_parse(const char *text, struct delay_spec *out, struct err *err);
/* since_ns: the request's arrival, from that of the first one. */
int64_t delay_spec_draw(const struct delay_spec *spec, struct rng *rng, int64_t since_ns);

#endif
