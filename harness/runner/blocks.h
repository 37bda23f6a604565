/* blocks: measures a session, block after block: two arms, or three, side by side.
 *
 * Shape   a block starts fresh processes for each arm, in an order that its coin decides and with a
 *         padded environment, warms each of them, and then loads them in turn: each slice opens its
 *         connections anew and discards a guard before its window. Processor time is read at both
 *         ends of each window. An arm that uses the processor without load, or that cannot live
 *         beside the other, turns the rest of the session to whole trials, and blocks measured so
 *         far are dropped. After each block on_block gets the session, saves and judges it, and
 *         tells whether to go on. A block is measured again, twice at most, if the machine
 *         disturbed its arms unequally (over 5 % of a core), the clock was set, or a server died;
 *         no figure of the arms is looked at for that.
 *         SIGINT or SIGTERM drops the block that is being measured, and ends; between blocks the
 *         caller holds both. A session that has blocks already goes on with the next one.
 * Owner   everything is borrowed; the session takes what is measured.
 * Errors  -1 if there is nothing to measure (kind USAGE: a command that cannot be run; INVALID: an
 *         arm does not start, or cannot be connected to, in the first block). Later trouble is a
 *         redone block, and after two of them a block that is not valid.
 */
#ifndef RUNNER_BLOCKS_H
#define RUNNER_BLOCKS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/signals.h"
#include "model/session.h"
#include "runner/arm.h"

struct blocks_place {
    size_t block; /* the first is 0 */
    size_t arm;
    size_t slice, slices; /* the first is 1; both 0 while processes start, and in whole trials */
    double left_s;        /* at most, by the budget and the blocks so far; NAN: not known */
};

struct blocks_view {
    void *ctx;
    void (*on_place)(void *ctx, const struct blocks_place *place); /* at each slice */
    /* After each second of a slice, which is often a shorter one. */
    void (*on_second)(void *ctx, size_t arm, const struct second *second);
    bool (*on_block)(void *ctx); /* false: it ends */
    void (*on_redo)(void *ctx, const struct session_redo *redo);
};

struct blocks {
    const struct arms *arms; /* as many as the session has; the control's plan is the reference's */
    int64_t load_ns;         /* of each arm in a block; 0: the pilot chooses */
    bool trials_only;
    const struct signals *signals; /* held */
    const struct blocks_view *view;
    struct session *session; /* with its arms and gates; blocks are added to those that it has */
};

/* *out_signal: the signal that ended it, or 0. */
int blocks_run(const struct blocks *blocks, int *out_signal, struct err *err);

#endif
