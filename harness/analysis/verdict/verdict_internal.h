/* verdict_internal: the parts of a verdict that its files share.
 *
 * Shape   a series is what the blocks gave one gate: a value of each arm in each block, up to the
 *         first block without one. judge_gate turns it into a state.
 * Owner   a series owns its lists; series_fini frees them.
 * Errors  none.
 */
#ifndef ANALYSIS_VERDICT_INTERNAL_H
#define ANALYSIS_VERDICT_INTERNAL_H

#include "analysis/verdict/verdict.h"

#define VERDICT_CONTROL 2 /* the number of the arm */

struct series {
    double *values[SESSION_ARMS_MAX];   /* of each arm, one a block; NAN where it is not known */
    double *control[CHANGE_BOUNDS_MAX]; /* d of the control from the reference */
    int usable;
    enum verdict_reason reason; /* of the first block that is not; NONE: all are */
    size_t at_arm;
};

bool verdict_has_control(const struct session *s, const struct change_gate *g);
/* Also fills g->bounds[].d, g->usable. */
void series_make(const struct session *s, struct verdict_gate *g, struct series *out);
void series_fini(struct series *series);

/* How much of a session is looked at. */
struct judge_view {
    const struct session *session;
    int blocks;            /* the first ones */
    bool failed_elsewhere; /* a gate that is still open is stopped */
};
/* Sets all of g but what series_make has set. */
void judge_gate(const struct judge_view *view, const struct series *series, struct verdict_gate *g);
/* The looks of a session: at most LOOKS_BLOCKS_MOST. */
int judge_max_blocks(const struct session *s);
bool judge_is_over(const struct session *s); /* nothing more is measured, whatever is open */

/* Errors in the first g->blocks blocks because of which its figures do not count. Sets at_arm,
 * error and errors. */
bool judge_errors(const struct session *s, struct verdict_gate *g);

#endif
