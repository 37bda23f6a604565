/* temporary: a file under a name of its own, beside the one that it will become.
 *
 * Owner   the caller frees the names; the file is the caller's to rename or remove.
 * Errors  NULL or -1 with errno set; then nothing is left.
 */
#ifndef STORE_TEMPORARY_H
#define STORE_TEMPORARY_H

#include <stddef.h>
#include <sys/stat.h>

#define TEMPORARY_TRIES 1000 /* names before giving up */

/* The path without its last part; "." or "/" when nothing else is left. */
char *temporary_folder_of(const char *path);
/* Makes an empty one in the folder. `first` is the number where the search for a free name begins.
 * Returns its descriptor, or -1. */
int temporary_open(const char *folder, size_t first, char **out_name);
/* Writes the bytes to one beside `path` and flushes it; returns its name, or NULL. `like` is the
 * file that it will replace, NULL for none. */
char *temporary_fill(const char *path, size_t first, const struct stat *like, const void *bytes,
                     size_t len);
/* Writes all of it, however often write() takes less; -1 when it cannot. */
int temporary_write_all(int fd, const char *bytes, size_t len);
/* Flushes the names of the path's folder to the disk; a file system that cannot do so is no error.
 */
void temporary_folder_flush(const char *path);

#endif
