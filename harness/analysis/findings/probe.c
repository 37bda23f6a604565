/* How long a light request (the probe) takes while an arm is under load. */
#include "analysis/arm_traits.h"
#include "analysis/findings/findings_internal.h"
#include "analysis/sentence.h"

/* The arm with the lowest probe p99, if that is below the limit and its rounds can be judged; NULL
 * if there is none. */
static const struct arm *freest_arm(const struct comparison *c)
{
    const struct arm *best = NULL;
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        bool better = best == NULL || arm_probe_p99_ns(arm) < arm_probe_p99_ns(best);
        if (arm_is_sound(arm) && !arm_is_disturbed(arm) && arm_is_probed(arm) &&
            arm_probe_p99_ns(arm) < BLOCKED_P99_NS && better)
            best = arm;
    }
    return best;
}

/* Failed probes, which the figures do not include. */
static void add_failed(struct sentence *s, const struct arm *arm)
{
    if (!arm_fails_probes(arm))
        return;
    sentence_add(s, "; ");
    sentence_failed_probes(s, arm);
    sentence_add(s, " and do not count here");
}

static void tell_blocked(struct comparison *c, const struct arm *arm)
{
    const struct arm_figure *p99 = arm_figure_find("probe_p99");
    const struct arm *least = freest_arm(c);
    struct sentence s;
    sentence_begin(&s, "light-path-blocked");
    sentence_add(&s, "%s blocks the probe endpoint: under load, %s has a p50 of ", arm->name,
                 arm_probe_path(arm));
    sentence_figure(&s, arm, &probe_p50);
    sentence_add(&s, " and a p99 of ");
    sentence_figure(&s, arm, p99);
    if (least != NULL) {
        sentence_add(&s, " (%s: p99 ", least->name);
        sentence_figure(&s, least, p99);
        sentence_add(&s, ")");
    }
    add_failed(&s, arm);
    sentence_end(&s, c);
}

static void tell_uneven(struct comparison *c, const struct arm *arm)
{
    struct sentence s;
    sentence_begin(&s, "light-path-uneven");
    sentence_add(&s, "%s delays the probe endpoint at times: under load, %s has a p99 of ",
                 arm->name, arm_probe_path(arm));
    sentence_figure(&s, arm, arm_figure_find("probe_p99"));
    sentence_add(&s, " but a p50 of ");
    sentence_figure(&s, arm, &probe_p50);
    add_failed(&s, arm);
    sentence_end(&s, c);
}

/* A fast error is not a stall, but not a good response either. */
static void tell_failed(struct comparison *c, const struct arm *arm)
{
    struct sentence s;
    sentence_begin(&s, "light-path-failed");
    sentence_add(&s, "Whether %s blocks the probe endpoint is not known: ", arm->name);
    sentence_failed_probes(&s, arm);
    sentence_add(&s, " on %s", arm_probe_path(arm));
    sentence_end(&s, c);
}

/* "No arm blocks" would include arms that were not probed: then the probed ones are named. */
static void add_whom(struct sentence *s, const struct comparison *c, const struct arm_set *free)
{
    if (free->count == c->narms) {
        sentence_add(s, "No arm blocks");
    } else if (free->count == 1) {
        sentence_add(s, "%s does not block", free->items[0]->name);
    } else {
        sentence_arms(s, free, "and");
        sentence_add(s, " do not block");
    }
}

static void tell_free(struct comparison *c, const struct arm_set *free,
                      const struct arm_set *unprobed)
{
    struct sentence s;
    const struct arm *most = free->items[0];
    for (size_t i = 1; i < free->count; i++)
        most = arm_probe_p99_ns(free->items[i]) > arm_probe_p99_ns(most) ? free->items[i] : most;
    sentence_begin(&s, "light-path-free");
    add_whom(&s, c, free);
    sentence_add(&s, " the probe endpoint: the %s%s p99 under load is ",
                 free->count > 1 ? "highest " : "", arm_probe_path(most));
    sentence_figure(&s, most, arm_figure_find("probe_p99"));
    if (free->count > 1)
        sentence_add(&s, " (%s)", most->name);
    if (unprobed->count > 0) {
        sentence_add(&s, "; ");
        sentence_arms(&s, unprobed, "and");
        sentence_add(&s, " %s not probed (use --probe PATH)", unprobed->count > 1 ? "were" : "was");
    }
    sentence_end(&s, c);
}

void find_probe(struct comparison *c)
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
        else if (arm_fails_probes(arm))
            tell_failed(c, arm);
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
