/* programs: where bench's own other programs are: beside it, or in ../libexec/bench.
 *
 * Owner   the path belongs to the caller.
 * Errors  kind USAGE, naming the places looked at and how to get the program.
 */
#ifndef CLI_PROGRAMS_H
#define CLI_PROGRAMS_H

#include "base/err.h"

char *program_find(const char *name, struct err *err); /* NULL with err set */

#endif
