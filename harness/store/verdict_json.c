#include "store/verdict_json.h"

#include <jansson.h>
#include <math.h>

#include "model/session.h"

#define WHY_MAX 400

/* --- numbers --- */

static const char *scale_text(const struct change_bound *b)
{
    static const char *const texts[] = {
        [CHANGE_RATIO] = "relative", [CHANGE_ADDED] = "added", [CHANGE_ABSOLUTE] = "absolute"};
    return texts[b->scale];
}

static json_t *interval_object(const struct verdict_gate *g, const struct walsh_interval *interval)
{
    const struct change_bound *b = &g->gate.bounds[0];
    bool turned = g->gate.higher_is_better;
    json_t *object = json_object();
    doc_put(object, "estimate", doc_figure(change_shown(&g->gate, b, interval->estimate)));
    doc_put(object, "low",
            doc_figure(change_shown(&g->gate, b, turned ? interval->hi : interval->lo)));
    doc_put(object, "high",
            doc_figure(change_shown(&g->gate, b, turned ? interval->lo : interval->hi)));
    doc_put(object, "level", doc_figure(interval->level));
    return object;
}

/* Each bound with its differences, a block each. */
static json_t *bounds_array(const struct verdict *v, const struct verdict_gate *g)
{
    json_t *array = json_array();
    for (int i = 0; i < g->gate.nbounds; i++) {
        const struct change_bound *b = &g->gate.bounds[i];
        json_t *object = json_object();
        json_t *blocks = json_array();
        for (size_t k = 0; k < v->session->nblocks; k++)
            (void)json_array_append_new(blocks,
                                        doc_figure(change_shown(&g->gate, b, g->bounds[i].d[k])));
        doc_put(object, "change", json_string(scale_text(b)));
        doc_put(object, "limit", doc_figure(change_shown(&g->gate, b, b->tau)));
        doc_put(object, "blocks", blocks);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *looks_array(const struct verdict_gate *g)
{
    json_t *array = json_array();
    for (int i = 0; i < g->forecast.nlooks; i++) {
        const struct forecast_look *look = &g->forecast.looks[i];
        double reach = g->gate.bounds[0].tau + look->reach;
        json_t *object = json_object();
        doc_put(object, "blocks", json_integer(look->blocks));
        doc_put(object, "detects", doc_figure(change_shown(&g->gate, &g->gate.bounds[0], reach)));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *forecast_object(const struct verdict_gate *g)
{
    if (!g->has_forecast)
        return json_null();
    json_t *object = json_object();
    doc_put(object, "sd", doc_figure(g->forecast.sd));
    doc_put(object, "sd_upper", doc_figure(g->forecast.sd_upper));
    doc_put(object, "can_be_decided", json_boolean(g->can_be_decided));
    doc_put(object, "looks", looks_array(g));
    return object;
}

static json_t *caught_object(const struct verdict *v, const struct verdict_gate *g)
{
    double caught = verdict_caught(v, g);
    if (isnan(caught))
        return json_null();
    json_t *object = json_object();
    doc_put(object, "change", doc_figure(change_shown(&g->gate, &g->gate.bounds[0], g->caught_at)));
    doc_put(object, "probability", doc_figure(caught));
    return object;
}

/* --- gates --- */

static json_t *gate_object(const struct verdict *v, const struct verdict_gate *g)
{
    char why[WHY_MAX];
    json_t *object = json_object();
    doc_put(object, "gate", doc_text(g->gate.text));
    doc_put(object, "kind", doc_text(session_gate_kind_names[g->gate.kind]));
    doc_put(object, "default", json_boolean(g->gate.is_default));
    doc_put(object, "metric", doc_text(g->gate.metric.name));
    doc_put(object, "unit", json_string(metric_unit_name(g->gate.unit)));
    doc_put(object, "higher_is_better", json_boolean(g->gate.higher_is_better));
    doc_put(object, "arm", doc_text(v->session->arms[g->arm].name));
    doc_put(object, "verdict", doc_text(verdict_state_names[g->state]));
    doc_put(object, "reason",
            g->reason == VERDICT_REASON_NONE ? json_null()
                                             : doc_text(verdict_reason_codes[g->reason]));
    doc_put(object, "why", doc_text(verdict_explain(v, g, why, sizeof why)));
    doc_put(object, "blocks", json_integer(g->blocks));
    doc_put(object, "look", g->look == NULL ? json_null() : json_integer(g->look->blocks));
    doc_put(object, "reference", doc_figure(g->reference));
    doc_put(object, "judged", doc_figure(g->other));
    doc_put(object, "interval", g->has_interval ? interval_object(g, &g->interval) : json_null());
    doc_put(object, "control", g->has_control ? interval_object(g, &g->control) : json_null());
    doc_put(object, "bounds", bounds_array(v, g));
    doc_put(object, "caught", caught_object(v, g));
    doc_put(object, "forecast", forecast_object(g));
    return object;
}

static json_t *arms_array(const struct session *s)
{
    json_t *array = json_array();
    for (size_t i = 0; i < s->narms; i++)
        (void)json_array_append_new(array, doc_text(s->arms[i].name));
    return array;
}

/* --- the whole --- */

static json_t *document(const struct verdict *v, const char *file, bool is_strict)
{
    const struct session *s = v->session;
    json_t *doc = json_object();
    json_t *gates = json_array();
    for (size_t i = 0; i < v->ngates; i++)
        (void)json_array_append_new(gates, gate_object(v, &v->gates[i]));
    doc_put(doc, "schema", json_string("bench.verdict/1"));
    doc_put(doc, "verdict", doc_text(verdict_state_names[v->state]));
    doc_put(doc, "reason",
            v->reason == VERDICT_REASON_NONE ? json_null()
                                             : doc_text(verdict_reason_codes[v->reason]));
    doc_put(doc, "exit_code", json_integer(err_exit_code(verdict_kind(v, is_strict))));
    doc_put(doc, "session", doc_text(file));
    doc_put(doc, "title", doc_text(s->title));
    doc_put(doc, "path", doc_text(s->path));
    doc_put(doc, "arms", arms_array(s));
    doc_put(doc, "layout", doc_text(session_layout_names[s->layout]));
    doc_put(doc, "seed", doc_count((int64_t)s->seed));
    doc_put(doc, "blocks", json_integer((json_int_t)s->nblocks));
    doc_put(doc, "max_blocks", doc_count(s->max_blocks));
    doc_put(doc, "redone", json_integer((json_int_t)s->nredone));
    doc_put(doc, "measured_s", doc_figure(s->measured_s));
    doc_put(doc, "control_differs", json_boolean(v->control_differs));
    doc_put(doc, "gates", gates);
    return doc;
}

void verdict_write(const struct verdict *v, const char *file, bool is_strict,
                   enum doc_layout layout, struct buf *out)
{
    json_t *doc = document(v, file, is_strict);
    doc_dump(doc, layout, out);
    json_decref(doc);
}
