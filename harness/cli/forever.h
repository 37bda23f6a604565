/* forever: one run after another, until a signal (bench run --forever).
 *
 * Shape   each round is a run of its own, with a line on stdout when it is over: its result as JSON
 *         with --json, else its headline. One that was cut before its first response has none. At
 *         the end the rounds are added up to one result.
 * Owner   `sum` is the caller's, initialised by result_init; call result_fini in every case.
 * Errors  -1 when a round could not be measured or printed; those before it are in the sum.
 *         *out_signal is the signal that ended it, or 0.
 */
#ifndef CLI_FOREVER_H
#define CLI_FOREVER_H

#include "base/opt.h"
#include "model/result.h"
#include "runner/run_options.h"

int forever_measure(const struct run_options *run, const struct opt_line *line, struct result *sum,
                    int *out_signal, struct err *err);

#endif
