/* fields: a plain struct and a JSON object, key by key, both ways from one table of rows.
 *
 * Shape   a row says key, type and offset; the same rows write and read, so neither forgets one.
 * Owner   text that is read is copied into the struct, whose owner frees it.
 * Errors  reading takes untrusted values: a key that is missing, of another type or out of range
 *         is an error of kind USAGE that names `where` and the key. Unknown keys are ignored: a
 *         newer bench may have added some.
 */
#ifndef STORE_FIELDS_H
#define STORE_FIELDS_H

#include <jansson.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum field_type {
    FIELD_END,
    FIELD_COUNT,       /* int64_t in [0, DOC_COUNT_MAX] */
    FIELD_COUNT_NULL,  /* the same, or MISSING */
    FIELD_REAL_NULL,   /* double: 0, in [DOC_REAL_LEAST, DOC_COUNT_MAX], or NAN */
    FIELD_SIGNED_NULL, /* double of either sign, or NAN */
    FIELD_TEXT,        /* char * */
    FIELD_TEXT_NULL,   /* char *, or NULL */
    FIELD_FLAG,        /* bool */
    FIELD_WALL_MS,     /* int64_t since 1970, as "2026-11-22T21:04:05.123Z" */
};

struct field {
    const char *key;
    enum field_type type;
    size_t at;
};

void fields_write(json_t *object, const struct field *rows, const void *from);
json_t *fields_object(const struct field *rows, const void *from); /* a new one */
/* `where` names the object in errors: "accounting"; "" for the document itself. */
int fields_read(const json_t *object, const char *where, const struct field *rows, void *into,
                struct err *err);

/* The rows of an object that is in another, under a key. */
int field_rows(const json_t *object, const char *key, const struct field *rows, void *into,
               struct err *err);

/* Single values, for what does not fit rows. Each fails unless the key is there and fits. */
int field_problem(const char *where, const char *key, const char *problem, struct err *err);
int field_object(const json_t *object, const char *where, const char *key, json_t **out,
                 struct err *err);
int field_array(const json_t *object, const char *where, const char *key, json_t **out,
                struct err *err);
/* Adds to *out. On an error the texts before the wrong entry have been added. */
int field_texts(const json_t *object, const char *where, const char *key, struct str_list *out,
                struct err *err);
/* The command line in "tool" of a document; the caller owns the words, also after a failure. */
int field_tool_argv(const json_t *doc, char ***argv, size_t *nargv, struct err *err);
/* The index of the text in `names`, or -1; a JSON null matches a name that is NULL. */
int field_name_index(const json_t *value, const char *const *names, size_t count);
/* Fails unless the document's "schema" is `schema`; the message calls what it should be `what`. */
int field_schema(const json_t *doc, const char *schema, const char *what, struct err *err);
int field_count(const json_t *object, const char *where, const char *key, int64_t *out,
                struct err *err);

#endif
