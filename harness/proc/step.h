/* step: other programs that bench runs to their end, such as gnuplot or npm.
 *
 * Shape   both calls block until the programs, and all that these started, have ended. The first
 *         SIGINT or SIGTERM meanwhile ends them; the caller may hold both back between steps
 *         (proc/signals.h).
 * Owner   everything is borrowed.
 * Errors  of a program: kind USAGE when it cannot be started, is not installed, fails or takes too
 *         long, with its last lines; INTERRUPTED, and then *out_signal says by what.
 */
#ifndef PROC_STEP_H
#define PROC_STEP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct step_spec {
    const char *name;       /* "gnuplot": the program, as it is found in PATH */
    char *const *argv;      /* argv[0] is a path */
    const char *const *env; /* as in proc/child.h; NULL */
    const char *install;    /* what to do when the shell, or env, cannot find the program */
    int64_t limit_ns;
};

/* *out_signal: the signal that ended it early, or 0. */
int step_run(const struct step_spec *spec, int *out_signal, struct err *err);
/* Runs `count` programs, at most `at_once` at a time. ends[i] is the error of specs[i], of kind
 * NONE when it succeeded; one that fails does not end the others. */
void step_run_all(const struct step_spec *specs, size_t count, size_t at_once, struct err *ends,
                  int *out_signal);

#endif
