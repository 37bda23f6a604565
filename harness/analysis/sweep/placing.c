#include "analysis/sweep/placing.h"

#include <math.h>

#define EVEN     0.02 /* what width alone is worth, of the whole axis: no gap stays for ever */
#define CROSSING 1.0  /* the same where curves cross */
#define OFF_MOST 1.0  /* a line that is off by a factor of e is as wrong as it needs to be */

static double slope(const struct placing *p, const double *curve, size_t i)
{
    return (curve[i + 1] - curve[i]) / (p->places[i + 1] - p->places[i]);
}

/* How far off a straight line through interval i is in its middle, if the curve goes on bending as
 * it does at the ends of it: an eighth of the width times the change of slope. */
static double off(const struct placing *p, const double *curve, size_t i)
{
    double width = p->places[i + 1] - p->places[i];
    double here = slope(p, curve, i);
    double bend = 0;
    if (i > 0)
        bend = fmax(bend, fabs(here - slope(p, curve, i - 1))); /* fmax passes a NAN over */
    if (i + 2 < p->nplaces)
        bend = fmax(bend, fabs(slope(p, curve, i + 1) - here));
    double by = isnan(here) ? 0 : width * bend / 8;
    return by > OFF_MOST ? OFF_MOST : by;
}

/* The curve of the group that is best at place i; its size when none was measured. */
static size_t best(const struct placing *p, size_t first, size_t i)
{
    size_t at = p->group;
    for (size_t k = 0; k < p->group; k++) {
        double value = p->values[(first + k) * p->nplaces + i];
        double top = at == p->group ? NAN : p->values[(first + at) * p->nplaces + i];
        if (!isnan(value) && (isnan(top) || (p->is_most ? value > top : value < top)))
            at = k;
    }
    return at;
}

double placing_worth(const struct placing *p, size_t i)
{
    if (!p->open[i])
        return 0;
    double part = (p->places[i + 1] - p->places[i]) / (p->places[p->nplaces - 1] - p->places[0]);
    double worth = EVEN * part;
    for (size_t c = 0; c < p->ncurves; c++)
        worth += off(p, &p->values[c * p->nplaces], i) / (double)p->ncurves;
    double groups = (double)p->ncurves / (double)p->group;
    for (size_t first = 0; first < p->ncurves; first += p->group) {
        if (best(p, first, i) != best(p, first, i + 1))
            worth += CROSSING * part / groups;
    }
    return worth;
}

bool placing_next(const struct placing *p, size_t *out)
{
    double most = 0;
    for (size_t i = 0; i + 1 < p->nplaces; i++) {
        double worth = placing_worth(p, i);
        if (worth > most) {
            most = worth;
            *out = i;
        }
    }
    return most > 0;
}
