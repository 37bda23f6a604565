#include "targets/strategies/strategies.h"

#include <string.h>

const struct strategy *const strategies[] = {&strategy_inline,  &strategy_threads, &strategy_pool,
                                             &strategy_offload, &strategy_queue,   NULL};

const struct strategy *strategy_find(const char *name, struct err *err)
{
    for (size_t i = 0; strategies[i] != NULL; i++) {
        if (strcmp(strategies[i]->name, name) == 0)
            return strategies[i];
    }
    (void)err_set(err, ERR_USAGE, "there is no strategy '%s'", name);
    return NULL;
}
