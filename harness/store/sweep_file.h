/* sweep_file: bench.sweep/1 documents, as text and in files.
 *
 * Shape   docs/bench.sweep.1.schema.json
 * Owner   a sweep that was read belongs to the caller.
 * Errors  kind USAGE, naming the file, and the key where one is wrong. Files are untrusted. What
 *         failed to be read is empty and needs no fini.
 */
#ifndef STORE_SWEEP_FILE_H
#define STORE_SWEEP_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "model/sweep.h"
#include "store/doc.h"

void sweep_write(const struct sweep *s, enum doc_layout layout, struct buf *out);
/* As result_save: `out` is a file, a folder, or NULL for results/. */
int sweep_save(const struct sweep *s, const char *out, char **out_path, struct err *err);
/* Replaces the document of a sweep that goes on. */
int sweep_save_again(const struct sweep *s, const char *path, struct err *err);
int sweep_load(const char *path, struct sweep *out, struct err *err);

#endif
