/* arm: one of the servers of a comparison, with the complete plan of its trials.
 *
 * Shape   its options are those of a run; its command line holds only what applies to it, so that
 *         its results record the same settings as those of a run.
 * Owner   the arm owns name, word and work, and the words of options that were given for it alone.
 *         What the options point to is borrowed otherwise.
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
    char *word;            /* the URL or path, as the argument of a run; or NULL */
    struct str_list words; /* the command line of an arm that is given as options of a run */
    char *work;            /* "count:200000000", for an arm with larger work; or NULL */
};

struct arms {
    struct arm_plan *items;
    size_t count;
};

void arms_fini(struct arms *arms);

#endif
