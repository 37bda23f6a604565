/* The verdicts against the reference, in a comparison's document. */
#include "store/comparison_json.h"
#include "store/doc.h"

static json_t *verdict_object(const struct reference_metric *metric,
                              const struct reference_verdict *v)
{
    json_t *object = json_object();
    doc_put(object, "metric", json_string(metric->key));
    doc_put(object, "verdict", json_string(reference_word_names[v->word]));
    doc_put(object, "change", doc_figure(v->change));
    doc_put(object, "low", doc_figure(v->low));
    doc_put(object, "high", doc_figure(v->high));
    doc_put(object, "level", doc_figure(v->level));
    doc_put(object, "p", doc_figure(v->p));
    doc_put(object, "reason", doc_text(v->reason));
    return object;
}

static json_t *arm_object(const struct comparison *c, const struct reference_arm *arm)
{
    json_t *object = json_object();
    json_t *verdicts = json_array();
    for (size_t i = 0; i < REFERENCE_METRICS; i++)
        (void)json_array_append_new(verdicts,
                                    verdict_object(&reference_metrics[i], &arm->verdicts[i]));
    doc_put(object, "arm", doc_text(c->arms[arm->arm].name));
    doc_put(object, "pairs", doc_count(arm->pairs));
    doc_put(object, "disturbed", doc_count(arm->disturbed));
    doc_put(object, "invalid", doc_count(arm->invalid));
    doc_put(object, "missing", doc_count(arm->missing));
    doc_put(object, "verdicts", verdicts);
    return object;
}

json_t *reference_to_json(const struct comparison *c)
{
    const struct reference *reference = c->reference;
    if (reference == NULL)
        return json_null();
    json_t *object = json_object();
    json_t *arms = json_array();
    for (size_t i = 0; i < reference->narms; i++)
        (void)json_array_append_new(arms, arm_object(c, &reference->arms[i]));
    doc_put(object, "arm", doc_text(c->arms[reference->arm].name));
    doc_put(object, "error_rate", doc_real(REFERENCE_ALPHA));
    doc_put(object, "tests", doc_count(reference->tests));
    doc_put(object, "arms", arms);
    return object;
}

int reference_from_json(const json_t *doc, struct comparison *c, struct err *err)
{
    json_t *object = json_object_get(doc, "reference");
    size_t arm = 0;
    if (object == NULL || json_is_null(object)) /* older files lack it */
        return 0;
    if (field_object(doc, "", "reference", &object, err) < 0)
        return -1;
    const char *name = json_string_value(json_object_get(object, "arm"));
    if (name == NULL || !comparison_find_arm(c, name, &arm))
        return field_problem("reference", "arm", "is not the name of an arm", err);
    comparison_set_reference(c, reference_new(arm));
    return 0;
}
