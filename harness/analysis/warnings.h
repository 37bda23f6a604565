/* warnings: what a reader of the figures must know, each with its remedy.
 *
 * Shape   a pure function of the measured figures: the same result gives the same warnings.
 * Owner   the result owns them.
 */
#ifndef ANALYSIS_WARNINGS_H
#define ANALYSIS_WARNINGS_H

#include "model/result.h"

/* Sets client.saturated, adds warnings, and clears `valid` where nothing was measured. */
void warnings_add(struct result *r);

#endif
