/* One of several words, or which one was probably meant. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/opt.h"

const char *opt_choose(const char *text, const char *const *choices, const char *also,
                       struct err *err)
{
    struct buf all;
    for (const char *const *choice = choices; *choice != NULL; choice++) {
        if (strcmp(*choice, text) == 0)
            return *choice;
    }
    buf_init(&all, sizeof err->text);
    for (const char *const *choice = choices; *choice != NULL; choice++)
        buf_printf(&all, "%s%s", choice == choices ? "" : ", ", *choice);
    char *shape = mem_printf("*? Choose from: %s", all.data);
    char *otherwise = mem_printf("; choose from: %s%s", all.data, also);
    char *hint = str_suggest(text, choices, shape, otherwise);
    (void)err_set(err, ERR_USAGE, "unknown value '%s'%s", text, hint);
    free(hint);
    free(otherwise);
    free(shape);
    buf_fini(&all);
    return NULL;
}
