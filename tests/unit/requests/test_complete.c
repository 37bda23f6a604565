#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "requests/complete.h"
#include "requests/request_file.h"

static struct request_list parsed(const char *bytes)
{
    struct request_list list = {0};
    struct err err;
    const struct written text = {"r", bytes, strlen(bytes)};
    if (request_file_parse(&text, ENTRY_CHECKED_HEADERS, &list, &err) < 0)
        fail_msg("%s", err.text);
    return list;
}

static const struct complete_with with = {
    .method = "PUT", .path = "/base?q", .body = "a\0b", .body_len = 3};

static void what_is_missing_is_that_of_the_command_line(void **state)
{
    (void)state;
    struct err err;
    struct request_list list =
        parsed("{}{\"method\": \"GET\", \"path\": \"/x?y\", \"body\": \"\", \"name\": \"n\"}");
    assert_int_equal(requests_complete(&list, &with, &err), 0);
    assert_string_equal(list.items[0].method, "PUT");
    assert_string_equal(list.items[0].path, "/base?q");
    assert_string_equal(list.items[0].name, "PUT /base");
    assert_int_equal(list.items[0].body_len, 3);
    assert_memory_equal(list.items[0].body, "a\0b", 3);
    assert_string_equal(list.items[1].method, "GET");
    assert_string_equal(list.items[1].path, "/x?y");
    assert_string_equal(list.items[1].name, "n");
    assert_int_equal(list.items[1].body_len, 0);
    request_list_fini(&list);
}

/* In a list without weights; with them any request may come first. */
static void a_capture_comes_before_its_use(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"{\"capture\": {\"t\": {\"header\": \"a\"}}}\n{\"path\": \"/{t}\"}", NULL},
        {"{\"path\": \"/{t}\"}\n{\"capture\": {\"t\": {\"header\": \"a\"}}}",
         "r:1:1: this request needs {t}, which only a later request captures, so it would never be "
         "sent"},
        {"{}\n{\"headers\": {\"A\": \"x{t}\"}, \"capture\": {\"t\": {\"header\": \"a\"}}}",
         "r:2:1: this request needs {t}"},
        {"{\"body\": \"{t}\"}\n{}\n{\"capture\": {\"t\": {\"header\": \"a\"}}}",
         "r:1:1: this request needs {t}"},
        {"{\"capture\": {\"t\": {\"header\": \"a\"}}}  {\"body\": {\"{u}\": \"{{t}{x\"}}\n"
         "{\"capture\": {\"u\": {\"header\": \"a\"}}}",
         "r:1:38: this request needs {u}"},
        {"{\"path\": \"/{t}\", \"weight\": 1}\n{\"capture\": {\"t\": {\"header\": \"a\"}}, "
         "\"weight\": 1}",
         NULL},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        struct request_list list = parsed(cases[i].text);
        int failed = requests_complete(&list, &with, &err);
        request_list_fini(&list);
        assert_int_equal(failed, cases[i].want == NULL ? 0 : -1);
        if (failed < 0 && cases[i].want != NULL && strstr(err.text, cases[i].want) != err.text)
            fail_msg("'%s' and not '%s'", err.text, cases[i].want);
    }
}

/* One name more than a list may have; the same name again is none more. */
static void the_captures_have_a_limit_in_all(void **state)
{
    (void)state;
    struct buf text;
    struct err err = {0};
    buf_init(&text, BUF_TEXT_MAX);
    for (int i = 0; i < COMPLETE_MAX_CAPTURES; i++)
        buf_printf(&text, "{\"capture\": {\"v%d\": {\"header\": \"a\"}}}\n", i);
    buf_puts(&text, "{\"capture\": {\"v7\": {\"header\": \"a\"}}}\n");
    struct request_list list = parsed(text.data);
    assert_int_equal(requests_complete(&list, &with, &err), 0);
    request_list_fini(&list);
    buf_puts(&text, "{\"capture\": {\"x\": {\"header\": \"a\"}}}\n");
    list = parsed(text.data);
    assert_int_equal(requests_complete(&list, &with, &err), -1);
    assert_string_equal(err.text, "r:1002:1: 'x' is one name of a capture more than 1000, which is "
                                  "the most that a list may have");
    request_list_fini(&list);
    buf_fini(&text);
}

static void the_bodies_have_a_limit_in_all(void **state)
{
    (void)state;
    struct err err;
    struct request_list list = parsed("{}{}{}");
    struct complete_with large = with;
    large.body_len = COMPLETE_MAX_BYTES / 2;
    char *body = mem_zalloc(large.body_len);
    large.body = body;
    assert_int_equal(requests_complete(&list, &large, &err), -1);
    assert_string_equal(err.text, "the bodies of the requests have more than 256 MiB");
    request_list_fini(&list);
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_that_of_the_command_line),
        cmocka_unit_test(a_capture_comes_before_its_use),
        cmocka_unit_test(the_captures_have_a_limit_in_all),
        cmocka_unit_test(the_bodies_have_a_limit_in_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
