/* arm: one of the servers that a comparison sets side by side, as it was asked for: a strategy, a
 * user's command or a URL, with the whole plan of its trials.
 *
 * Shape   each arm is what `bench run` would make of it: its own options, and a command line with
 *         what applies to it, so that its results record the same settings as those of a run.
 * Owner   arms_make fills caller's storage; arms_fini, also after a failure. Bodies and texts are
 *         borrowed from argv and from the shared options, which must stay.
 * Errors  kind USAGE: one sentence with the remedy.
 */
#ifndef CLI_ARM_H
#define CLI_ARM_H

#include "cli/cmd.h"
#include "cli/run_opts.h"

#define ARM_NAME_MAX 40 /* columns of a table */
#define ARMS_MAX     64

/* One of ours with options of its own, over what is shared. */
struct arm_spec {
    const char *name;
    const char *strategy, *original; /* one of them */
    const char *option, *text;       /* a row of target_opts; NULL: none */
    int64_t work_times;              /* that much more work than what is shared; 0: the same */
};

struct arm_plan {
    char *name;
    struct run_options options;
    struct cmd_line line;
    struct opt_group groups[CMD_SECTIONS_MAX];
    char *word; /* the URL or the path, as on the command line of a run; or NULL */
    char *work; /* "count:200000000", for one that is asked for more; or NULL */
};

struct arms {
    struct arm_plan *items;
    size_t count;
};

/* What was asked for. */
struct arms_request {
    const struct run_options *shared; /* load, request and target, checked by run_plan_load */
    const struct cmd_line *line;      /* its only word, if any, is the path for all but URLs */
    const char *strategies;           /* "a,b"; "none" and "" are none; NULL is all there are */
    const struct arm_spec *specs;     /* beside the strategies */
    size_t nspecs;
    const struct str_list *arms; /* "NAME=COMMAND" or "NAME=URL" */
};

int arms_make(const struct arms_request *request, struct arms *out, struct err *err);
void arms_fini(struct arms *arms);

#endif
