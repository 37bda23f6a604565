#include <math.h>

#include "store/capacity_file.h"
#include "store/capacity_rows.h"
#include "store/result_rows.h"
#include "store/settings_json.h"

#define IN(type, member) offsetof(struct type, member)

/* clang-format off */
const struct field capacity_rows[] = {
    {"title", FIELD_TEXT_NULL, IN(capacity, title)},
    {"start", FIELD_WALL_MS, IN(capacity, started_wall_ms)},
    {"finish", FIELD_WALL_MS, IN(capacity, finished_wall_ms)},
    {"interrupted", FIELD_FLAG, IN(capacity, interrupted)},
    {"out_of_time", FIELD_FLAG, IN(capacity, out_of_time)},
    {"goal", FIELD_TEXT, IN(capacity, goal)},
    {"path", FIELD_TEXT_NULL, IN(capacity, path)},
    {"seed", FIELD_COUNT, IN(capacity, seed)},
    {"least_rate", FIELD_REAL_NULL, IN(capacity, least_rps)},
    {"resolution", FIELD_REAL_NULL, IN(capacity, resolution)},
    {"max_trials", FIELD_COUNT, IN(capacity, max_trials)},
    {"budget_s", FIELD_REAL_NULL, IN(capacity, budget_s)},
    {.type = FIELD_END},
};

const struct field capacity_tool_rows[] = {
    {"version", FIELD_TEXT_NULL, IN(capacity, tool_version)},
    {.type = FIELD_END},
};

const struct field capacity_arm_rows[] = {
    {"name", FIELD_TEXT, IN(capacity_arm, name)},
    {"target", FIELD_TEXT, IN(capacity_arm, target)},
    {.type = FIELD_END},
};

const struct field capacity_trial_rows[] = {
    {"round", FIELD_COUNT, IN(capacity_trial, round)},
    {"rate", FIELD_REAL_NULL, IN(capacity_trial, rate_rps)},
    {"start", FIELD_WALL_MS, IN(capacity_trial, started_wall_ms)},
    {"duration", FIELD_REAL_NULL, IN(capacity_trial, duration_s)},
    {"answered", FIELD_REAL_NULL, IN(capacity_trial, answered_rps)},
    {"due", FIELD_COUNT_NULL, IN(capacity_trial, due)},
    {"unsent", FIELD_COUNT_NULL, IN(capacity_trial, unsent)},
    {"growth", FIELD_SIGNED_NULL, IN(capacity_trial, growth)},
    {"growth_chance", FIELD_REAL_NULL, IN(capacity_trial, growth_chance)},
    {"disturbed", FIELD_FLAG, IN(capacity_trial, is_disturbed)},
    {"why", FIELD_TEXT_NULL, IN(capacity_trial, why)},
    {.type = FIELD_END},
};

const struct field capacity_estimate_rows[] = {
    {"median", FIELD_REAL_NULL, IN(capacity_estimate, median)},
    {"lo", FIELD_REAL_NULL, IN(capacity_estimate, lo)},
    {"hi", FIELD_REAL_NULL, IN(capacity_estimate, hi)},
    {.type = FIELD_END},
};
/* clang-format on */

static json_t *tool_object(const struct capacity *c)
{
    json_t *object = json_object();
    doc_put(object, "name", json_string("bench"));
    fields_write(object, capacity_tool_rows, c);
    doc_put(object, "argv", doc_texts(c->argv, c->nargv));
    return object;
}

static json_t *count(size_t n)
{
    return json_integer((json_int_t)n);
}

static json_t *estimate_object(const struct capacity_estimate *e)
{
    struct capacity_estimate finite = *e;
    if (isinf(finite.hi))
        finite.hi = NAN;
    json_t *object = json_object();
    doc_put(object, "end", doc_text(capacity_end_names[e->end]));
    fields_write(object, capacity_estimate_rows, &finite);
    doc_put(object, "held", count(e->held));
    doc_put(object, "failed", count(e->failed));
    doc_put(object, "unusable", count(e->unusable));
    return object;
}

static json_t *arms_array(const struct capacity *c)
{
    json_t *array = json_array();
    for (size_t i = 0; i < c->narms; i++) {
        const struct capacity_arm *arm = &c->arms[i];
        json_t *object = fields_object(capacity_arm_rows, arm);
        doc_put(object, "config", settings_to_json(arm->config, arm->nconfig));
        doc_put(object, "capacity", estimate_object(&arm->estimate));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *figures_array(const struct capacity *c, const struct capacity_trial *t)
{
    json_t *array = json_array();
    for (size_t i = 0; i < c->clauses.count; i++)
        (void)json_array_append_new(array, doc_real(t->figures[i]));
    return array;
}

static json_t *trials_array(const struct capacity *c)
{
    json_t *array = json_array();
    for (size_t i = 0; i < c->ntrials; i++) {
        const struct capacity_trial *t = &c->trials[i];
        json_t *object = json_object();
        doc_put(object, "arm", doc_text(c->arms[t->arm].name));
        doc_put(object, "outcome", doc_text(capacity_outcome_names[t->outcome]));
        fields_write(object, capacity_trial_rows, t);
        doc_put(object, "figures", figures_array(c, t));
        (void)json_array_append_new(array, object);
    }
    return array;
}

void capacity_write(const struct capacity *c, enum doc_layout layout, struct buf *out)
{
    json_t *doc = json_object();
    doc_put(doc, "schema", json_string(CAPACITY_SCHEMA));
    fields_write(doc, capacity_rows, c);
    doc_put(doc, "tool", tool_object(c));
    doc_put(doc, "environment", fields_object(environment_rows, &c->environment));
    doc_put(doc, "clauses", doc_texts(c->clauses.items, c->clauses.count));
    doc_put(doc, "arms", arms_array(c));
    doc_put(doc, "trials", trials_array(c));
    doc_dump(doc, layout, out);
    json_decref(doc);
}
