#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/plan.h"
#include "store/capacity_file.h"
#include "store/capacity_rows.h"
#include "store/result_rows.h"
#include "store/settings_json.h"

#define PLACE 64 /* bytes of "trials[123456].figures" */

static int read_tool(const json_t *doc, struct capacity *c, struct err *err)
{
    if (field_rows(doc, "tool", capacity_tool_rows, c, err) < 0)
        return -1;
    return field_tool_argv(doc, &c->argv, &c->nargv, err);
}

static int read_clauses(const json_t *doc, struct capacity *c, struct err *err)
{
    if (field_texts(doc, "", "clauses", &c->clauses, err) < 0)
        return -1;
    if (c->clauses.count < 1 || c->clauses.count > CAPACITY_CLAUSES_MAX)
        return field_problem("", "clauses", "are not from 1 to " STR_NUMBER(CAPACITY_CLAUSES_MAX),
                             err);
    return 0;
}

static bool find_arm(const struct capacity *c, const char *name, size_t *out)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (strcmp(c->arms[i].name, name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

static int read_arm(const json_t *entry, const char *where, struct capacity *c, struct err *err)
{
    size_t same = 0;
    const char *name = json_string_value(json_object_get(entry, "name"));
    const char *target = json_string_value(json_object_get(entry, "target"));
    if (name == NULL || *name == '\0')
        return field_problem(where, "name", "is not a text of one character or more", err);
    if (target == NULL)
        return field_problem(where, "target", "is not a text", err);
    if (find_arm(c, name, &same))
        return field_problem(where, "name", "is that of another arm", err);
    struct capacity_arm *arm = capacity_add_arm(c, name, target);
    return settings_from_json(entry, where, &arm->config, &arm->nconfig, err);
}

static int read_arms(const json_t *doc, struct capacity *c, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "arms", &array, err) < 0)
        return -1;
    if (json_array_size(array) < 1 || json_array_size(array) > CAPACITY_ARMS_MAX)
        return field_problem("", "arms", "are not from 1 to " STR_NUMBER(CAPACITY_ARMS_MAX), err);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "arms[%zu]", i);
        if (read_arm(entry, where, c, err) < 0)
            return -1;
    }
    return 0;
}

static int read_figures(const json_t *entry, const char *where, const struct capacity *c,
                        struct capacity_trial *t, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *value = NULL;
    if (field_array(entry, where, "figures", &array, err) < 0)
        return -1;
    if (json_array_size(array) != c->clauses.count)
        return field_problem(where, "figures", "are not one for each clause", err);
    json_array_foreach(array, i, value)
    {
        double x = json_is_null(value) ? NAN : json_number_value(value);
        if ((!json_is_null(value) && !json_is_number(value)) || x < 0 || x > (double)DOC_COUNT_MAX)
            return field_problem(where, "figures", "have one that is no number from 0 up", err);
        t->figures[i] = x;
    }
    return 0;
}

/* What holds of every trial that bench has written. */
static int check_trial(const struct capacity_trial *t, const char *where, struct err *err)
{
    bool is_pilot = isnan(t->rate_rps);
    bool may_be_pilot = t->outcome == CAPACITY_PILOT || t->outcome == CAPACITY_DIED ||
                        t->outcome == CAPACITY_INVALID;
    if (t->round < 1)
        return field_problem(where, "round", "is 0", err);
    if (!is_pilot && (t->rate_rps < PLAN_RATE_MIN_RPS || t->rate_rps > PLAN_RATE_MAX_RPS))
        return field_problem(where, "rate", "is not from 0.01 to 10M", err);
    if (is_pilot ? !may_be_pilot : t->outcome == CAPACITY_PILOT)
        return field_problem(where, "outcome", "contradicts rate, which only a pilot lacks", err);
    if (t->outcome == CAPACITY_PILOT && !(t->answered_rps > 0))
        return field_problem(where, "answered", "is not above 0 in a pilot", err);
    if (t->outcome == CAPACITY_HELD && (t->due == MISSING || t->unsent != 0))
        return field_problem(where, "unsent", "is not 0 where the rate was held", err);
    return 0;
}

static int read_trial(const json_t *entry, const char *where, struct capacity *c, struct err *err)
{
    struct capacity_trial *t = capacity_add_trial(c);
    const char *name = json_string_value(json_object_get(entry, "arm"));
    int outcome = field_name_index(json_object_get(entry, "outcome"), capacity_outcome_names,
                                   CAPACITY_OUTCOMES);
    if (name == NULL || !find_arm(c, name, &t->arm))
        return field_problem(where, "arm", "is not the name of an arm", err);
    if (outcome < 0)
        return field_problem(where, "outcome",
                             "is none of pilot, held, broken, not-sustained, died, generator, "
                             "invalid",
                             err);
    t->outcome = (enum capacity_outcome)outcome;
    if (fields_read(entry, where, capacity_trial_rows, t, err) < 0 ||
        read_figures(entry, where, c, t, err) < 0)
        return -1;
    return check_trial(t, where, err);
}

static int check_counts(const struct capacity *c, struct err *err)
{
    for (size_t i = 0; i < c->narms; i++) {
        size_t count = 0;
        for (size_t k = 0; k < c->ntrials; k++)
            count += c->trials[k].arm == i;
        if (count > CAPACITY_TRIALS_MAX)
            return field_problem(
                "", "trials", "are more than " STR_NUMBER(CAPACITY_TRIALS_MAX) " of one arm", err);
    }
    return 0;
}

static int read_trials(const json_t *doc, struct capacity *c, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "trials", &array, err) < 0)
        return -1;
    if (json_array_size(array) > c->narms * CAPACITY_TRIALS_MAX)
        return field_problem("", "trials",
                             "are more than " STR_NUMBER(CAPACITY_TRIALS_MAX) " of each arm", err);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "trials[%zu]", i);
        if (read_trial(entry, where, c, err) < 0)
            return -1;
    }
    return check_counts(c, err);
}

static int read_all(const json_t *doc, struct capacity *c, struct err *err)
{
    if (field_schema(doc, CAPACITY_SCHEMA, "capacity", err) < 0 ||
        fields_read(doc, "", capacity_rows, c, err) < 0)
        return -1;
    if (c->max_trials < 1 || c->max_trials > CAPACITY_TRIALS_MAX)
        return field_problem("", "max_trials", "is not from 1 to " STR_NUMBER(CAPACITY_TRIALS_MAX),
                             err);
    if (!(c->least_rps >= 0))
        return field_problem("", "least_rate", "is not a rate from 0 up", err);
    if (!(c->resolution > 0 && c->resolution <= 1))
        return field_problem("", "resolution", "is not a share above 0", err);
    if (read_tool(doc, c, err) < 0 ||
        field_rows(doc, "environment", environment_rows, &c->environment, err) < 0 ||
        read_clauses(doc, c, err) < 0 || read_arms(doc, c, err) < 0)
        return -1;
    return read_trials(doc, c, err);
}

int capacity_from_json(const json_t *doc, struct capacity *out, struct err *err)
{
    capacity_init(out);
    int result = read_all(doc, out, err);
    if (result < 0)
        capacity_fini(out);
    return result;
}

int capacity_read(const char *bytes, size_t len, struct capacity *out, struct err *err)
{
    json_t *doc = doc_parse(bytes, len, err);
    int result = doc == NULL ? -1 : capacity_from_json(doc, out, err);
    json_decref(doc);
    return result;
}
