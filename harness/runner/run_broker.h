/* run_broker: where the queue of a run keeps its jobs: checks it, records it and passes it to the
 * target.
 *
 * Shape   by default the jobs are private to the run, so that no run finds jobs of another: a
 *         private file or redis-server in a folder of the run, or a queue with its own name in the
 *         user's Redis, whose other keys are never touched.
 * Owner   *out_folder belongs to the caller.
 * Errors  kind USAGE. No message repeats a URL of Redis, which may hold a password.
 */
#ifndef RUNNER_RUN_BROKER_H
#define RUNNER_RUN_BROKER_H

#include "base/opt.h"
#include "model/plan.h"
#include "proc/folder.h"
#include "targets/work/options.h"

#define RUN_BROKER_SERVER "private: a redis-server, ended with the run"

/* For a plan with a queue; marks a private broker as such in `target`, for the record. */
int run_broker_check(struct target_options *target, const struct opt_given *given, struct err *err);
/* Like opt_forward, but leaves out broker options for a target without a queue: a comparison has
 * them for all arms, and the URL may hold a password. */
void run_broker_forward(const struct plan *plan, const struct opt_given *given,
                        struct str_list *argv);

/* Without --broker: that of BENCH_BROKER, if there is one, as if it had been given. */
void run_broker_use_variable(struct target_options *target, struct str_list *argv);

/* Adds the arguments that are private to this run. *out_folder: to be removed after the run, by the
 * guard too, when bench is killed; NULL: none. */
int run_broker_make(const struct plan *plan, struct str_list *argv, struct folder **out_folder,
                    struct err *err);
/* True if the target removes its jobs from the user's server at the end, which may take long. */
bool run_broker_is_dropped(const struct str_list *argv);

#endif
