/* document: what bench measured, saved as one JSON file.
 *
 * Shape   `kind` is what messages call it, and the label of its file: "comparison", "session".
 * Owner   everything is borrowed; a path that comes back belongs to the caller.
 * Errors  kind USAGE, naming the file.
 */
#ifndef STORE_DOCUMENT_H
#define STORE_DOCUMENT_H

#include "base/err.h"
#include "store/doc.h"

struct document {
    const char *kind;
    doc_writer *write;
    const void *what;
    int64_t started_wall_ms;
};

/* folder/UTC start-kind.json: a name, not yet known to be free. The caller frees it. */
char *document_path_default(const char *folder, const struct document *d);
/* As result_save: `out` is a file, a folder, or NULL for results/. */
int document_save(const struct document *d, const char *out, char **out_path, struct err *err);
/* Replaces the document of something that goes on. */
int document_save_again(const struct document *d, const char *path, struct err *err);
/* Its text; what no reader of ours takes, because it is too long, is said. Inits `out`. */
void document_text(const struct document *d, struct buf *out);

#endif
