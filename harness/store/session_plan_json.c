#include "store/session_plan_json.h"

#include <math.h>

#include "analysis/verdict/change.h"
#include "store/doc.h"
#include "store/plan_json.h"

static json_t *arm_object(const struct session_arm *arm, const struct arm_preview *preview)
{
    json_t *object = json_object();
    doc_put(object, "name", doc_text(arm->name));
    doc_put(object, "target", doc_text(arm->target));
    doc_put(object, "is_url", json_boolean(arm->is_url));
    doc_put(object, "plan", plan_object(preview->plan, &preview->recorded, &preview->shown));
    return object;
}

static json_t *bound_object(const struct change_bound *bound)
{
    static const char *const scales[] = {[CHANGE_RATIO] = "log-ratio",
                                         [CHANGE_ADDED] = "difference",
                                         [CHANGE_ABSOLUTE] = "absolute"};
    json_t *object = json_object();
    doc_put(object, "scale", doc_text(scales[bound->scale]));
    doc_put(object, "margin", doc_real(bound->tau));
    doc_put(object, "limit", doc_real(bound->scale == CHANGE_ABSOLUTE ? bound->limit : NAN));
    return object;
}

static json_t *gate_object(const struct session_gate *gate)
{
    struct change_gate parsed;
    struct err err;
    json_t *object = json_object();
    json_t *bounds = json_array();
    doc_put(object, "kind", doc_text(session_gate_kind_names[gate->kind]));
    doc_put(object, "text", doc_text(gate->text));
    doc_put(object, "is_default", json_boolean(gate->is_default));
    if (change_parse(gate->kind, gate->text, &parsed, &err) == 0) {
        doc_put(object, "metric", doc_text(parsed.metric.name));
        for (int i = 0; i < parsed.nbounds; i++)
            (void)json_array_append_new(bounds, bound_object(&parsed.bounds[i]));
    }
    doc_put(object, "bounds", bounds);
    return object;
}

/* The arms of each block in the order in which they are started, and first loaded. */
static json_t *order_array(const struct session *s)
{
    json_t *order = json_array();
    for (int64_t block = 0; block < s->max_blocks; block++) {
        json_t *arms = json_array();
        bool mirrored = session_is_mirrored(s->seed, (size_t)block);
        for (size_t i = 0; i < s->narms; i++)
            (void)json_array_append_new(arms,
                                        doc_text(s->arms[mirrored ? s->narms - 1 - i : i].name));
        (void)json_array_append_new(order, arms);
    }
    return order;
}

void session_plan_write(const struct session *s, const struct arm_preview *previews, double load_s,
                        const char *dropped, struct buf *out)
{
    json_t *doc = json_object();
    json_t *arms = json_array();
    json_t *gates = json_array();
    for (size_t i = 0; i < s->narms; i++)
        (void)json_array_append_new(arms, arm_object(&s->arms[i], &previews[i]));
    for (size_t i = 0; i < s->ngates; i++)
        (void)json_array_append_new(gates, gate_object(&s->gates[i]));
    doc_put(doc, "schema", json_string("bench.session-plan/1"));
    doc_put(doc, "seed", doc_count((int64_t)s->seed));
    doc_put(doc, "layout", doc_text(session_layout_names[s->layout]));
    doc_put(doc, "max_blocks", doc_count(s->max_blocks));
    doc_put(doc, "budget_s", doc_real(s->budget_s));
    doc_put(doc, "slices_per_arm_most", doc_count(SESSION_SLICES_MOST));
    doc_put(doc, "load_s", doc_real(load_s));
    doc_put(doc, "path", doc_text(s->path));
    doc_put(doc, "arms", arms);
    doc_put(doc, "gates", gates);
    doc_put(doc, "dropped_gates", doc_text(dropped));
    doc_put(doc, "order", order_array(s));
    doc_dump(doc, DOC_INDENTED, out);
    json_decref(doc);
}
