/* record: what a result says of how it came about: version, command line, machine, the plan.
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
/* One option's value as the plan has it; the caller frees text. */
struct setting record_setting(const struct opt *row, const void *into, const char *given);

#endif
