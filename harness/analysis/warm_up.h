/* warm_up: whether a run began slower than it went on.
 *
 * Shape   a pure function of the seconds: the median of the p50 of the first tenth, against those
 *         of the rest. It is slow when it is above the median of the rest by a tenth and by four
 *         times the distance between the rest's quartiles: normal noise does that in fewer than one
 *         run of 100, and a few odd seconds in the rest change no quartile. A run is judged that
 *         has ten whole seconds with ten replies in each, and an open loop only when as much was
 *         due in the first tenth as later: with stages the load itself changes.
 * Units   nanoseconds, seconds.
 * Errors  none.
 */
#ifndef ANALYSIS_WARM_UP_H
#define ANALYSIS_WARM_UP_H

#include <stdbool.h>
#include <stddef.h>

#include "model/result.h"

struct warm_up {
    size_t first_s;           /* the length of the first tenth */
    double first_ns, rest_ns; /* medians of the seconds' p50 */
    bool is_short;            /* the first seconds were slower */
};

/* False: too little is known to judge it. */
bool warm_up_of(const struct result *r, struct warm_up *out);

#endif
