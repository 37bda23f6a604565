#include "analysis/paired.h"

#include "stat/max_t.h"
#include "stat/signed_rank.h"

#define ALPHA_EACH_SIDE 0.025
/* One for all, so that a stored comparison is judged the same again. */
#define FLIPS_SEED 1

enum paired_use paired_use(const struct arm *arm, int64_t round)
{
    const struct result *r = arm_result(arm, round);
    if (r == NULL)
        return PAIRED_MISSING;
    if (!r->valid || r->interrupted)
        return PAIRED_INVALID;
    return r->machine.is_disturbed ? PAIRED_DISTURBED : PAIRED_USED;
}

int paired_interval(const double *d, int n, struct walsh_interval *out)
{
    return walsh_interval(d, n, signed_rank_critical(n, ALPHA_EACH_SIDE), out);
}

int paired_adjust(const double *d, int tests, int n, double *p)
{
    return max_t_adjust(&(struct max_t_rows){.d = d, .tests = tests, .n = n}, FLIPS_SEED, p);
}

enum reference_word paired_word(const struct walsh_interval *interval, double band, double p)
{
    if (interval->lo > 0 && interval->hi > band && p <= REFERENCE_ALPHA)
        return REFERENCE_WORSE;
    if (interval->hi < 0 && interval->lo < -band && p <= REFERENCE_ALPHA)
        return REFERENCE_BETTER;
    if (interval->lo > -band && interval->hi < band)
        return REFERENCE_SAME;
    return REFERENCE_INCONCLUSIVE;
}
