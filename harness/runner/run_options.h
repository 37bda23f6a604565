/* run_options: all options of a run: what to run, and the options of its target.
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
