#include "analysis/warm_up.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/warnings_internal.h"
#include "base/mem.h"
#include "base/units.h"
#include "stat/ascending.h"

#define SECONDS_LEAST 10
#define REPLIES_LEAST 10
#define WHOLE_S       0.9 /* a second of this length is a whole one */
#define SLOWER_PART   0.1 /* of the median */
#define SPREADS       4   /* distances between the quartiles */
#define DUE_PART      0.1 /* by which the load of the first tenth may differ */

/* Of sorted values, by nearest rank. */
static double quantile(const double *sorted, size_t count, double q)
{
    size_t rank = (size_t)ceil(q * (double)count);
    return sorted[rank == 0 ? 0 : rank - 1];
}

/* The whole seconds; 0 when one of them has too few replies for its p50. */
static size_t whole_seconds(const struct result *r)
{
    size_t count = r->nseconds;
    if (count > 0 && r->seconds[count - 1].length_s < WHOLE_S)
        count--; /* cut short by the end */
    for (size_t i = 0; i < count; i++) {
        const struct second *s = &r->seconds[i];
        if (s->length_s < WHOLE_S || s->requests < REPLIES_LEAST || s->p50_ns == MISSING)
            return 0;
    }
    return count;
}

/* Requests due per second, on average; NAN in a closed loop. */
static double due_between(const struct result *r, size_t from, size_t to)
{
    double due = 0;
    double length_s = 0;
    for (size_t i = from; i < to; i++) {
        due += r->seconds[i].due == MISSING ? NAN : (double)r->seconds[i].due;
        length_s += r->seconds[i].length_s;
    }
    return due / length_s;
}

static bool is_same_load(const struct result *r, size_t first, size_t count)
{
    double at_first = due_between(r, 0, first);
    double later = due_between(r, first, count);
    return isnan(at_first) || isnan(later) || fabs(at_first - later) <= DUE_PART * later;
}

bool warm_up_of(const struct result *r, struct warm_up *out)
{
    size_t count = whole_seconds(r);
    size_t first = count / 10;
    *out = (struct warm_up){.first_s = first, .first_ns = NAN, .rest_ns = NAN};
    if (count < SECONDS_LEAST || !is_same_load(r, first, count))
        return false;
    double *p50s = mem_array(count, sizeof *p50s);
    double *rest = p50s + first;
    for (size_t i = 0; i < count; i++)
        p50s[i] = (double)r->seconds[i].p50_ns;
    ascending_sort(p50s, first);
    ascending_sort(rest, count - first);
    double spread = quantile(rest, count - first, 0.75) - quantile(rest, count - first, 0.25);
    out->first_ns = quantile(p50s, first, 0.5);
    out->rest_ns = quantile(rest, count - first, 0.5);
    out->is_short =
        out->first_ns - out->rest_ns > fmax(SLOWER_PART * out->rest_ns, SPREADS * spread);
    free(p50s);
    return true;
}

void warnings_warm_up(struct result *r)
{
    struct warm_up w;
    char first[32];
    char rest[32];
    char length[32] = "";
    if (!warm_up_of(r, &w) || !w.is_short)
        return;
    if (w.first_s > 1)
        (void)snprintf(length, sizeof length, " %zu", w.first_s);
    warn(r, "warm-up-short", "warm up before measuring, or for longer (-W)",
         "the first%s second%s slower than the rest: p50 %s, then %s", length,
         w.first_s > 1 ? "s were" : " was",
         units_format_time((int64_t)w.first_ns, first, sizeof first),
         units_format_time((int64_t)w.rest_ns, rest, sizeof rest));
}
