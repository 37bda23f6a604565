/* recovered: loads a stored file, and judges how its runs came back from a spike.
 *
 * Shape   stored_load, and then each result's recovery: derived from its series, so that files of
 *         older versions have one too.
 * Owner   as for stored_load.
 * Errors  those of stored_load.
 */
#ifndef CLI_RECOVERED_H
#define CLI_RECOVERED_H

#include "analysis/recovery/recovery.h"
#include "base/err.h"
#include "store/stored.h"

/* goal: NULL: that of each run. */
int recovered_load(const char *path, const struct recovery_goal *goal, struct stored *out,
                   struct err *err);

#endif
