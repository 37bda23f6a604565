/* turns: the connections of a thread that wait for their turn to be opened (--connect-rate).
 *
 * Shape   one after the other, each at its own time, which the one behind it comes after.
 * Units   nanoseconds of clock_now_ns.
 * Owner   the worker's. turns_init before the thread runs, turns_close on its loop, turns_fini when
 *         the loop has closed its handles. Both are fine without turns_init.
 * Errors  turns_init: kind USAGE when there is no descriptor left.
 */
#ifndef LOAD_TURNS_H
#define LOAD_TURNS_H

#include "load/alarm.h"
#include "load/conn.h"

struct turns {
    struct alarm alarm;
    struct conn *first, *last;
};

int turns_init(struct turns *t, uv_loop_t *loop, struct err *err);
/* `c` connects at c->retry_ns, which is not before that of any other. */
void turns_add(struct turns *t, struct conn *c);
void turns_stop(struct turns *t); /* nothing is connected any more */
void turns_close(struct turns *t);
void turns_fini(struct turns *t);

#endif
