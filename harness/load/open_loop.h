/* open_loop: sends a worker's requests when they are due, whatever has become of the earlier ones.
 *
 * Shape   an arrival that is due takes a connection with room, the one that has had room for the
 *         longest. Without one it opens another, as far as there are more, and waits; it is never
 *         skipped. A closed loop has none of this: there, a reply makes the next request due.
 * Units   nanoseconds of clock_now_ns.
 * Owner   the worker's. Conns and env are borrowed; nothing is allocated after open_loop_new.
 * Errors  open_loop_new: NULL, kind USAGE, when there is no descriptor left for the timer.
 * Source  Schroeder, Wierman, Harchol-Balter (2006), "Open versus closed: a cautionary tale".
 */
#ifndef LOAD_OPEN_LOOP_H
#define LOAD_OPEN_LOOP_H

#include "load/conn.h"
#include "load/pacer.h"

struct open_loop;

/* Sets the callbacks of env that an open loop needs. `nconns` may be open at the same time. */
struct open_loop *open_loop_new(struct conn_env *env, struct conn *conns, int nconns,
                                struct err *err);
/* Opens connections until there are so many. */
void open_loop_connect(struct open_loop *o, int count, int64_t now_ns);
void open_loop_close(struct open_loop *o); /* on its loop */
void open_loop_free(struct open_loop *o);  /* NULL is fine */

/* From now on arrivals of this schedule are due, as far as they are before the end, and no others.
 * As many are sent as env has quota. */
void open_loop_start(struct open_loop *o, const struct schedule *s, int64_t start_ns,
                     int64_t end_ns);
/* What has become due before now_ns. */
int64_t open_loop_due(struct open_loop *o, int64_t now_ns);
/* When the oldest arrival that is not sent was, or will be, due; SCHEDULE_END: there is none. */
int64_t open_loop_oldest_ns(const struct open_loop *o);
/* At the end: counts what is due by then and was never sent. */
void open_loop_finish(struct open_loop *o, int64_t end_ns);
/* Spent since the start in waiting for arrivals without sleeping. */
int64_t open_loop_spun_ns(const struct open_loop *o);

#endif
