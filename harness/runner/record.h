/* record: fills in how a result was made: version, command line, machine and plan.
 *
 * Shape   secrets on the command line (userinfo of a URL, Authorization and Cookie headers) are
 *         not stored.
 * Owner   the result owns the copies.
 */
#ifndef RUNNER_RECORD_H
#define RUNNER_RECORD_H

#include "base/opt.h"
#include "model/result.h"
#include "runner/run_options.h"

void record_run(const struct run_options *options, const struct opt_line *line, struct result *r);
/* A word of a command line without secrets, cut if it is long; the caller frees it. */
char *record_word(const char *word);
/* The value of one option in the plan; the caller frees text. */
struct setting record_setting(const struct opt *row, const void *into, const char *given);

#endif
