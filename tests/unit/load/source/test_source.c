/* source: the bytes of requests, and whether their replies are looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "load/source/source.h"

#define REQUEST "GET / HTTP/1.1\r\n\r\n"

static struct source source_of(const struct rule *rule, size_t most)
{
    const struct source_text text = {
        .request = REQUEST, .request_len = strlen(REQUEST), .rule = rule};
    struct source s;
    source_init(&s, &text, most);
    return s;
}

static void any_number_of_requests_is_one_write(void **state)
{
    (void)state;
    struct source s = source_of(NULL, 3);
    for (uint32_t n = 1; n <= 3; n++) {
        uv_buf_t buf = source_take(&s, n);
        assert_int_equal(buf.len, n * strlen(REQUEST));
        assert_int_equal(source_bytes(&s, n), buf.len);
        assert_memory_equal(buf.base, REQUEST REQUEST REQUEST, buf.len);
    }
    source_fini(&s);
}

/* Else the parser passes over head and body. */
static void a_reply_is_looked_at_only_if_something_is_expected(void **state)
{
    (void)state;
    static const struct rule rule;
    struct source none = source_of(NULL, 1);
    struct source some = source_of(&rule, 1);
    assert_false(source_has_rules(&none));
    assert_null(source_rule(&none, NULL));
    assert_true(source_has_rules(&some));
    assert_ptr_equal(source_rule(&some, NULL), &rule);
    source_fini(&none);
    source_fini(&some);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_requests_is_one_write),
        cmocka_unit_test(a_reply_is_looked_at_only_if_something_is_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
