/* shift: how a distribution moved: the ratio of two latencies at each quantile.
 *
 * Shape   a curve is one server measured twice; its points go up in q. What was not measured well
 *         enough on both sides has no point, so a curve may be empty.
 * Units   a ratio is NEW / OLD: 1 is no change, above 1 NEW is slower.
 * Owner   a shift owns its curves, their names and points; shift_fini frees them.
 * Errors  none: it is data. `low` and `high` are the ends of the ratio's interval, both NAN when
 *         there is none, as with one measurement a side.
 */
#ifndef MODEL_SHIFT_H
#define MODEL_SHIFT_H

#include <stdbool.h>
#include <stddef.h>

/* What is known of a change when one side, or both, is only a lower bound. */
enum shift_known { SHIFT_EXACT, SHIFT_AT_LEAST, SHIFT_AT_MOST, SHIFT_UNKNOWN, SHIFT_KNOWN_COUNT };
extern const char *const shift_known_names[SHIFT_KNOWN_COUNT]; /* "at_least"; stable */

struct shift_point {
    double q;
    double ratio; /* NAN when it is unknown */
    double low, high;
    enum shift_known known;
};

struct shift_curve {
    char *name;
    struct shift_point *points;
    size_t count;
};

struct shift {
    struct shift_curve *curves;
    size_t count;
};

#define SHIFT_POINTS_MAX 120

/* Where a curve has its points: p1, p5, and up to p99.9 evenly in 1 / (1 - q), so that p50, p75,
 * p90, p95, p97.5, p99 and p99.9 are among them. Returns how many. */
size_t shift_quantiles(double q[SHIFT_POINTS_MAX]);

void shift_curve_fini(struct shift_curve *curve);
void shift_fini(struct shift *s);
/* Adds a copy of the curve under another name. */
void shift_add(struct shift *s, const char *name, const struct shift_curve *curve);
/* Of a change from OLD to NEW, each of which may be a lower bound. */
enum shift_known shift_known_of(bool old_is_bound, bool new_is_bound);

#endif
