/* delivery: where a result goes that was measured, or put together: stdout, and a file.
 *
 * Shape   as the output options of the plan say.
 * Owner   the path that comes back belongs to the caller.
 * Errors  kind USAGE. A result that could not be saved to results/ is a warning, since nobody asked
 *         for that file.
 */
#ifndef CLI_DELIVERY_H
#define CLI_DELIVERY_H

#include "base/err.h"
#include "model/plan.h"
#include "model/result.h"

/* Its report, or with --json the document. */
int delivery_print(const struct plan *plan, const struct result *r, struct err *err);
/* *out_path: where it was saved; NULL: it was not. */
int delivery_save(const struct plan *plan, const struct result *r, char **out_path,
                  struct err *err);
/* A result that does not add up is a bug, kind INVALID. */
int delivery_check(const struct result *r, struct err *err);

#endif
