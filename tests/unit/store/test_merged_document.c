/* Documents of shares, read, merged and written: the document of one run, but for what it says of
 * the parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cases/share_cases.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split_and_merged_it_is_the_document_of_one_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
