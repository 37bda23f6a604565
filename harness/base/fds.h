/* fds: the limit on open files, looked at before anything is opened.
 *
 * Shape   a program says once, before it makes a loop, how many files it needs: libuv aborts when
 *         the first loop finds none left, and a load that finds none measures nothing.
 * Units   files beside stdin, stdout and stderr; what was inherited open is added.
 * Errors  fds_reserve: kind USAGE, with the command that raises the limit.
 */
#ifndef BASE_FDS_H
#define BASE_FDS_H

#include <stdint.h>

#include "base/err.h"

#define FDS_LOOP 6 /* of one event loop: five, and the pipe that all share */

/* Makes sure that `need` files can be open at once: raises the soft limit, and the hard one where
 * that is allowed. `instead`: what else would help, "use fewer connections"; NULL. */
int fds_reserve(int64_t need, const char *instead, struct err *err);

/* How many files fds_reserve could give at most, without a privilege. */
int64_t fds_most(void);

#endif
