/* pictured: bench report -o DIR and --data DIR: stored files as pictures, and as their data.
 *
 * Owner   everything is borrowed.
 * Errors  as cli/pictures.h, cli/session_pictures.h, cli/sweep_pictures.h and
 *         cli/capacity_pictures.h; no arm has a result: kind INVALID.
 */
#ifndef CLI_PICTURED_H
#define CLI_PICTURED_H

#include <stddef.h>

#include "analysis/recovery/recovery.h"
#include "base/err.h"
#include "base/str.h"

struct pictured {
    char *const *files;
    size_t nfiles;
    const char *out, *data;                    /* folders; one may be NULL */
    const struct str_list *fail;               /* thresholds */
    const struct recovery_goal *recovery_goal; /* NULL: that of each run */
    const char *goal;                          /* of a sweep, instead of its own; NULL */
};

/* Returns the exit code, or -1. */
int pictured_files(const struct pictured *order, struct err *err);

#endif
