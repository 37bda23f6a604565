#include "model/arm_recovery.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/arm_figure.h"

/* By the time that it took; one that is not known comes last. */
static int by_time(const void *a, const void *b)
{
    const struct recovery *const *x = a;
    const struct recovery *const *y = b;
    bool is_less = (*x)->back_s < (*y)->back_s;
    bool is_more = (*x)->back_s > (*y)->back_s;
    return is_more - is_less;
}

bool arm_recovery_of(const struct arm *arm, struct arm_recovery *out)
{
    const struct recovery **alike = mem_array(arm->nresults, sizeof(struct recovery *));
    enum recovery_state worst = RECOVERY_NONE;
    *out = (struct arm_recovery){0};
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct recovery *r = &arm->results[i].recovery;
        if (r->state == RECOVERY_NONE || !arm_counts_round(arm, i))
            continue;
        out->rounds++;
        if (r->state > worst) {
            worst = r->state;
            out->alike = 0;
        }
        if (r->state == worst)
            alike[out->alike++] = r;
    }
    if (out->alike > 0) {
        qsort(alike, out->alike, sizeof(struct recovery *), by_time);
        out->one = alike[(out->alike - 1) / 2];
    }
    free(alike);
    return out->one != NULL;
}
