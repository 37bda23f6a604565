/* target_word: what the argument of a run means, with the options that say where it goes.
 *
 * Shape   the words behind "--" are the command of a server. What is left is a URL, or the path of
 *         a target that bench starts, or a path alone: of the server on localhost at PORT, or of
 *         the one behind -S.
 * Owner   the plan borrows the word; what it has to make of it is the plan's own.
 * Errors  kind USAGE: one sentence with the remedy.
 * Source  autocannon: a path without a host means localhost at PORT; -S, --socketPath.
 */
#ifndef CLI_TARGET_WORD_H
#define CLI_TARGET_WORD_H

#include "base/opt.h"
#include "model/plan.h"

int target_word_take(struct plan *plan, const struct opt_given *given, struct err *err);
/* -S: a path that a socket can have, of a server that bench does not start. */
int target_word_check_socket(const struct plan *plan, struct err *err);

#endif
