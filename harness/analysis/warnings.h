/* warnings: what a reader of the figures must know, each with its remedy.
 *
 * Shape   a pure function of the measured figures: the same result gives the same warnings.
 * Owner   the result owns them.
 */
#ifndef ANALYSIS_WARNINGS_H
#define ANALYSIS_WARNINGS_H

#include "model/result.h"

/* Seconds of work: a queue that has less than that to do keeps up, its backlog comes and goes. */
#define KEEPS_UP_S 1.0

/* Sets client.saturated, adds warnings, and clears `valid` where nothing was measured. */
void warnings_add(struct result *r);

#endif
