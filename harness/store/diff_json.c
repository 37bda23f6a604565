#include "store/diff_json.h"

#include <jansson.h>
#include <math.h>
#include <stddef.h>

#include "store/fields.h"

static json_t *names_array(const struct str_list *names)
{
    return doc_texts(names->items, names->count);
}

static json_t *side_object(const struct diff_side *side)
{
    static const struct field rows[] = {
        {"target", FIELD_TEXT_NULL, offsetof(struct diff_side, target)},
        {"start", FIELD_WALL_MS, offsetof(struct diff_side, started_wall_ms)},
        {.type = FIELD_END},
    };
    return fields_object(rows, side);
}

static json_t *differences_array(const struct diff_file *file)
{
    json_t *array = json_array();
    for (size_t i = 0; i < file->nentries; i++) {
        const struct diff_entry *e = &file->entries[i];
        json_t *object = json_object();
        doc_put(object, "group", json_string(diff_group_names[e->group]));
        doc_put(object, "what", doc_text(e->what));
        doc_put(object, "old", doc_text(e->old_text));
        doc_put(object, "new", doc_text(e->new_text));
        doc_put(object, "arms", names_array(&e->arms));
        (void)json_array_append_new(array, object);
    }
    return array;
}

/* A projection of "never" is no number: null, as in a result. */
static json_t *finite_real(double value)
{
    return isfinite(value) ? doc_real(value) : json_null();
}

static json_t *summary_object(const struct arm_summary *sum)
{
    json_t *object = json_object();
    doc_put(object, "median", finite_real(sum->median));
    doc_put(object, "low", finite_real(sum->low));
    doc_put(object, "high", finite_real(sum->high));
    doc_put(object, "at_least", json_boolean(sum->is_bound));
    doc_put(object, "few_samples", json_boolean(sum->is_few));
    return object;
}

static json_t *figures_array(const struct diff_arm *arm)
{
    json_t *array = json_array();
    for (size_t i = 0; i < arm->nchanges; i++) {
        const struct diff_change *c = &arm->changes[i];
        json_t *object = json_object();
        doc_put(object, "figure", json_string(c->figure->key));
        doc_put(object, "unit", json_string(metric_unit_name(c->figure->unit)));
        doc_put(object, "old", summary_object(&c->old_sum));
        doc_put(object, "new", summary_object(&c->new_sum));
        doc_put(object, "change", doc_real(c->change));
        doc_put(object, "known", json_string(shift_known_names[c->known]));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *shift_array(const struct shift_curve *curve)
{
    json_t *array = json_array();
    for (size_t i = 0; i < curve->count; i++) {
        const struct shift_point *p = &curve->points[i];
        json_t *object = json_object();
        doc_put(object, "quantile", doc_real(p->q));
        doc_put(object, "ratio", doc_real(p->ratio));
        doc_put(object, "low", doc_real(p->low));
        doc_put(object, "high", doc_real(p->high));
        doc_put(object, "known", json_string(shift_known_names[p->known]));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *arms_array(const struct diff_file *file)
{
    json_t *array = json_array();
    for (size_t i = 0; i < file->narms; i++) {
        const struct diff_arm *arm = &file->arms[i];
        json_t *object = json_object();
        doc_put(object, "arm", doc_text(arm->name));
        doc_put(object, "old_rounds", doc_count((int64_t)arm->old_rounds));
        doc_put(object, "new_rounds", doc_count((int64_t)arm->new_rounds));
        doc_put(object, "figures", figures_array(arm));
        doc_put(object, "shift", shift_array(&arm->shift));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *file_object(const struct diff_file *file)
{
    json_t *object = json_object();
    doc_put(object, "file", doc_text(file->name));
    doc_put(object, "kind", json_string(file->kind == DIFF_RESULTS ? "result" : "comparison"));
    doc_put(object, "same_file", json_boolean(file->is_same));
    doc_put(object, "old", side_object(&file->old_side));
    doc_put(object, "new", side_object(&file->new_side));
    doc_put(object, "differences", differences_array(file));
    doc_put(object, "arms", arms_array(file));
    doc_put(object, "only_old", names_array(&file->only_old));
    doc_put(object, "only_new", names_array(&file->only_new));
    return object;
}

static json_t *left_array(const struct diff *d)
{
    json_t *array = json_array();
    for (size_t i = 0; i < d->nleft; i++) {
        json_t *object = json_object();
        doc_put(object, "file", doc_text(d->left[i].name));
        doc_put(object, "why", doc_text(d->left[i].why));
        (void)json_array_append_new(array, object);
    }
    return array;
}

void diff_write(const struct diff *d, enum doc_layout layout, struct buf *out)
{
    json_t *doc = json_object();
    json_t *files = json_array();
    for (size_t i = 0; i < d->nfiles; i++)
        (void)json_array_append_new(files, file_object(&d->files[i]));
    doc_put(doc, "schema", json_string("bench.diff/1"));
    doc_put(doc, "old", doc_text(d->old_path));
    doc_put(doc, "new", doc_text(d->new_path));
    doc_put(doc, "files", files);
    doc_put(doc, "left_out", left_array(d));
    doc_dump(doc, layout, out);
    json_decref(doc);
}
