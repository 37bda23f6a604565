#include "runner/arm.h"

#include <stdlib.h>

void arms_fini(struct arms *arms)
{
    for (size_t i = 0; i < arms->count; i++) {
        struct arm_plan *arm = &arms->items[i];
        plan_fini(&arm->options.plan);
        if (arm->words.count > 0) /* otherwise they are those of all arms */
            target_options_fini(&arm->options.target);
        str_list_fini(&arm->words);
        free(arm->name);
        free(arm->word);
        free(arm->work);
    }
    free(arms->items);
    *arms = (struct arms){0};
}
