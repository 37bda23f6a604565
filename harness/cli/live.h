/* live: the view of a run, or of the runs of a comparison, while they are measured.
 *
 * Shape   drawn when a run starts, every second during it and while a queue drains; gone at its
 *         end. It is drawn from the seconds that are handed over in any case.
 * Owner   caller's storage; plan and place are borrowed until live_end.
 * Errors  none.
 */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include <stdint.h>

#include "cli/screen.h"
#include "model/plan.h"
#include "report/live/history.h"
#include "runner/rounds.h"

struct live {
    const struct plan *plan;
    struct screen screen;
    struct history load;
    struct trial_place place; /* in a comparison; the arm is NULL for a single run */
    int64_t left_at_start_ns, started_ns;
    int64_t drain_left, drain_waited_ns; /* at the first call of live_left; 0: none yet */
};

/* place: NULL for a single run. */
void live_start(struct live *live, const struct plan *plan, const struct trial_place *place);
void live_second(void *live, const struct second *second); /* as in struct trial_view */
void live_left(void *live, int64_t jobs_left, int64_t waited_ns);
void live_end(struct live *live);
/* The same for the trials of a comparison, one after the other. */
struct rounds_view live_rounds(struct live *live);

#endif
