/* arm_sound: whether the results of an arm can be used.
 *
 * Shape   an arm is sound when it has results, all are valid, and none was interrupted.
 * Owner   the words are static.
 * Errors  none.
 */
#ifndef MODEL_ARM_SOUND_H
#define MODEL_ARM_SOUND_H

#include "model/comparison.h"

bool arm_is_sound(const struct arm *arm);
/* "was not run", "is not valid", "was interrupted": the arm, or where it has results one of its
 * runs. NULL for one that is sound. */
const char *arm_why_unsound(const struct arm *arm);

#endif
