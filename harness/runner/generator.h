/* generator: what makes the load of a trial: this process, or a fleet of other ones (--hosts).
 *
 * Shape   as load/load.h, whatever makes it: its events, on the caller's loop.
 * Owner   generator_start gives it to the caller; generator_free after on_done. The spec's parts
 *         are borrowed.
 * Errors  generator_start: a request that cannot be made, a thread or a program that cannot be
 *         started; then as load_start.
 */
#ifndef RUNNER_GENERATOR_H
#define RUNNER_GENERATOR_H

#include "load/load.h"
#include "model/plan.h"
#include "runner/aim.h"
#include "runner/start.h"

struct generator;

struct generator_spec {
    uv_loop_t *loop;
    const struct plan *plan;
    struct aim *aim;     /* found, unless plan_is_elsewhere: then only its URL is known */
    struct start *start; /* when the window opens; of a fleet, its hosts agree on that */
    struct load_events events;
};

struct generator *generator_start(const struct generator_spec *spec, struct err *err);
/* As load_open_at. */
void generator_open_at(struct generator *g, int64_t at_ns);
/* Ends the load early; what was measured so far is kept, and on_done follows. */
void generator_stop(struct generator *g);
/* After on_done: there is something to collect. If not, and it knows why, err says it. */
bool generator_measured(const struct generator *g, struct err *err);
/* Fills what load_collect does, and where the load went; warns of one that ended by itself. */
void generator_collect(struct generator *g, struct result *r);
void generator_free(struct generator *g); /* NULL is fine */

#endif
