/* gathered: stored results of several files as the arms of one comparison.
 *
 * Owner   the comparison takes the results over; what was read is finished by the caller all the
 *         same.
 * Errors  kind USAGE: too many files; a session, a sweep or a search for the capacity, which has
 *         pictures of its own.
 */
#ifndef CLI_GATHERED_H
#define CLI_GATHERED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "store/stored.h"

/* Refuses more results than fit into memory together: as many as a comparison may have. */
int gathered_check_count(size_t files, struct err *err);
/* Whether any arm has one. */
bool gathered_has_result(const struct comparison *all);
/* A result as an arm named by its target, or all arms of a comparison. */
int gathered_add(struct comparison *all, const char *path, struct stored *s, struct err *err);
/* As an arm named by its file, because two may have the same target. */
void gathered_add_result(struct comparison *all, const char *path, struct result *r);

#endif
