/* plan_digest: what a host would do, as a number that is the same on every host that would do it.
 *
 * Shape   the SHA-256 of what `bench run --dry-run` prints there, without what may differ between
 *         hosts (how many threads the generator has), and of the files that the load is made of.
 * Owner   the caller's text.
 * Errors  kind USAGE: what was printed is no plan, or a file cannot be read.
 */
#ifndef RANK_PLAN_DIGEST_H
#define RANK_PLAN_DIGEST_H

#include "base/err.h"
#include "base/str.h"
#include "match/digest.h"

int plan_digest(const char *printed, const struct str_list *files, char text[DIGEST_TEXT],
                struct err *err);

#endif
