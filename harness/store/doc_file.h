/* doc_file: a document of several trials in its file.
 *
 * Shape   the file is named by its user, or like that of a result that started at the same time,
 *         with another label.
 * Owner   the path that comes back belongs to the caller.
 * Errors  kind USAGE, naming the file.
 */
#ifndef STORE_DOC_FILE_H
#define STORE_DOC_FILE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* As result_save: `out` is a file, a folder, or NULL for results/. */
int doc_save(const struct buf *text, const char *label, int64_t started_wall_ms, const char *out,
             char **out_path, struct err *err);

#endif
