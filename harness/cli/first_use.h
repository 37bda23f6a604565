/* first_use: what bench makes beside its programs when it is first needed, and the lock on it.
 *
 * Shape   a lock on a file of its folder: shared while it is used, exclusive while it is made. What
 *         is there and complete is not made again.
 * Owner   *out_fd is the lock, which the caller closes; -1 after a failure.
 * Errors  first_use_hold: kind USAGE with the remedy; INTERRUPTED, and then *out_signal is the
 *         signal.
 */
#ifndef CLI_FIRST_USE_H
#define CLI_FIRST_USE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct first_use {
    const char *folder; /* "originals": beside the programs */
    const char *locked; /* "package.json": a file in it */
    const char *name;   /* "the originals' packages" */
    const char *made;   /* "installed" */
    int64_t wait_limit_ns;
    /* Both are given the folder's path; *out_signal: the signal that ended it early, or 0. */
    bool (*is_there)(char *folder, int *out_signal);
    int (*make)(char *folder, int *out_signal, struct err *err);
};

int first_use_hold(const struct first_use *use, int *out_fd, int *out_signal, struct err *err);

#endif
