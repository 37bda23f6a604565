/* step: other programs that bench runs to their end, such as gnuplot or npm.
 *
 * Shape   both calls block until the programs, and all that these started, have ended. The first
 *         SIGINT or SIGTERM meanwhile ends them; the caller may hold both back between steps
 *         (base/signals.h).
 * Owner   everything is borrowed.
 * Errors  of a program: kind USAGE when it cannot be started, is not installed, fails (with its
 * last lines) or takes too long; INTERRUPTED, and then the signal says by what.
 */
#ifndef PROC_STEP_H
#define PROC_STEP_H

#include <stdbool.h>
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

/* What ended several of them early. */
struct step_stop {
    int signal;   /* or 0 */
    bool is_hung; /* one took too long */
};

/* *out_signal: the signal that ended it early, or 0. */
int step_run(const struct step_spec *spec, int *out_signal, struct err *err);
/* Runs `count` programs, at most `at_once` at a time. ends[i] is the error of specs[i], of kind
 * NONE when it succeeded; one that fails does not end the others. After one that takes too long no
 * more are started: they are the same program, and each would take as long. */
void step_run_all(const struct step_spec *specs, size_t count, size_t at_once, struct err *ends,
                  struct step_stop *out_stop);

#endif
