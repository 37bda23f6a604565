/* run_opts: the option rows of a run, and checks that involve more than one option.
 *
 * Shape   rows fill a struct run_options; run_plan turns it and the command line arguments into a
 *         plan that can be run.
 * Owner   the plan borrows from argv and options; plan_fini frees what it owns.
 * Errors  kind USAGE: one sentence with the remedy.
 */
#ifndef CLI_RUN_OPTS_H
#define CLI_RUN_OPTS_H

#include "cli/cmd.h"
#include "cli/connection_opts.h"
#include "cli/end_opts.h"
#include "cli/hosts_opts.h"
#include "cli/rate_opts.h"
#include "cli/request_opts.h"
#include "cli/share_opts.h"
#include "cli/tls_opts.h"
#include "runner/run_options.h"

extern const struct opt run_load_opts[], run_request_opts[], run_target_opts[], run_output_opts[];

/* Index in run_target_opts: the rows before it select the target of a single run. */
#define RUN_TARGET_SHARED 3

/* clang-format off */
/* The sections of cmd_run that say what is run: a result records these, and an arm has them too. */
#define RUN_SECTIONS                                                                               \
    {"Load", run_load_opts, offsetof(struct run_options, plan)},                                   \
    {"Rate", run_rate_opts, offsetof(struct run_options, plan)},                                   \
    {"End and figures", run_end_opts, offsetof(struct run_options, plan)},                         \
    {"Several generators", run_share_opts, offsetof(struct run_options, plan)},                    \
    {"Other hosts", run_hosts_opts, offsetof(struct run_options, plan)},                           \
    {"Connections", run_connection_opts, offsetof(struct run_options, plan)},                      \
    {"Request", run_request_opts, offsetof(struct run_options, plan)},                             \
    {"Different requests", run_list_opts, offsetof(struct run_options, plan)},                     \
    {"TLS and HTTP/2", run_tls_opts, offsetof(struct run_options, plan)},                          \
    {"Target", run_target_opts, offsetof(struct run_options, plan)},                               \
    {"Bundled target", target_opts, offsetof(struct run_options, target)},                         \
    {"Output", run_output_opts, offsetof(struct run_options, plan)}
/* clang-format on */

/* The same as groups that fill `options`, as cmd_groups. */
size_t run_groups(struct run_options *options, struct opt_group *groups);

/* Checks and completes options->plan. */
int run_plan(struct run_options *options, const struct opt_line *line, struct err *err);
/* Its two parts, for a command with several targets: the load, which they share, and then what
 * depends on the target of a plan. */
int run_plan_load(struct run_options *options, const struct opt_given *given, struct err *err);
int run_plan_target(struct run_options *options, const struct opt_given *given, struct err *err);

#endif
