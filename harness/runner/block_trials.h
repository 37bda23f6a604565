/* block_trials: one block of a session in whole trials: one arm after the other, each alone.
 *
 * Shape   as block_measure, for arms that cannot live side by side.
 * Owner, Errors  as there.
 */
#ifndef RUNNER_BLOCK_TRIALS_H
#define RUNNER_BLOCK_TRIALS_H

#include "runner/block.h"

void block_trials_measure(const struct block_spec *spec, struct session_side *sides,
                          struct block_outcome *out);

#endif
