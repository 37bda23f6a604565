#include "analysis/sweep/stage.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/sweep/met.h"
#include "analysis/sweep/placing.h"
#include "base/mem.h"

/* One axis, and what the other one has: nothing but one value when there is no other. */
struct grid {
    double *along, *across;
    size_t nalong, nacross;
};

static void grid_init(struct grid *g, const struct sweep *s, size_t axis)
{
    *g = (struct grid){.nacross = 1};
    g->nalong = sweep_values(s, axis, &g->along);
    if (s->naxes > 1)
        g->nacross = sweep_values(s, 1 - axis, &g->across);
}

static void grid_fini(struct grid *g)
{
    free(g->along);
    free(g->across);
}

static double scaled(const struct sweep *s, size_t axis, double value)
{
    return s->axes[axis].scale == AXIS_LOG ? log(value) : value;
}

/* What the curves show is in proportion, too: a figure of 0 has no place on them. Nor has that of
 * an arm that does not hold what must hold: there its curve ends. */
static double figure_of(const struct arm *arm, const struct arm_figure *figure, enum met met)
{
    double value = met == MET_YES ? arm_figure_value(arm, figure) : NAN;
    return value > 0 ? log(value) : NAN;
}

/* All arms at one point: of arm a into values[a * step]. */
static void fill_point(const struct sweep *s, const struct sweep_goal *goal, const double *at,
                       size_t step, double *values)
{
    const struct arm_figure *figure = arm_figure_find(goal->key);
    enum met *met = mem_array(s->narms, sizeof *met);
    size_t point = 0;
    bool is_there = sweep_find_point(s, at, &point);
    if (is_there)
        met_judge(s, point, goal, met);
    for (size_t arm = 0; arm < s->narms; arm++)
        values[arm * step] = is_there ? figure_of(sweep_arm(s, point, arm), figure, met[arm]) : NAN;
    free(met);
}

static void fill_values(const struct sweep *s, const struct sweep_goal *goal, size_t axis,
                        const struct grid *g, double *values)
{
    for (size_t k = 0; k < g->nacross; k++) {
        for (size_t i = 0; i < g->nalong; i++) {
            double at[SWEEP_AXES_MAX] = {0};
            at[axis] = g->along[i];
            if (s->naxes > 1)
                at[1 - axis] = g->across[k];
            fill_point(s, goal, at, g->nalong, &values[k * s->narms * g->nalong + i]);
        }
    }
}

/* The best interval of one axis, and how much it is worth for each point that it costs. */
static double look(const struct sweep *s, const struct sweep_goal *goal, size_t axis,
                   stage_middle_fn *middle, void *ctx, double *out)
{
    struct grid g;
    double worth = 0;
    size_t at = 0;
    grid_init(&g, s, axis);
    size_t ncurves = g.nacross * s->narms;
    double *places = mem_array(g.nalong, sizeof *places);
    double *values = mem_array(ncurves * g.nalong, sizeof *values);
    bool *open = mem_array(g.nalong, sizeof *open);
    for (size_t i = 0; i < g.nalong; i++) {
        places[i] = scaled(s, axis, g.along[i]);
        open[i] = i + 1 < g.nalong && !isnan(middle(ctx, axis, g.along[i], g.along[i + 1]));
    }
    fill_values(s, goal, axis, &g, values);
    const struct placing p = {.places = places,
                              .nplaces = g.nalong,
                              .values = values,
                              .ncurves = ncurves,
                              .group = s->narms,
                              .is_most = goal->order == RANK_MOST,
                              .open = open};
    if (g.nalong > 1 && placing_next(&p, &at)) {
        *out = middle(ctx, axis, g.along[at], g.along[at + 1]);
        worth = placing_worth(&p, at) / (double)g.nacross;
    }
    free(places);
    free(values);
    free(open);
    grid_fini(&g);
    return worth;
}

bool stage_next(const struct sweep *s, const struct sweep_goal *goal, const size_t *more,
                stage_middle_fn *middle, void *ctx, struct stage_value *out)
{
    double most = 0;
    for (size_t axis = 0; axis < s->naxes; axis++) {
        double value = NAN;
        double worth = s->axes[axis].is_placed && more[axis] > 0
                           ? look(s, goal, axis, middle, ctx, &value)
                           : 0;
        if (worth > most) {
            most = worth;
            *out = (struct stage_value){axis, value};
        }
    }
    return most > 0;
}
