/* file: whole files read, and written so that a reader never sees half of one.
 *
 * Shape   written under a temporary name in the same folder, flushed to the disk, then renamed.
 * Errors  kind USAGE, naming the path and the reason; on failure nothing is left behind and what
 *         was there before is untouched. A link is followed; a device or pipe is written to as it
 *         is. A pipe (of a shell's <(...), or a named one) is read to its end, if anybody writes to
 *         it within 5 s, and only written to while somebody reads it. A socket is refused.
 */
#ifndef STORE_FILE_H
#define STORE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Fills `out`, which has been initialised, up to its ceiling; a longer file is an error. */
int store_file_read(const char *path, struct buf *out, struct err *err);
/* The same, and "-" is stdin. */
int store_input_read(const char *path, struct buf *out, struct err *err);
/* Replaces what is at path, whose permissions stay. */
int store_file_write(const char *path, const void *bytes, size_t len, struct err *err);
/* Never replaces a file: when "a.json" exists, it writes "a-2.json", "a-3.json". The caller frees
 * *out_path. */
int store_file_write_new(const char *path, const void *bytes, size_t len, char **out_path,
                         struct err *err);
/* Checks before a run whether writing to path would work, by making and removing a file beside it.
 * path may be a folder; one that does not exist yet ends with '/'. */
int store_check_writable(const char *path, struct err *err);
/* Makes the folder unless it exists; not its parents. */
int store_folder_make(const char *path, struct err *err);
/* True for an existing folder and for a path that ends with '/'. */
bool store_is_folder(const char *path);

#endif
