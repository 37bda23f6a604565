#include "store/connect_errors_json.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "store/doc.h"
#include "store/fields.h"

#define PLACE       64 /* bytes of "accounting.connect_errors[123456]" */
#define TROUBLE_MAX 40 /* bytes of a key */
#define TROUBLE_HAS "abcdefghijklmnopqrstuvwxyz0123456789_"

json_t *connect_errors_to_json(const struct accounting *a)
{
    json_t *array = json_array();
    for (size_t i = 0; i < a->nconnect_errors; i++) {
        const struct connect_error *e = &a->connect_errors[i];
        json_t *entry = json_object();
        if (e->trouble != NULL) {
            doc_put(entry, "tls", doc_text(e->trouble));
            doc_put(entry, "text", doc_text(e->text));
        } else {
            doc_put(entry, "errno", json_integer(e->number));
            doc_put(entry, "name", doc_text(strerrorname_np(e->number)));
        }
        doc_put(entry, "count", json_integer(e->count));
        (void)json_array_append_new(array, entry);
    }
    return array;
}

static int read_number(const json_t *entry, const char *where, struct connect_error *e,
                       struct err *err)
{
    int64_t number = 0;
    if (field_count(entry, where, "errno", &number, err) < 0)
        return -1;
    if (number < 1 || number > DOC_ERRNO_MAX)
        return field_problem(where, "errno", "is not an error number", err);
    e->number = (int)number;
    return 0;
}

static int read_trouble(const json_t *entry, const char *where, struct connect_error *e,
                        struct err *err)
{
    static const struct field rows[] = {
        {"tls", FIELD_TEXT, offsetof(struct connect_error, trouble)},
        {"text", FIELD_TEXT, offsetof(struct connect_error, text)},
        {.type = FIELD_END},
    };
    if (json_object_get(entry, "errno") != NULL)
        return field_problem(where, "errno", "is beside tls", err);
    if (fields_read(entry, where, rows, e, err) < 0)
        return -1;
    size_t len = strlen(e->trouble);
    if (len == 0 || len > TROUBLE_MAX || strspn(e->trouble, TROUBLE_HAS) != len)
        return field_problem(where, "tls", "is not a kind of trouble", err);
    return 0;
}

int connect_errors_from_json(const json_t *object, struct accounting *a, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    int64_t sum = 0;
    if (field_array(object, "accounting", "connect_errors", &array, err) < 0)
        return -1;
    a->connect_errors = mem_array(json_array_size(array), sizeof *a->connect_errors);
    json_array_foreach(array, i, entry)
    {
        struct connect_error *e = &a->connect_errors[a->nconnect_errors++];
        char where[PLACE];
        (void)snprintf(where, sizeof where, "accounting.connect_errors[%zu]", i);
        int failed = json_object_get(entry, "tls") != NULL ? read_trouble(entry, where, e, err)
                                                           : read_number(entry, where, e, err);
        if (failed < 0 || field_count(entry, where, "count", &e->count, err) < 0)
            return -1;
        if (e->count > a->connect_failed - sum)
            return field_problem("accounting", "connect_errors", "count more than connect_failed",
                                 err);
        sum += e->count;
    }
    return 0;
}
