#include "model/comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

const char *const claim_verdict_names[CLAIM_VERDICT_COUNT] = {
    [CLAIM_HOLDS] = "holds",
    [CLAIM_FAILS] = "does_not_hold",
    [CLAIM_NOT_COMPARABLE] = "not_comparable",
};

void comparison_init(struct comparison *c)
{
    *c = (struct comparison){.rounds = 1, .divided_duration_s = NAN};
}

static void arm_fini(struct arm *arm)
{
    for (size_t i = 0; i < arm->nresults; i++)
        result_fini(&arm->results[i]);
    for (size_t i = 0; i < arm->nproblems; i++)
        free(arm->problems[i].text);
    free(arm->results);
    free(arm->problems);
    free(arm->name);
}

static void figures_free(struct figure *figures, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(figures[i].arm);
        free(figures[i].metric);
    }
    free(figures);
}

void finding_fini(struct finding *f)
{
    figures_free(f->figures, f->nfigures);
    free(f->code);
    free(f->text);
}

void claim_fini(struct claim *claim)
{
    char *const texts[] = {claim->code, claim->text,     claim->published,
                           claim->arm,  claim->measured, claim->reason};
    for (size_t i = 0; i < LEN(texts); i++)
        free(texts[i]);
    figures_free(claim->figures, claim->nfigures);
}

void comparison_fini(struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++)
        arm_fini(&c->arms[i]);
    for (size_t i = 0; i < c->nargv; i++)
        free(c->argv[i]);
    comparison_drop_findings(c);
    comparison_drop_claims(c);
    comparison_set_reference(c, NULL);
    free(c->arms);
    free(c->argv);
    free(c->trials);
    free(c->title);
    free(c->tool_version);
    *c = (struct comparison){0};
}

struct arm *comparison_add_arm(struct comparison *c, const char *name)
{
    c->arms = mem_grow(c->arms, c->narms + 1, sizeof *c->arms);
    struct arm *arm = &c->arms[c->narms++];
    *arm = (struct arm){.name = mem_strdup(name)};
    return arm;
}

/* Each round before it gave either a result or a problem. */
static size_t place_of(const struct arm *arm, int64_t round)
{
    int64_t place = round - 1;
    for (size_t i = 0; i < arm->nproblems; i++)
        place -= arm->problems[i].round < round;
    if (place < 0)
        return 0;
    return (uint64_t)place < arm->nresults ? (size_t)place : arm->nresults;
}

const struct result *arm_result(const struct arm *arm, int64_t round)
{
    size_t place = place_of(arm, round);
    for (size_t i = 0; i < arm->nproblems; i++) {
        if (arm->problems[i].round == round)
            return NULL;
    }
    return place < arm->nresults ? &arm->results[place] : NULL;
}

void comparison_set_reference(struct comparison *c, struct reference *reference)
{
    reference_free(c->reference);
    c->reference = reference;
}

bool comparison_find_arm(const struct comparison *c, const char *name, size_t *out)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (strcmp(c->arms[i].name, name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

void comparison_add_result(struct comparison *c, size_t arm, int64_t round, struct result *r)
{
    struct arm *into = &c->arms[arm];
    size_t place = place_of(into, round);
    into->results = mem_grow(into->results, into->nresults + 1, sizeof *into->results);
    memmove(&into->results[place + 1], &into->results[place],
            (into->nresults - place) * sizeof *into->results);
    into->results[place] = *r;
    into->nresults++;
    result_init(r);
}

void comparison_drop_last(struct comparison *c)
{
    struct arm *arm = &c->arms[c->trials[--c->ntrials].arm];
    result_fini(&arm->results[--arm->nresults]);
}

void comparison_add_problem(struct comparison *c, size_t arm, int64_t round, const char *text)
{
    struct arm *into = &c->arms[arm];
    into->problems = mem_grow(into->problems, into->nproblems + 1, sizeof *into->problems);
    into->problems[into->nproblems++] =
        (struct trial_problem){.round = round, .text = mem_strdup(text)};
}

void comparison_add_finding(struct comparison *c, struct finding *f)
{
    c->findings = mem_grow(c->findings, c->nfindings + 1, sizeof *c->findings);
    c->findings[c->nfindings++] = *f;
    *f = (struct finding){0};
}

void comparison_drop_findings(struct comparison *c)
{
    for (size_t i = 0; i < c->nfindings; i++)
        finding_fini(&c->findings[i]);
    free(c->findings);
    c->findings = NULL;
    c->nfindings = 0;
}

void comparison_add_claim(struct comparison *c, struct claim *claim)
{
    c->claims = mem_grow(c->claims, c->nclaims + 1, sizeof *c->claims);
    c->claims[c->nclaims++] = *claim;
    *claim = (struct claim){0};
}

void comparison_drop_claims(struct comparison *c)
{
    for (size_t i = 0; i < c->nclaims; i++)
        claim_fini(&c->claims[i]);
    free(c->claims);
    c->claims = NULL;
    c->nclaims = 0;
}

/* Fisher and Yates, so that every order of a round is as likely as any other. */
void comparison_order(uint64_t seed, size_t narms, int64_t rounds, struct trial_ref *trials)
{
    struct rng rng;
    rng_init(&rng, seed);
    for (int64_t round = 1; round <= rounds; round++, trials += narms) {
        for (size_t i = 0; i < narms; i++) {
            size_t at = (size_t)(rng_unit(&rng) * (double)(i + 1));
            struct trial_ref last = {.arm = i, .round = round};
            trials[i] = at < i ? trials[at] : last;
            trials[at] = last;
        }
    }
}
