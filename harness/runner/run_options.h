/* run_options: all that the options of a run say: what to run, and what its target is told.
 *
 * Owner   text is borrowed from argv; plan_fini frees what the plan owns.
 */
#ifndef RUNNER_RUN_OPTIONS_H
#define RUNNER_RUN_OPTIONS_H

#include "model/plan.h"
#include "targets/work/options.h"

struct run_options {
    struct plan plan;
    struct target_options target;
};

#endif
