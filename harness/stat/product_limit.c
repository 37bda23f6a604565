#include "stat/product_limit.h"

/* The buckets of a histogram, one after the other. */
struct walk {
    const struct hist *h;
    size_t at;
    struct hist_bucket now;
    bool more;
};

static void step(struct walk *w)
{
    w->more = hist_next(w->h, &w->at, &w->now);
}

static struct walk walk_of(const struct hist *h)
{
    struct walk w = {.h = h};
    step(&w);
    return w;
}

int64_t product_limit_percentile_ns(const struct hist *ended, const struct hist *open, double q)
{
    const double beyond = (1 - q) * (1 + 1e-9); /* 1 - q is inexact in a double */
    uint64_t left = hist_count(ended) + hist_over(ended) + hist_count(open) + hist_over(open);
    double longer = 1; /* the share that takes longer than what was passed */
    struct walk opened = walk_of(open);
    for (struct walk w = walk_of(ended); w.more; step(&w)) {
        for (; opened.more && opened.now.high_ns < w.now.high_ns; step(&opened))
            left -= opened.now.count;
        longer *= 1 - (double)w.now.count / (double)left;
        left -= w.now.count;
        if (longer <= beyond)
            return w.now.high_ns;
    }
    return INT64_MAX;
}
