/* run_opts: the option rows of a run, and the checks that need more than one option.
 *
 * Shape   rows fill a struct run_options; run_plan turns it and the words of the command line
 *         into a plan that can be run.
 * Owner   the plan borrows from argv and options; plan_fini frees what it owns.
 * Errors  kind USAGE: one sentence with the remedy.
 */
#ifndef CLI_RUN_OPTS_H
#define CLI_RUN_OPTS_H

#include "cli/cmd.h"
#include "runner/run_options.h"

extern const struct opt run_load_opts[], run_request_opts[], run_target_opts[], run_output_opts[];

/* Of run_target_opts: the rows before it choose the one target of a run. */
#define RUN_TARGET_SHARED 2

/* Cross-checks and completes options->plan. */
int run_plan(struct run_options *options, const struct opt_line *line, struct err *err);
/* Its two parts, for a command with several targets: what is sent, which they share, and then what
 * depends on the target that a plan has. */
int run_plan_load(struct run_options *options, const struct opt_given *given, struct err *err);
int run_plan_target(struct run_options *options, const struct opt_given *given, struct err *err);

#endif
