/* bench_selftest: bench measures servers whose latencies are known, and says how far off it is.
 *
 * Shape   blocks: the machine's own floor first, then a delay server and a load for each case.
 * About 70 s, 15 s when it is quick. Units   in struct selftest. Owner   `out` is the caller's,
 * from selftest_init to selftest_fini. Errors  as delay_run: what was measured before stays in
 * `out`. Limits that do not hold are no error.
 */
#ifndef SELFTEST_BENCH_SELFTEST_H
#define SELFTEST_BENCH_SELFTEST_H

#include <stddef.h>

#include "base/err.h"
#include "model/selftest.h"

struct selftest_view {
    void *ctx;
    /* Case `index` of `count`, from 0, begins. */
    void (*on_case)(void *ctx, const char *text, size_t index, size_t count);
};

/* out->is_quick is set. */
int bench_selftest(struct selftest *out, const struct selftest_view *view, int *out_signal,
                   struct err *err);

#endif
