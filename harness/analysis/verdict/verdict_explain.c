/* Says in words why a gate has its state. */
#include <stdio.h>

#include "analysis/verdict/verdict.h"

char *verdict_explain(const struct verdict *v, const struct verdict_gate *g, char *text,
                      size_t size)
{
    (void)v;
    (void)snprintf(text, size, "%s", verdict_reason_codes[g->reason]);
    return text;
}
