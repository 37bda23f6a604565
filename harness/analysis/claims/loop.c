/* What counting on the event loop does to everybody else. */
#include <math.h>

#include "analysis/arm_traits.h"
#include "analysis/claims/claims_internal.h"

enum claim_verdict judge_loop_stalls(struct ruling *r)
{
    const struct arm_figure *p99 = arm_figure_find("probe_p99");
    const struct arm_figure *work = arm_figure_find("cpu_per_work");
    const char *path = arm_light_path(r->arm);
    struct sentence *s = &r->words;
    if (!arm_is_probed(r->arm)) {
        sentence_add(s, "its light path was not measured (--probe PATH)");
        return CLAIM_NOT_COMPARABLE;
    }
    sentence_add(s, "%s p99 ", path);
    sentence_figure(s, r->arm, p99);
    ruling_measured(r);
    sentence_add(s, "under load half of the %s requests take ", path);
    double half_ns = arm_figure_value(r->arm, &light_half);
    sentence_value(s, half_ns, METRIC_TIME);
    sentence_cite(s, r->arm, light_half.key, half_ns);
    sentence_add(s, " or more, and their p99 is ");
    sentence_figure(s, r->arm, p99);
    sentence_range(s, r->arm, p99);
    if (!isnan(arm_figure_value(r->arm, work))) {
        sentence_add(s, ", though one unit of work takes only ");
        sentence_figure(s, r->arm, work);
        sentence_add(s, " of CPU");
    }
    ruling_add_beside(r, claims_pool_of(r->arm), "the p99 is", p99);
    ruling_holds_when(r, "their p99 is %.3g ms or more and half of them take %.3g ms or more",
                      LIGHT_P99_NS / (double)NS_PER_MS, LIGHT_HALF_NS / (double)NS_PER_MS);
    return arm_blocks(r->arm) ? CLAIM_HOLDS : CLAIM_FAILS;
}
