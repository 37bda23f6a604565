/* What each host did, over all rounds of each arm. */
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/compare/content.h"
#include "report/hosts.h"

/* NULL for an arm that one host alone loaded. */
static struct merged *merged_of(const struct arm *arm)
{
    struct merged *sum = NULL;
    for (size_t i = 0; i < arm->nresults; i++)
        merged_sum(&sum, arm->results[i].merged);
    return sum;
}

void compare_host_cells(const struct comparison *c, const struct report_style *style,
                        struct table *t, struct str_list *notes)
{
    struct merged **sums = mem_array(c->narms, sizeof(struct merged *));
    struct hosts *all = mem_array(c->narms, sizeof *all);
    size_t count = 0;
    for (size_t i = 0; i < c->narms; i++) {
        sums[i] = merged_of(&c->arms[i]);
        if (sums[i] != NULL)
            all[count++] =
                (struct hosts){.arm = c->narms > 1 ? c->arms[i].name : NULL, .merged = sums[i]};
    }
    if (count > 0) {
        (void)hosts_cells(all, count, SIZE_MAX, style, t);
        str_list_add(notes, "host: rates and CPU over all rounds, of all else the worst round");
    }
    for (size_t i = 0; i < c->narms; i++)
        merged_free(sums[i]);
    free(sums);
    free(all);
}
