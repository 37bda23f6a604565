/* Documents of shares, read, merged and written: the document of one run, but for what it says of
 * the parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/share_cases.h"
#include "model/plan.h"
#include "store/result_json.h"

#define SEEDS 50

static void reread(struct result *r)
{
    struct err err;
    json_t *doc = result_to_json(r);
    result_fini(r);
    if (result_from_json(doc, r, &err) < 0)
        fail_msg("%s", err.text);
    json_decref(doc);
}

static json_t *merged_document(struct share_case *c)
{
    struct result sum;
    struct err err;
    for (size_t i = 0; i < c->count; i++)
        reread(&c->parts[i]);
    for (size_t i = 0; i < c->count; i++)
        c->inputs[i].name = c->inputs[i].r->share->host;
    if (merge_check(&c->merge, &err) < 0)
        fail_msg("%s", err.text);
    result_merge(&c->merge, &sum);
    share_case_order(&sum.accounting);
    reread(&sum);
    json_t *doc = result_to_json(&sum);
    result_fini(&sum);
    return doc;
}

/* Key by key, so that a failure names one. */
static void is_same(uint64_t seed, json_t *got, json_t *want)
{
    const char *key = NULL;
    json_t *value = NULL;
    assert_int_equal(json_object_size(got), json_object_size(want));
    json_object_foreach(want, key, value)
    {
        if (json_equal(value, json_object_get(got, key)))
            continue;
        char *a = json_dumps(json_object_get(got, key), JSON_ENCODE_ANY);
        char *b = json_dumps(value, JSON_ENCODE_ANY);
        print_error("seed %llu: %s is\n%.2000s\nnot\n%.2000s\n", (unsigned long long)seed, key, a,
                    b);
        free(a);
        free(b);
        fail();
    }
}

static void split_and_merged_it_is_the_document_of_one_run(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct share_case c;
        share_case(seed, SHARE_CASE_WHOLE, &c);
        json_t *want = result_to_json(&c.whole);
        json_t *got = merged_document(&c);
        json_t *parts = json_object_get(json_object_get(got, "merged"), "parts");
        assert_int_equal(json_array_size(parts), c.count);
        (void)json_object_del(got, "merged");
        is_same(seed, got, want);
        json_decref(got);
        json_decref(want);
        share_case_fini(&c);
    }
}

/* --- what a run has at most, a merged result has for each share --- */

/* The document of two shares with so many threads each. */
static json_t *of_threads(size_t each)
{
    struct share_case c;
    uint64_t seed = 0;
    for (;; seed++) { /* a closed loop of two */
        share_case(seed, SHARE_CASE_WHOLE, &c);
        if (c.count == 2 && c.whole.accounting.due == MISSING)
            break;
        share_case_fini(&c);
    }
    for (size_t i = 0; i < c.count; i++) {
        struct client_cost *client = &c.parts[i].client;
        free(client->threads);
        c.parts[i].workers = (int64_t)each;
        client->threads = mem_array(each, sizeof *client->threads);
        client->nthreads = each;
    }
    struct result sum;
    struct err err;
    if (merge_check(&c.merge, &err) < 0)
        fail_msg("%s", err.text);
    result_merge(&c.merge, &sum);
    json_t *doc = result_to_json(&sum);
    result_fini(&sum);
    share_case_fini(&c);
    return doc;
}

static void is_read(json_t *doc, const char *problem)
{
    struct result r;
    struct err err = {0};
    int failed = result_from_json(doc, &r, &err);
    if (failed == 0)
        result_fini(&r);
    if (problem == NULL && failed < 0)
        fail_msg("%s", err.text);
    if (problem != NULL && (failed == 0 || strstr(err.text, problem) == NULL))
        fail_msg("%s instead of %s", failed == 0 ? "it was read" : err.text, problem);
}

static size_t threads_told(json_t *doc)
{
    return json_array_size(json_object_get(json_object_get(doc, "client"), "threads"));
}

static void each_share_may_have_the_threads_of_a_run(void **state)
{
    (void)state;
    json_t *doc = of_threads(PLAN_WORKERS_MAX);
    assert_int_equal(threads_told(doc), 2 * PLAN_WORKERS_MAX);
    is_read(doc, NULL);
    (void)json_object_set_new(doc, "workers", json_integer(2LL * PLAN_WORKERS_MAX + 1));
    is_read(doc, "workers");
    (void)json_object_set_new(doc, "workers", json_integer(2LL * PLAN_WORKERS_MAX));
    (void)json_object_del(doc, "merged");
    is_read(doc, "threads");
    json_decref(doc);
}

/* A document could not hold those of a thousand shares. */
static void of_too_many_threads_none_is_told(void **state)
{
    (void)state;
    json_t *doc = of_threads(RESULT_THREADS_MAX / 2);
    assert_int_equal(threads_told(doc), RESULT_THREADS_MAX);
    json_decref(doc);
    doc = of_threads(RESULT_THREADS_MAX / 2 + 1);
    assert_int_equal(threads_told(doc), 0);
    json_decref(doc);
}

/* The shares of a plan divide its connections, so that many shares have no more. */
static void connections_are_those_of_one_plan(void **state)
{
    (void)state;
    json_t *doc = of_threads(2);
    (void)json_object_set_new(doc, "connections", json_integer(PLAN_CONNECTIONS_MAX + 1));
    is_read(doc, "connections");
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_share_may_have_the_threads_of_a_run),
        cmocka_unit_test(of_too_many_threads_none_is_told),
        cmocka_unit_test(connections_are_those_of_one_plan),
        cmocka_unit_test(split_and_merged_it_is_the_document_of_one_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
