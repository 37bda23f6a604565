/* run_broker: where the queue of a run keeps its jobs: checked, recorded, and told to the target.
 *
 * Shape   unless the user names a place that is kept, the run alone has its jobs, so that no run
 *         finds another one's: a private file or redis-server in a folder of the run, or a queue of
 *         its own in a Redis that is the user's, whose other keys are none of our business.
 * Owner   *out_folder belongs to the caller.
 * Errors  kind USAGE. No message repeats a URL of Redis, which may hold a password.
 */
#ifndef RUNNER_RUN_BROKER_H
#define RUNNER_RUN_BROKER_H

#include "base/opt.h"
#include "model/plan.h"
#include "targets/work/options.h"

#define RUN_BROKER_SERVER "private: a redis-server, ended with the run"

/* Of a plan with a queue; what is private is named so in `target`, for the record. */
int run_broker_check(struct target_options *target, const struct opt_given *given, struct err *err);
/* As opt_forward; but a target without a queue gets no option of a broker's: a comparison says for
 * all arms what only some are to know, and the URL may hold a password. */
void run_broker_forward(const struct plan *plan, const struct opt_given *given,
                        struct str_list *argv);

/* Adds to the words of a target what is this run's own. *out_folder: to be removed after it, also
 * when all of us are killed; NULL: none. */
int run_broker_make(const struct plan *plan, struct str_list *argv, char **out_folder,
                    struct err *err);
/* The target removes its jobs from a server that is the user's, which may take its time. */
bool run_broker_is_dropped(const struct str_list *argv);

#endif
