/* shares: the files that bench merge is given, read.
 *
 * Shape   a whole result each; or with a time, what run --ndjson wrote, of which the seconds before
 *         that time count. A file of the second kind without a result at its end is of a host that
 *         was lost.
 * Owner   caller's storage; call shares_fini after a failure too. Names are those of the order.
 * Errors  kind USAGE, naming the file and what is wrong in it.
 */
#ifndef CLI_SHARES_H
#define CLI_SHARES_H

#include "base/err.h"
#include "base/str.h"
#include "model/result_merge.h"

struct shares_order {
    char *const *files;
    size_t nfiles;
    const struct str_list *lost; /* "1=b:no word for 5 s" */
    double until_s;              /* 0: the files are whole results */
};

struct shares {
    struct result *results;
    struct merge_input *inputs;
    size_t count;
    struct merge_lost *lost; /* those without a file */
    size_t nlost;
    struct str_list texts; /* of these, and of why the others were lost */
};

int shares_load(const struct shares_order *order, struct shares *out, struct err *err);
void shares_fini(struct shares *s);

#endif
