/* arm_replies: what became of the requests of an arm.
 *
 * Shape   the counts of all rounds together. An arm loses requests when more than 1 % of them timed
 *         out or failed, or when few were answered at all; it refuses when more than 1 % of its
 *         replies are no work.
 * Units   requests and replies.
 * Owner   nothing is kept.
 * Errors  none: an arm that was not run has counts of 0.
 * Source  docs/compare.md, the recommendation; model/result.h has what "few" is.
 */
#ifndef MODEL_ARM_REPLIES_H
#define MODEL_ARM_REPLIES_H

#include "model/comparison.h"

struct replies {
    int64_t sent, completed, timed_out, failed, open, non_2xx, mismatches;
    bool are_few; /* of those sent */
};

struct replies arm_replies(const struct arm *arm);
bool arm_loses(const struct arm *arm);
bool arm_refuses(const struct arm *arm);

#endif
