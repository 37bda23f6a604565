/* probe_warning: the warning about failed probes.
 *
 * Shape   as warnings.h, for the probe alone.
 */
#ifndef ANALYSIS_PROBE_WARNING_H
#define ANALYSIS_PROBE_WARNING_H

#include "model/result.h"

/* One warning when more than 1 % of the probes were lost or answered with another status. */
void probe_warning_add(struct result *r);

#endif
