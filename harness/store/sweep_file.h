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
#include "store/document.h"

void sweep_write(const struct sweep *s, enum doc_layout layout, struct buf *out);
struct document sweep_document(const struct sweep *s); /* borrows it */
int sweep_load(const char *path, struct sweep *out, struct err *err);

#endif
