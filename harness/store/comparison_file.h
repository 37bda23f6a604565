/* comparison_file: bench.comparison/1 documents, as text and in files.
 *
 * Shape   docs/bench.comparison.1.schema.json. The results in it are whole bench.result/1 objects.
 * Owner   paths that come back belong to the caller; a comparison that was read, too.
 * Errors  kind USAGE, naming the file, and the key where one is wrong. Files are untrusted. What
 *         failed to be read is empty and needs no fini.
 */
#ifndef STORE_COMPARISON_FILE_H
#define STORE_COMPARISON_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "model/comparison.h"
#include "store/doc.h"

void comparison_write(const struct comparison *c, enum doc_layout layout, struct buf *out);
int comparison_read(const char *bytes, size_t len, struct comparison *out, struct err *err);

/* folder/UTC start-comparison.json: a name, not yet known to be free. */
char *comparison_path_default(const char *folder, const struct comparison *c);
/* As result_save: `out` is a file, a folder, or NULL for results/. */
int comparison_save(const struct comparison *c, const char *out, char **out_path, struct err *err);
int comparison_load(const char *path, struct comparison *out, struct err *err);

#endif
