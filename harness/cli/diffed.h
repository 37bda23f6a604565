/* diffed: what bench diff compares: two files, or all files of two folders that have a name in
 * common.
 *
 * Shape   one pair is in memory at a time. In folders only files named *.json count.
 * Owner   the caller finishes the diff with diff_fini, also after a failure.
 * Errors  kind USAGE: a file or folder that cannot be read; INCOMPARABLE: nothing to compare. In
 *         folders one bad file does not hide the others: it is among those left out.
 */
#ifndef CLI_DIFFED_H
#define CLI_DIFFED_H

#include "analysis/diff/diff.h"
#include "base/err.h"
#include "base/str.h"

#define DIFFED_FILES_MAX 500 /* in one folder */

/* *out_unreadable: how many of the files in both folders could not be read. Of a folder no more is
 * read once the files have more than `most_arms`, too many for what the caller wants. */
int diffed_make(const char *old_path, const char *new_path, size_t most_arms, struct diff *out,
                size_t *out_unreadable, struct err *err);

/* Adds the paths of all files that are compared. */
void diffed_paths(const struct diff *d, struct str_list *out);

#endif
