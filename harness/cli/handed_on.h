/* handed_on: what of a command line the generators of --hosts are told.
 *
 * Owner   the words are added to plan->load_argv, which plan_fini frees.
 * Errors  none.
 */
#ifndef CLI_HANDED_ON_H
#define CLI_HANDED_ON_H

#include "base/opt.h"
#include "model/plan.h"

/* Of a plan that was checked; without effect when this process makes the load. */
void hand_on(struct plan *plan, const struct opt_given *given);

#endif
