/* parsed_run: the command line of a `bench run`, read as far as its plan.
 *
 * Owner   caller's storage; plan_fini of its plan.
 */
#ifndef SUPPORT_PARSED_RUN_H
#define SUPPORT_PARSED_RUN_H

#include "cli/run_opts.h"
#include "model/result.h"

#define PARSED_WORDS_MAX 32

/* A whole `bench run ...` as far as the plan. */
struct parsed_run {
    struct run_options options;
    struct opt_group groups[OPT_GROUPS_MAX + 1];
    struct opt_line line;
    char text[400];
    char *argv[PARSED_WORDS_MAX];
    struct err err;
};

/* `text`: words with one blank between. As opt_parse and run_plan. */
int parsed_run(struct parsed_run *p, const char *text);

/* The setting of this name that a result has recorded; NULL when there is none. */
const struct setting *parsed_setting(const struct result *r, const char *name);

#endif
