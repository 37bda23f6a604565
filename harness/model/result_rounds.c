#include "model/result_rounds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/result_sum.h"

/* `before_s`: how long the earlier rounds took. */
static void add_seconds(struct result *sum, const struct result *part, double before_s)
{
    bool is_dropped = sum->rounds > 1 && sum->nseconds == 0;
    if (is_dropped || sum->nseconds + part->nseconds > RESULT_ROUNDS_SECONDS) {
        free(sum->seconds);
        sum->seconds = NULL;
        sum->nseconds = 0;
        return;
    }
    sum->seconds = mem_grow(sum->seconds, sum->nseconds + part->nseconds, sizeof *sum->seconds);
    for (size_t i = 0; i < part->nseconds; i++) {
        struct second *s = &sum->seconds[sum->nseconds++];
        *s = part->seconds[i];
        s->at_s += before_s;
    }
}

static void take_names(struct result *sum, const struct result *part)
{
    char **const to[] = {&sum->url, &sum->address, &sum->strategy, &sum->command, &sum->original};
    char *const from[] = {part->url, part->address, part->strategy, part->command, part->original};
    for (size_t i = 0; i < LEN(to); i++) {
        free(*to[i]);
        *to[i] = mem_strdup_or_null(from[i]);
    }
    if (part->tls.library != NULL && sum->tls.library == NULL)
        sum->tls.library = mem_strdup(part->tls.library);
    if (sum->rounds == 1)
        sum->started_wall_ms = part->started_wall_ms;
    sum->finished_wall_ms = part->finished_wall_ms;
}

void result_rounds_add(struct result *sum, const struct result *part)
{
    double before_s = isnan(sum->duration_s) ? 0 : sum->duration_s;
    sum->rounds++;
    result_sum_add(sum, part);
    result_sum_rest(sum, part);
    add_seconds(sum, part, before_s);
    take_names(sum, part);
}
