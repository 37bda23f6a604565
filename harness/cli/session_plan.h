/* session_plan: the session that a command line asks for, before anything of it is measured.
 *
 * Shape   its arms with their complete plans, its gates, seed and order. A session that is
 * continued must be the same in all of it, on the same machine. Owner   caller's storage;
 * session_plan_fini in every case. The arms borrow from argv and options. Errors  kind USAGE;
 * INCOMPARABLE with the first difference.
 */
#ifndef CLI_SESSION_PLAN_H
#define CLI_SESSION_PLAN_H

#include "cli/check_live.h"
#include "model/session.h"
#include "runner/arm.h"

struct session_plan {
    struct str_list texts; /* of the arms, with the control's */
    struct arms arms;
    struct session session;
    int64_t load_ns; /* of each arm in a block; 0: the pilot chooses */
    char *dropped;   /* default gates that these arms cannot measure; NULL: none */
};

/* seed: of the session that is continued, or NULL. */
int session_plan_make(struct check_live_options *options, const struct check_live_gates *gates,
                      const struct opt_line *line, const uint64_t *seed, struct session_plan *out,
                      struct err *err);
void session_plan_fini(struct session_plan *plan);
/* Whether `stored` was measured by this plan, on this machine. */
int session_plan_same(const struct session_plan *plan, const struct session *stored,
                      struct err *err);

#endif
