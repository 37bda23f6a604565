/* host: the machine that a result was measured on, and its limit on open files.
 *
 * Shape   host_fill reads /proc, /sys and the kernel's calls once, before a run.
 * Owner   the texts in the environment belong to the result that it is part of.
 * Errors  host_fill: what cannot be read is NULL, MISSING or NAN. host_raise_fd_limit: kind USAGE,
 *         with the command that raises the limit.
 */
#ifndef PROC_HOST_H
#define PROC_HOST_H

#include <stdint.h>

#include "base/err.h"
#include "model/result.h"

void host_fill(struct environment *e);
/* Makes sure that `need` files can be open at once: raises the soft limit, and the hard one where
 * that is allowed. */
int host_raise_fd_limit(int64_t need, struct err *err);

#endif
