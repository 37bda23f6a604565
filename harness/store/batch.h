/* batch: files that are written together: all of them, or none.
 *
 * Shape   a file is written beside its place, under a temporary name, when it is added; finishing
 *         gives all of them their names. What fails before then replaces nothing. A link is
 *         followed to the file that it names, or that it will name; a device or pipe is written to
 *         as it is. From the first temporary file on, Ctrl-C, TERM and HUP wait until batch_fini.
 * Owner   caller's storage; batch_fini removes what is not finished: temporary files, and the
 *         folder that the batch made.
 * Errors  kind USAGE, naming the path and the reason.
 */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/signals.h"
#include "store/inputs.h"

struct batch_file {
    char *path;  /* as it was given */
    char *real;  /* where a link leads; of a device: NULL */
    char *temp;  /* of a device: NULL */
    char *bytes; /* of a device */
    size_t len;
};

struct batch {
    const struct inputs *inputs; /* none of these is replaced; NULL: none is told */
    struct batch_file *items;
    size_t count;
    char *made; /* the folder that it made, or NULL */
    struct signals signals;
    bool is_held;
};

void batch_init(struct batch *b, const struct inputs *inputs);
/* Makes the folder unless it exists; not its parents. One for each batch. */
int batch_folder(struct batch *b, const char *path, struct err *err);
/* Holds the signals back from now on, until batch_fini. */
void batch_hold(struct batch *b);
int batch_add(struct batch *b, const char *path, const void *bytes, size_t len, struct err *err);
int batch_finish(struct batch *b, struct err *err);
void batch_fini(struct batch *b);

#endif
