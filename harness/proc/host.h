/* host: the machine that a result was measured on.
 *
 * Shape   host_fill reads /proc, /sys and the kernel's calls once, before a run.
 * Owner   the texts in the environment belong to the result that it is part of.
 * Errors  none: what cannot be read is NULL, MISSING or NAN.
 */
#ifndef PROC_HOST_H
#define PROC_HOST_H

#include <stdint.h>

#include "base/err.h"
#include "model/result.h"

void host_fill(struct environment *e);
double host_cpu_quota_cores(void);         /* of the control group; NAN: none */
int64_t host_memory_available_bytes(void); /* without swapping; or MISSING */
int64_t host_fd_limit(void);               /* of files that may be open at once now; or MISSING */

#endif
