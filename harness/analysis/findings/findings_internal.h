/* findings_parts: the kinds of findings, in the order in which they are told.
 *
 * Shape   each looks at the whole comparison and adds what it has to say, or nothing.
 */
#ifndef ANALYSIS_FINDINGS_FINDINGS_INTERNAL_H
#define ANALYSIS_FINDINGS_FINDINGS_INTERNAL_H

#include "model/arm_figure.h"
#include "model/comparison.h"

void find_work(struct comparison *c);            /* what a request asks for, and who differs */
void find_ranks(struct comparison *c);           /* most work, fastest answers */
void find_early_answers(struct comparison *c);   /* accepted is not done */
void find_light_path(struct comparison *c);      /* who blocks what takes no work */
void find_backlogs(struct comparison *c);        /* what a queue has still to do */
void find_accepting(struct comparison *c);       /* what accepting takes from the work */
void find_unanswered(struct comparison *c);      /* requests that got no reply, collapse */
void find_refusals(struct comparison *c);        /* replies that are no work */
void find_costs(struct comparison *c);           /* where the worst takes many times the best */
void find_generator_limit(struct comparison *c); /* whether bench set the pace */
void find_shared_cores(struct comparison *c);    /* whether bench had to wait for a core */
void find_left_out(struct comparison *c);        /* who is in no ranking, and why */
void find_recommendation(struct comparison *c);

/* Units of work compare only where they are the same: those of the first arm whose work bench
 * knows. One whose work it does not know is taken to do the same. */
bool arm_does_the_work(const struct comparison *c, const struct arm *arm);

#endif
