/* findings: what a comparison's figures say, in plain sentences.
 *
 * Shape   one function a kind of finding, each adds its sentence, or one for each arm that it is
 *         about; none that its figures do not bear: too few samples, a tie, or a generator that was
 *         the limit is said instead.
 * Owner   the findings belong to the comparison; those it had are replaced.
 * Errors  none. Names of arms stand in the sentences as they are.
 * Source  docs/compare.md has the rule behind each.
 */
#ifndef ANALYSIS_FINDINGS_FINDINGS_H
#define ANALYSIS_FINDINGS_FINDINGS_H

#include "model/comparison.h"

void findings_add(struct comparison *c);

#endif
