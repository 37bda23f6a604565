/* Claims about work on the event loop: it blocks all other requests. */
#include <math.h>

#include "analysis/arm_traits.h"
#include "analysis/claims/claims_internal.h"

enum claim_verdict judge_loop_stalls(struct ruling *r)
{
    const struct arm_figure *p99 = arm_figure_find("probe_p99");
    const struct arm_figure *work = arm_figure_find("cpu_per_work");
    const char *path = arm_probe_path(r->arm);
    struct sentence *s = &r->words;
    if (!arm_is_probed(r->arm)) {
        sentence_add(s, "it %s", arm_why_unprobed(r->arm));
        return CLAIM_NOT_COMPARABLE;
    }
    sentence_add(s, "%s p99 ", path);
    sentence_figure(s, r->arm, p99);
    ruling_measured(r);
    sentence_add(s, "under load, %s has a p50 of ", path);
    sentence_figure(s, r->arm, &probe_p50);
    sentence_add(s, " and a p99 of ");
    sentence_figure(s, r->arm, p99);
    sentence_range(s, r->arm, p99);
    if (!isnan(arm_figure_value(r->arm, work))) {
        sentence_add(s, ", although one unit of work takes only ");
        sentence_figure(s, r->arm, work);
        sentence_add(s, " of CPU");
    }
    ruling_add_beside(r, claims_pool_of(r->arm), "the p99 is", p99);
    ruling_holds_when(r, "that p99 is at least %.3g ms and that p50 at least %.3g ms",
                      BLOCKED_P99_NS / (double)NS_PER_MS, BLOCKED_P50_NS / (double)NS_PER_MS);
    return arm_blocks(r->arm) ? CLAIM_HOLDS : CLAIM_FAILS;
}
