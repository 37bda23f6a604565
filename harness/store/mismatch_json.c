#include "store/mismatch_json.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/doc.h"
#include "store/fields.h"

#define KINDS "accounting.mismatch_kinds"
#define FIRST "accounting.first_mismatch"

struct first {
    char *request, *wanted;
    int64_t status, body_bytes;
};

#define AT(field) offsetof(struct first, field)
static const struct field rows[] = {
    {"request", FIELD_TEXT_NULL, AT(request)},
    {"status", FIELD_COUNT, AT(status)},
    {"body_bytes", FIELD_COUNT_NULL, AT(body_bytes)},
    {"wanted", FIELD_TEXT, AT(wanted)},
    {.type = FIELD_END},
};

static int64_t sum_of(const struct accounting *a)
{
    int64_t sum = 0;
    for (size_t i = 0; i < LEN(a->mismatched); i++)
        sum += a->mismatched[i];
    return sum;
}

void mismatches_write(json_t *object, const struct accounting *a)
{
    const struct mismatch *m = a->first_mismatch;
    json_t *kinds = json_object();
    for (size_t i = 0; i < LEN(a->mismatched); i++)
        doc_put(kinds, mismatch_keys[i], json_integer(a->mismatched[i]));
    if (sum_of(a) > 0)
        doc_put(object, "mismatch_kinds", kinds);
    else
        json_decref(kinds);
    if (m == NULL)
        return;
    json_t *first = fields_object(rows, &(struct first){.request = m->request,
                                                        .wanted = m->wanted,
                                                        .status = m->status,
                                                        .body_bytes = m->body_bytes});
    doc_put(first, "kind", json_string(mismatch_keys[m->kind]));
    doc_put(object, "first_mismatch", first);
}

static int read_first(const json_t *object, struct accounting *a, struct err *err)
{
    json_t *entry = NULL;
    struct first first = {0};
    if (field_object(object, "accounting", "first_mismatch", &entry, err) < 0)
        return -1;
    int kind = field_name_index(json_object_get(entry, "kind"), mismatch_keys, MISMATCH_KIND_COUNT);
    int failed = fields_read(entry, FIRST, rows, &first, err);
    if (failed < 0) {
        free(first.request);
        free(first.wanted);
        return -1;
    }
    a->first_mismatch = mem_zalloc(sizeof *a->first_mismatch);
    *a->first_mismatch = (struct mismatch){.request = first.request,
                                           .wanted = first.wanted,
                                           .status = (int)first.status,
                                           .body_bytes = first.body_bytes};
    if (kind < 0)
        return field_problem(FIRST, "kind", "is not a kind of mismatch", err);
    if (first.status >= (int64_t)LEN(a->statuses))
        return field_problem(FIRST, "status", "is not a status code", err);
    a->first_mismatch->kind = (enum mismatch_kind)kind;
    return 0;
}

int mismatches_read(const json_t *object, struct accounting *a, struct err *err)
{
    json_t *kinds = NULL;
    if (json_object_get(object, "mismatch_kinds") != NULL &&
        field_object(object, "accounting", "mismatch_kinds", &kinds, err) < 0)
        return -1;
    for (size_t i = 0; i < LEN(a->mismatched) && kinds != NULL; i++) {
        if (field_count(kinds, KINDS, mismatch_keys[i], &a->mismatched[i], err) < 0)
            return -1;
    }
    return json_object_get(object, "first_mismatch") == NULL ? 0 : read_first(object, a, err);
}

int mismatches_check(const struct accounting *a, struct err *err)
{
    const struct mismatch *first = a->first_mismatch;
    int64_t sum = sum_of(a);
    if (sum > 0 && sum != a->mismatches - a->match_limit - a->body_limit)
        return field_problem("accounting", "mismatch_kinds",
                             "do not add up to mismatches without match_limit and body_limit", err);
    if (first != NULL && a->mismatched[first->kind] == 0)
        return field_problem(FIRST, "kind", "is one of which there is none", err);
    if (first != NULL && a->statuses[first->status] == 0)
        return field_problem(FIRST, "status", "is none of statusCodeStats", err);
    return 0;
}
