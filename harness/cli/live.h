/* live: the progress line on stderr; not shown if stderr is not a terminal, or with -n.
 *
 * Shape   drawn when a run starts, every second during it and while a queue drains; cleared at its
 *         end.
 * Owner   caller's storage; plan and place are borrowed until live_end.
 * Errors  none: write errors are ignored.
 */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/plan.h"
#include "model/result.h"
#include "report/progress.h"
#include "runner/rounds.h"

struct live {
    const struct plan *plan;
    struct report_style style;
    bool on;
    int64_t completed, errors, non_2xx;
    struct trial_place place; /* in a comparison; the arm is NULL for a single run */
    int64_t left_at_start_ns, started_ns;
    int64_t drain_left, drain_waited_ns; /* at the first call of live_left; 0: none yet */
};

/* place: NULL for a single run. */
void live_start(struct live *live, const struct plan *plan, const struct trial_place *place);
void live_second(void *live, const struct second *second); /* as in struct trial_view */
void live_left(void *live, int64_t jobs_left, int64_t waited_ns);
void live_end(const struct live *live);
/* The same for the trials of a comparison, one after the other. */
struct rounds_view live_rounds(struct live *live);

#endif
