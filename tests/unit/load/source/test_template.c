/* template: what a request is after its placeholders were replaced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "load/source/template.h"

#define HEAD(path, length)                                                                         \
    "POST " path " HTTP/1.1\r\nHost: a\r\nContent-Length: " length "\r\nX-Key: {token}\r\n\r\n"

static char token[] = "token";
static char other[] = "other";
static char *variable_names[] = {token, other};
static const struct str_list variables = {variable_names, 2};
static const struct value_names names = {.variables = &variables};

/* What is written with these values; NULL: nothing was. The caller frees it. */
static char *written(const char *text, enum template_length length, const struct value *made,
                     const struct value *bound)
{
    struct template t;
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    buf_puts(&out, "before ");
    template_init(&t, text, strlen(text), &names, length);
    bool is_written = template_write(&t, made, bound, &out);
    template_fini(&t);
    if (!is_written) {
        assert_string_equal(out.data, "before ");
        buf_fini(&out);
        return NULL;
    }
    char *all = mem_strdup(out.data + strlen("before "));
    buf_fini(&out);
    return all;
}

static void expect(const char *text, const char *value, const char *want)
{
    struct value made[VALUE_NAMED] = {{0}};
    const struct value bound[2] = {{value, value == NULL ? 0 : strlen(value)}, {0}};
    made[PLACEHOLDER_SEQ] = (struct value){"1234", 4};
    made[VALUE_ID] = (struct value){"ID", 2};
    char *is = written(text, TEMPLATE_MADE_LENGTH, made, bound);
    if (want == NULL)
        assert_null(is);
    else
        assert_string_equal(is, want);
    free(is);
}

static void the_length_is_that_of_what_is_sent(void **state)
{
    (void)state;
    expect(HEAD("/", "9") "{\"a\":{seq}}", "k",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nX-Key: k\r\n\r\n{\"a\":1234}");
    expect(HEAD("/", "7") "{token}", "",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
           "X-Key: \r\n\r\n");
    expect(HEAD("/{seq}", "11") "[<id>][<id>", "k",
           "POST /1234 HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\nX-Key: k\r\n\r\nID[<id>");
}

static void only_known_names_are_placeholders(void **state)
{
    (void)state;
    expect("GET /{none}/{}/{seq/{{seq}} HTTP/1.1\r\n\r\n", "k",
           "GET /{none}/{}/{seq/{1234} HTTP/1.1\r\n\r\n");
    expect("GET / HTTP/1.1\r\n\r\n{\"token\":1}", "k", "GET / HTTP/1.1\r\n\r\n{\"token\":1}");
}

/* A value cannot end the request line, or begin a header. */
static void a_value_stays_where_it_is_put(void **state)
{
    (void)state;
    expect("GET /{token}?q={token} HTTP/1.1\r\n\r\n", "a b\r\n#%2f\xc3\xa4",
           "GET /a%20b%0D%0A%23%2f%C3%A4?q=a%20b%0D%0A%23%2f%C3%A4 HTTP/1.1\r\n\r\n");
    expect("GET / HTTP/1.1\r\nX: {token}\r\n\r\n", "a\r\nY: 1", NULL);
    expect("GET / HTTP/1.1\r\nX: {token}\r\n\r\n", "a\nb", NULL);
    expect("GET / HTTP/1.1\r\nX: {token}\r\n\r\n", "a\tb", "GET / HTTP/1.1\r\nX: a\tb\r\n\r\n");
    expect("GET / HTTP/1.1\r\n\r\n{token}", "a\r\n\r\nb", "GET / HTTP/1.1\r\n\r\na\r\n\r\nb");
}

static void a_nul_is_not_sent_in_a_head(void **state)
{
    (void)state;
    const struct value made[VALUE_NAMED] = {{0}};
    const struct value bound[2] = {{"a\0b", 3}, {0}};
    char *path = written("GET /{token} HTTP/1.1\r\n\r\n", TEMPLATE_MADE_LENGTH, made, bound);
    assert_string_equal(path, "GET /a%00b HTTP/1.1\r\n\r\n");
    assert_null(written("GET / HTTP/1.1\r\nX: {token}\r\n\r\n", TEMPLATE_MADE_LENGTH, made, bound));
    free(path);
}

static void without_its_value_nothing_is_written(void **state)
{
    (void)state;
    expect("GET /{token} HTTP/1.1\r\n\r\n", NULL, NULL);
    expect("GET / HTTP/1.1\r\n\r\n{other}", "k", NULL);
    expect("GET / HTTP/1.1\r\n\r\n", NULL, "GET / HTTP/1.1\r\n\r\n");
}

static void a_length_of_the_users_own_stays(void **state)
{
    (void)state;
    const struct value made[VALUE_NAMED] = {{0}};
    const struct value bound[2] = {{"four", 4}, {0}};
    char *is = written("GET / HTTP/1.1\r\nContent-Length: 99\r\n\r\n{token}", TEMPLATE_OWN_LENGTH,
                       made, bound);
    assert_string_equal(is, "GET / HTTP/1.1\r\nContent-Length: 99\r\n\r\nfour");
    free(is);
}

/* A body may say Content-Length too. */
static void only_the_length_of_the_head_is_replaced(void **state)
{
    (void)state;
    expect("GET /{seq} HTTP/1.1\r\n\r\na\r\nContent-Length: 5\r\n", "k",
           "GET /1234 HTTP/1.1\r\n\r\na\r\nContent-Length: 5\r\n");
}

static void what_is_too_large_is_not_written(void **state)
{
    (void)state;
    struct template t;
    struct buf out;
    const struct value made[VALUE_NAMED] = {{0}};
    const struct value bound[2] = {{"0123456789", 10}, {0}};
    const char *text = "GET /{token} HTTP/1.1\r\n\r\n";
    template_init(&t, text, strlen(text), &names, TEMPLATE_MADE_LENGTH);
    buf_init(&out, 40);
    assert_true(template_write(&t, made, bound, &out));
    size_t before = out.len;
    assert_false(template_write(&t, made, bound, &out));
    assert_int_equal(out.len, before);
    assert_false(out.overflow);
    buf_fini(&out);
    template_fini(&t);
}

static void without_names_nothing_is_replaced(void **state)
{
    (void)state;
    struct template t;
    const char *text = "GET /{seq} HTTP/1.1\r\n\r\n[<id>]";
    template_init(&t, text, strlen(text), NULL, TEMPLATE_MADE_LENGTH);
    assert_int_equal(t.npieces, 0);
    assert_int_equal(t.used, 0);
    template_fini(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_length_is_that_of_what_is_sent),
        cmocka_unit_test(only_known_names_are_placeholders),
        cmocka_unit_test(a_value_stays_where_it_is_put),
        cmocka_unit_test(a_nul_is_not_sent_in_a_head),
        cmocka_unit_test(without_its_value_nothing_is_written),
        cmocka_unit_test(a_length_of_the_users_own_stays),
        cmocka_unit_test(only_the_length_of_the_head_is_replaced),
        cmocka_unit_test(what_is_too_large_is_not_written),
        cmocka_unit_test(without_names_nothing_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
