#include "model/arm_figure.h"
#include "store/comparison_file.h"
#include "store/comparison_json.h"
#include "store/result_json.h"
#include "store/result_series.h"

#define IN(type, member) offsetof(struct type, member)

/* clang-format off */
const struct field comparison_rows[] = {
    {"title", FIELD_TEXT_NULL, IN(comparison, title)},
    {"seed", FIELD_COUNT, IN(comparison, seed)},
    {"rounds", FIELD_COUNT, IN(comparison, rounds)},
    {"start", FIELD_WALL_MS, IN(comparison, started_wall_ms)},
    {"finish", FIELD_WALL_MS, IN(comparison, finished_wall_ms)},
    {"interrupted", FIELD_FLAG, IN(comparison, interrupted)},
    {.type = FIELD_END},
};

const struct field divided_rows[] = {
    {"divided_duration_s", FIELD_REAL_NULL, IN(comparison, divided_duration_s)},
    {.type = FIELD_END},
};

const struct field comparer_rows[] = {
    {"version", FIELD_TEXT_NULL, IN(comparison, tool_version)},
    {.type = FIELD_END},
};

const struct field problem_rows[] = {
    {"round", FIELD_COUNT, IN(trial_problem, round)},
    {"text", FIELD_TEXT, IN(trial_problem, text)},
    {.type = FIELD_END},
};

const struct field finding_rows[] = {
    {"code", FIELD_TEXT, IN(finding, code)},
    {"text", FIELD_TEXT, IN(finding, text)},
    {.type = FIELD_END},
};

const struct field figure_rows[] = {
    {"arm", FIELD_TEXT_NULL, IN(figure, arm)},
    {"metric", FIELD_TEXT, IN(figure, metric)},
    {"value", FIELD_SIGNED_NULL, IN(figure, value)},
    {.type = FIELD_END},
};

const struct field claim_rows[] = {
    {"code", FIELD_TEXT, IN(claim, code)},
    {"claim", FIELD_TEXT, IN(claim, text)},
    {"published", FIELD_TEXT_NULL, IN(claim, published)},
    {"arm", FIELD_TEXT, IN(claim, arm)},
    {"measured", FIELD_TEXT_NULL, IN(claim, measured)},
    {.type = FIELD_END},
};

const struct field claim_why_rows[] = {
    {"reason", FIELD_TEXT, IN(claim, reason)},
    {.type = FIELD_END},
};
/* clang-format on */

static json_t *tool_object(const struct comparison *c)
{
    json_t *object = json_object();
    doc_put(object, "name", json_string("bench"));
    fields_write(object, comparer_rows, c);
    doc_put(object, "argv", doc_texts(c->argv, c->nargv));
    return object;
}

static json_t *order_array(const struct comparison *c)
{
    json_t *array = json_array();
    for (size_t i = 0; i < c->ntrials; i++)
        (void)json_array_append_new(array, doc_text(c->arms[c->trials[i].arm].name));
    return array;
}

/* `all` together when they need no more, else its part for each of `count`. */
static size_t share_of(size_t all, size_t needed, size_t count)
{
    return needed <= all ? all : all / count;
}

struct result_room comparison_room(const struct comparison *c)
{
    size_t results = 0;
    size_t seconds = 0;
    size_t bytes = 0;
    for (size_t i = 0; i < c->narms; i++) {
        results += c->arms[i].nresults;
        for (size_t k = 0; k < c->arms[i].nresults; k++) {
            const struct result *r = &c->arms[i].results[k];
            seconds += r->nseconds;
            bytes += r->series_latency == NULL ? 0 : r->series_latency->bytes;
        }
    }
    size_t each = share_of(COMPARISON_SECONDS_MAX, seconds, results);
    return (struct result_room){
        .seconds = each < COMPARISON_SECONDS_LEAST ? COMPARISON_SECONDS_LEAST : each,
        .latency_bytes = share_of(COMPARISON_LATENCY_BYTES_MAX, bytes, results),
    };
}

/* What the table shows of the arm, for programs. It is derived from the results, so reading skips
 * it. */
static json_t *summary_object(const struct arm *arm)
{
    json_t *object = json_object();
    for (const struct arm_figure *f = arm_figures; f->key != NULL; f++) {
        struct arm_summary sum = arm_figure_summary(arm, f);
        json_t *figure = json_object();
        doc_put(figure, "median", doc_figure(sum.median));
        doc_put(figure, "low", doc_figure(sum.low));
        doc_put(figure, "high", doc_figure(sum.high));
        doc_put(figure, "at_least", json_boolean(sum.is_bound));
        doc_put(figure, "few_samples", json_boolean(sum.is_few));
        doc_put(object, f->key, figure);
    }
    return object;
}

static json_t *arm_object(const struct arm *arm, struct result_room room)
{
    json_t *object = json_object();
    json_t *results = json_array();
    json_t *problems = json_array();
    for (size_t i = 0; i < arm->nresults; i++)
        (void)json_array_append_new(results, result_to_json_within(&arm->results[i], room));
    for (size_t i = 0; i < arm->nproblems; i++)
        (void)json_array_append_new(problems, fields_object(problem_rows, &arm->problems[i]));
    doc_put(object, "name", doc_text(arm->name));
    doc_put(object, "summary", summary_object(arm));
    doc_put(object, "results", results);
    doc_put(object, "problems", problems);
    return object;
}

static json_t *arms_array(const struct comparison *c, struct result_room room)
{
    json_t *array = json_array();
    for (size_t i = 0; i < c->narms; i++)
        (void)json_array_append_new(array, arm_object(&c->arms[i], room));
    return array;
}

static json_t *figures_array(const struct figure *figures, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(array, fields_object(figure_rows, &figures[i]));
    return array;
}

static json_t *findings_array(const struct comparison *c)
{
    json_t *array = json_array();
    for (size_t i = 0; i < c->nfindings; i++) {
        const struct finding *f = &c->findings[i];
        json_t *object = fields_object(finding_rows, f);
        doc_put(object, "figures", figures_array(f->figures, f->nfigures));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *claims_array(const struct comparison *c)
{
    json_t *array = json_array();
    for (size_t i = 0; i < c->nclaims; i++) {
        const struct claim *claim = &c->claims[i];
        json_t *object = fields_object(claim_rows, claim);
        doc_put(object, "verdict", doc_text(claim_verdict_names[claim->verdict]));
        fields_write(object, claim_why_rows, claim);
        doc_put(object, "figures", figures_array(claim->figures, claim->nfigures));
        (void)json_array_append_new(array, object);
    }
    return array;
}

json_t *comparison_to_json(const struct comparison *c)
{
    return comparison_to_json_within(c, comparison_room(c));
}

json_t *comparison_to_json_within(const struct comparison *c, struct result_room room)
{
    json_t *doc = json_object();
    doc_put(doc, "schema", json_string(COMPARISON_SCHEMA));
    fields_write(doc, comparison_rows, c);
    fields_write(doc, divided_rows, c);
    doc_put(doc, "tool", tool_object(c));
    doc_put(doc, "order", order_array(c));
    doc_put(doc, "findings", findings_array(c));
    doc_put(doc, "claims", claims_array(c));
    doc_put(doc, "reference", reference_to_json(c));
    doc_put(doc, "arms", arms_array(c, room));
    return doc;
}

void comparison_write(const struct comparison *c, enum doc_layout layout, struct buf *out)
{
    json_t *doc = comparison_to_json(c);
    doc_dump(doc, layout, out);
    json_decref(doc);
}
