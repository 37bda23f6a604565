#include "runner/arm.h"

#include <stdlib.h>

void arms_fini(struct arms *arms)
{
    for (size_t i = 0; i < arms->count; i++) {
        struct arm_plan *arm = &arms->items[i];
        plan_fini(&arm->options.plan);
        free(arm->name);
        free(arm->word);
        free(arm->work);
    }
    free(arms->items);
    *arms = (struct arms){0};
}
