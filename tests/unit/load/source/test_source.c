/* source: the bytes of a request, and the comparison of a body in pieces of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "load/source/source.h"

#define REQUEST "GET / HTTP/1.1\r\n\r\n"
#define BODY    "{\"count\":20}\n"

static struct source source_of(const char *expected_body, size_t most)
{
    const struct source_text text = {.request = REQUEST,
                                     .request_len = strlen(REQUEST),
                                     .expected_body = expected_body,
                                     .expected_len =
                                         expected_body == NULL ? 0 : strlen(expected_body)};
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

/* Whether it differs when it comes in pieces of this size. */
static bool differs(const struct source *s, const char *body, size_t piece, int status)
{
    struct source_check check;
    struct response reply;
    size_t len = strlen(body);
    memset(&check, 0xff, sizeof check); /* what an earlier reply has left */
    response_init(&reply, s->text.to);
    source_expect(s, NULL, &check, &reply);
    for (size_t at = 0; at < len; at += piece)
        reply.body(reply.ctx, body + at, len - at < piece ? len - at : piece);
    return source_differs(s, NULL, &check, status);
}

static void a_body_is_compared_to_its_end(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        bool differs;
    } cases[] = {
        {BODY, false},
        {"", true},
        {"{\"count\":20}", true},
        {BODY "x", true},
        {BODY BODY, true},
        {"{\"count\":21}\n", true},
        {"x\"count\":20}\n", true},
        {"{\"count\":20}x" BODY, true},
    };
    struct source s = source_of(BODY, 1);
    for (size_t i = 0; i < LEN(cases); i++) {
        for (size_t piece = 1; piece <= 2 * strlen(BODY); piece++) {
            if (differs(&s, cases[i].body, piece, 200) != cases[i].differs)
                fail_msg("\"%s\" in pieces of %zu", cases[i].body, piece);
        }
    }
    source_fini(&s);
}

static void an_empty_body_can_be_expected(void **state)
{
    (void)state;
    struct source s = source_of("", 1);
    assert_false(differs(&s, "", 1, 204));
    assert_true(differs(&s, "x", 1, 200));
    source_fini(&s);
}

/* An error has a body of its own, and is counted by its status. */
static void only_a_2xx_is_compared(void **state)
{
    (void)state;
    struct source s = source_of(BODY, 1);
    assert_true(differs(&s, "x", 1, 299));
    assert_false(differs(&s, "x", 1, 199));
    assert_false(differs(&s, "x", 1, 300));
    assert_false(differs(&s, "x", 1, 503));
    source_fini(&s);
}

static void nothing_is_compared_unless_it_is_asked_for(void **state)
{
    (void)state;
    struct source s = source_of(NULL, 1);
    struct source_check check = {0};
    struct response reply;
    response_init(&reply, s.text.to);
    source_expect(&s, NULL, &check, &reply);
    assert_null(reply.body); /* the parser passes over the body */
    assert_false(source_differs(&s, NULL, &check, 200));
    source_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_requests_is_one_write),
        cmocka_unit_test(a_body_is_compared_to_its_end),
        cmocka_unit_test(an_empty_body_can_be_expected),
        cmocka_unit_test(only_a_2xx_is_compared),
        cmocka_unit_test(nothing_is_compared_unless_it_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
