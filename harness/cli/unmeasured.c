#include "cli/unmeasured.h"

#include <stdio.h>

#include "cli/run_opts.h"

void unmeasured_add(struct unmeasured *u, const char *option)
{
    if (u->count == UNMEASURED_MAX)
        return;
    char *text = u->texts[u->count];
    (void)snprintf(text, UNMEASURED_NAME, "%s", option);
    for (char *p = text; *p != '\0'; p++) {
        if (*p == '-')
            *p = '_';
    }
    u->names[u->count++] = text;
}

void unmeasured_init(struct unmeasured *u)
{
    *u = (struct unmeasured){0};
    unmeasured_add(u, "seed");
    for (const struct opt *row = run_output_opts; row->type != OPT_END; row++)
        unmeasured_add(u, row->name);
}
