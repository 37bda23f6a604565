#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/comparison_file.h"
#include "store/comparison_json.h"
#include "store/result_json.h"

#define PLACE 64 /* bytes of "findings[123456].figures[123456]" */

static int read_tool(const json_t *doc, struct comparison *c, struct err *err)
{
    if (field_rows(doc, "tool", comparer_rows, c, err) < 0)
        return -1;
    return field_tool_argv(doc, &c->argv, &c->nargv, err);
}

static int read_results(const json_t *entry, const char *where, struct comparison *c, size_t at,
                        struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *value = NULL;
    if (field_array(entry, where, "results", &array, err) < 0)
        return -1;
    if (json_array_size(array) > (uint64_t)c->rounds)
        return field_problem(where, "results", "are more than the rounds", err);
    json_array_foreach(array, i, value)
    {
        struct result r;
        if (result_from_json(value, &r, err) < 0)
            return err_wrap(err, "%s.results[%zu]", where, i);
        comparison_add_result(c, at, (int64_t)i + 1, &r);
    }
    return 0;
}

static int read_problems(const json_t *entry, const char *where, struct comparison *c,
                         struct arm *arm, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *value = NULL;
    if (field_array(entry, where, "problems", &array, err) < 0)
        return -1;
    if (json_array_size(array) > (uint64_t)c->rounds - arm->nresults)
        return field_problem(where, "results", "and its problems are more than the rounds", err);
    arm->problems = mem_array(json_array_size(array), sizeof *arm->problems);
    json_array_foreach(array, i, value)
    {
        char place[PLACE];
        (void)snprintf(place, sizeof place, "%s.problems[%zu]", where, i);
        struct trial_problem *problem = &arm->problems[arm->nproblems++];
        if (fields_read(value, place, problem_rows, problem, err) < 0)
            return -1;
        if (problem->round < 1 || problem->round > c->rounds)
            return field_problem(place, "round", "is none of the rounds", err);
    }
    return 0;
}

static int read_arm(const json_t *entry, size_t i, struct comparison *c, struct err *err)
{
    char where[PLACE / 2];
    size_t same = 0;
    (void)snprintf(where, sizeof where, "arms[%zu]", i);
    const char *name = json_string_value(json_object_get(entry, "name"));
    if (name == NULL || *name == '\0')
        return field_problem(where, "name", "is not a text of one character or more", err);
    if (comparison_find_arm(c, name, &same))
        return field_problem(where, "name", "is that of another arm", err);
    struct arm *arm = comparison_add_arm(c, name);
    if (read_results(entry, where, c, i, err) < 0)
        return -1;
    return read_problems(entry, where, c, arm, err);
}

static int read_arms(const json_t *doc, size_t most, struct comparison *c, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "arms", &array, err) < 0)
        return -1;
    if (json_array_size(array) > most)
        return err_set(err, ERR_USAGE, "arms are more than %zu", most);
    if (json_array_size(array) * (uint64_t)c->rounds > COMPARISON_TRIALS_MAX)
        return field_problem(
            "", "rounds", "times the arms are more than " STR_NUMBER(COMPARISON_TRIALS_MAX), err);
    json_array_foreach(array, i, entry)
    {
        if (read_arm(entry, i, c, err) < 0)
            return -1;
    }
    return 0;
}

static int read_trial(const json_t *value, struct comparison *c, int64_t *seen, struct err *err)
{
    size_t arm = 0;
    const char *name = json_string_value(value);
    if (name == NULL || !comparison_find_arm(c, name, &arm))
        return field_problem("", "order", "holds something that is not the name of an arm", err);
    if (++seen[arm] > c->rounds)
        return field_problem("", "order", "has an arm more often than there are rounds", err);
    c->trials[c->ntrials++] = (struct trial_ref){.arm = arm, .round = seen[arm]};
    return 0;
}

/* An arm's trials are its rounds, one after the other. */
static int read_order(const json_t *doc, struct comparison *c, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *value = NULL;
    if (field_array(doc, "", "order", &array, err) < 0)
        return -1;
    if (json_array_size(array) > c->narms * (uint64_t)c->rounds)
        return field_problem("", "order", "has more trials than the rounds of all arms", err);
    c->trials = mem_array(json_array_size(array), sizeof *c->trials);
    int64_t *seen = mem_array(c->narms + 1, sizeof *seen);
    int failed = 0;
    json_array_foreach(array, i, value)
    {
        if (failed == 0)
            failed = read_trial(value, c, seen, err);
    }
    free(seen);
    return failed;
}

static int read_figures(const json_t *entry, const char *where, struct figure **figures,
                        size_t *count, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *value = NULL;
    if (field_array(entry, where, "figures", &array, err) < 0)
        return -1;
    *figures = mem_array(json_array_size(array), sizeof **figures);
    json_array_foreach(array, i, value)
    {
        char place[PLACE];
        (void)snprintf(place, sizeof place, "%s.figures[%zu]", where, i);
        if (fields_read(value, place, figure_rows, &(*figures)[(*count)++], err) < 0)
            return -1;
    }
    return 0;
}

static int read_findings(const json_t *doc, struct comparison *c, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "findings", &array, err) < 0)
        return -1;
    c->findings = mem_array(json_array_size(array), sizeof *c->findings);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE / 2];
        struct finding *f = &c->findings[c->nfindings++];
        (void)snprintf(where, sizeof where, "findings[%zu]", i);
        if (fields_read(entry, where, finding_rows, f, err) < 0 ||
            read_figures(entry, where, &f->figures, &f->nfigures, err) < 0)
            return -1;
    }
    return 0;
}

static int read_claim(const json_t *entry, const char *where, const struct comparison *c,
                      struct claim *claim, struct err *err)
{
    size_t arm = 0;
    if (fields_read(entry, where, claim_rows, claim, err) < 0)
        return -1;
    if (!comparison_find_arm(c, claim->arm, &arm))
        return field_problem(where, "arm", "is not the name of an arm", err);
    int verdict = field_name_index(json_object_get(entry, "verdict"), claim_verdict_names,
                                   CLAIM_VERDICT_COUNT);
    if (verdict < 0)
        return field_problem(where, "verdict", "is none of holds, does_not_hold, not_comparable",
                             err);
    claim->verdict = (enum claim_verdict)verdict;
    if (fields_read(entry, where, claim_why_rows, claim, err) < 0)
        return -1;
    return read_figures(entry, where, &claim->figures, &claim->nfigures, err);
}

static int read_claims(const json_t *doc, struct comparison *c, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "claims", &array, err) < 0)
        return -1;
    c->claims = mem_array(json_array_size(array), sizeof *c->claims);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE / 2];
        (void)snprintf(where, sizeof where, "claims[%zu]", i);
        if (read_claim(entry, where, c, &c->claims[c->nclaims++], err) < 0)
            return -1;
    }
    return 0;
}

static int read_all(const json_t *doc, size_t most, struct comparison *c, struct err *err)
{
    if (field_schema(doc, COMPARISON_SCHEMA, "comparison", err) < 0 ||
        fields_read(doc, "", comparison_rows, c, err) < 0)
        return -1;
    if (c->rounds < 1 || c->rounds > COMPARISON_TRIALS_MAX)
        return field_problem("", "rounds", "is not from 1 to " STR_NUMBER(COMPARISON_TRIALS_MAX),
                             err);
    if (json_object_get(doc, "divided_duration_s") != NULL &&
        fields_read(doc, "", divided_rows, c, err) < 0)
        return -1;
    if (read_tool(doc, c, err) < 0 || read_arms(doc, most, c, err) < 0 ||
        read_order(doc, c, err) < 0)
        return -1;
    if (read_findings(doc, c, err) < 0 || read_claims(doc, c, err) < 0)
        return -1;
    return reference_from_json(doc, c, err);
}

int comparison_from_json(const json_t *doc, struct comparison *out, struct err *err)
{
    return comparison_from_json_of(doc, COMPARISON_ARMS_MAX, out, err);
}

int comparison_from_json_of(const json_t *doc, size_t most, struct comparison *out, struct err *err)
{
    comparison_init(out);
    int result = read_all(doc, most, out, err);
    if (result < 0)
        comparison_fini(out);
    return result;
}

int comparison_read(const char *bytes, size_t len, struct comparison *out, struct err *err)
{
    json_t *doc = doc_parse(bytes, len, err);
    int result = doc == NULL ? -1 : comparison_from_json(doc, out, err);
    json_decref(doc);
    return result;
}
