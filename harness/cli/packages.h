/* packages: finds Node.js, and installs and locks the npm packages of the originals.
 *
 * Shape   as cli/first_use, with a lock on package.json. Packages that are older than their lock
 *         file, or incomplete, are reinstalled (npm ci).
 * Owner   *out_fd is the lock, which the caller closes; -1 after a failure.
 * Errors  packages_hold: kind USAGE with the remedy; INTERRUPTED, and then *out_signal is the
 *         signal.
 */
#ifndef CLI_PACKAGES_H
#define CLI_PACKAGES_H

#include "base/err.h"

/* *out_signal: the signal that ended it early, or 0. */
int packages_hold(int *out_fd, int *out_signal, struct err *err);

#endif
