/* sameness: what is told of two arms that differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cli/sameness.h"

#define SETTINGS 5

/* In the order of a document, "NAME VALUE"; a value of "-" is none. */
struct sides {
    const char *stored[SETTINGS], *now[SETTINGS], *told; /* NULL: they are the same */
};

static size_t settings_of(const char *const *texts, struct setting **out)
{
    size_t count = 0;
    for (size_t i = 0; i < SETTINGS && texts[i] != NULL; i++) {
        size_t len = strcspn(texts[i], " ");
        char *name = mem_strndup(texts[i], len);
        char *value = mem_strdup(texts[i] + len + 1);
        bool is_none = strcmp(value, "-") == 0;
        settings_add(out, &count,
                     &(struct setting){.name = name,
                                       .kind = is_none ? SETTING_NULL : SETTING_TEXT,
                                       .text = is_none ? NULL : value});
        free(name);
        free(value);
    }
    return count;
}

static void expect(const struct sides *of)
{
    struct setting *stored = NULL;
    struct setting *now = NULL;
    struct err err = {0};
    size_t nstored = settings_of(of->stored, &stored);
    size_t nnow = settings_of(of->now, &now);
    int failed = sameness_of_arm(&(struct sameness_arm){"a", NULL, stored, nstored},
                                 &(struct sameness_arm){"a", NULL, now, nnow}, &err);
    assert_int_equal(failed, of->told == NULL ? 0 : -1);
    assert_string_equal(err.text, of->told == NULL ? "" : of->told);
    settings_free(stored, nstored);
    settings_free(now, nnow);
}

static void the_option_that_was_given_is_told(void **state)
{
    static const struct sides cases[] = {
        {{"method GET", "work 1k"}, {"method GET", "work 1k"}, NULL},
        {{"title a", "work 1k"}, {"title b", "work 1k"}, NULL},
        {{"method GET", "work 1k"},
         {"method PUT", "work 2k"},
         "its method of a is GET, and now it is PUT"},
        {{"expect_body {1}", "work 1k"},
         {"expect_body {2}", "work 2k"},
         "its work of a is 1k, and now it is 2k"},
        {{"expect_body {1}", "strategy pool"},
         {"expect_body -", "strategy queue"},
         "its strategy of a is pool, and now it is queue"},
        {{"expect_body {1}", "expect_status -"},
         {"expect_body -", "expect_status 200"},
         "its expect_status of a is none, and now it is 200"},
        /* By itself it is what was given. */
        {{"expect_body {1}", "work 1k"},
         {"expect_body {2}", "work 1k"},
         "its expect_body of a is {1}, and now it is {2}"},
        {{"method GET", "header -", "body -", "form -"},
         {"method POST", "header x", "body y", "form f=1"},
         "its form of a is none, and now it is f=1"},
        {{"body a", "input a.txt"},
         {"body b", "input b.txt"},
         "its input of a is a.txt, and now it is b.txt"},
        {{"body a", "input a.txt"},
         {"body b", "input a.txt"},
         "its body of a is a, and now it is b"},
        {{"connections 10", "duration 10", "amount 0"},
         {"connections 5", "duration 0", "amount 5"},
         "its amount of a is 0, and now it is 5"},
        {{"duration 10", "stages -"},
         {"duration 3", "stages 3s:10"},
         "its stages of a is none, and now it is 3s:10"},
        {{"probe /ping", "probe_rate 20"},
         {"probe -", "probe_rate 0"},
         "its probe_rate of a is 20, and now it is 0"},
        /* What one of them alone has is told last. */
        {{"requests -", "work 1k"},
         {"requests r.json", "work 1k", "requests_sha256 00"},
         "its requests of a is none, and now it is r.json"},
        {{"work 1k"}, {"work 1k", "more 1"}, "its number of options is 1, and now it is 2"},
        {{"work 1k"}, {"other 1k"}, "its list of options is work, and now it is other"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        expect(&cases[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_option_that_was_given_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
