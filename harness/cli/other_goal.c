#include "cli/other_goal.h"

int other_goal_check(const char *goal, const struct stored *s, struct err *err)
{
    if (goal == NULL || s->kind == STORED_SWEEP)
        return 0;
    return err_set(
        err, ERR_USAGE,
        "--goal: this is %s, not a sweep, and has no points to judge; leave --goal out, or "
        "use the limits of bench check, as in --fail 'p99>200ms'",
        stored_names[s->kind]);
}
