/* takeaway: the rules that the published comparison ends with, judged by a map.
 *
 * Shape   three claims more of a comparison: a pool for work under a second, a compute service for
 *         heavy work, a queue for long work. A map is a sweep; each point of it counts for the
 * rules whose work it has, and says which arms are best by the ranking's goal. How long a unit of
 *         work takes is its CPU time, or how long it sleeps.
 * Owner   the claims belong to the comparison; earlier ones of a map are replaced. The sweep is
 *         borrowed.
 * Errors  none: a rule whose strategy or work is not on the map is not comparable, with the reason.
 * Source  docs/article.md, "From a map".
 */
#ifndef ANALYSIS_SWEEP_TAKEAWAY_H
#define ANALYSIS_SWEEP_TAKEAWAY_H

#include "analysis/sweep/ranking.h"

void takeaway_add(struct comparison *c, const struct ranking *r);

#endif
