#include "stat/looks.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

const struct look *looks_get(int index)
{
    static const struct look looks[LOOKS] = {
        {.blocks = LOOKS_BLOCKS_LEAST, .critical = 0, .alpha = 0.0157},
        {.blocks = 10, .critical = 6, .alpha = 0.014},
        {.blocks = 16, .critical = 27, .alpha = 0.018},
        {.blocks = LOOKS_BLOCKS_MOST, .critical = 78, .alpha = 0.020},
    };
    return &looks[index];
}

int looks_within(int blocks)
{
    int due = 0;
    while (due < LOOKS && looks_get(due)->blocks <= blocks)
        due++;
    return due;
}

/* What one look says; LOOK_GO_ON when the interval of a bound contains its margin. */
static int judge_at(const struct look *look, const struct look_bound *bounds, int nbounds,
                    enum look_decision *out)
{
    bool is_kept = false;
    bool is_beyond = true;
    for (int i = 0; i < nbounds; i++) {
        struct walsh_sides sides;
        if (walsh_sides(bounds[i].d, look->blocks, bounds[i].tau, &sides) < 0)
            return -1;
        is_kept = is_kept || sides.at_least <= look->critical;
        is_beyond = is_beyond && sides.at_most <= look->critical;
    }
    *out = is_kept ? LOOK_PASS : is_beyond ? LOOK_FAIL : LOOK_GO_ON;
    return 0;
}

int looks_judge(const struct look_bound *bounds, int nbounds, struct look_progress progress,
                struct look_verdict *out)
{
    if (nbounds < 1)
        return -1;
    int planned = looks_within(progress.max_blocks);
    int due = looks_within(progress.blocks);
    struct look_verdict verdict = {.decision = LOOK_GO_ON};
    for (int i = 0; i < due && i < planned && verdict.decision == LOOK_GO_ON; i++) {
        verdict.look = looks_get(i);
        if (judge_at(verdict.look, bounds, nbounds, &verdict.decision) < 0)
            return -1;
    }
    if (verdict.decision == LOOK_GO_ON && due >= planned)
        verdict.decision = LOOK_INCONCLUSIVE;
    *out = verdict;
    return 0;
}

int looks_interval(const struct look *look, const double *d, struct walsh_interval *out)
{
    return walsh_interval(d, look->blocks, look->critical, out);
}
