/* reference: the option --reference of compare and report: an arm, by its name.
 *
 * Owner   names are borrowed.
 * Errors  kind USAGE: one sentence that names the arms there are, or the rounds that are needed.
 */
#ifndef CLI_REFERENCE_H
#define CLI_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/comparison.h"

int reference_find(const char *name, const char *const *arms, size_t count, size_t *out,
                   struct err *err);
int reference_check_rounds(int64_t rounds, struct err *err);
/* Against the arm called so, or if that is NULL against the one that the comparison was run with,
 * if there is one. */
int reference_judge_stored(const char *name, struct comparison *c, struct err *err);

#endif
