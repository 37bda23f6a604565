/* What the arms do to requests that take no work, while they work for others. */
#include "analysis/arm_traits.h"
#include "analysis/findings/findings_internal.h"
#include "analysis/sentence.h"

/* The one with the least p99 that does not keep anybody waiting; NULL when there is none. */
static const struct arm *freest_arm(const struct comparison *c)
{
    const struct arm *best = NULL;
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        bool better = best == NULL || arm_light_p99_ns(arm) < arm_light_p99_ns(best);
        if (arm_is_sound(arm) && arm_light_p99_ns(arm) < LIGHT_P99_NS && better)
            best = arm;
    }
    return best;
}

static void tell_blocked(struct comparison *c, const struct arm *arm)
{
    const struct arm_figure *p99 = arm_figure_find("probe_p99");
    const struct arm *least = freest_arm(c);
    double half_ns = arm_figure_value(arm, &light_half);
    struct sentence s;
    sentence_begin(&s, "light-path-blocked");
    sentence_add(&s, "%s blocks the light path: under load half of the %s requests take ",
                 arm->name, arm_light_path(arm));
    sentence_value(&s, half_ns, METRIC_TIME);
    sentence_cite(&s, arm, light_half.key, half_ns);
    sentence_add(&s, " or more, and their p99 is ");
    sentence_figure(&s, arm, p99);
    if (least != NULL) {
        sentence_add(&s, ", against ");
        sentence_figure(&s, least, p99);
        sentence_add(&s, " with %s", least->name);
    }
    sentence_end(&s, c);
}

static void tell_uneven(struct comparison *c, const struct arm *arm)
{
    double half_ns = arm_figure_value(arm, &light_half);
    struct sentence s;
    sentence_begin(&s, "light-path-uneven");
    sentence_add(&s, "%s holds up the light path at times: the %s p99 under load is ", arm->name,
                 arm_light_path(arm));
    sentence_figure(&s, arm, arm_figure_find("probe_p99"));
    sentence_add(&s, ", though half of these requests take ");
    sentence_value(&s, half_ns, METRIC_TIME);
    sentence_cite(&s, arm, light_half.key, half_ns);
    sentence_add(&s, " or less");
    sentence_end(&s, c);
}

/* "Of pool and offload none" where "No arm" would speak of some that are not known. */
static void add_whom(struct sentence *s, const struct comparison *c, const struct arm_set *free)
{
    if (free->count == c->narms) {
        sentence_add(s, "No arm blocks");
    } else if (free->count == 1) {
        sentence_add(s, "%s does not block", free->items[0]->name);
    } else {
        sentence_add(s, "Of ");
        sentence_arms(s, free, "and");
        sentence_add(s, " none blocks");
    }
}

static void tell_free(struct comparison *c, const struct arm_set *free,
                      const struct arm_set *unprobed)
{
    struct sentence s;
    const struct arm *most = free->items[0];
    for (size_t i = 1; i < free->count; i++)
        most = arm_light_p99_ns(free->items[i]) > arm_light_p99_ns(most) ? free->items[i] : most;
    sentence_begin(&s, "light-path-free");
    add_whom(&s, c, free);
    sentence_add(&s, " the light path: the %s%s p99 under load is ",
                 free->count > 1 ? "highest " : "", arm_light_path(most));
    sentence_figure(&s, most, arm_figure_find("probe_p99"));
    if (free->count > 1)
        sentence_add(&s, " (%s)", most->name);
    if (unprobed->count > 0) {
        sentence_add(&s, "; ");
        sentence_arms(&s, unprobed, "and");
        sentence_add(&s, " %s not probed: --probe PATH", unprobed->count > 1 ? "were" : "was");
    }
    sentence_end(&s, c);
}

void find_light_path(struct comparison *c)
{
    struct arm_set free = {0};
    struct arm_set unprobed = {0};
    bool any = false;
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        any |= arm_blocks(arm) || arm_is_uneven(arm);
        if (arm_blocks(arm))
            tell_blocked(c, arm);
        else if (arm_is_uneven(arm))
            tell_uneven(c, arm);
        else if (arm_is_probed(arm) && arm_is_sound(arm))
            arm_set_add(&free, arm);
        else if (arm->nresults > 0 && !arm_is_probed(arm))
            arm_set_add(&unprobed, arm);
    }
    if (!any && free.count > 0)
        tell_free(c, &free, &unprobed);
    arm_set_fini(&free);
    arm_set_fini(&unprobed);
}
