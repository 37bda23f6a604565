/* findings_internal: the kinds of findings, in the order of the report.
 *
 * Shape   each looks at the whole comparison and adds its findings, if any.
 */
#ifndef ANALYSIS_FINDINGS_FINDINGS_INTERNAL_H
#define ANALYSIS_FINDINGS_FINDINGS_INTERNAL_H

#include "model/arm_figure.h"
#include "model/comparison.h"

void find_work(struct comparison *c);          /* the work of a request, and arms with other work */
void find_protocols(struct comparison *c);     /* arms that speak different protocols */
void find_offered(struct comparison *c);       /* whether arms keep up with an open loop's rate */
void find_recovery(struct comparison *c);      /* how arms come back from a spike of the rate */
void find_ranks(struct comparison *c);         /* most work, lowest latencies */
void find_early_answers(struct comparison *c); /* responses before the work is done */
void find_probe(struct comparison *c);         /* arms that block the probe endpoint */
void find_backlogs(struct comparison *c);      /* the backlog of a queue */
void find_accepting(struct comparison *c);     /* CPU that accepting takes from the work */
void find_unanswered(struct comparison *c);    /* requests without a response, collapse */
void find_refusals(struct comparison *c);      /* responses that did no work */
void find_costs(struct comparison *c);         /* where the worst costs many times the best */
void find_generator_limit(struct comparison *c); /* whether bench was the bottleneck */
void find_generator_late(struct comparison *c);  /* whether it sent requests late */
void find_shared_cores(struct comparison *c);    /* whether bench waited for a core */
void find_left_out(struct comparison *c);        /* arms that are not ranked, and why */
void find_recommendation(struct comparison *c);

/* Whether the arm does the same work as the first arm whose work is known: units of work are only
 * comparable if they are equal. An arm with unknown work is assumed to do the same. */
bool arm_does_the_work(const struct comparison *c, const struct arm *arm);
bool arm_work_is_known(const struct arm *arm); /* false for a server of the user's */

#endif
