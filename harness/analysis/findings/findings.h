/* findings: what a comparison's figures mean, in plain sentences.
 *
 * Shape   one function per kind of finding; each adds one sentence, or one per arm it applies to.
 *         If the figures do not support a conclusion (too few samples, a tie, a saturated
 *         generator), the sentence says so instead.
 * Owner   the findings belong to the comparison; existing ones are replaced.
 * Errors  none. Sentences use arm names unchanged.
 * Source  docs/compare.md explains the rule behind each finding.
 */
#ifndef ANALYSIS_FINDINGS_FINDINGS_H
#define ANALYSIS_FINDINGS_FINDINGS_H

#include "model/comparison.h"

void findings_add(struct comparison *c);

#endif
