/* originals: the published programs, rebuilt in their own language (targets/originals), as arms of
 * a comparison beside ours.
 *
 * Shape   each is a Node program that speaks as bench-target does: a line with its port, the same
 *         work for /heavy, /ping and /stats. Their npm packages are installed on first use, and
 *         nobody installs anew while a comparison uses them.
 * Owner   caller's storage; originals_fini after the comparison, also after a failure.
 * Errors  originals_prepare: what cannot be run here is left out with a warning that says why and
 *         what to do; kind INTERRUPTED after a Ctrl-C. original_command: kind USAGE, a program of
 *         ours is missing, or work that an original would refuse.
 */
#ifndef CLI_ORIGINALS_H
#define CLI_ORIGINALS_H

#include <stdbool.h>

#include "cli/arms.h"

#define ORIGINALS_MAX 6

struct originals {
    struct arm_spec specs[ORIGINALS_MAX];
    size_t count;
    int in_use_fd;  /* holds their packages; -1 */
    struct err why; /* all are left out; kind NONE: not all */
};

/* All of them, as if nothing were missing. */
void originals_all(struct originals *out);
/* Which can be run here, after what they need was installed. */
int originals_prepare(struct originals *out, struct err *err);
void originals_fini(struct originals *o);

/* The command line of plan->original for this work and these sizes. */
int original_command(const char *original, const struct target_options *target,
                     struct str_list *argv, struct err *err);
/* Whether any of them takes this option of a bundled target. */
bool originals_take(const char *option);

#endif
