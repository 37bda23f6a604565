/* looks: the sequential plan of a gate: when it is judged, and what each look may spend.
 *
 * Shape   four looks, after 6, 10, 16 and 24 blocks. Each has its own critical value of the
 *         signed-rank statistic; together they spend 5 % on each side. At a look a gate fails if
 *         the whole interval lies beyond its margin, passes if the whole interval lies short of
 *         it, and goes on otherwise. The first decision is final. A maximum of blocks takes looks
 *         away and changes nothing in those that remain: what is not spent is never moved to
 *         another look, and blocks past the last look within the maximum decide nothing.
 * Units   d is the shift of one block, positive for worse; tau is in the units of d.
 * Owner   nothing is kept; a look is constant.
 * Errors  looks_judge returns -1, and writes nothing, when a value that a look needs is not finite,
 *         a tau is NAN, or there is no bound. Blocks after the deciding look are never read.
 * Source  group-sequential looks with a level fixed for each beforehand (Lan and DeMets, 1983, with
 *         constant steps): c is the largest whose P(W+ <= c) is at most alpha; those chances are
 *         .0156, .0137, .0168 and .0197. Simulated with normal noise, a margin that is exactly the
 *         true shift is failed by 1.6, 2.5, 3.6 and 4.6 % of the sessions up to each look.
 */
#ifndef STAT_LOOKS_H
#define STAT_LOOKS_H

#include "stat/walsh.h"

#define LOOKS              4
#define LOOKS_BLOCKS_LEAST 6
#define LOOKS_BLOCKS_MOST  24

struct look {
    int blocks;
    int critical; /* the c of walsh.h */
    double alpha; /* the most that it may spend on each side */
};
/* index in 0..LOOKS-1 */
const struct look *looks_get(int index);
/* How many looks are due after so many blocks; a plan with this maximum has as many. */
int looks_within(int blocks);

/* A gate may have several bounds ("+10 % and +1 ms"), each with its own differences, block by
 * block. It fails when all of them are exceeded at one look, and passes when one of them is kept.
 */
struct look_bound {
    const double *d;
    double tau;
};
enum look_decision {
    LOOK_GO_ON,        /* a look of the plan is still to come */
    LOOK_INCONCLUSIVE, /* the last look of the plan decided nothing, or the plan has none */
    LOOK_PASS,
    LOOK_FAIL,
};
struct look_verdict {
    enum look_decision decision;
    const struct look *look; /* the one that decided, or else the last that was due; may be NULL */
};
/* After `blocks` blocks, in a plan of at most max_blocks. */
struct look_progress {
    int blocks, max_blocks;
};
int looks_judge(const struct look_bound *bounds, int nbounds, struct look_progress progress,
                struct look_verdict *out);
/* The interval as that look sees it, of the look's first blocks. -1: a value is not finite. */
int looks_interval(const struct look *look, const double *d, struct walsh_interval *out);

#endif
