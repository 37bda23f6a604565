/* orphans: processes whose parents ended, which come to the nearest ancestor that adopts them.
 *
 * Shape   a guard adopts, and so does bench itself: when both guards of a target are killed, the
 *         processes that they leave come to bench.
 * Owner   none: a child can be reaped by its parent only, so no pid can name another process.
 * Errors  none: what cannot be killed is left after some seconds. Plain system calls, and no
 *         allocation.
 * Source  prctl(2), PR_SET_CHILD_SUBREAPER.
 */
#ifndef PROC_ORPHANS_H
#define PROC_ORPHANS_H

int orphans_adopt(void); /* -1: the kernel cannot */
/* SIGKILL to every child of this process; returns how many there were. When they die their own
 * children become ours, for the next call. */
int orphans_kill(void);
/* For bench, when a target has lost its guards: ends and reaps all children but other guards. Does
 * nothing in a program that does not adopt. */
void orphans_end(void);

#endif
