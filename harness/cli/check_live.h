/* check_live: bench check of two arms that it measures itself.
 *
 * Shape   the options of it; check_live builds the session (session_plan), measures it block after
 *         block, saves it after each, and prints the verdict. Stored results are judged in
 *         cmd_check.c.
 * Owner   text is borrowed from argv; check_live_fini frees the lists.
 * Errors  kind USAGE: options; INCOMPARABLE: a session that cannot be continued so; INVALID: an arm
 *         that cannot be measured. Otherwise the exit code of the verdict.
 */
#ifndef CLI_CHECK_LIVE_H
#define CLI_CHECK_LIVE_H

#include <stdbool.h>

#include "cli/run_opts.h"

struct check_live_options {
    struct run_options run; /* shared by the arms */
    struct str_list arms;
    struct str_list detect;
    const char *gates;
    int64_t budget_ns, max_blocks;
    bool control, all_gates, whole_trials;
    const char *continued;
    const char *session; /* where it is saved */
};

/* Those that stored results have as well. */
struct check_live_gates {
    const struct str_list *fail, *warn;
    bool allow_errors, strict;
    const char *format, *out;
};

extern const struct opt check_live_opts[], check_live_output_opts[];

/* True for arms to be measured: NAME=WHAT, and --continue. */
bool check_is_live(const struct check_live_options *options);
int check_live(struct check_live_options *options, const struct check_live_gates *gates,
               const struct opt_line *line, struct err *err);
void check_live_fini(struct check_live_options *options);

#endif
