#include "stat/student.h"

#include <math.h>

/* 1 + a/b x + a(a+2)/(b(b+2)) x^2 + ..: `terms` of them. */
static double series(double x, int terms, double a, double b)
{
    double term = 1;
    double sum = terms > 0 ? 1 : 0;
    for (int i = 1; i < terms; i++) {
        term *= x * a / b;
        sum += term;
        a += 2;
        b += 2;
    }
    return sum;
}

double student_two_sided(double t, int df)
{
    double angle = atan(fabs(t) / sqrt(df));
    double cosine = cos(angle);
    double within = 0;
    if (df % 2 == 1)
        within = (angle + sin(angle) * cosine * series(cosine * cosine, df / 2, 2, 3)) / (M_PI / 2);
    else
        within = sin(angle) * series(cosine * cosine, df / 2, 1, 2);
    return within > 1 ? 0 : 1 - within; /* rounded; a NAN stays one */
}
