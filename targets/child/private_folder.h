/* private_folder: a temporary folder that is removed with its program, or at the latest when the
 * next program of its kind starts.
 *
 * Shape   closed. The folder is in $TMPDIR or /tmp, has mode 0700 and contains files only. Its
 *         program holds an flock on it. A killed program has lost the lock, so private_folder_make
 *         first removes the unlocked folders of this user and kind.
 * Owner   private_folder_remove removes the folder with its files, and frees; NULL is fine.
 * Errors  private_folder_make: kind USAGE, naming the place and the remedy.
 * Source  flock(2): the lock is the open file's and ends with its last holder.
 */
#ifndef TARGETS_CHILD_PRIVATE_FOLDER_H
#define TARGETS_CHILD_PRIVATE_FOLDER_H

#include "base/err.h"

struct private_folder;

/* `kind` starts the folder's name: "bench-queue". */
struct private_folder *private_folder_make(const char *kind, struct err *err);
const char *private_folder_path(const struct private_folder *f);
void private_folder_remove(struct private_folder *f);

#endif
