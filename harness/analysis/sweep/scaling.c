#include "analysis/sweep/scaling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/keeping_up.h"
#include "base/mem.h"
#include "model/arm_figure.h"

/* Options that say how many work at once. */
static const char *const sizes[] = {"connections", "pool-size", "compute-threads", "queue-workers"};

bool scaling_applies(const struct sweep *s)
{
    bool any = false;
    for (size_t i = 0; i < LEN(sizes); i++)
        any |= strcmp(s->axes[0].option, sizes[i]) == 0;
    return s->naxes == 1 && any && !comparison_is_open_loop(&s->comparison);
}

/* The median of the arm's rounds. Of a queue the work, of which its replies say nothing. */
static double throughput_of(const struct arm *arm)
{
    double work = arm_figure_value(arm, arm_figure_find("work_per_second"));
    return isnan(work) ? arm_figure_value(arm, arm_figure_find("requests_per_second")) : work;
}

void scaling_fit(const struct sweep *s, size_t arm, struct usl_fit *out)
{
    size_t count = 0;
    struct usl_point *points = mem_array(s->npoints, sizeof *points);
    for (size_t i = 0; i < s->npoints; i++) {
        double x = throughput_of(sweep_arm(s, i, arm));
        if (x > 0)
            points[count++] = (struct usl_point){s->points[i].values[0], x};
    }
    (void)usl_fit(points, count, out);
    free(points);
}
