/* session_file: bench.session/1 documents, as text and in files.
 *
 * Shape   docs/bench.session.1.schema.json. A block holds the sums of each arm's slices, with their
 *         histograms, so that a verdict can be derived again, byte for byte.
 * Owner   a session that was read belongs to the caller.
 * Errors  kind USAGE, naming the file, and the key where one is wrong. Files are untrusted. What
 *         failed to be read is empty and needs no fini.
 */
#ifndef STORE_SESSION_FILE_H
#define STORE_SESSION_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "model/session.h"
#include "store/document.h"

void session_write(const struct session *s, enum doc_layout layout, struct buf *out);
int session_read(const char *bytes, size_t len, struct session *out, struct err *err);

struct document session_document(const struct session *s); /* borrows it */
int session_load(const char *path, struct session *out, struct err *err);
/* A copy as its document gives it, where figures have fewer digits and texts are UTF-8: what is
 * said of it is what is said of the document, byte for byte. */
int session_as_stored(const struct session *s, struct session *out, struct err *err);

#endif
