#include "store/fields.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/result.h"
#include "store/doc.h"

#define WALL_TEXT 25

static json_t *wall_value(int64_t wall_ms)
{
    char text[32];
    clock_format_wall(wall_ms, text, sizeof text);
    return json_string(text);
}

static json_t *field_value(const struct field *row, const char *at)
{
    switch (row->type) {
    case FIELD_COUNT:
    case FIELD_COUNT_NULL:
        return doc_count(*(const int64_t *)(const void *)at);
    case FIELD_REAL_NULL:
    case FIELD_SIGNED_NULL:
        return doc_real(*(const double *)(const void *)at);
    case FIELD_TEXT:
    case FIELD_TEXT_NULL:
        return doc_text(*(char *const *)(const void *)at);
    case FIELD_FLAG:
        return json_boolean(*(const bool *)at);
    case FIELD_WALL_MS:
        return wall_value(*(const int64_t *)(const void *)at);
    case FIELD_END:
        break;
    }
    return json_null();
}

void fields_write(json_t *object, const struct field *rows, const void *from)
{
    for (const struct field *row = rows; row->type != FIELD_END; row++)
        (void)json_object_set_new(object, row->key, field_value(row, (const char *)from + row->at));
}

json_t *fields_object(const struct field *rows, const void *from)
{
    json_t *object = json_object();
    fields_write(object, rows, from);
    return object;
}

int field_problem(const char *where, const char *key, const char *problem, struct err *err)
{
    return err_set(err, ERR_USAGE, "%s%s%s %s", where, *where == '\0' ? "" : ".", key, problem);
}

static bool is_count(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 0 &&
           json_integer_value(value) <= DOC_COUNT_MAX;
}

/* Nothing that was measured is so close to 0, and a count divided by it would be infinite. */
static bool is_real(const json_t *value, double least)
{
    double x = json_number_value(value);
    return json_is_number(value) && x >= least && x <= (double)DOC_COUNT_MAX &&
           (x == 0 || fabs(x) >= DOC_REAL_LEAST);
}

/* Only the form that we write, so that writing it again gives the same text. */
static int wall_parse(const char *text, int64_t *out_ms)
{
    struct tm utc = {0};
    char again[32];
    if (strlen(text) != WALL_TEXT - 1 || !isdigit((unsigned char)text[0]))
        return -1;
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &utc);
    if (rest == NULL || *rest != '.')
        return -1;
    int64_t ms = (int64_t)timegm(&utc) * 1000 + strtol(rest + 1, NULL, 10);
    if (ms < 0)
        return -1;
    clock_format_wall(ms, again, sizeof again);
    if (strcmp(again, text) != 0)
        return -1;
    *out_ms = ms;
    return 0;
}

/* Each taker returns what is wrong with the value, or NULL once it is stored. */
static const char *take_count(const json_t *value, enum field_type type, char *at)
{
    int64_t *out = (void *)at;
    if (type == FIELD_COUNT_NULL && json_is_null(value)) {
        *out = MISSING;
        return NULL;
    }
    if (!is_count(value))
        return type == FIELD_COUNT ? "is not a whole number from 0 to 2^53"
                                   : "is neither null nor a whole number from 0 to 2^53";
    *out = json_integer_value(value);
    return NULL;
}

static const char *take_real(const json_t *value, enum field_type type, char *at)
{
    double *out = (void *)at;
    bool is_signed = type == FIELD_SIGNED_NULL;
    if (json_is_null(value)) {
        *out = NAN;
        return NULL;
    }
    if (!is_real(value, is_signed ? -(double)DOC_COUNT_MAX : 0))
        return is_signed ? "is neither null nor a number: 0, or of a size from 1e-100 to 2^53"
                         : "is neither null nor a number: 0, or from 1e-100 to 2^53";
    *out = json_number_value(value);
    return NULL;
}

static const char *take_text(const json_t *value, enum field_type type, char *at)
{
    char **out = (void *)at;
    if (!json_is_string(value) && (type == FIELD_TEXT || !json_is_null(value)))
        return type == FIELD_TEXT ? "is not a text" : "is neither null nor a text";
    free(*out);
    *out = mem_strdup_or_null(json_string_value(value));
    return NULL;
}

static const char *take(const json_t *value, const struct field *row, char *at)
{
    switch (row->type) {
    case FIELD_COUNT:
    case FIELD_COUNT_NULL:
        return take_count(value, row->type, at);
    case FIELD_REAL_NULL:
    case FIELD_SIGNED_NULL:
        return take_real(value, row->type, at);
    case FIELD_TEXT:
    case FIELD_TEXT_NULL:
        return take_text(value, row->type, at);
    case FIELD_FLAG:
        *(bool *)at = json_is_true(value);
        return json_is_boolean(value) ? NULL : "is neither true nor false";
    case FIELD_WALL_MS:
        if (json_is_string(value) &&
            wall_parse(json_string_value(value), (int64_t *)(void *)at) == 0)
            return NULL;
        return "is not a time like 2026-11-22T21:04:05.123Z";
    case FIELD_END:
        break;
    }
    return NULL;
}

int fields_read(const json_t *object, const char *where, const struct field *rows, void *into,
                struct err *err)
{
    for (const struct field *row = rows; row->type != FIELD_END; row++) {
        const json_t *value = json_object_get(object, row->key);
        if (value == NULL)
            return field_problem(where, row->key, "is missing", err);
        const char *problem = take(value, row, (char *)into + row->at);
        if (problem != NULL)
            return field_problem(where, row->key, problem, err);
    }
    return 0;
}

static int container(const json_t *object, const char *where, const char *key, json_type type,
                     json_t **out, struct err *err)
{
    *out = json_object_get(object, key);
    if (*out == NULL)
        return field_problem(where, key, "is missing", err);
    if (json_typeof(*out) != type)
        return field_problem(where, key,
                             type == JSON_ARRAY ? "is not an array" : "is not an object", err);
    return 0;
}

int field_object(const json_t *object, const char *where, const char *key, json_t **out,
                 struct err *err)
{
    return container(object, where, key, JSON_OBJECT, out, err);
}

int field_rows(const json_t *object, const char *key, const struct field *rows, void *into,
               struct err *err)
{
    json_t *inner = NULL;
    if (field_object(object, "", key, &inner, err) < 0)
        return -1;
    return fields_read(inner, key, rows, into, err);
}

int field_array(const json_t *object, const char *where, const char *key, json_t **out,
                struct err *err)
{
    return container(object, where, key, JSON_ARRAY, out, err);
}

int field_count(const json_t *object, const char *where, const char *key, int64_t *out,
                struct err *err)
{
    const struct field rows[] = {{.key = key, .type = FIELD_COUNT}, {.type = FIELD_END}};
    return fields_read(object, where, rows, out, err);
}

int field_texts(const json_t *object, const char *where, const char *key, struct str_list *out,
                struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *value = NULL;
    if (field_array(object, where, key, &array, err) < 0)
        return -1;
    json_array_foreach(array, i, value)
    {
        if (!json_is_string(value))
            return field_problem(where, key, "holds something that is not a text", err);
        str_list_add(out, json_string_value(value));
    }
    return 0;
}

int field_tool_argv(const json_t *doc, char ***argv, size_t *nargv, struct err *err)
{
    struct str_list words = {0};
    int failed = field_texts(json_object_get(doc, "tool"), "tool", "argv", &words, err);
    *argv = words.items;
    *nargv = words.count;
    return failed;
}

int field_name_index(const json_t *value, const char *const *names, size_t count)
{
    const char *text = json_string_value(value);
    for (size_t i = 0; i < count; i++) {
        bool is_it =
            names[i] == NULL ? json_is_null(value) : text != NULL && strcmp(text, names[i]) == 0;
        if (is_it)
            return (int)i;
    }
    return -1;
}

int field_schema(const json_t *doc, const char *schema, const char *what, struct err *err)
{
    if (!json_is_object(doc))
        return err_set(err, ERR_USAGE, "not a JSON object");
    const char *said = json_string_value(json_object_get(doc, "schema"));
    if (said == NULL)
        return err_set(err, ERR_USAGE, "schema is missing: not a %s of bench", what);
    if (strcmp(said, schema) != 0)
        return err_set(err, ERR_USAGE, "schema is not %s", schema);
    return 0;
}
