#include "cli/sweeping_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What no arm could tell. */
static int check_measured(const struct sweeping *w, const struct metric *m, struct err *err)
{
    for (size_t i = 0; i < w->nplaces; i++) {
        const struct arms *arms = sweep_place_arms(w->places[i]);
        for (size_t k = 0; k < arms->count; k++) {
            if (!metric_is_planned(m, &arms->items[k].options.plan))
                return err_set(err, ERR_USAGE, "%s cannot be measured of %s; it needs %s", m->name,
                               arms->items[k].name, metric_needs(m));
        }
    }
    return 0;
}

static int check_goal(const struct sweeping *w, bool is_open_loop, struct err *err)
{
    const struct goal *limits = &w->goal.limits;
    struct metric cost;
    if (strcmp(w->goal.key, "cpu_per_work") == 0 &&
        (metric_find("cpu_per_request", &cost, err) < 0 || check_measured(w, &cost, err) < 0))
        return -1;
    for (size_t i = 0; i < limits->clauses.count; i++) {
        if (check_measured(w, &limits->thresholds[i].metric, err) < 0)
            return -1;
    }
    if (is_open_loop && w->goal.order == RANK_MOST)
        return err_set(err, ERR_USAGE, "with a rate all arms that keep up do the same work; use %s",
                       w->goal.must != NULL ? "'... at least cost' or '... at lowest p99'"
                                            : "'lowest p99' or 'least CPU'");
    return 0;
}

int sweeping_choose_goal(struct sweeping *w, struct err *err)
{
    const struct plan *plan = &sweep_place_arms(w->places[0])->items[0].options.plan;
    bool is_open_loop = plan_is_open_loop(plan);
    if (sweep_goal_parse(w->options->goal, is_open_loop, &w->goal, err) < 0 ||
        check_goal(w, is_open_loop, err) < 0)
        return err_wrap(err, "--goal");
    free(w->sweep.goal); /* a sweep that goes on may be read for another one */
    w->sweep.goal = mem_strdup(w->goal.text);
    return 0;
}
