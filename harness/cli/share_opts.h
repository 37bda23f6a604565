/* share_opts: the option rows of a run that is one of several, and what has to be right about them.
 *
 * Shape   the rows fill a struct plan. A comparison has none of them: it is one program on one
 *         machine.
 * Owner   the plan borrows from argv.
 * Errors  kind USAGE: one sentence with the remedy.
 * Source  docs/scale.md; the variables are those of Open MPI (mpirun(1), "Exported Environment
 *         Variables"), PMI, Slurm (srun(1), "OUTPUT ENVIRONMENT VARIABLES") and Kubernetes (Jobs,
 *         "Completion mode").
 */
#ifndef CLI_SHARE_OPTS_H
#define CLI_SHARE_OPTS_H

#include "base/opt.h"
#include "model/plan.h"

extern const struct opt run_share_opts[];

/* Once the rest of the plan is known. */
int share_opts_check(const struct plan *plan, struct err *err);

#endif
