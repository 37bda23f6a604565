/* originals: the published programs, rebuilt in their own language (targets/originals), as arms of
 * a comparison beside ours.
 *
 * Shape   each is a Node program that speaks as bench-target does: a line with its port, the same
 *         work for /heavy, /ping and /stats. Their npm packages are installed on first use.
 * Owner   the specs are constants.
 * Errors  originals_prepare: what cannot be run here is left out with a warning that says why and
 *         what to do; kind INTERRUPTED after a Ctrl-C. original_command: kind USAGE, a program of
 *         ours is missing.
 */
#ifndef CLI_ORIGINALS_H
#define CLI_ORIGINALS_H

#include "cli/arm.h"

#define ORIGINALS_MAX 6

/* Which can be run here, after what they need was installed: fills `out`, which has room for
 * ORIGINALS_MAX. A dry run installs nothing and leaves nothing out. */
enum originals_use { ORIGINALS_RUN, ORIGINALS_DRY_RUN };
int originals_prepare(enum originals_use use, struct arm_spec *out, size_t *out_count,
                      struct err *err);

/* The command line of plan->original for this work and these sizes. */
int original_command(const char *original, const struct target_options *target,
                     struct str_list *argv, struct err *err);

#endif
