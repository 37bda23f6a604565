/* programs: where a program or a data file is.
 *
 * Shape   our own programs are in the folder of this one, in the build and after an install. Data
 *         files are there too in the build, and in ../share/bench after an install. Other people's
 *         programs are in PATH.
 * Owner   the path belongs to the caller.
 * Errors  kind USAGE: the places that were searched, and how to get what is missing.
 */
#ifndef PROC_PROGRAMS_H
#define PROC_PROGRAMS_H

#include "base/err.h"

char *program_find(const char *name, struct err *err);      /* NULL with err set */
char *program_data_find(const char *name, struct err *err); /* a file to read */
char *program_in_path(const char *name); /* found as a shell finds it; NULL when it is not there */

#endif
