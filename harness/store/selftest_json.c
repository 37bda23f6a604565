#include "store/selftest_json.h"

#include <jansson.h>

static json_t *figure_object(const struct selftest_figure *f)
{
    json_t *object = json_object();
    doc_put(object, "key", doc_text(f->key));
    doc_put(object, "figure", doc_text(f->text));
    doc_put(object, "unit", doc_text(metric_unit_name(f->unit)));
    doc_put(object, "truth", doc_real(f->truth));
    doc_put(object, "measured", doc_real(f->measured));
    doc_put(object, "error", doc_real(selftest_error(f)));
    doc_put(object, "limit", doc_real(f->limit));
    doc_put(object, "verdict", doc_text(selftest_verdict_names[selftest_judge(f)]));
    return object;
}

static const char *verdict_of(enum err_kind kind)
{
    return kind == ERR_NONE ? "pass" : kind == ERR_GATE ? "fail" : "unknown";
}

void selftest_write(const struct selftest *s, enum doc_layout layout, struct buf *out)
{
    enum err_kind kind = selftest_kind(s);
    json_t *doc = json_object();
    json_t *figures = json_array();
    doc_put(doc, "schema", doc_text(SELFTEST_SCHEMA));
    doc_put(doc, "tool_version", doc_text(BENCH_VERSION));
    doc_put(doc, "verdict", doc_text(verdict_of(kind)));
    doc_put(doc, "exit_code", json_integer(err_exit_code(kind)));
    doc_put(doc, "quick", json_boolean(s->is_quick));
    doc_put(doc, "duration_s", doc_real(s->length_s));
    doc_put(doc, "cores", doc_count(s->cores));
    doc_put(doc, "other_cpu_cores", doc_real(s->others));
    doc_put(doc, "meaning", doc_text(selftest_meaning(s)));
    for (size_t i = 0; i < s->nfigures; i++)
        (void)json_array_append_new(figures, figure_object(&s->figures[i]));
    doc_put(doc, "figures", figures);
    doc_dump(doc, layout, out);
    json_decref(doc);
}
