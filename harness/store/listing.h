/* listing: the names of the files in a folder.
 *
 * Owner   the caller's list, which it finishes, also after an error.
 * Errors  kind USAGE: a folder that cannot be read, or with more such files than `most`.
 */
#ifndef STORE_LISTING_H
#define STORE_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

/* Those that end with `suffix`, sorted by their bytes; hidden ones are left out. What they are
 * (files, folders, pipes) is not looked at. */
int store_list(const char *folder, const char *suffix, size_t most, struct str_list *out,
               struct err *err);
/* True for a regular file, also through a link. */
bool store_is_file(const char *path);
/* True for what is there and is neither a file nor a folder: a pipe, a device, a socket. */
bool store_is_special(const char *path);
/* True when both paths lead to one file or folder. */
bool store_is_same(const char *path, const char *other);

#endif
