#include "model/share.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

struct share *share_copy(const struct share *s)
{
    if (s == NULL)
        return NULL;
    struct share *copy = mem_zalloc(sizeof *copy);
    *copy = *s;
    copy->host = mem_strdup_or_null(s->host);
    return copy;
}

void share_free(struct share *s)
{
    if (s == NULL)
        return;
    free(s->host);
    free(s);
}

bool share_is_synchronized(const struct share *s)
{
    return !isnan(s->clock_error_us) && !isnan(s->start_skew_us);
}
