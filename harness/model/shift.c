#include "model/shift.h"

#include <stdlib.h>

#include "base/mem.h"

const char *const shift_known_names[SHIFT_KNOWN_COUNT] = {
    [SHIFT_EXACT] = "exact",
    [SHIFT_AT_LEAST] = "at_least",
    [SHIFT_AT_MOST] = "at_most",
    [SHIFT_UNKNOWN] = "unknown",
};

void shift_curve_fini(struct shift_curve *curve)
{
    free(curve->name);
    free(curve->points);
    *curve = (struct shift_curve){0};
}

void shift_fini(struct shift *s)
{
    for (size_t i = 0; i < s->count; i++)
        shift_curve_fini(&s->curves[i]);
    free(s->curves);
    *s = (struct shift){0};
}

void shift_add(struct shift *s, const char *name, const struct shift_curve *curve)
{
    struct shift_curve copy = {.name = mem_strdup(name), .count = curve->count};
    copy.points = mem_array(curve->count, sizeof *copy.points);
    for (size_t i = 0; i < curve->count; i++)
        copy.points[i] = curve->points[i];
    s->curves = mem_grow(s->curves, s->count + 1, sizeof *s->curves);
    s->curves[s->count++] = copy;
}

enum shift_known shift_known_of(bool old_is_bound, bool new_is_bound)
{
    if (old_is_bound && new_is_bound)
        return SHIFT_UNKNOWN;
    if (new_is_bound)
        return SHIFT_AT_LEAST;
    return old_is_bound ? SHIFT_AT_MOST : SHIFT_EXACT;
}

#define DECADES 3 /* of 1 / (1 - q): up to p99.9 */

/* Hundredths of 1 / (1 - q) within its decade. */
static int next_mantissa(int mantissa)
{
    if (mantissa < 200)
        return mantissa + 10;
    return mantissa + (mantissa < 500 ? 25 : 50);
}

static size_t add_decade(double scale, double *q, size_t count)
{
    for (int mantissa = 100; mantissa < 1000; mantissa = next_mantissa(mantissa)) {
        double inverse = mantissa * scale / 100;
        if (inverse > 1)
            q[count++] = 1 - 1 / inverse;
    }
    return count;
}

size_t shift_quantiles(double q[SHIFT_POINTS_MAX])
{
    size_t count = 0;
    double scale = 1;
    q[count++] = 0.01;
    q[count++] = 0.05;
    for (int decade = 0; decade < DECADES; decade++, scale *= 10)
        count = add_decade(scale, q, count);
    q[count++] = 1 - 1 / scale;
    return count;
}
