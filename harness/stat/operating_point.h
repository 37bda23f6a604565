/* operating_point: how often the sequential plan would have failed a change of a given size.
 *
 * Shape   a seeded simulation of 20000 sessions with normal noise: each draws blocks and is judged
 *         at the looks of the plan (looks.h) as a real one is. The seed is constant and all calls
 *         use the same noise, so a larger change is never failed less often, and the same call
 *         gives the same answer. The standard error is .0035 at most.
 * Units   `beyond` is the true shift less the margin, and sd that of one block, both in the units
 *         of d; a result is a probability.
 * Owner   nothing is kept.
 * Errors  NAN when an argument is NAN or the sd is negative. A plan without a look never fails: 0.
 * Source  the plan itself. Noise with bursts of the same sd is failed more often than normal
 *         noise, because ranks hardly feel how far out a burst lies.
 */
#ifndef STAT_OPERATING_POINT_H
#define STAT_OPERATING_POINT_H

double operating_point(double beyond, double sd, int max_blocks);

#endif
