/* Which arms keep up with the rate of an open loop, and whose backlog grows. */
#include "analysis/arm_traits.h"
#include "analysis/findings/findings_internal.h"
#include "analysis/keeping_up.h"
#include "analysis/sentence.h"

static void tell_keeping_up(struct comparison *c, const struct arm_set *up)
{
    struct sentence s;
    sentence_begin(&s, "keeps-up");
    sentence_arms(&s, up, "and");
    sentence_add(&s, up->count > 1 ? " keep up with the " : " keeps up with the ");
    sentence_value(&s, arm_due_rps(up->items[0]), METRIC_NUMBER);
    sentence_add(&s, " requests/s that were due");
    for (size_t i = 0; i < up->count; i++)
        sentence_cite(&s, up->items[i], "due_per_second", arm_due_rps(up->items[i]));
    sentence_end(&s, c);
}

static void tell_behind(struct comparison *c, const struct arm *arm)
{
    double growth_rps = arm_backlog_growth_rps(arm);
    struct sentence s;
    sentence_begin(&s, "falls-behind");
    sentence_add(&s, "%s does not keep up with the ", arm->name);
    sentence_value(&s, arm_due_rps(arm), METRIC_NUMBER);
    sentence_add(&s, " requests/s that were due: it answered ");
    sentence_figure(&s, arm, arm_figure_find("requests_per_second"));
    if (growth_rps > 0) {
        sentence_add(&s, ", and its backlog grew by ");
        sentence_value(&s, growth_rps, METRIC_NUMBER);
        sentence_add(&s, " requests/s");
        sentence_cite(&s, arm, "backlog_growth", growth_rps);
    }
    sentence_add(&s, ". Its latencies would be longer in a longer run");
    sentence_cite(&s, arm, "due_per_second", arm_due_rps(arm));
    sentence_end(&s, c);
}

/* A server that falls behind while other programs take its cores may keep up without them. */
static void tell_unknown(struct comparison *c, const struct arm_set *set)
{
    struct sentence s;
    sentence_begin(&s, "keeping-up-unknown");
    sentence_add(&s, "Whether ");
    sentence_arms(&s, set, "and");
    sentence_add(&s, " %s up with the ", set->count > 1 ? "keep" : "keeps");
    sentence_value(&s, arm_due_rps(set->items[0]), METRIC_NUMBER);
    sentence_add(&s, " requests/s that were due is not known: other programs or steal took over "
                     "10 %% of the cores in every round");
    for (size_t i = 0; i < set->count; i++)
        sentence_cite(&s, set->items[i], "due_per_second", arm_due_rps(set->items[i]));
    sentence_end(&s, c);
}

static bool falls_behind(const struct arm *arm)
{
    return arm->nresults > 0 && !arm_is_disturbed(arm) && !arm_keeps_up(arm);
}

void find_offered(struct comparison *c)
{
    struct arm_set up = {0};
    struct arm_set unknown = {0};
    if (!comparison_is_open_loop(c))
        return;
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        if (arm_is_disturbed(arm))
            arm_set_add(&unknown, arm);
        else if (arm->nresults > 0 && arm_keeps_up(arm))
            arm_set_add(&up, arm);
    }
    if (up.count > 0)
        tell_keeping_up(c, &up);
    for (size_t i = 0; i < c->narms; i++) {
        if (falls_behind(&c->arms[i]))
            tell_behind(c, &c->arms[i]);
    }
    if (unknown.count > 0)
        tell_unknown(c, &unknown);
    arm_set_fini(&up);
    arm_set_fini(&unknown);
}
