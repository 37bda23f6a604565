#include "stat/forecast.h"

#include <math.h>

#include "stat/chi_square.h"

#define TOO_LOW 0.2 /* how often the upper bound of the sd is below the true one */

/* The shift in sds that is failed by each look with a chance of 90 %. */
static double reach_in_sds(int look)
{
    static const double reach[LOOKS] = {2.112, 1.292, 0.921, 0.710};
    return reach[look];
}

/* The sd by Welford (1962), which large means do not spoil. */
static double standard_deviation(const double *d, int n)
{
    double mean = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
        double from_old = d[i] - mean;
        mean += from_old / (i + 1);
        squares += from_old * (d[i] - mean);
    }
    return sqrt(squares / (n - 1));
}

int forecast_make(const double *d, int blocks, int max_blocks, struct forecast *out)
{
    if (blocks < 2 || blocks > FORECAST_BLOCKS_MOST)
        return -1;
    double sd = standard_deviation(d, blocks);
    if (!isfinite(sd))
        return -1;
    int df = blocks - 1;
    struct forecast f = {
        .sd = sd,
        .sd_upper = sd * sqrt(df / chi_square_quantile(TOO_LOW, df)),
    };
    for (int i = looks_within(blocks); i < looks_within(max_blocks); i++)
        f.looks[f.nlooks++] = (struct forecast_look){
            .blocks = looks_get(i)->blocks,
            .reach = reach_in_sds(i) * f.sd_upper,
        };
    *out = f;
    return 0;
}

int forecast_blocks_needed(const struct forecast *f, double distance)
{
    for (int i = 0; i < f->nlooks; i++)
        if (f->looks[i].reach <= distance)
            return f->looks[i].blocks;
    return 0;
}
