/* arms: the arms of a comparison, made of its command line: strategies, a user's commands and URLs.
 *
 * Shape   each arm is what `bench run` would make of it: its own options, and a command line with
 *         what applies to it, so that its results record the same settings as those of a run.
 * Owner   arms_make fills caller's storage; arms_fini, also after a failure. Bodies and texts are
 *         borrowed from argv and from the shared options, which must stay.
 * Errors  kind USAGE: one sentence with the remedy.
 */
#ifndef CLI_ARMS_H
#define CLI_ARMS_H

#include "cli/cmd.h"
#include "cli/run_opts.h"
#include "runner/arm.h"

#define ARM_NAME_MAX 40 /* columns of a table */
#define ARMS_MAX     64

/* One of ours with options of its own, over what is shared. */
struct arm_spec {
    const char *name;
    const char *strategy, *original; /* one of them */
    const char *option, *text;       /* a row of target_opts; NULL: none */
    int64_t work_times;              /* that much more work than what is shared; 0: the same */
};

/* What was asked for. */
struct arms_request {
    const struct run_options *shared; /* load, request and target, checked by run_plan_load */
    const struct opt_line *line;      /* its only word, if any, is the path for all but URLs */
    const char *strategies;           /* "a,b"; "none" and "" are none; NULL is all there are */
    const struct arm_spec *specs;     /* beside the strategies */
    size_t nspecs;
    const struct str_list *arms; /* "NAME=COMMAND" or "NAME=URL" */
};

int arms_make(const struct arms_request *request, struct arms *out, struct err *err);

#endif
