/* programs: where a program is: one of ours beside this one or where it was installed, another in
 * PATH.
 *
 * Shape   ours are in ../libexec/bench, their data files in ../share/bench, seen from this one.
 * Owner   the path belongs to the caller.
 * Errors  kind USAGE, naming the places looked at and how to get what is missing.
 */
#ifndef PROC_PROGRAMS_H
#define PROC_PROGRAMS_H

#include "base/err.h"

char *program_find(const char *name, struct err *err);      /* NULL with err set */
char *program_data_find(const char *name, struct err *err); /* the same for a file to read */
char *program_in_path(const char *name); /* as a shell would look; NULL when it is not there */

#endif
