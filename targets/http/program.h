/* program: what every server program does with its command line.
 *
 * Shape   parses the rows, answers --help and --version, tells when it is ready (announce.h), and
 *         serves until a signal.
 * Owner   everything is borrowed for the call.
 * Errors  printed on stderr; program_main returns the exit code.
 */
#ifndef TARGETS_HTTP_PROGRAM_H
#define TARGETS_HTTP_PROGRAM_H

#include "base/buf.h"
#include "base/opt.h"
#include "targets/http/strategy.h"

struct program {
    const char *name, *usage;                    /* usage: what follows the name */
    const char *serves;                          /* one sentence, for --help */
    const struct opt *server_rows, *target_rows; /* of server_opts and target_opts */
    const struct strategy *(*choose)(const char *name, struct err *err);
    void (*help)(struct buf *out); /* between usage and options; may be NULL */
};

#define PROGRAM_ROWS_MAX 32

/* Copies the rows with these names, which end with NULL; `out` holds PROGRAM_ROWS_MAX. */
void program_pick_rows(const struct opt *from, const char *const *names, struct opt *out);

int program_main(const struct program *program, int argc, char **argv);

#endif
