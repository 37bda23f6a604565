#include "analysis/findings/findings.h"

#include "analysis/arm_traits.h"
#include "analysis/findings/findings_internal.h"
#include "analysis/sentence.h"
#include "base/mem.h"

static const char *subject(const struct arm *arm)
{
    if (arm->nresults == 0)
        return "it";
    return arm->nresults == 1 ? "its run" : "one of its runs";
}

void find_left_out(struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        struct sentence s;
        const struct arm *arm = &c->arms[i];
        bool told = arm->nresults == 0 && arm->nproblems > 0; /* the report lists the problems */
        const char *why = arm_why_unsound(arm);
        if (told || why == NULL)
            continue;
        sentence_begin(&s, "left-out");
        sentence_add(&s, "%s is not ranked: %s %s", arm->name, subject(arm), why);
        sentence_cite(&s, arm, "results", (double)arm->nresults);
        sentence_end(&s, c);
    }
}

void findings_add(struct comparison *c)
{
    static void (*const finds[])(struct comparison *) = {
        find_work,
        find_protocols,
        find_offered,
        find_recovery,
        find_ranks,
        find_early_answers,
        find_backlogs,
        find_accepting,
        find_probe,
        find_unanswered,
        find_refusals,
        find_costs,
        find_generator_limit,
        find_generator_late,
        find_shared_cores,
        find_left_out,
        find_recommendation,
    };
    comparison_drop_findings(c);
    for (size_t i = 0; i < LEN(finds); i++)
        finds[i](c);
}
