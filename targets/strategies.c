#include <string.h>

#include "base/buf.h"
#include "targets/strategy.h"

const struct strategy *const strategies[] = {&strategy_inline, &strategy_pool, NULL};

const struct strategy *strategy_find(const char *name, struct err *err)
{
    struct buf names;
    for (size_t i = 0; strategies[i] != NULL; i++) {
        if (strcmp(strategies[i]->name, name) == 0)
            return strategies[i];
    }
    buf_init(&names, sizeof err->text);
    for (size_t i = 0; strategies[i] != NULL; i++)
        buf_printf(&names, "%s%s", i == 0 ? "" : ", ", strategies[i]->name);
    (void)err_set(err, ERR_USAGE, "--strategy: '%s' is unknown; there are: %s", name, names.data);
    buf_fini(&names);
    return NULL;
}
