/* request_opts: the option rows of requests that differ: files of them, forms, feeds, placeholders.
 *
 * Shape   the rows fill a struct plan. request_opts_read reads the files, which all arms of a
 *         comparison share; request_opts_make makes the list of one plan, whose target is known.
 * Owner   the plan owns what is read and made.
 * Errors  kind USAGE: a file that cannot be read or has a mistake, with its place; options that
 *         cannot be combined.
 * Source  autocannon: --har, -F/--form, -I/--idReplacement, and the requests of its API.
 */
#ifndef CLI_REQUEST_OPTS_H
#define CLI_REQUEST_OPTS_H

#include "base/opt.h"
#include "model/plan.h"

extern const struct opt run_list_opts[];

/* After -i was read. */
int request_opts_read(struct plan *plan, const struct opt_given *given, struct err *err);
/* Says what is likely not meant so. */
void request_opts_say(const struct plan *plan);
int request_opts_make(struct plan *plan, struct err *err);
/* What was read for all arms, for the plan of one that has the same options: a pipe is read once.
 * The plan borrows it. */
void request_opts_share(struct plan *plan, const struct plan *shared);

#endif
