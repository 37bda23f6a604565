#include "store/gate_json.h"

#include <jansson.h>
#include <math.h>

static json_t *count(size_t n)
{
    return json_integer((json_int_t)n);
}

/* Null for a single run. */
static json_t *rounds_object(const struct gate_rounds *rounds)
{
    if (rounds->planned == 0)
        return json_null();
    json_t *object = json_object();
    doc_put(object, "planned", count(rounds->planned));
    doc_put(object, "judged", count(rounds->judged));
    doc_put(object, "beyond", count(rounds->beyond));
    doc_put(object, "unknown", count(rounds->unknown));
    doc_put(object, "left_out", count(rounds->left_out));
    return object;
}

/* Null for a figure that is none. */
static json_t *interval_object(const struct gate_outcome *o)
{
    if (!o->is_interval)
        return json_null();
    json_t *object = json_object();
    doc_put(object, "lo", doc_real(o->measured.low));
    doc_put(object, "hi", doc_real(isinf(o->measured.high) ? NAN : o->measured.high));
    return object;
}

static json_t *outcome_object(const struct gate_outcome *o)
{
    char why[320];
    const struct gate_threshold *threshold = o->threshold;
    const struct metric_value *v = &o->measured;
    json_t *object = json_object();
    doc_put(object, "file", doc_text(o->file));
    doc_put(object, "level", json_string(threshold->level == GATE_FAIL ? "fail" : "warn"));
    doc_put(object, "limit", doc_text(threshold->text));
    doc_put(object, "metric", doc_text(threshold->metric.name));
    doc_put(object, "operator", json_string(gate_op_text(threshold->op)));
    doc_put(object, "value", doc_real(threshold->value));
    doc_put(object, "unit", json_string(metric_unit_name(threshold->unit)));
    doc_put(object, "verdict", json_string(gate_verdict_code(o)));
    doc_put(object, "measured", doc_real(o->is_interval ? v->finished : v->low));
    doc_put(object, "at_least",
            json_boolean(o->is_interval ? isinf(v->high) : v->raised || v->high > v->low));
    doc_put(object, "finished", doc_real(o->is_interval ? NAN : v->finished));
    doc_put(object, "interval", interval_object(o));
    doc_put(object, "samples", v->needed > 0 ? json_integer((json_int_t)v->samples) : json_null());
    doc_put(object, "needed", v->needed > 0 ? json_integer((json_int_t)v->needed) : json_null());
    doc_put(object, "rounds", rounds_object(&o->rounds));
    doc_put(object, "reason",
            o->reason == GATE_NONE ? json_null() : json_string(gate_reason_codes[o->reason]));
    (void)gate_explain(o, why, sizeof why);
    doc_put(object, "why", why[0] == '\0' ? json_null() : doc_text(why));
    return object;
}

static json_t *warnings_array(const struct gate_sheet *sheet)
{
    json_t *array = json_array();
    for (size_t i = 0; i < sheet->nwarnings; i++) {
        const struct gate_warning *w = &sheet->warnings[i];
        json_t *object = json_object();
        doc_put(object, "file", doc_text(w->file));
        doc_put(object, "code", doc_text(w->code));
        doc_put(object, "message", doc_text(w->message));
        doc_put(object, "remedy", doc_text(w->remedy));
        (void)json_array_append_new(array, object);
    }
    return array;
}

void gate_write(const struct gate_sheet *sheet, enum doc_layout layout, struct buf *out)
{
    struct gate_counts counts = gate_sheet_count(sheet);
    enum err_kind kind = gate_sheet_kind(sheet);
    json_t *doc = json_object();
    json_t *thresholds = json_array();
    doc_put(doc, "schema", json_string("bench.check/1"));
    doc_put(doc, "verdict",
            json_string(kind == ERR_NONE   ? "pass"
                        : kind == ERR_GATE ? "fail"
                                           : "unknown"));
    doc_put(doc, "exit_code", json_integer(err_exit_code(kind)));
    doc_put(doc, "passed", count(counts.passed));
    doc_put(doc, "failed", count(counts.failed));
    doc_put(doc, "warned", count(counts.warned));
    doc_put(doc, "unknown", count(counts.unknown));
    for (size_t i = 0; i < sheet->count; i++)
        (void)json_array_append_new(thresholds, outcome_object(&sheet->outcomes[i]));
    doc_put(doc, "limits", thresholds);
    doc_put(doc, "warnings", warnings_array(sheet));
    doc_dump(doc, layout, out);
    json_decref(doc);
}
