/* file_internal: what reading and writing a file share.
 *
 * Errors  kind USAGE, naming the path and the reason.
 */
#ifndef STORE_FILE_INTERNAL_H
#define STORE_FILE_INTERNAL_H

#include "base/err.h"

/* "cannot VERB PATH: ", and what errno says. Returns -1. */
int store_failed(const char *verb, const char *path, struct err *err);
/* Opens what is there, and never waits: a pipe that nobody reads cannot be written to. Returns the
 * descriptor, which does not block, or -1. */
int store_open(const char *path, int flags, const char *verb, struct err *err);
/* Where writing to path ends up: the file that a link names, also one that is not there yet. NULL
 * with errno set: links in a circle, a folder that may not be searched. The caller frees it. */
char *store_real_path(const char *path);

#endif
