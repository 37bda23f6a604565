/* inputs: the files that a report is made of, none of which it may replace.
 *
 * Shape   a file is told by its device and inode, and so also through a link or another name. What
 *         is no regular file (a pipe, a device) and what is not there cannot be replaced.
 * Owner   the paths are borrowed; inputs_fini frees the rest.
 * Errors  kind USAGE, naming both.
 */
#ifndef STORE_INPUTS_H
#define STORE_INPUTS_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct input {
    dev_t dev;
    ino_t ino;
    const char *path;
};

struct inputs {
    struct input *items; /* sorted once all are there */
    size_t count;
};

void inputs_add(struct inputs *inputs, const char *path); /* NULL is fine */
void inputs_of(struct inputs *inputs, char *const *paths, size_t count);
void inputs_fini(struct inputs *inputs);
/* Refuses to write `path`. `inputs` NULL: nothing is refused. */
int inputs_check(const struct inputs *inputs, const char *path, struct err *err);

#endif
