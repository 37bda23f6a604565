#include "store/comparison_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "store/comparison_json.h"
#include "store/file.h"
#include "store/result_file.h"
#include "store/result_json.h"

#define SCHEMA_SHOWN 60 /* bytes of an unknown one */

/* Named like the file of a result that started at the same time, with another label. */
char *comparison_path_default(const char *folder, const struct comparison *c)
{
    const struct result named = {.started_wall_ms = c->started_wall_ms};
    return result_path_default(folder, &named, "comparison");
}

static int save_new(const char *folder, const struct comparison *c, const struct buf *text,
                    char **out_path, struct err *err)
{
    if (store_folder_make(folder, err) < 0)
        return -1;
    char *path = comparison_path_default(folder, c);
    int result = store_file_write_new(path, text->data, text->len, out_path, err);
    free(path);
    return result;
}

static void write_comparison(const void *c, enum doc_layout layout, struct buf *out)
{
    comparison_write(c, layout, out);
}

int comparison_save(const struct comparison *c, const char *out, char **out_path, struct err *err)
{
    struct buf text;
    int result = 0;
    const char *to = out == NULL ? RESULT_FOLDER : out;
    if (!doc_write(write_comparison, c, RESULT_MAX_BYTES, &text))
        log_warn("the comparison is saved, but bench cannot read it again: it is larger than "
                 "%zu MiB",
                 RESULT_MAX_BYTES >> 20);
    *out_path = NULL;
    if (store_is_folder(to))
        result = save_new(to, c, &text, out_path, err);
    else
        result = store_file_write(to, text.data, text.len, err);
    if (result == 0 && *out_path == NULL)
        *out_path = mem_strdup(to);
    buf_fini(&text);
    return result;
}

static json_t *load_doc(const char *path, struct err *err)
{
    struct buf text;
    json_t *doc = NULL;
    buf_init(&text, RESULT_MAX_BYTES);
    if (store_file_read(path, &text, err) == 0) {
        doc = doc_parse(text.data, text.len, err);
        if (doc == NULL)
            (void)err_wrap(err, "%s", path);
    }
    buf_fini(&text);
    return doc;
}

int comparison_load(const char *path, struct comparison *out, struct err *err)
{
    json_t *doc = load_doc(path, err);
    if (doc == NULL)
        return -1;
    int result = comparison_from_json(doc, out, err);
    json_decref(doc);
    return result < 0 ? err_wrap(err, "%s", path) : 0;
}

static int unknown_schema(const char *schema, struct err *err)
{
    char shown[SCHEMA_SHOWN + 1];
    (void)snprintf(shown, sizeof shown, "%.*s", (int)str_fit(schema, SCHEMA_SHOWN), schema);
    str_make_printable(shown, strlen(shown));
    return err_set(err, ERR_USAGE,
                   "schema is '%s', which this bench does not read: it reads " RESULT_SCHEMA
                   " and " COMPARISON_SCHEMA,
                   shown);
}

static int read_stored(const json_t *doc, struct stored *out, struct err *err)
{
    const char *schema = json_string_value(json_object_get(doc, "schema"));
    if (schema == NULL)
        return err_set(err, ERR_USAGE, "schema is missing: not a document of bench");
    if (strcmp(schema, COMPARISON_SCHEMA) == 0) {
        out->kind = STORED_COMPARISON;
        return comparison_from_json(doc, &out->comparison, err);
    }
    if (strcmp(schema, RESULT_SCHEMA) != 0)
        return unknown_schema(schema, err);
    out->kind = STORED_RESULT;
    return result_from_json(doc, &out->result, err);
}

int stored_load(const char *path, struct stored *out, struct err *err)
{
    *out = (struct stored){.kind = STORED_RESULT};
    json_t *doc = load_doc(path, err);
    if (doc == NULL)
        return -1;
    int result = read_stored(doc, out, err);
    json_decref(doc);
    return result < 0 ? err_wrap(err, "%s", path) : 0;
}

void stored_fini(struct stored *s)
{
    if (s->kind == STORED_COMPARISON)
        comparison_fini(&s->comparison);
    else
        result_fini(&s->result);
    *s = (struct stored){.kind = STORED_RESULT};
}
