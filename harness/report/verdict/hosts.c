/* What each host did, over all blocks of each arm. */
#include "report/hosts.h"
#include "report/verdict/content.h"

size_t verdict_hosts_table(const struct verdict *v, size_t most, const struct report_style *style,
                           struct table *t)
{
    const struct session *s = v->session;
    struct merged *sums[SESSION_ARMS_MAX] = {NULL};
    struct hosts all[SESSION_ARMS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < s->narms; i++) {
        for (size_t k = 0; k < s->nblocks; k++)
            merged_sum(&sums[i], s->blocks[k].sides[i].result.merged);
        if (sums[i] != NULL)
            all[count++] = (struct hosts){.arm = s->arms[i].name, .merged = sums[i]};
    }
    size_t left = count > 0 ? hosts_cells(all, count, most, style, t) : 0;
    for (size_t i = 0; i < s->narms; i++)
        merged_free(sums[i]);
    return left;
}
