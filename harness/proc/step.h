/* step: another program that bench runs to its end, such as gnuplot or npm.
 *
 * Shape   step_run blocks until it and all that it started have ended. The first SIGINT or SIGTERM
 *         meanwhile ends it; the caller may hold both back between steps (proc/signals.h).
 * Owner   everything is borrowed.
 * Errors  step_run: kind USAGE when it cannot be started, is not installed, fails or takes too
 *         long, with its last lines; INTERRUPTED, and then *out_signal says by what.
 */
#ifndef PROC_STEP_H
#define PROC_STEP_H

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

#endif
