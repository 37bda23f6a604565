#include "stat/operating_point.h"

#include <math.h>
#include <stdbool.h>

#include "stat/looks.h"
#include "stat/normal.h"

#define SESSIONS 20000
#define SEED     20260601

/* Draws no more blocks than the next look needs. */
static bool is_failed(struct rng *r, double beyond, int planned)
{
    double d[LOOKS_BLOCKS_MOST];
    struct look_verdict verdict = {.decision = LOOK_GO_ON};
    struct look_progress progress = {.max_blocks = looks_get(planned - 1)->blocks};
    struct look_bound bound = {.d = d, .tau = 0};
    for (int i = 0; i < planned && verdict.decision == LOOK_GO_ON; i++) {
        while (progress.blocks < looks_get(i)->blocks)
            d[progress.blocks++] = beyond + normal_draw(r);
        (void)looks_judge(&bound, 1, progress, &verdict); /* the values are finite */
    }
    return verdict.decision == LOOK_FAIL;
}

double operating_point(double beyond, double sd, int max_blocks)
{
    if (isnan(beyond) || isnan(sd) || sd < 0)
        return NAN;
    int planned = looks_within(max_blocks);
    if (planned == 0)
        return 0;
    if (sd == 0 || !isfinite(beyond / sd))
        return beyond > 0;
    int failed = 0;
    for (int i = 0; i < SESSIONS; i++) {
        struct rng r;
        rng_init(&r, SEED + (uint64_t)i); /* the noise of a session, whatever the others drew */
        failed += is_failed(&r, beyond / sd, planned);
    }
    return (double)failed / SESSIONS;
}
