#include "store/stored.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "store/capacity_file.h"
#include "store/comparison_json.h"
#include "store/doc.h"
#include "store/result_file.h"
#include "store/result_json.h"
#include "store/session_json.h"
#include "store/sweep_json.h"

#define SCHEMA_SHOWN 60 /* bytes of an unknown one */

const char *const stored_names[] = {[STORED_RESULT] = "one run",
                                    [STORED_COMPARISON] = "a comparison",
                                    [STORED_SESSION] = "a session",
                                    [STORED_SWEEP] = "a sweep",
                                    [STORED_CAPACITY] = "a search for the capacity"};

static int unknown_schema(const char *schema, struct err *err)
{
    char shown[SCHEMA_SHOWN + 1];
    (void)snprintf(shown, sizeof shown, "%.*s", (int)str_fit(schema, SCHEMA_SHOWN), schema);
    str_make_printable(shown, strlen(shown));
    return err_set(err, ERR_USAGE,
                   "schema is '%s', which this bench does not read: it reads " RESULT_SCHEMA
                   ", " COMPARISON_SCHEMA ", " SESSION_SCHEMA ", " SWEEP_SCHEMA
                   " and " CAPACITY_SCHEMA,
                   shown);
}

static int read_stored(const json_t *doc, struct stored *out, struct err *err)
{
    const char *schema = json_string_value(json_object_get(doc, "schema"));
    if (schema == NULL)
        return err_set(err, ERR_USAGE, "schema is missing: not a document of bench");
    if (strcmp(schema, RESULT_SCHEMA) == 0)
        return result_from_json(doc, &out->result, err);
    if (strcmp(schema, COMPARISON_SCHEMA) == 0) {
        out->kind = STORED_COMPARISON;
        return comparison_from_json(doc, &out->comparison, err);
    }
    if (strcmp(schema, SESSION_SCHEMA) == 0) {
        out->kind = STORED_SESSION;
        return session_from_json(doc, &out->session, err);
    }
    if (strcmp(schema, SWEEP_SCHEMA) == 0) {
        out->kind = STORED_SWEEP;
        return sweep_from_json(doc, &out->sweep, err);
    }
    if (strcmp(schema, CAPACITY_SCHEMA) == 0) {
        out->kind = STORED_CAPACITY;
        return capacity_from_json(doc, &out->capacity, err);
    }
    return unknown_schema(schema, err);
}

int stored_load(const char *path, struct stored *out, struct err *err)
{
    *out = (struct stored){.kind = STORED_RESULT};
    json_t *doc = doc_load(path, RESULT_MAX_BYTES, err);
    if (doc == NULL)
        return -1;
    int result = read_stored(doc, out, err);
    json_decref(doc);
    return result < 0 ? err_wrap(err, "%s", path) : 0;
}

void stored_flatten(struct stored *s)
{
    if (s->kind != STORED_SWEEP)
        return;
    struct comparison c = s->sweep.comparison;
    comparison_init(&s->sweep.comparison);
    sweep_fini(&s->sweep);
    s->comparison = c;
    s->kind = STORED_COMPARISON;
}

void stored_fini(struct stored *s)
{
    switch (s->kind) {
    case STORED_RESULT:
        result_fini(&s->result);
        break;
    case STORED_COMPARISON:
        comparison_fini(&s->comparison);
        break;
    case STORED_SESSION:
        session_fini(&s->session);
        break;
    case STORED_SWEEP:
        sweep_fini(&s->sweep);
        break;
    case STORED_CAPACITY:
        capacity_fini(&s->capacity);
        break;
    }
    *s = (struct stored){.kind = STORED_RESULT};
}
