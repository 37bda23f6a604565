/* tls_opts: the option rows of TLS and HTTP/2, and what has to be right about them together.
 *
 * Shape   the rows fill a struct plan. Those that are only about https:// are refused where
 *         nothing is https. What a comparison gives for all its arms is taken by each arm as far as
 *         it applies to it, and by one at least.
 * Owner   the plan borrows from argv; the list of --ca is its own.
 * Errors  kind USAGE: one sentence with the remedy. Files are not read here (cli/preview.h).
 * Source  docs/tls.md; the names are autocannon's and curl's.
 */
#ifndef CLI_TLS_OPTS_H
#define CLI_TLS_OPTS_H

#include <stdbool.h>

#include "base/opt.h"
#include "model/plan.h"

extern const struct opt run_tls_opts[];

/* What does not depend on the target. */
int tls_opts_check_load(const struct plan *plan, struct err *err);
/* Of a run: every option that was given applies to its target. */
int tls_opts_check_target(const struct plan *plan, const struct opt_given *given, struct err *err);

/* --- of a comparison --- */

/* Takes away from an arm's plan what was given for all arms and does not apply to it. */
int tls_opts_narrow(struct plan *plan, struct err *err);
/* The same for an arm with options of its own: adds what applies to its command line, "--ca", "A".
 * `own` is what those options say, and `word` its URL or path, or NULL. */
void tls_opts_forward(const struct opt_given *shared, const struct plan *own, const char *word,
                      struct str_list *argv);
/* Whether this option applies to an arm that has this plan. */
bool tls_opts_apply(const struct opt *row, const struct plan *plan);
/* It was given for all arms, and applies to none; returns -1. */
int tls_opts_refuse_unused(const struct opt *row, struct err *err);

#endif
