#include "analysis/apart.h"

#include <math.h>

#include "stat/student.h"

#define CHANCE_MOST 0.01
#define GAP_LEAST   1.05

/* Welford, 1962. */
void apart_add(struct log_rounds *rounds, double value)
{
    double from_old = value - rounds->mean;
    rounds->count++;
    rounds->mean += from_old / (double)rounds->count;
    rounds->squares += from_old * (value - rounds->mean);
}

struct log_rounds apart_rounds(const struct arm *arm, const struct arm_figure *figure)
{
    struct log_rounds rounds = {0};
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct result *r = &arm->results[i];
        double value = arm_figure_read(figure, r).value;
        if (r->machine.is_disturbed || !isfinite(value))
            continue;
        if (value <= 0)
            return (struct log_rounds){0};
        apart_add(&rounds, log(value));
    }
    return rounds;
}

void apart_pool(struct pooled_spread *spread, const struct log_rounds *rounds)
{
    if (rounds->count == 0)
        return;
    spread->squares += rounds->squares;
    spread->df += (int)rounds->count - 1;
}

bool apart_is_more(const struct pooled_spread *spread, const struct log_rounds *more,
                   const struct log_rounds *less)
{
    double gap = more->mean - less->mean;
    if (more->count < APART_ROUNDS_LEAST || less->count < APART_ROUNDS_LEAST ||
        !(gap > log(GAP_LEAST)))
        return false;
    double variance = spread->squares / spread->df;
    double error = sqrt(variance / (double)more->count + variance / (double)less->count);
    return error == 0 || student_two_sided(gap / error, spread->df) < CHANCE_MOST;
}

bool apart_is_off(const struct pooled_spread *spread, const struct log_rounds *rounds, double limit)
{
    double gap = fabs(rounds->mean - log(limit));
    if (rounds->count < APART_ROUNDS_LEAST || !(gap > 0))
        return false;
    double error = sqrt(spread->squares / spread->df / (double)rounds->count);
    return error == 0 || student_two_sided(gap / error, spread->df) < CHANCE_MOST;
}
