#include "model/lateness.h"

#include <math.h>

#define LIMIT_PART 0.05 /* of the p50 */

static double samples(const struct hist *h)
{
    return h == NULL ? 0 : (double)(hist_count(h) + hist_over(h));
}

static double above(const struct hist *h, int64_t limit_ns)
{
    struct hist_bucket b;
    double count = h == NULL ? 0 : (double)hist_over(h);
    for (size_t at = 0; h != NULL && hist_next(h, &at, &b);)
        count += b.low_ns > limit_ns ? (double)b.count : 0;
    return count;
}

static int64_t limit_of(const struct result *r)
{
    int64_t part_ns = 0;
    if (samples(r->latency) > 0)
        part_ns = (int64_t)(LIMIT_PART * (double)hist_percentile_ns(r->latency, 0.5));
    return part_ns > RESULT_LATE_NS ? part_ns : RESULT_LATE_NS;
}

static bool are_too_many(double late, double due)
{
    return late > LATENESS_MOST * due && late >= LATENESS_LEAST;
}

struct lateness lateness_of(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    struct lateness l = {.limit_ns = MISSING};
    if (a->due == MISSING || a->due <= 0 || r->slip == NULL)
        return l;
    l.limit_ns = limit_of(r);
    l.due = (double)a->due;
    l.held = a->held == MISSING ? 0 : (double)a->held;
    double late = above(r->slip, l.limit_ns);
    /* A thread that is behind can also see in time what it sends late: then nothing was held. */
    bool any_held = l.held > LATENESS_MOST * l.due;
    l.own = any_held ? fmin(above(r->lag, l.limit_ns), late) : late;
    l.no_connection = late - l.own;
    l.is_own = are_too_many(l.own, l.due);
    l.is_no_connection = are_too_many(l.no_connection, l.due);
    return l;
}

static double p99(const struct hist *h)
{
    return samples(h) > 0 ? (double)hist_percentile_ns(h, 0.99) : NAN;
}

double lateness_own_p99_ns(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    bool any_held = a->held != MISSING && a->held > 0;
    double own_ns = p99(any_held ? r->lag : r->slip);
    double raised_ns = p99(r->latency) - p99(r->service);
    if (a->due == MISSING || isnan(own_ns) || isnan(raised_ns))
        return NAN;
    return fmin(fmax(raised_ns, 0), own_ns);
}
