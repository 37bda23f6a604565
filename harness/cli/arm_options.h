/* arm_options: an arm that is given as options of a run: "--strategy pool --pool-size 2".
 *
 * Shape   the options that all arms share come first, then its own, as on a run's command line.
 * Owner   the arm owns the words.
 * Errors  kind USAGE, naming the arm: what a run would refuse, and options that are not one arm's
 *         own (the load, the output).
 */
#ifndef CLI_ARM_OPTIONS_H
#define CLI_ARM_OPTIONS_H

#include "cli/arms.h"

/* The arm has nothing yet but its name. */
int arm_options_fill(struct arm_plan *arm, const struct arms_request *request, const char *text,
                     struct err *err);

/* Whether the path that is given for all arms leaves nothing open: one that is a URL without a path
 * would be loaded at "/" while the others are loaded there. */
int arm_check_path(const struct plan *plan, const char *path, struct err *err);

#endif
