/* requests_by_name: read back as it was written, and refused where it contradicts itself or the
 * run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "store/named_json.h"

static void name_one(struct result *r, const char *name, struct named_counts counts)
{
    struct named_request *n = &r->named[r->nnamed++];
    struct accounting *a = &r->accounting;
    named_request_init(n, name, name == NULL ? NULL : "GET", name == NULL ? NULL : "/");
    counts.latency = n->counts.latency;
    counts.unfinished = n->counts.unfinished;
    n->counts = counts;
    for (int64_t i = 0; i < counts.completed; i++) {
        hist_record(counts.latency, (i + 1) * 1000000);
        hist_record(r->latency, (i + 1) * 1000000);
    }
    for (int64_t i = counts.completed; i < counts.sent; i++)
        hist_record(counts.unfinished, 5000000);
    a->sent += counts.sent;
    a->completed += counts.completed;
    a->non_2xx += counts.non_2xx;
    a->mismatches += counts.mismatches;
    a->unbound += counts.unbound;
    a->timed_out += counts.timed_out;
    a->failed[LOSS_RESET] += counts.failed;
}

/* The run's own counts, and those of two names. */
static void make(struct result *r)
{
    struct named_counts shape;
    *r = (struct result){0};
    named_counts_init(&shape);
    r->latency = shape.latency;
    hist_free(shape.unfinished);
    r->named = mem_array(3, sizeof *r->named);
    name_one(
        r, "login \"x\"",
        (struct named_counts){
            .sent = 7, .completed = 5, .non_2xx = 2, .mismatches = 1, .timed_out = 1, .failed = 1});
    name_one(r, "GET /", (struct named_counts){.sent = 3, .completed = 1, .unbound = 4});
}

static void drop(struct result *r)
{
    named_requests_free(r->named, r->nnamed);
    hist_free(r->latency);
}

/* A run with these accounts, which reads the document. */
static int read_for(const struct result *run, const json_t *doc, struct result *got,
                    struct err *err)
{
    *got = (struct result){.accounting = run->accounting, .latency = run->latency};
    return named_requests_from_json(doc, got, err);
}

static json_t *document(const struct result *r)
{
    json_t *doc = json_object();
    (void)json_object_set_new(doc, "requests_by_name", named_requests_to_json(r));
    return doc;
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct result r;
    struct result got;
    struct err err = {0};
    make(&r);
    json_t *doc = document(&r);
    if (read_for(&r, doc, &got, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(got.nnamed, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct named_counts *want = &r.named[i].counts;
        const struct named_counts *c = &got.named[i].counts;
        assert_string_equal(got.named[i].name, r.named[i].name);
        assert_string_equal(got.named[i].method, "GET");
        assert_string_equal(got.named[i].path, "/");
        assert_int_equal(c->sent, want->sent);
        assert_int_equal(c->completed, want->completed);
        assert_int_equal(c->non_2xx, want->non_2xx);
        assert_int_equal(c->mismatches, want->mismatches);
        assert_int_equal(c->unbound, want->unbound);
        assert_int_equal(c->timed_out, want->timed_out);
        assert_int_equal(c->failed, want->failed);
        assert_int_equal(hist_count(c->latency), hist_count(want->latency));
        assert_int_equal(hist_max_ns(c->latency), hist_max_ns(want->latency));
        assert_int_equal(hist_count(c->unfinished), hist_count(want->unfinished));
    }
    named_requests_free(got.named, got.nnamed);
    json_decref(doc);
    drop(&r);
}

static void a_run_without_names_has_none(void **state)
{
    (void)state;
    struct result r;
    struct result got;
    struct err err = {0};
    make(&r);
    json_t *doc = json_object();
    assert_int_equal(read_for(&r, doc, &got, &err), 0);
    assert_int_equal(got.nnamed, 0);
    json_decref(doc);
    drop(&r);
}

/* A JSON value in the place of a key of the first name; NULL: without it. */
static void each_contradiction_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *key, *value, *want;
    } cases[] = {
        {"name", NULL, "requests_by_name[0].name"},
        {"name", "null", "requests_by_name[0].name"},
        {"name", "\"GET /\"", "requests_by_name[1].name was there before"},
        {"sent", "\"7\"", "requests_by_name[0].sent"},
        {"sent", "-1", "requests_by_name[0].sent"},
        {"sent", "6", "requests_by_name[0].sent is less than completed + timed_out + failed"},
        {"sent", "8", "requests_by_name[0].unfinished does not hold the rest of sent"},
        {"non_2xx", "6", "requests_by_name[0].non_2xx is more than completed"},
        {"mismatches", "6", "requests_by_name[0].mismatches is more than completed"},
        {"completed", "4", "requests_by_name[0].latency does not hold as many as completed"},
        {"latency", "null", "requests_by_name[0].latency is null"},
        {"unfinished", "null", "requests_by_name[0].unfinished is null"},
        {"latency", NULL, "requests_by_name[0].latency"},
        {"non_2xx", "1", "accounting.non_2xx is not the sum of requests_by_name"},
        {"mismatches", "0", "accounting.mismatches is not the sum of requests_by_name"},
        {"unbound", "1", "accounting.unbound is not the sum of requests_by_name"},
        {"timed_out", "0", "accounting.timed_out is not the sum of requests_by_name"},
        {"failed", "0", "accounting.failed is not the sum of requests_by_name"},
    };
    struct result r;
    make(&r);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result got;
        struct err err = {0};
        json_t *doc = document(&r);
        json_t *first = json_array_get(json_object_get(doc, "requests_by_name"), 0);
        if (cases[i].value == NULL)
            (void)json_object_del(first, cases[i].key);
        else
            (void)json_object_set_new(first, cases[i].key,
                                      json_loads(cases[i].value, JSON_DECODE_ANY, NULL));
        assert_int_equal(read_for(&r, doc, &got, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].want) == NULL)
            fail_msg("%s: want %s, got %s", cases[i].key, cases[i].want, err.text);
        named_requests_free(got.named, got.nnamed);
        json_decref(doc);
    }
    drop(&r);
}

static void what_is_no_list_of_names_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"null", "{}", "3", "[]", "[3]", "[null]", "[[]]"};
    struct result r;
    make(&r);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result got;
        struct err err = {0};
        json_t *doc = json_object();
        (void)json_object_set_new(doc, "requests_by_name",
                                  json_loads(cases[i], JSON_DECODE_ANY, NULL));
        assert_int_equal(read_for(&r, doc, &got, &err), -1);
        assert_non_null(strstr(err.text, "requests_by_name"));
        named_requests_free(got.named, got.nnamed);
        json_decref(doc);
    }
    drop(&r);
}

/* As many as those of the names, but others. */
static void latencies_that_are_not_those_of_the_run_are_refused(void **state)
{
    (void)state;
    struct result r;
    struct result got;
    struct err err = {0};
    make(&r);
    json_t *doc = document(&r);
    struct named_counts shape;
    named_counts_init(&shape);
    for (int i = 0; i < 6; i++)
        hist_record(shape.latency, 77000000);
    struct hist *own = r.latency;
    r.latency = shape.latency;
    assert_int_equal(read_for(&r, doc, &got, &err), -1);
    assert_non_null(strstr(err.text, "histograms.latency is not the sum of requests_by_name"));
    named_requests_free(got.named, got.nnamed);
    r.latency = own;
    named_counts_fini(&shape);
    json_decref(doc);
    drop(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(a_run_without_names_has_none),
        cmocka_unit_test(each_contradiction_is_refused_with_its_place),
        cmocka_unit_test(what_is_no_list_of_names_is_refused),
        cmocka_unit_test(latencies_that_are_not_those_of_the_run_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
