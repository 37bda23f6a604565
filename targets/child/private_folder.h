/* private_folder: a temporary folder that is gone with its program, at the latest when the next one
 * of its kind starts.
 *
 * Shape   closed. The folder lies in $TMPDIR or /tmp, is ours alone (0700) and holds files only. An
 *         flock on the folder itself says that its program lives; whoever was killed has lost it,
 *         so private_folder_make first removes what our own killed predecessors left.
 * Owner   private_folder_remove removes the folder, with what is in it, and frees; NULL is fine.
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
