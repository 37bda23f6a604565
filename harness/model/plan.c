#include "model/plan.h"

#include <stdlib.h>
#include <string.h>

void plan_fini(struct plan *plan)
{
    str_list_fini(&plan->strategy_argv);
    str_list_fini(&plan->original_argv);
    str_list_fini(&plan->headers);
    free(plan->owned_url);
    free(plan->owned_body);
    free(plan->owned_expected);
    *plan = (struct plan){0};
}

bool plan_is_ours(const struct plan *plan)
{
    return plan->strategy != NULL || plan->original != NULL;
}

bool plan_has_queue(const struct plan *plan)
{
    if (plan->original != NULL)
        return strcmp(plan->original, "express-bullmq") == 0;
    return plan->strategy != NULL && strcmp(plan->strategy, "queue") == 0;
}
