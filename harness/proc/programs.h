/* programs: where our other programs are: beside this one, or in ../libexec/bench.
 *
 * Owner   the path belongs to the caller.
 * Errors  kind USAGE, naming the places looked at and how to get the program.
 */
#ifndef PROC_PROGRAMS_H
#define PROC_PROGRAMS_H

#include "base/err.h"

char *program_find(const char *name, struct err *err); /* NULL with err set */

#endif
