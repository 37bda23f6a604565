#include "cli/sweeping_internal.h"

#include <stdlib.h>

#include "base/mem.h"

static const char *lacking_arm(const void *sweeping, const struct metric *m)
{
    const struct sweeping *w = sweeping;
    for (size_t i = 0; i < w->nplaces; i++) {
        const struct arms *arms = sweep_place_arms(w->places[i]);
        for (size_t k = 0; k < arms->count; k++) {
            if (!metric_is_planned(m, &arms->items[k].options.plan))
                return arms->items[k].name;
        }
    }
    return NULL;
}

int sweeping_choose_goal(struct sweeping *w, struct err *err)
{
    const struct plan *plan = &sweep_place_arms(w->places[0])->items[0].options.plan;
    bool is_open_loop = plan_is_open_loop(plan);
    if (sweep_goal_parse(w->options->goal, is_open_loop, &w->goal, err) < 0 ||
        sweep_goal_check(&w->goal, is_open_loop, lacking_arm, w, err) < 0)
        return err_wrap(err, "--goal");
    free(w->sweep.goal); /* a sweep that goes on may be read for another one */
    w->sweep.goal = mem_strdup(w->goal.text);
    return 0;
}
