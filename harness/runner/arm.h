/* arm: one of the servers that a comparison sets side by side, with the whole plan of its trials.
 *
 * Shape   its options are those of a run; its command line is what applies to it of the whole one,
 *         so that its results record the same settings as those of a run.
 * Owner   name, word and work are the arm's. What the options point to is borrowed.
 * Errors  none: it is data.
 */
#ifndef RUNNER_ARM_H
#define RUNNER_ARM_H

#include "base/opt.h"
#include "runner/run_options.h"

struct arm_plan {
    char *name;
    struct run_options options;
    struct opt_line line;
    struct opt_group groups[OPT_GROUPS_MAX];
    char *word; /* the URL or the path, as on the command line of a run; or NULL */
    char *work; /* "count:200000000", for one that is asked for more; or NULL */
};

struct arms {
    struct arm_plan *items;
    size_t count;
};

void arms_fini(struct arms *arms);

#endif
