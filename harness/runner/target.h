/* target: the server that bench starts for a run: a bundled one, or the user's command.
 *
 * Shape   asynchronous, on the caller's loop: on_ready once it listens, and on_gone exactly once,
 *         when all of it has exited. Its watch observes it in between.
 * Units   nanoseconds.
 * Owner   target_start gives the target to the caller; target_free after on_gone. plan is borrowed.
 * Errors  target_start: kind USAGE, a program that cannot be started. After on_gone,
 *         target_problem says why the run is invalid, if it is.
 */
#ifndef RUNNER_TARGET_H
#define RUNNER_TARGET_H

#include <uv.h>

#include "base/err.h"
#include "model/plan.h"
#include "model/result.h"
#include "runner/aim.h"
#include "runner/watch.h"

struct target;

struct target_events {
    void *ctx;
    void (*on_ready)(void *ctx, const struct aim_target *where); /* borrowed for the call */
    void (*on_gone)(void *ctx);
};

struct target *target_start(uv_loop_t *loop, const struct plan *plan,
                            const struct target_events *events, struct err *err);
void target_stop(struct target *t);
void target_free(struct target *t); /* NULL is fine */

/* Its watch, owned by the target. */
struct watch *target_watch(const struct target *t);

/* Why the run is invalid: it never became ready, or exited on its own; NULL otherwise. */
const char *target_problem(const struct target *t);
/* The same as an err, with as many of its last lines as fit: kind USAGE for a command that cannot
 * be run, else INVALID. Returns -1. */
int target_problem_err(const struct target *t, struct err *err);
/* It was stopped for --max-rss. */
bool target_passed_max_rss(const struct target *t);
/* Fills the target and server parts of the result. */
void target_collect(struct target *t, struct result *r);

#endif
