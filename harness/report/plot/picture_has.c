/* Whether a picture has something to show. */
#include <math.h>

#include "report/plot/curve.h"
#include "report/plot/generator.h"
#include "report/plot/heat.h"
#include "report/plot/over_time.h"
#include "report/plot/parts.h"
#include "report/plot/picture_internal.h"
#include "report/plot/session.h"

typedef bool (*arm_has_fn)(const struct arm *arm);

static bool any_arm(const struct comparison *c, arm_has_fn has)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (has(&c->arms[i]))
            return true;
    }
    return false;
}

/* That nothing completed is something to show. */
bool picture_has_latency(const void *what)
{
    (void)what;
    return true;
}

bool picture_has_compare(const void *what)
{
    (void)what;
    return true;
}

static bool has_heat(const struct arm *arm)
{
    return plot_over_time_is_known(arm, plot_heat); /* it has two times in front as well */
}

bool picture_has_heat(const void *what)
{
    return any_arm(what, has_heat);
}

static bool has_percentiles(const struct arm *arm)
{
    return plot_over_time_is_known(arm, plot_percentiles);
}

bool picture_has_percentiles(const void *what)
{
    return any_arm(what, has_percentiles);
}

static bool has_rate(const struct arm *arm)
{
    return plot_over_time_is_known(arm, plot_rate);
}

bool picture_has_rate(const void *what)
{
    return any_arm(what, has_rate);
}

static bool has_server(const struct arm *arm)
{
    return plot_over_time_is_known(arm, plot_server);
}

bool picture_has_server(const void *what)
{
    return any_arm(what, has_server);
}

static bool has_queue(const struct arm *arm)
{
    return plot_over_time_is_known(arm, plot_queue);
}

bool picture_has_queue(const void *what)
{
    return any_arm(what, has_queue);
}

static bool has_parts(const struct arm *arm)
{
    struct plot_parts parts = plot_parts_of(arm);
    return plot_parts_are_known(&parts);
}

bool picture_has_parts(const void *what)
{
    return any_arm(what, has_parts);
}

static bool has_probe(const struct arm *arm)
{
    return plot_source_is_known(arm, &plot_probes) || plot_source_is_known(arm, &plot_new_probes);
}

bool picture_has_probe(const void *what)
{
    return any_arm(what, has_probe);
}

static bool has_generator(const struct arm *arm)
{
    return !isnan(plot_generator_busiest(arm));
}

bool picture_has_generator(const void *what)
{
    return any_arm(what, has_generator);
}

bool picture_has_shift(const void *what)
{
    (void)what;
    return true;
}

bool picture_has_blocks(const void *what)
{
    return ((const struct session_picture *)what)->npanels > 0;
}
