/* programs: where what belongs to this program is: beside it, or where it was installed.
 *
 * Shape   the programs in ../libexec/bench, the data files in ../share/bench, seen from this one.
 * Owner   the path belongs to the caller.
 * Errors  kind USAGE, naming the places looked at and how to get what is missing.
 */
#ifndef PROC_PROGRAMS_H
#define PROC_PROGRAMS_H

#include "base/err.h"

char *program_find(const char *name, struct err *err);      /* NULL with err set */
char *program_data_find(const char *name, struct err *err); /* the same for a file to read */

#endif
