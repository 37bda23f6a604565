/* result_file: results in files.
 *
 * Shape   one result per file, "results/20261122T210405Z-pool.json" unless -o says otherwise.
 * Owner   paths that come back belong to the caller.
 * Errors  kind USAGE, naming the file, and the key where one is wrong.
 */
#ifndef STORE_RESULT_FILE_H
#define STORE_RESULT_FILE_H

#include <stddef.h>

#include "base/err.h"
#include "model/result.h"

#define RESULT_FOLDER    "results/"
#define RESULT_MAX_BYTES ((size_t)256 << 20)

/* folder/UTC start-label.json: a name, not yet known to be free. label NULL: strategy, command or
 * host. */
char *result_path_default(const char *folder, const struct result *r, const char *label);
/* `out` is a file, which is replaced, or a folder (existing, or ending with '/': made if needed),
 * which gets a file with the default name that never replaces another; NULL is RESULT_FOLDER.
 * *out_path is the path that was written. */
int result_save(const struct result *r, const char *label, const char *out, char **out_path,
                struct err *err);
/* Whether what would be saved could be loaded: what files of a stranger add up to may be more than
 * a document can say. */
int result_check_loadable(const struct result *r, struct err *err);
int result_load(const char *path, struct result *out, struct err *err);

#endif
