/* packages: Node and the npm packages of the originals: looked for, installed, held.
 *
 * Shape   a lock on the folder's package.json, shared by all who use its packages, alone by who
 *         installs them. Packages that are older than their lock file, or of which a part is
 *         missing, are installed anew (npm ci).
 * Owner   *out_fd is the lock, which the caller closes; -1 after a failure.
 * Errors  packages_hold: kind USAGE with the remedy; INTERRUPTED, and then *out_signal says by
 *         what.
 */
#ifndef CLI_PACKAGES_H
#define CLI_PACKAGES_H

#include "base/err.h"

/* `name`: the folder's, beside the programs. *out_signal: the signal that ended it early, or 0. */
int packages_hold(const char *name, int *out_fd, int *out_signal, struct err *err);

#endif
