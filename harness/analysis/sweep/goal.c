#include "analysis/sweep/goal.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"

/* clang-format off */
const struct sweep_goal sweep_goals[] = {
    {.text = "most work", .key = "work_per_second", .order = RANK_MOST, .wins = "completes the most work"},
    {.text = "lowest p99", .key = "p99", .order = RANK_LEAST, .wins = "has the lowest p99"},
    {.text = "lowest p50", .key = "p50", .order = RANK_LEAST, .wins = "has the lowest p50"},
    {.text = "least CPU", .key = "cpu_per_work", .order = RANK_LEAST, .wins = "uses the least CPU per unit of work"},
    {.text = NULL},
};
/* clang-format on */

const struct sweep_goal *goal_find(const char *text, struct err *err)
{
    for (const struct sweep_goal *g = sweep_goals; g->text != NULL; g++) {
        if (strcasecmp(text, g->text) == 0)
            return g;
    }
    (void)err_set(err, ERR_USAGE,
                  "'%.*s' is no goal of a sweep; use 'most work', 'lowest p99', 'lowest p50' or "
                  "'least CPU'",
                  (int)str_fit(text, 40), text);
    return NULL;
}

const struct sweep_goal *goal_default(bool is_open_loop)
{
    return is_open_loop ? &sweep_goals[1] : &sweep_goals[0];
}
