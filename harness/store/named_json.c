#include "store/named_json.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "model/request_list.h"
#include "store/agree.h"
#include "store/doc.h"
#include "store/fields.h"
#include "store/hist_json.h"

#define KEY   "requests_by_name"
#define PLACE 64 /* bytes of "requests_by_name[123456]" */
#define MOST  (REQUEST_NAMES_MAX + 1)

#define IN(member) offsetof(struct named_request, member)
static const struct field rows[] = {
    {"name", FIELD_TEXT, IN(name)},
    {"method", FIELD_TEXT_NULL, IN(method)},
    {"path", FIELD_TEXT_NULL, IN(path)},
    {"sent", FIELD_COUNT, IN(counts.sent)},
    {"completed", FIELD_COUNT, IN(counts.completed)},
    {"non_2xx", FIELD_COUNT, IN(counts.non_2xx)},
    {"mismatches", FIELD_COUNT, IN(counts.mismatches)},
    {"unbound", FIELD_COUNT, IN(counts.unbound)},
    {"timed_out", FIELD_COUNT, IN(counts.timed_out)},
    {"failed", FIELD_COUNT, IN(counts.failed)},
    {.type = FIELD_END},
};

json_t *named_requests_to_json(const struct result *r)
{
    json_t *array = json_array();
    for (size_t i = 0; i < r->nnamed; i++) {
        const struct named_request *n = &r->named[i];
        json_t *object = fields_object(rows, n);
        doc_put(object, "latency", hist_to_json(n->counts.latency));
        doc_put(object, "unfinished", hist_to_json(n->counts.unfinished));
        (void)json_array_append_new(array, object);
    }
    return array;
}

/* --- reading --- */

static int check_one(const struct named_request *n, bool excludes_errors, const char *where,
                     struct err *err)
{
    const struct named_counts *c = &n->counts;
    int64_t timed = c->completed - (excludes_errors ? c->non_2xx : 0);
    int64_t unfinished = c->sent - c->completed;
    if (named_counts_in_flight(c) < 0)
        return field_problem(where, "sent", "is less than completed + timed_out + failed", err);
    if (c->non_2xx > c->completed || c->mismatches > c->completed)
        return field_problem(where, c->non_2xx > c->completed ? "non_2xx" : "mismatches",
                             "is more than completed", err);
    if (hist_count(c->latency) + hist_over(c->latency) != (uint64_t)timed)
        return field_problem(where, "latency", "does not hold as many as completed", err);
    if (hist_count(c->unfinished) + hist_over(c->unfinished) != (uint64_t)unfinished)
        return field_problem(where, "unfinished", "does not hold the rest of sent", err);
    return 0;
}

static int read_one(const json_t *entry, bool excludes_errors, const char *where,
                    struct named_request *n, struct err *err)
{
    if (fields_read(entry, where, rows, n, err) < 0 ||
        hist_from_json(entry, where, "latency", &n->counts.latency, err) < 0 ||
        hist_from_json(entry, where, "unfinished", &n->counts.unfinished, err) < 0)
        return -1;
    if (n->counts.latency == NULL || n->counts.unfinished == NULL)
        return field_problem(where, n->counts.latency == NULL ? "latency" : "unfinished", "is null",
                             err);
    return check_one(n, excludes_errors, where, err);
}

/* The requests of all names are those of the run, and their latencies are its latencies. */
static int check_sums(const struct result *r, struct err *err)
{
    const struct accounting *a = &r->accounting;
    struct named_counts sum;
    named_counts_init(&sum);
    for (size_t i = 0; i < r->nnamed; i++)
        named_counts_add(&sum, &r->named[i].counts);
    const struct {
        const char *key;
        int64_t sum, whole;
    } sums[] = {{"sent", sum.sent, a->sent},
                {"completed", sum.completed, a->completed},
                {"non_2xx", sum.non_2xx, a->non_2xx},
                {"mismatches", sum.mismatches, a->mismatches},
                {"unbound", sum.unbound, a->unbound},
                {"timed_out", sum.timed_out, a->timed_out},
                {"failed", sum.failed, accounting_failed(a)}};
    int failed = 0;
    for (size_t i = 0; i < LEN(sums) && failed == 0; i++) {
        if (sums[i].sum != sums[i].whole)
            failed = field_problem("accounting", sums[i].key, "is not the sum of " KEY, err);
    }
    if (failed == 0 && r->latency != NULL) {
        hist_subtract(sum.latency, r->latency);
        if (hist_count(sum.latency) + hist_over(sum.latency) > 0)
            failed = field_problem("histograms", "latency", "is not the sum of " KEY, err);
    }
    named_counts_fini(&sum);
    return failed;
}

int named_requests_from_json(const json_t *doc, struct result *r, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (json_object_get(doc, KEY) == NULL)
        return 0;
    if (field_array(doc, "", KEY, &array, err) < 0)
        return -1;
    if (json_array_size(array) < 1 || json_array_size(array) > MOST)
        return field_problem("", KEY, "has none, or more names than a run tells apart", err);
    r->named = mem_array(json_array_size(array), sizeof *r->named);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        struct named_request *n = &r->named[r->nnamed++];
        (void)snprintf(where, sizeof where, KEY "[%zu]", i);
        if (read_one(entry, result_excludes_errors(r), where, n, err) < 0)
            return -1;
        if (named_requests_find(r->named, i, n->name, strlen(n->name)) != NULL)
            return field_problem(where, "name", "was there before", err);
    }
    return check_sums(r, err);
}
