#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/compare_cases.h"
#include "cases/render_cases.h"
#include "store/comparison_file.h"
#include "store/file.h"
#include "store/result_file.h"
#include "store/stored.h"
#include "support/document_text.h"

struct folder {
    char path[64];
};

static int folder_make(void **state)
{
    struct folder *f = mem_zalloc(sizeof *f);
    (void)snprintf(f->path, sizeof f->path, "/tmp/test_comparison.XXXXXX");
    *state = f;
    return mkdtemp(f->path) == NULL ? -1 : 0;
}

static int folder_remove(void **state)
{
    struct folder *f = *state;
    int result = rmdir(f->path);
    free(f);
    return result;
}

static void saved_and_loaded_it_is_the_same(void **state)
{
    const struct folder *f = *state;
    struct comparison c;
    struct stored stored;
    struct err err;
    char *first = NULL;
    char *second = NULL;
    assert_int_equal(compare_case("nothing", &c), 0);
    assert_int_equal(comparison_save(&c, f->path, &first, &err), 0);
    assert_int_equal(comparison_save(&c, f->path, &second, &err), 0);
    char *want = mem_printf("%s/20261122T210405Z-comparison.json", f->path);
    char *want_second = mem_printf("%s/20261122T210405Z-comparison-2.json", f->path);
    assert_string_equal(first, want);
    assert_string_equal(second, want_second);
    assert_int_equal(stored_load(first, &stored, &err), 0);
    assert_int_equal(stored.kind, STORED_COMPARISON);
    char *a = comparison_text(&c);
    char *b = comparison_text(&stored.comparison);
    assert_string_equal(a, b);
    stored_fini(&stored);
    struct comparison loaded;
    assert_int_equal(comparison_load(second, &loaded, &err), 0);
    comparison_fini(&loaded);
    assert_int_equal(unlink(first), 0);
    assert_int_equal(unlink(second), 0);
    char *texts[] = {first, second, want, want_second, a, b};
    for (size_t i = 0; i < LEN(texts); i++)
        free(texts[i]);
    comparison_fini(&c);
}

static void a_stored_result_is_known_as_one(void **state)
{
    const struct folder *f = *state;
    struct result r;
    struct stored stored;
    struct comparison c;
    struct err err;
    char *path = NULL;
    char *to = mem_printf("%s/a.json", f->path);
    assert_int_equal(render_case("pool", &r), 0);
    assert_int_equal(result_save(&r, NULL, to, &path, &err), 0);
    assert_int_equal(stored_load(to, &stored, &err), 0);
    assert_int_equal(stored.kind, STORED_RESULT);
    assert_string_equal(stored.result.strategy, "pool");
    stored_fini(&stored);
    assert_int_equal(comparison_load(to, &c, &err), -1);
    assert_non_null(strstr(err.text, "a.json: schema is not bench.comparison/1"));
    assert_int_equal(unlink(to), 0);
    free(path);
    free(to);
    result_fini(&r);
}

static void what_is_stored_must_be_known(void **state)
{
    const struct folder *f = *state;
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        {"{\"schema\": \"bench.plan/1\"}", "a.json: schema is 'bench.plan/1', which this bench"},
        {"{\"schema\": \"a\\u001b[31mb\"}", "a.json: schema is 'a?[31mb', which this bench"},
        {"{}", "a.json: schema is missing"},
        {"[]", "a.json: schema is missing"},
        {"{\"schema\": \"bench.comparison/1\"}", "a.json: title is missing"},
        {"{\"schema\": \"bench.result/1\"}", "a.json: title is missing"},
        {"", "a.json: the file is empty"},
    };
    char *path = mem_printf("%s/a.json", f->path);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct stored stored;
        struct err err;
        assert_int_equal(store_file_write(path, cases[i].text, strlen(cases[i].text), &err), 0);
        assert_int_equal(stored_load(path, &stored, &err), -1);
        if (strstr(err.text, cases[i].complaint) == NULL)
            fail_msg("'%s' instead of '%s'", err.text, cases[i].complaint);
    }
    assert_int_equal(unlink(path), 0);
    struct stored stored;
    struct err err;
    assert_int_equal(stored_load(path, &stored, &err), -1);
    assert_non_null(strstr(err.text, "cannot read"));
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(saved_and_loaded_it_is_the_same, folder_make,
                                        folder_remove),
        cmocka_unit_test_setup_teardown(a_stored_result_is_known_as_one, folder_make,
                                        folder_remove),
        cmocka_unit_test_setup_teardown(what_is_stored_must_be_known, folder_make, folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
