/* arguments: the command line of bench-rank, taken apart: what the generators do, and what becomes
 * of the result.
 *
 * Shape   the options are those of `bench run`, and a few of bench-rank's own. `load` is the
 *         command line of every generator but its share; `shown` are the words for `bench merge`.
 *         Values are only parsed here: the dry run of the generator on each host checks what they
 *         mean there.
 * Units   nanoseconds.
 * Owner   arguments_fini frees the lists, which own copies.
 * Errors  kind USAGE.
 */
#ifndef RANK_ARGUMENTS_H
#define RANK_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/opt.h"
#include "base/str.h"

struct arguments {
    char *text;     /* what to print instead of a run: the help, the version; NULL */
    bool stream;    /* lines for a program instead of a report */
    bool continues; /* the others go on when a host is lost */
    struct str_list load, shown;
    struct str_list files; /* that the load reads on each host, and that must be the same there */
    int64_t warmup_ns;
    double connect_s; /* how long the connections take to open, at the rate that was asked for */
};

/* `argv` is that of main: "run" and what `bench run` takes. */
int arguments_take(struct arguments *a, int argc, char **argv, struct err *err);
void arguments_fini(struct arguments *a);
#endif
