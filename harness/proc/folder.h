/* folder: a temporary folder for one target's files, removed when the target is gone.
 *
 * Shape   bench calls folder_make. The guard calls folder_open and folder_remove, so that the
 *         folder is removed when bench is killed; bench does it when the guard is killed.
 * Owner   *out_path belongs to the caller; so does the descriptor.
 * Errors  folder_make: kind USAGE, with the remedy. Removing is best effort and flat: what is in
 *         the folder is unlinked by its name there (a link, not what it points to), a folder in it
 *         stays and keeps it. Plain system calls only: the guard may not allocate.
 */
#ifndef PROC_FOLDER_H
#define PROC_FOLDER_H

#include "base/err.h"

/* In $TMPDIR or /tmp, with mode 0700. */
int folder_make(char **out_path, struct err *err);
/* -1 unless the path is a folder itself, not a link to one. */
int folder_open(const char *path);
/* What the descriptor shows is emptied; the path is removed when it is empty then. Closes fd. */
void folder_remove(const char *path, int fd);

#endif
