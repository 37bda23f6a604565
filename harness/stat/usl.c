#include "stat/usl.h"

#include <cminpack.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stat/ascending.h"
#include "stat/student.h"

#define PARAMETERS 3
#define TOLERANCE  1e-12
#define TRIES_MOST 400

enum { LN_LAMBDA, CONTENTION, COHERENCY };

const char *const usl_reason_texts[USL_REASONS] = {
    [USL_TOO_FEW] = "fewer than 4 different sizes were measured",
    [USL_TOO_NARROW] = "the largest size is less than 4 times the smallest",
    [USL_NO_MINIMUM] = "no curve fits better than its neighbours",
    [USL_BAD] = "the points lie more than 10 % around the best curve"};

/* What lmder hands on to its function. Parameters that are held stay at 0. */
struct problem {
    const struct usl_point *points;
    int free[PARAMETERS];
    int nfree;
};

static void expand(const struct problem *p, const double *x, double *all)
{
    for (int i = 0; i < PARAMETERS; i++)
        all[i] = 0;
    for (int i = 0; i < p->nfree; i++)
        all[p->free[i]] = x[i];
}

static double denominator(const double *all, double n)
{
    return 1 + all[CONTENTION] * (n - 1) + all[COHERENCY] * n * (n - 1);
}

static double slope(const double *all, double n, int parameter)
{
    if (parameter == LN_LAMBDA)
        return 1;
    double factor = parameter == CONTENTION ? n - 1 : n * (n - 1);
    return -factor / denominator(all, n);
}

/* Residuals, or their slopes. On its way the search may come to where there is no throughput: that
 * is as far off as can be. */
/* NOLINTNEXTLINE(readability-function-size): the library's */
static int compare(void *problem, int m, int n, const double *x, double *off, double *slopes,
                   int stride, int what)
{
    const struct problem *p = problem;
    double all[PARAMETERS];
    expand(p, x, all);
    for (int i = 0; i < m; i++) {
        const struct usl_point *point = &p->points[i];
        double below = denominator(all, point->n);
        if (what == 1)
            off[i] = below > 0 ? all[LN_LAMBDA] + log(point->n) - log(below) - log(point->x) : 1e6;
        for (int j = 0; what == 2 && j < n; j++)
            slopes[(size_t)i + (size_t)j * (size_t)stride] =
                below > 0 ? slope(all, point->n, p->free[j]) : 0;
    }
    return 0;
}

/* The t that chance passes, to either side, in one case of twenty. */
static double student_95(int df)
{
    double lo = 1.9;
    double hi = 13;
    for (int i = 0; i < 60; i++) {
        double t = (lo + hi) / 2;
        if (student_two_sided(t, df) > 0.05)
            lo = t;
        else
            hi = t;
    }
    return hi;
}

struct search {
    double all[PARAMETERS], error[PARAMETERS]; /* values, and standard errors */
    double residual;
    bool is_found;
};

/* From `all` on, with the parameters that are free in p. */
static void look_for(struct problem *p, size_t count, struct search *s)
{
    int m = (int)count;
    int n = p->nfree;
    int order[PARAMETERS];
    int calls = 0;
    int slope_calls = 0;
    double x[PARAMETERS];
    double scale[PARAMETERS];
    double work[4][PARAMETERS];
    double *off = mem_array(count * (PARAMETERS + 2), sizeof *off);
    double *slopes = off + count;
    double *more = slopes + count * PARAMETERS;
    for (int i = 0; i < n; i++)
        x[i] = s->all[p->free[i]];
    int info =
        lmder(compare, p, m, n, x, off, slopes, m, TOLERANCE, TOLERANCE, 0, TRIES_MOST, scale, 1,
              100, 0, &calls, &slope_calls, order, work[0], work[1], work[2], work[3], more);
    expand(p, x, s->all);
    double squares = 0;
    for (int i = 0; i < m; i++)
        squares += off[i] * off[i];
    s->residual = sqrt(squares / (m - n));
    s->is_found = info >= 1 && info <= 4 && isfinite(s->residual);
    memset(s->error, 0, sizeof s->error);
    covar(n, slopes, m, order, TOLERANCE, work[0]);
    for (int i = 0; i < n; i++)
        s->error[p->free[i]] = s->residual * sqrt(slopes[(size_t)i + (size_t)i * count]);
    free(off);
}

static struct usl_value value_of(const struct search *s, int parameter, double t)
{
    double value = s->all[parameter];
    double reach = t * s->error[parameter];
    return (struct usl_value){value, fmax(0, value - reach), value + reach};
}

static void find_peak(struct usl_fit *fit)
{
    double sigma = fit->contention.value;
    double kappa = fit->coherency.value;
    if (kappa > 0) {
        fit->peak_n = fmax(1, sqrt(fmax(0, 1 - sigma) / kappa));
        fit->peak_x = usl_at(fit, fit->peak_n);
    } else {
        fit->peak_n = INFINITY;
        fit->peak_x = sigma > 0 ? fit->lambda.value / sigma : INFINITY;
    }
}

static enum usl_reason check(const struct usl_point *points, size_t count)
{
    size_t sizes = 0;
    if (count < USL_SIZES_LEAST || count > USL_POINTS_MOST)
        return USL_TOO_FEW;
    double *n = mem_array(count, sizeof *n);
    bool are_numbers = true;
    for (size_t i = 0; i < count; i++) {
        n[i] = points[i].n;
        are_numbers = are_numbers && isfinite(points[i].n) && points[i].n > 0 &&
                      isfinite(points[i].x) && points[i].x > 0;
    }
    ascending_sort(n, count);
    for (size_t i = 0; i < count; i++)
        sizes += i == 0 || n[i] > n[i - 1];
    bool is_wide = n[count - 1] >= USL_RANGE_LEAST * n[0];
    free(n);
    if (!are_numbers || sizes < USL_SIZES_LEAST)
        return USL_TOO_FEW;
    return is_wide ? USL_FITS : USL_TOO_NARROW;
}

/* The smallest system says most about lambda. */
static double first_guess(const struct usl_point *points, size_t count)
{
    const struct usl_point *least = points;
    for (size_t i = 1; i < count; i++)
        least = points[i].n < least->n ? &points[i] : least;
    return log(least->x / least->n);
}

/* One that came out below 0 is held there, and the others are looked for again: the one that is
 * further below first, then the other if it still is. An interval keeps the reach that it had. */
static void hold_negative(struct problem *p, size_t count, struct search *s, double error[])
{
    for (;;) {
        int worst = -1;
        for (int i = 1; i < p->nfree; i++) {
            int parameter = p->free[i];
            double depth = s->all[parameter] / s->error[parameter];
            if (s->all[parameter] < 0 &&
                (worst < 0 || depth < s->all[p->free[worst]] / s->error[p->free[worst]]))
                worst = i;
        }
        if (worst < 0 || !s->is_found)
            return;
        int held = p->free[worst];
        error[held] = s->error[held];
        s->all[held] = 0;
        for (int i = worst; i + 1 < p->nfree; i++)
            p->free[i] = p->free[i + 1];
        p->nfree--;
        look_for(p, count, s);
    }
}

int usl_fit(const struct usl_point *points, size_t count, struct usl_fit *out)
{
    *out = (struct usl_fit){.reason = check(points, count)};
    if (out->reason != USL_FITS)
        return -1;
    struct problem p = {points, {LN_LAMBDA, CONTENTION, COHERENCY}, PARAMETERS};
    struct search s = {.all = {first_guess(points, count), 0.1, 1e-4}};
    double held[PARAMETERS] = {0};
    look_for(&p, count, &s);
    hold_negative(&p, count, &s, held);
    for (int i = 0; i < PARAMETERS; i++)
        s.error[i] += held[i];
    double t = student_95((int)count - p.nfree);
    double reach = t * s.error[LN_LAMBDA];
    double lambda = exp(s.all[LN_LAMBDA]);
    out->lambda = (struct usl_value){lambda, lambda * exp(-reach), lambda * exp(reach)};
    out->contention = value_of(&s, CONTENTION, t);
    out->coherency = value_of(&s, COHERENCY, t);
    out->residual = s.residual;
    find_peak(out);
    if (!s.is_found)
        out->reason = USL_NO_MINIMUM;
    else if (s.residual > USL_RESIDUAL)
        out->reason = USL_BAD;
    return out->reason == USL_FITS ? 0 : -1;
}

double usl_at(const struct usl_fit *fit, double n)
{
    const double all[PARAMETERS] = {0, fit->contention.value, fit->coherency.value};
    return fit->lambda.value * n / denominator(all, n);
}
