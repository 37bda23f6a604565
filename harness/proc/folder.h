/* folder: a temporary folder for the files of one run, and the end of it, however its owner ends.
 *
 * Shape   folder_make gives a folder with mode 0700 in $TMPDIR or /tmp. A lock file in it is held,
 *         shared, by the owner and by the guard of the target that works there. A killed program no
 *         longer holds it, so a folder whose lock is free belongs to no living process, and
 *         folder_sweep (and folder_make for its own kind) removes those of this user.
 * Owner   folder_remove removes the folder with its files, and frees. A folder_hold is its
 *         descriptors; folder_clear closes them.
 * Errors  folder_make: kind USAGE, with the remedy. Removing is best effort and flat: what is in
 *         the folder is unlinked by its name there (a link, not what it points to), a folder in it
 *         stays and keeps it. folder_hold and folder_clear make plain system calls only: the guard
 *         may not allocate.
 * Source  flock(2): the lock is the open file's and ends with its last descriptor.
 */
#ifndef PROC_FOLDER_H
#define PROC_FOLDER_H

#include "base/err.h"

#define FOLDER_RUN "bench-run" /* the kind of the folders that bench itself makes */

struct folder;

/* `kind` begins the folder's name: "bench-run". */
struct folder *folder_make(const char *kind, struct err *err);
const char *folder_path(const struct folder *f);
/* Where they are made: TMPDIR, else /tmp. */
const char *folder_place(void);
/* Makes a text that names the folder the same each time: its random part becomes XXXXXX. */
void folder_anonymise(const struct folder *f, char *text);
void folder_remove(struct folder *f); /* NULL is fine, and so is a folder that is gone already */
/* Removes what killed programs left behind, of every kind that our programs make. */
void folder_sweep(void);

struct folder_hold {
    int fd;      /* the folder's; -1: the path is not a folder (nor is a link to one) */
    int lock_fd; /* -1: it has no lock file */
};

struct folder_hold folder_hold(const char *path);
/* Empties the folder of the descriptor, then removes the path if it is an empty folder. */
void folder_clear(const char *path, struct folder_hold hold);

#endif
