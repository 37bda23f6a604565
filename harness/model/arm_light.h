/* arm_light: the light path of an arm, which is asked for what takes no work.
 *
 * Shape   an arm blocks it when both the p99 and the p50 of its probes are as long as the limits
 *         below; it is uneven when only the p99 is. A person waits as long whatever the other arms
 *         do, so they have no part in it.
 * Units   ns.
 * Owner   a path is the result's.
 * Errors  none: one that was not probed is neither.
 * Source  docs/compare.md, light-path-blocked.
 */
#ifndef MODEL_ARM_LIGHT_H
#define MODEL_ARM_LIGHT_H

#include "base/clock.h"
#include "model/arm_figure.h"

#define LIGHT_P99_NS  ((double)(100 * NS_PER_MS)) /* a wait that a person notices */
#define LIGHT_HALF_NS ((double)(10 * NS_PER_MS))  /* of half of the probes: no few hiccups */

extern const struct arm_figure light_half; /* "probe.p50"; the p99 is the table's "probe_p99" */

const char *arm_light_path(const struct arm *arm); /* "/ping", or "probe" when it is not known */
double arm_light_p99_ns(const struct arm *arm);    /* NAN when it was not probed */
bool arm_is_probed(const struct arm *arm);
bool arm_blocks(const struct arm *arm);
bool arm_is_uneven(const struct arm *arm);

#endif
