#include "stat/normal.h"

#include <math.h>

double normal_draw(struct rng *r)
{
    double radius = sqrt(-2 * log(1 - rng_unit(r))); /* of (0, 1]: never the logarithm of 0 */
    return radius * cos(2 * M_PI * rng_unit(r));
}
