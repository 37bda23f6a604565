/* capacity_file: bench.capacity/1 documents, as text and in files.
 *
 * Shape   docs/bench.capacity.1.schema.json. What was measured is the trials; the estimates are
 *         written for other programs, and are derived again after reading.
 * Owner   a capacity that was read belongs to the caller; paths that come back, too.
 * Errors  kind USAGE, naming the file, and the key where one is wrong. Files are untrusted. What
 *         failed to be read is empty and needs no fini.
 */
#ifndef STORE_CAPACITY_FILE_H
#define STORE_CAPACITY_FILE_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/capacity.h"
#include "store/document.h"

void capacity_write(const struct capacity *c, enum doc_layout layout, struct buf *out);
int capacity_from_json(const json_t *doc, struct capacity *out, struct err *err);
int capacity_read(const char *bytes, size_t len, struct capacity *out, struct err *err);

struct document capacity_document(const struct capacity *c); /* borrows it */
int capacity_load(const char *path, struct capacity *out, struct err *err);

#endif
