/* arms_csv: stored documents as one table for a spreadsheet: a row for each arm, or, of a session
 * that is given alone, for each gate.
 *
 * Shape   each file is read, printed and freed before the next one, so their number has no limit.
 * Errors  kind USAGE: a file that cannot be read, or a session among other files.
 */
#ifndef CLI_ARMS_CSV_H
#define CLI_ARMS_CSV_H

#include <stddef.h>

#include "analysis/recovery/recovery.h"
#include "base/err.h"

/* goal: NULL: that of each run. */
int arms_csv_print(char *const *files, size_t count, const struct recovery_goal *goal,
                   struct err *err);

#endif
