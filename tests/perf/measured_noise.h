/* measured_noise: the differences of equal arms that `bench check` measured, to be drawn again.
 *
 * Shape   a session is drawn first and then blocks of it, because one session is noisier than
 *         another. A block is drawn with all its figures, and a coin turns its sign: which arm is
 *         called head is an accident.
 * Units   natural logs; positive is worse.
 * Owner   the lists belong to the caller's storage, filled by measured_noise_load;
 * measured_noise_fini. Errors  -1: the file cannot be read, or a line of it; one sentence is on
 * stderr. Source  scripts/bench-verdicts writes the file: a line for each block, of its session,
 * and d of cpu_per_request, rps and p99, with tabs between them.
 */
#ifndef TESTS_PERF_MEASURED_NOISE_H
#define TESTS_PERF_MEASURED_NOISE_H

#include <stddef.h>

#include "base/rng.h"

struct measured_block {
    double cpu, rps, p99;
};

struct measured_noise {
    struct measured_block *blocks;
    size_t nblocks;
    size_t *firsts; /* the first block of each session */
    size_t nsessions;
};

int measured_noise_load(const char *path, struct measured_noise *out);
void measured_noise_fini(struct measured_noise *m);
/* One that is drawn from. */
size_t measured_noise_session(const struct measured_noise *m, struct rng *r);
struct measured_block measured_noise_block(const struct measured_noise *m, size_t session,
                                           struct rng *r);

#endif
