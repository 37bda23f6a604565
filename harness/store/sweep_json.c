#include "store/sweep_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/comparison_json.h"
#include "store/doc.h"
#include "store/fields.h"
#include "store/result_series.h"

#define PLACE 32 /* bytes of "points[123456]" */

#define IN(type, member) offsetof(struct type, member)

/* clang-format off */
static const struct field sweep_rows[] = {
    {"goal", FIELD_TEXT, IN(sweep, goal)},
    {"budget_s", FIELD_REAL_NULL, IN(sweep, budget_s)},
    {"cut", FIELD_FLAG, IN(sweep, is_cut)},
    {.type = FIELD_END},
};

static const struct field axis_rows[] = {
    {"option", FIELD_TEXT, IN(sweep_axis, option)},
    {"range", FIELD_TEXT, IN(sweep_axis, range)},
    {"placed", FIELD_FLAG, IN(sweep_axis, is_placed)},
    {.type = FIELD_END},
};
/* clang-format on */

/* --- out --- */

static json_t *axes_array(const struct sweep *s)
{
    json_t *array = json_array();
    for (size_t i = 0; i < s->naxes; i++) {
        json_t *object = fields_object(axis_rows, &s->axes[i]);
        doc_put(object, "scale", doc_text(axis_scale_names[s->axes[i].scale]));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *point_object(const struct sweep *s, const struct sweep_point *point)
{
    json_t *object = json_object();
    json_t *values = json_array();
    for (size_t i = 0; i < s->naxes; i++)
        (void)json_array_append_new(values, doc_real(point->values[i]));
    doc_put(object, "texts", doc_texts(point->texts, s->naxes));
    doc_put(object, "values", values);
    return object;
}

static json_t *points_array(const struct sweep *s)
{
    json_t *array = json_array();
    for (size_t i = 0; i < s->npoints; i++)
        (void)json_array_append_new(array, point_object(s, &s->points[i]));
    return array;
}

/* A sweep has many runs, of which little is kept over time; but how one came back from a spike is
 * derived from its course. */
static struct result_room room_of(const struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        for (size_t k = 0; k < c->arms[i].nresults; k++) {
            if (c->arms[i].results[k].recovery.state != RECOVERY_NONE)
                return comparison_room(c);
        }
    }
    return (struct result_room){.seconds = COMPARISON_SECONDS_LEAST};
}

json_t *sweep_to_json(const struct sweep *s)
{
    json_t *doc = json_object();
    doc_put(doc, "schema", json_string(SWEEP_SCHEMA));
    fields_write(doc, sweep_rows, s);
    doc_put(doc, "axes", axes_array(s));
    doc_put(doc, "arms", doc_texts(s->arms, s->narms));
    doc_put(doc, "points", points_array(s));
    doc_put(doc, "comparison", comparison_to_json_within(&s->comparison, room_of(&s->comparison)));
    return doc;
}

/* --- in --- */

static int read_axis(const json_t *entry, const char *where, struct sweep_axis *axis,
                     struct err *err)
{
    if (fields_read(entry, where, axis_rows, axis, err) < 0)
        return -1;
    int scale = field_name_index(json_object_get(entry, "scale"), axis_scale_names, AXIS_LOG + 1);
    if (scale < 0)
        return field_problem(where, "scale", "is none of names, linear, log", err);
    axis->scale = (enum axis_scale)scale;
    return axis->option[0] == '\0' ? field_problem(where, "option", "is empty", err) : 0;
}

static int read_axes(const json_t *doc, struct sweep *s, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "axes", &array, err) < 0)
        return -1;
    if (json_array_size(array) < 1 || json_array_size(array) > SWEEP_AXES_MAX)
        return field_problem("", "axes", "are not one or two", err);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "axes[%zu]", i);
        s->naxes++;
        if (read_axis(entry, where, &s->axes[i], err) < 0)
            return -1;
    }
    return 0;
}

static int read_arms(const json_t *doc, struct sweep *s, struct err *err)
{
    struct str_list names = {0};
    int failed = field_texts(doc, "", "arms", &names, err);
    s->arms = names.items;
    s->narms = names.count;
    if (failed < 0)
        return -1;
    return s->narms < 1 || s->narms > SWEEP_CELLS_MAX
               ? field_problem("", "arms", "are none, or too many", err)
               : 0;
}

static int read_values(const json_t *entry, const char *where, const struct sweep *s,
                       double *values, struct err *err)
{
    json_t *array = NULL;
    if (field_array(entry, where, "values", &array, err) < 0)
        return -1;
    if (json_array_size(array) != s->naxes)
        return field_problem(where, "values", "are not one for each axis", err);
    for (size_t i = 0; i < s->naxes; i++) {
        const json_t *value = json_array_get(array, i);
        values[i] = json_number_value(value);
        if (!json_is_number(value) || !(values[i] >= 0 && values[i] <= (double)DOC_COUNT_MAX) ||
            (s->axes[i].scale == AXIS_LOG && values[i] < DOC_REAL_LEAST))
            return field_problem(where, "values", "hold something that the axis cannot have", err);
    }
    return 0;
}

static int read_point(const json_t *entry, const char *where, struct sweep *s, struct err *err)
{
    double values[SWEEP_AXES_MAX] = {0};
    struct str_list texts = {0};
    size_t same = 0;
    int failed = field_texts(entry, where, "texts", &texts, err);
    if (failed == 0 && texts.count != s->naxes)
        failed = field_problem(where, "texts", "are not one for each axis", err);
    if (failed == 0)
        failed = read_values(entry, where, s, values, err);
    if (failed == 0 && sweep_find_point(s, values, &same))
        failed = field_problem(where, "values", "are those of another point", err);
    if (failed == 0)
        sweep_add_point(s, (const char *const *)texts.items, values);
    str_list_fini(&texts);
    return failed;
}

static int read_points(const json_t *doc, struct sweep *s, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "points", &array, err) < 0)
        return -1;
    if (json_array_size(array) == 0 || json_array_size(array) > SWEEP_CELLS_MAX / s->narms)
        return field_problem("", "points", "are none, or times the arms more than 500", err);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "points[%zu]", i);
        if (read_point(entry, where, s, err) < 0)
            return -1;
    }
    return 0;
}

/* As it is called now, or in an earlier file, whose names have the texts of the points as they are:
 * "pool work=count:10k" for "pool work=10k". */
static bool is_named(const struct sweep *s, size_t cell, const char *name)
{
    const struct sweep_point *point = &s->points[cell / s->narms];
    struct buf older;
    buf_init(&older, BUF_TEXT_MAX);
    buf_puts(&older, s->arms[cell % s->narms]);
    for (size_t i = 0; i < s->naxes; i++)
        buf_printf(&older, " %s=%s", s->axes[i].option, point->texts[i]);
    bool is_it = strcmp(name, s->comparison.arms[cell].name) == 0 || strcmp(name, older.data) == 0;
    buf_fini(&older);
    return is_it;
}

static void take_names(struct comparison *from, struct comparison *to)
{
    for (size_t i = 0; i < to->narms; i++) {
        char *name = to->arms[i].name;
        to->arms[i].name = from->arms[i].name;
        from->arms[i].name = name;
    }
}

/* Its arms are those that the points and the arms of the sweep give, in their order. */
static int read_comparison(const json_t *doc, struct sweep *s, struct err *err)
{
    json_t *object = NULL;
    struct comparison c;
    if (field_object(doc, "", "comparison", &object, err) < 0)
        return -1;
    if (comparison_from_json_of(object, SWEEP_CELLS_MAX, &c, err) < 0)
        return err_wrap(err, "comparison");
    bool is_same = c.narms == s->comparison.narms;
    for (size_t i = 0; is_same && i < c.narms; i++)
        is_same = is_named(s, i, c.arms[i].name);
    if (is_same)
        take_names(&s->comparison, &c);
    comparison_fini(&s->comparison);
    s->comparison = c;
    return is_same ? 0
                   : field_problem("comparison", "arms",
                                   "are not one for each arm at each point, in their order", err);
}

int sweep_from_json(const json_t *doc, struct sweep *out, struct err *err)
{
    sweep_init(out);
    int failed = field_schema(doc, SWEEP_SCHEMA, "sweep", err);
    if (failed == 0)
        failed = fields_read(doc, "", sweep_rows, out, err);
    if (failed == 0)
        failed = read_axes(doc, out, err);
    if (failed == 0)
        failed = read_arms(doc, out, err);
    if (failed == 0)
        failed = read_points(doc, out, err);
    if (failed == 0)
        failed = read_comparison(doc, out, err);
    if (failed < 0)
        sweep_fini(out);
    return failed;
}
