#include "model/capacity.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

const char *const capacity_outcome_names[CAPACITY_OUTCOMES] = {
    [CAPACITY_PILOT] = "pilot",     [CAPACITY_HELD] = "held",
    [CAPACITY_BROKEN] = "broken",   [CAPACITY_UNSUSTAINED] = "not-sustained",
    [CAPACITY_DIED] = "died",       [CAPACITY_GENERATOR] = "generator",
    [CAPACITY_INVALID] = "invalid",
};
const char *const capacity_end_names[CAPACITY_ENDS] = {
    [CAPACITY_SEARCHING] = "searching",
    [CAPACITY_FOUND] = "found",
    [CAPACITY_WIDE] = "wide",
    [CAPACITY_NEVER_MET] = "never-met",
    [CAPACITY_NEVER_BROKEN] = "never-broken",
    [CAPACITY_GIVEN_UP] = "given-up",
};

void capacity_init(struct capacity *c)
{
    *c = (struct capacity){.budget_s = NAN};
    environment_init(&c->environment);
}

void capacity_fini(struct capacity *c)
{
    for (size_t i = 0; i < c->ntrials; i++) {
        free(c->trials[i].figures);
        free(c->trials[i].why);
    }
    for (size_t i = 0; i < c->narms; i++) {
        settings_free(c->arms[i].config, c->arms[i].nconfig);
        free(c->arms[i].target);
        free(c->arms[i].name);
    }
    for (size_t i = 0; i < c->nargv; i++)
        free(c->argv[i]);
    environment_fini(&c->environment);
    str_list_fini(&c->clauses);
    free(c->trials);
    free(c->arms);
    free(c->argv);
    free(c->title);
    free(c->tool_version);
    free(c->goal);
    free(c->path);
    *c = (struct capacity){0};
}

struct capacity_arm *capacity_add_arm(struct capacity *c, const char *name, const char *target)
{
    c->arms = mem_grow(c->arms, c->narms + 1, sizeof *c->arms);
    struct capacity_arm *arm = &c->arms[c->narms++];
    *arm = (struct capacity_arm){.name = mem_strdup(name), .target = mem_strdup(target)};
    arm->estimate = (struct capacity_estimate){.median = NAN, .hi = INFINITY};
    return arm;
}

struct capacity_trial *capacity_add_trial(struct capacity *c)
{
    c->trials = mem_one_more(c->trials, c->ntrials, sizeof *c->trials);
    struct capacity_trial *t = &c->trials[c->ntrials++];
    *t = (struct capacity_trial){.rate_rps = NAN,
                                 .duration_s = NAN,
                                 .answered_rps = NAN,
                                 .due = MISSING,
                                 .unsent = MISSING,
                                 .growth = NAN,
                                 .growth_chance = NAN,
                                 .figures = mem_array(c->clauses.count, sizeof *t->figures)};
    for (size_t i = 0; i < c->clauses.count; i++)
        t->figures[i] = NAN;
    return t;
}
