#include "model/arm_light.h"

#include <math.h>

const struct arm_figure light_half = {"probe.p50", "", METRIC_TIME, "probe.p50", NULL, NULL};

const char *arm_light_path(const struct arm *arm)
{
    const char *path = NULL;
    for (size_t i = 0; i < arm->nresults && path == NULL; i++)
        path = arm->results[i].has_probe ? arm->results[i].probe_counts.path : NULL;
    return path != NULL ? path : "probe";
}

double arm_light_p99_ns(const struct arm *arm)
{
    return arm_figure_value(arm, arm_figure_find("probe_p99"));
}

bool arm_is_probed(const struct arm *arm)
{
    return !isnan(arm_light_p99_ns(arm));
}

bool arm_blocks(const struct arm *arm)
{
    return arm_light_p99_ns(arm) >= LIGHT_P99_NS &&
           arm_figure_value(arm, &light_half) >= LIGHT_HALF_NS;
}

bool arm_is_uneven(const struct arm *arm)
{
    return arm_light_p99_ns(arm) >= LIGHT_P99_NS && !arm_blocks(arm);
}
