#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "http/response.h"
#include "support/reply_bed.h"

_Static_assert(sizeof(struct response) <= 80, "one for each connection");

static void chunks(void **state)
{
    (void)state;
    static const struct reply_case cases[] = {
        {IN(OK11 CHUNKED "\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\nrest"), .status = 200, .keep = true,
         .body = "hello!", .rest = "rest"},
        {IN(OK11 CHUNKED "\r\n00A\r\n0123456789\r\na\r\n0123456789\r\n000\r\n\r\n"), .status = 200,
         .keep = true, .body = "01234567890123456789"},
        {IN(OK11 CHUNKED "\r\n2;name=\"a;b\"\r\nhi\r\n0;last\r\n\r\n"), .status = 200, .keep = true,
         .body = "hi"},
        {IN(OK11 CHUNKED "\r\n2 \t;x\r\nhi\r\n0  \r\n\r\n"), .status = 200, .keep = true,
         .body = "hi"},
        {IN(OK11 CHUNKED "\r\n2\r\n\r\n\r\n0\r\n\r\n"), .status = 200, .keep = true,
         .body = "\r\n"},
        {IN(OK11 CHUNKED "\r\n0\r\nX: y\r\nContent-Length: 5\r\nConnection: close\r\n"
                         "Transfer-Encoding: chunked\r\nZ: a\r\n b\r\n\r\n"),
         .status = 200, .keep = true},
        {IN(OK11 CHUNKED "\r\n0\r\nX: y\n\n"), .status = 200, .keep = true},
        {IN(OK11 CHUNKED "\r\n2\r\nhi\r\n0\r\n"), .ending = TOO_FEW},
        {IN(OK11 CHUNKED "\r\n"), .ending = TOO_FEW},
        {IN(OK11 CHUNKED "\r\nfffffffffffffff\r\nx"), .ending = TOO_FEW},
        {IN(OK11 CHUNKED "\r\n1000000000000000\r\n"), .ending = WRONG, .rest = "0\r\n"},
        {IN(OK11 CHUNKED "\r\n\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 CHUNKED "\r\n;x\r\n"), .ending = WRONG, .rest = ";x\r\n"},
        {IN(OK11 CHUNKED "\r\n -2\r\n"), .ending = WRONG, .rest = " -2\r\n"},
        {IN(OK11 CHUNKED "\r\n0x2\r\n"), .ending = WRONG, .rest = "x2\r\n"},
        {IN(OK11 CHUNKED "\r\n2g\r\n"), .ending = WRONG, .rest = "g\r\n"},
        {IN(OK11 CHUNKED "\r\n2 2\r\n"), .ending = WRONG, .rest = "2\r\n"},
        {IN(OK11 CHUNKED "\r\n2\nhi\r\n"), .ending = WRONG, .rest = "\nhi\r\n"},
        {IN(OK11 CHUNKED "\r\n2;x\nhi\r\n"), .ending = WRONG, .rest = "\nhi\r\n"},
        {IN(OK11 CHUNKED "\r\n2\rhi\r\n"), .ending = WRONG, .rest = "hi\r\n"},
        {IN(OK11 CHUNKED "\r\n2\r\nhi\n0\r\n\r\n"), .ending = WRONG, .rest = "\n0\r\n\r\n"},
        {IN(OK11 CHUNKED "\r\n2\r\nhi!\r\n"), .ending = WRONG, .rest = "!\r\n"},
        {IN(OK11 CHUNKED "\r\n2\r\nhi\r0"), .ending = WRONG, .rest = "0"},
        {IN(OK11 CHUNKED "\r\n0\r\n X: y\r\n\r\n"), .ending = WRONG, .rest = " X: y\r\n\r\n"},
        {IN(OK11 CHUNKED "\r\n0\r\nX y\r\n\r\n"), .ending = WRONG, .rest = " y\r\n\r\n"},
    };
    check_replies(cases, LEN(cases));
}

static void bodies_that_are_not_there(void **state)
{
    (void)state;
    static const struct reply_case cases[] = {
        {IN(OK11 "Content-Length: 5\r\n\r\nHTTP"), .status = 200, .keep = true, .rest = "HTTP",
         .to = RESPONSE_TO_HEAD},
        {IN(OK11 CHUNKED "\r\nHTTP"), .status = 200, .keep = true, .rest = "HTTP",
         .to = RESPONSE_TO_HEAD},
        {IN(OK11 "\r\n"), .status = 200, .keep = true, .to = RESPONSE_TO_HEAD},
        {IN(OK10 "\r\n"), .status = 200, .to = RESPONSE_TO_HEAD},
        {IN("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nHTTP"), .status = 204,
         .keep = true, .rest = "HTTP"},
        {IN("HTTP/1.1 304 Not Modified\r\n" CHUNKED "\r\nHTTP"), .status = 304, .keep = true,
         .rest = "HTTP"},
        {IN("HTTP/1.1 205 Reset Content\r\n\r\nHTTP"), AT_EOF, 205, .body = "HTTP"},
    };
    check_replies(cases, LEN(cases));
}

static void bodies_to_the_close(void **state)
{
    (void)state;
    static const struct reply_case cases[] = {
        {IN(OK11 "\r\nall of it"), AT_EOF, 200, .body = "all of it"},
        {IN(OK10 "\r\nall of it"), AT_EOF, 200, .body = "all of it"},
        {IN(OK11 "\r\n"), AT_EOF, 200},
        {IN(OK11 "\r\n\r\n" OK11), AT_EOF, 200, .body = "\r\n" OK11},
    };
    check_replies(cases, LEN(cases));
}

static void a_body_may_be_discarded(void **state)
{
    (void)state;
    static const char in[] = OK11 "Content-Length: 5\r\n\r\nhello";
    struct response r;
    size_t used = 0;
    response_init(&r, RESPONSE_TO_ANY);
    assert_int_equal(response_feed(&r, in, sizeof in - 1, &used), RESPONSE_DONE);
    assert_int_equal(r.body_bytes, 5);
}

static void an_ended_reply_takes_no_more(void **state)
{
    (void)state;
    static const char good[] = OK11 ZERO "\r\n";
    struct response r;
    size_t used = 1;
    response_init(&r, RESPONSE_TO_ANY);
    assert_int_equal(response_feed(&r, NULL, 0, &used), RESPONSE_MORE);
    assert_int_equal(used, 0);
    assert_int_equal(response_feed(&r, good, sizeof good - 1, &used), RESPONSE_DONE);
    assert_int_equal(response_feed(&r, good, sizeof good - 1, &used), RESPONSE_DONE);
    assert_int_equal(used, 0);
    response_init(&r, RESPONSE_TO_ANY);
    assert_int_equal(response_feed(&r, "X", 1, &used), RESPONSE_BAD);
    assert_int_equal(response_feed(&r, good, sizeof good - 1, &used), RESPONSE_BAD);
    assert_int_equal(used, 0);
}

static void started_with_the_first_byte_of_a_reply(void **state)
{
    (void)state;
    struct response r;
    size_t used = 0;
    response_init(&r, RESPONSE_TO_ANY);
    assert_false(r.started);
    assert_int_equal(response_feed(&r, "\r\n\n", 3, &used), RESPONSE_MORE);
    assert_false(r.started);
    assert_int_equal(response_feed(&r, "H", 1, &used), RESPONSE_MORE);
    assert_true(r.started);
}

static void replies_in_one_buffer(void **state)
{
    (void)state;
    static const char in[] = OK11 "Content-Length: 2\r\n\r\nhi"
                                  "HTTP/1.1 404 Not Found\r\n" CHUNKED "\r\n1\r\na\r\n0\r\n\r\n"
                                  "HTTP/1.1 204 No Content\r\n\r\n"
                                  "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";
    static const unsigned statuses[] = {200, 404, 204};
    const char *p = in;
    size_t left = sizeof in - 1;
    size_t used = 0;
    struct response r;
    for (size_t i = 0; i < LEN(statuses); i++) {
        response_init(&r, RESPONSE_TO_ANY);
        assert_int_equal(response_feed(&r, p, left, &used), RESPONSE_DONE);
        assert_int_equal(r.status, statuses[i]);
        p += used;
        left -= used;
    }
    response_init(&r, RESPONSE_TO_ANY);
    assert_int_equal(response_feed(&r, p, left, &used), RESPONSE_MORE);
    assert_int_equal(response_eof(&r), RESPONSE_MORE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks),
        cmocka_unit_test(bodies_that_are_not_there),
        cmocka_unit_test(bodies_to_the_close),
        cmocka_unit_test(a_body_may_be_discarded),
        cmocka_unit_test(an_ended_reply_takes_no_more),
        cmocka_unit_test(started_with_the_first_byte_of_a_reply),
        cmocka_unit_test(replies_in_one_buffer),
    };
    return cmocka_run_group_tests(tests, reply_fence_up, reply_fence_down);
}
