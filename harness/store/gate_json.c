#include "store/gate_json.h"

#include <jansson.h>

static void put(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

static const char *unit_text(enum metric_unit unit)
{
    static const char *const texts[] = {[METRIC_TIME] = "ns",
                                        [METRIC_COUNT] = "count",
                                        [METRIC_SIZE] = "bytes",
                                        [METRIC_NUMBER] = "number",
                                        [METRIC_SHARE] = "share"};
    return texts[unit];
}

static const char *verdict_text(const struct gate_outcome *o)
{
    if (o->verdict == GATE_PASSED)
        return "pass";
    if (o->verdict == GATE_UNKNOWN)
        return "unknown";
    return o->limit->level == GATE_FAIL ? "fail" : "warn";
}

static json_t *outcome_object(const struct gate_outcome *o)
{
    char why[320];
    const struct gate_limit *limit = o->limit;
    const struct metric_value *v = &o->measured;
    json_t *object = json_object();
    put(object, "file", doc_text(o->file));
    put(object, "level", json_string(limit->level == GATE_FAIL ? "fail" : "warn"));
    put(object, "limit", doc_text(limit->text));
    put(object, "metric", doc_text(limit->metric.name));
    put(object, "operator", json_string(gate_op_text(limit->op)));
    put(object, "value", doc_real(limit->value));
    put(object, "unit", json_string(unit_text(limit->unit)));
    put(object, "verdict", json_string(verdict_text(o)));
    put(object, "measured", doc_real(v->low));
    put(object, "at_least", json_boolean(v->raised || v->high > v->low));
    put(object, "finished", doc_real(v->finished));
    put(object, "samples", v->needed > 0 ? json_integer((json_int_t)v->samples) : json_null());
    put(object, "needed", v->needed > 0 ? json_integer((json_int_t)v->needed) : json_null());
    put(object, "reason",
        o->reason == GATE_NONE ? json_null() : json_string(gate_reason_codes[o->reason]));
    (void)gate_explain(o, why, sizeof why);
    put(object, "why", why[0] == '\0' ? json_null() : doc_text(why));
    return object;
}

void gate_write(const struct gate_sheet *sheet, enum doc_layout layout, struct buf *out)
{
    struct gate_counts counts = gate_sheet_count(sheet);
    enum err_kind kind = gate_sheet_kind(sheet);
    json_t *doc = json_object();
    json_t *limits = json_array();
    put(doc, "schema", json_string("bench.check/1"));
    put(doc, "verdict",
        json_string(kind == ERR_NONE   ? "pass"
                    : kind == ERR_GATE ? "fail"
                                       : "unknown"));
    put(doc, "exit_code", json_integer(err_exit_code(kind)));
    put(doc, "passed", json_integer((json_int_t)counts.passed));
    put(doc, "failed", json_integer((json_int_t)counts.failed));
    put(doc, "warned", json_integer((json_int_t)counts.warned));
    put(doc, "unknown", json_integer((json_int_t)counts.unknown));
    for (size_t i = 0; i < sheet->count; i++)
        (void)json_array_append_new(limits, outcome_object(&sheet->outcomes[i]));
    put(doc, "limits", limits);
    doc_dump(doc, layout, out);
    json_decref(doc);
}
