#include "analysis/keeping_up.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/arm_figure.h"
#include "stat/ascending.h"

/* A part of what was due, and a number, that what waits may grow by chance: the end of a run may
 * fall into a burst, or into a pause of the server. */
#define GROWTH_SHARE 0.02
#define GROWTH_LEAST 10

/* What waited when so many of the seconds had passed. */
static int64_t waiting_after(const struct result *r, size_t seconds)
{
    int64_t waiting = 0;
    for (size_t i = 0; i < seconds; i++) {
        const struct second *s = &r->seconds[i];
        waiting += s->due - s->requests - s->errors;
    }
    return waiting;
}

/* One second has no middle to compare its end with. */
static bool has_due(const struct result *r)
{
    for (size_t i = 0; i < r->nseconds; i++) {
        if (r->seconds[i].due == MISSING)
            return false;
    }
    return r->nseconds > 1 && result_is_open_loop(r);
}

/* How much more waits at the end than in the middle, and over what time. */
static double grown(const struct result *r, double *over_s, double *due)
{
    size_t half = r->nseconds / 2;
    *over_s = 0;
    *due = 0;
    for (size_t i = half; i < r->nseconds; i++) {
        *over_s += r->seconds[i].length_s;
        *due += (double)r->seconds[i].due;
    }
    return (double)(waiting_after(r, r->nseconds) - waiting_after(r, half));
}

double result_backlog_growth_rps(const struct result *r)
{
    double over_s = 0;
    double due = 0;
    if (!has_due(r))
        return NAN;
    double more = grown(r, &over_s, &due);
    return over_s > 0 ? more / over_s : NAN;
}

bool result_keeps_up(const struct result *r)
{
    double over_s = 0;
    double due = 0;
    if (!has_due(r))
        return true;
    double more = grown(r, &over_s, &due);
    return more <= GROWTH_LEAST || more <= GROWTH_SHARE * due;
}

bool arm_keeps_up(const struct arm *arm)
{
    size_t up = 0;
    size_t counted = 0;
    for (size_t i = 0; i < arm->nresults; i++) {
        counted += arm_counts_round(arm, i);
        up += arm_counts_round(arm, i) && result_keeps_up(&arm->results[i]);
    }
    return 2 * up >= counted;
}

double arm_due_rps(const struct arm *arm)
{
    double due = 0;
    double length_s = 0;
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct result *r = &arm->results[i];
        due += result_is_open_loop(r) ? (double)r->accounting.due : NAN;
        length_s += r->duration_s;
    }
    return length_s > 0 ? due / length_s : NAN;
}

double arm_backlog_growth_rps(const struct arm *arm)
{
    double *growth = mem_array(arm->nresults, sizeof *growth);
    size_t n = 0;
    for (size_t i = 0; i < arm->nresults; i++) {
        double rps = result_backlog_growth_rps(&arm->results[i]);
        if (!isnan(rps))
            growth[n++] = rps;
    }
    ascending_sort(growth, n);
    double median = ascending_median(growth, n);
    free(growth);
    return median;
}

bool comparison_is_open_loop(const struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (c->arms[i].nresults > 0)
            return result_is_open_loop(&c->arms[i].results[0]);
    }
    return false;
}
