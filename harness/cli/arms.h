/* arms: builds the arms of a comparison from its command line: strategies, commands, URLs, and
 * options of a run.
 *
 * Shape   each arm gets the options that `bench run` would have, and a command line with only what
 *         applies to it, so that its results record the same settings as those of a run.
 * Owner   arms_make fills the caller's storage; call arms_fini, also after a failure. Bodies and
 *         texts are borrowed from argv and from the shared options, which must outlive the arms.
 * Errors  kind USAGE: one sentence with the remedy.
 */
#ifndef CLI_ARMS_H
#define CLI_ARMS_H

#include "cli/cmd.h"
#include "cli/run_opts.h"
#include "runner/arm.h"

#define ARM_NAME_MAX 40 /* columns of a table */
#define ARMS_MAX     64

/* A strategy or original with options of its own on top of the shared ones. */
struct arm_spec {
    const char *name;
    const char *strategy, *original; /* one of them */
    const char *option, *text;       /* a row of target_opts; NULL: none */
    int64_t work_times;              /* multiple of the shared work; 0: the same */
    bool is_with_originals;          /* a strategy that only they bring with them */
};

/* What was asked for. */
struct arms_request {
    const struct run_options *shared; /* load, request and target, checked by run_plan_load */
    const struct opt_line
        *line;              /* its only argument, if any, is the path for all arms except URLs */
    const char *strategies; /* "a,b"; "none" and "" mean none; NULL means all */
    const struct arm_spec *specs; /* in addition to the strategies */
    size_t nspecs;
    const struct str_list *arms; /* "NAME=URL" (with a scheme), "NAME=--OPTIONS" of a run, or
                                  * "NAME=COMMAND" */
};

int arms_make(const struct arms_request *request, struct arms *out, struct err *err);

#endif
