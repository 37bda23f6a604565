/* arm_recovery: how an arm came back from a spike, over its rounds.
 *
 * Shape   one round stands for all: of those whose state is the worst, the one that took a middling
 *         time. Rounds that other programs disturbed are left out, unless there are no others.
 * Owner   `one` is the result's.
 * Errors  none.
 */
#ifndef MODEL_ARM_RECOVERY_H
#define MODEL_ARM_RECOVERY_H

#include "model/comparison.h"

struct arm_recovery {
    const struct recovery *one;
    size_t alike, rounds; /* rounds of that state; all that had a spike */
};

/* False: its rate had no spike. */
bool arm_recovery_of(const struct arm *arm, struct arm_recovery *out);

#endif
