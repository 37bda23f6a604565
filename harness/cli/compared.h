/* compared: what a comparison measures, from its options: the strategies, the article's arms, the
 * originals that can be run here, and the user's own servers.
 *
 * Shape   all option errors are found before npm installs the originals' packages.
 * Owner   caller's storage; call compared_fini after the comparison, also after a failure.
 * Errors  kind USAGE: one sentence with the remedy; INTERRUPTED while npm runs.
 */
#ifndef CLI_COMPARED_H
#define CLI_COMPARED_H

#include "cli/arms.h"
#include "cli/mapped.h"
#include "cli/originals.h"

struct compare_options {
    struct run_options run; /* shared by the arms */
    const char *strategies;
    struct str_list arms;
    int64_t rounds;
    int64_t divided_ns; /* the -d that the rounds share; 0: each has its own */
    bool article, originals, repeat;
    const char *format, *reference, *map;
    struct mapped mapped; /* what --map read */
};

struct compared {
    struct arms arms;
    struct originals originals;
};

int compared_make(const struct compare_options *options, const struct opt_line *line,
                  struct compared *out, struct err *err);
/* The programs of the strategies are there. */
int arms_check_programs(const struct arms *arms, struct err *err);
/* Warns early about a server that is not reachable, not after the long run of the others. It may
 * still come up, so this is not an error. */
void compared_warn_unreachable(const struct arms *arms);
/* Of a comparison that was not interrupted: whether every planned trial has a valid result, and
 * none of them was ended by its faults. */
int compared_exit_code(const struct comparison *c);
void compared_fini(struct compared *compared);

#endif
