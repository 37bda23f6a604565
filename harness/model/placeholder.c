#include "model/placeholder.h"

#include <string.h>

const char *const placeholder_built_ins[] = {
    [PLACEHOLDER_SEQ] = "seq", [PLACEHOLDER_RAND] = "rand", [PLACEHOLDER_CONN] = "conn",
    [PLACEHOLDER_TS] = "ts",   [PLACEHOLDER_UUID] = "uuid",
};

bool placeholder_is_built_in(const char *name)
{
    for (size_t i = 0; i < PLACEHOLDER_BUILT_INS; i++) {
        if (strcmp(placeholder_built_ins[i], name) == 0)
            return true;
    }
    return false;
}
