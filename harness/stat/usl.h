/* usl: the Universal Scalability Law, fitted to throughputs at several sizes of a system.
 *
 * Shape   X(N) = lambda N / (1 + contention (N - 1) + coherency N (N - 1)). N is what was varied:
 *         connections, or threads of a pool. Fitted to ln X, since noise is in proportion to X.
 *         Contention and coherency are not negative: one that would be is held at 0.
 * Units   lambda as X (per second); the other two are dimensionless. Residuals are fractions of X.
 * Owner   nothing is kept.
 * Errors  usl_fit: -1 when there is no curve to speak of; the reason says why. The rest of *out is
 *         what was found so far, and no answer.
 * Source  Gunther (1993; "Guerrilla Capacity Planning", 2007, ch. 4 to 6). Levenberg-Marquardt is
 *         that of MINPACK (More, Garbow, Hillstrom 1980), as Debian's cminpack has it.
 */
#ifndef STAT_USL_H
#define STAT_USL_H

#include <stddef.h>

#define USL_POINTS_MOST 10000
#define USL_SIZES_LEAST 4    /* different N; there are three parameters */
#define USL_RANGE_LEAST 4.0  /* the largest N over the smallest */
#define USL_RESIDUAL    0.10 /* standard deviation around the curve, beyond which it is no fit */

struct usl_point {
    double n, x; /* both above 0 */
};

struct usl_value {
    double value, lo, hi; /* 95 % */
};

enum usl_reason {
    USL_FITS,
    USL_TOO_FEW,    /* fewer different sizes than USL_SIZES_LEAST, or points that are no numbers */
    USL_TOO_NARROW, /* sizes that span less than USL_RANGE_LEAST */
    USL_NO_MINIMUM, /* the search found none */
    USL_BAD,        /* the points lie too far from the best curve */
    USL_REASONS
};
extern const char *const usl_reason_texts[USL_REASONS]; /* NULL for USL_FITS */

struct usl_fit {
    struct usl_value lambda, contention, coherency;
    double residual; /* standard deviation of the points around the curve */
    double peak_n;   /* where throughput is highest; INFINITY: it grows towards peak_x for ever */
    double peak_x;   /* INFINITY: there is no end to it */
    enum usl_reason reason;
};

int usl_fit(const struct usl_point *points, size_t count, struct usl_fit *out);
double usl_at(const struct usl_fit *fit, double n); /* the fitted throughput */

#endif
