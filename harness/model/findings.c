#include "model/findings.h"

#include "base/mem.h"
#include "model/findings_parts.h"
#include "model/findings_sentence.h"

bool arm_is_sound(const struct arm *arm)
{
    for (size_t i = 0; i < arm->nresults; i++) {
        if (!arm->results[i].valid || arm->results[i].interrupted)
            return false;
    }
    return arm->nresults > 0;
}

static const char *why_left_out(const struct arm *arm)
{
    if (arm->nresults == 0)
        return "it was not run";
    for (size_t i = 0; i < arm->nresults; i++) {
        if (!arm->results[i].valid)
            return arm->nresults == 1 ? "its run is not valid" : "a run of it is not valid";
    }
    return arm->nresults == 1 ? "its run was interrupted" : "a run of it was interrupted";
}

void find_left_out(struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        struct sentence s;
        bool told = c->arms[i].nresults == 0 && c->arms[i].nproblems > 0; /* why there is none */
        if (told || arm_is_sound(&c->arms[i]))
            continue;
        sentence_begin(&s, "left-out");
        sentence_add(&s, "%s is in no ranking: %s", c->arms[i].name, why_left_out(&c->arms[i]));
        sentence_cite(&s, &c->arms[i], "results", (double)c->arms[i].nresults);
        sentence_end(&s, c);
    }
}

void findings_add(struct comparison *c)
{
    static void (*const finds[])(struct comparison *) = {
        find_work,           find_ranks,           find_early_answers, find_backlogs,
        find_accepting,      find_light_path,      find_unanswered,    find_refusals,
        find_costs,          find_generator_limit, find_shared_cores,  find_left_out,
        find_recommendation,
    };
    comparison_drop_findings(c);
    for (size_t i = 0; i < LEN(finds); i++)
        finds[i](c);
}
