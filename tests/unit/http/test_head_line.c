/* head_line: the headers of replies, told once each, however the bytes are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "http/head_line.h"

static void add(void *ctx, const char *name, size_t name_len, const char *value, size_t value_len)
{
    buf_printf(ctx, "[%.*s|%.*s]", (int)name_len, name, (int)value_len, value);
}

static enum response_state feed(struct response *r, const char *text, size_t piece)
{
    enum response_state state = RESPONSE_MORE;
    size_t len = strlen(text);
    for (size_t at = 0; at < len && state == RESPONSE_MORE;) {
        size_t used = 0;
        state = response_feed(r, text + at, len - at < piece ? len - at : piece, &used);
        at += used;
    }
    return state;
}

static void check(const char *text, size_t piece, const char *told)
{
    struct response r;
    struct head_line line;
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    head_line_init(&line, add, &out);
    for (int i = 0; i < 2; i++) { /* the second reply has nothing of the first */
        buf_clear(&out);
        head_line_begin(&line);
        response_init(&r, RESPONSE_TO_ANY);
        r.header = head_line_piece;
        r.ctx = &line;
        assert_int_equal(feed(&r, text, piece), RESPONSE_DONE);
        head_line_end(&line);
        if (strcmp(out.data, told) != 0)
            fail_msg("in pieces of %zu: %s", piece, out.data);
    }
    head_line_fini(&line);
    buf_fini(&out);
}

static void each_header_is_told_once(void **state)
{
    (void)state;
    static const struct {
        const char *text, *told;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "[Content-Length| 2]"},
        {"HTTP/1.1 204 No\r\nA:1\r\nb:\tx y \r\nC:\r\nSet-Cookie: a=b; Path=/\r\n\r\n",
         "[A|1][b|\tx y ][C|][Set-Cookie| a=b; Path=/]"},
        {"HTTP/1.1 204 No\nA: 1\nB: 2\n\n", "[A| 1][B| 2]"},
        {"HTTP/1.1 204 No\r\nA: one\r\n  two\r\n\tthree\r\nB: 2\r\n\r\n",
         "[A| one  two\tthree][B| 2]"},
        {"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
         "3\r\nabc\r\n0\r\nTrailer: no\r\n\r\n",
         "[Connection| keep-alive][Transfer-Encoding| chunked]"},
        {"HTTP/1.1 103 Early\r\nLink: no\r\n\r\nHTTP/1.1 204 No\r\nA: 1\r\n\r\n", "[A| 1]"},
        {"HTTP/1.1 204 No\r\nA: b\001c\r\n\r\n", "[A| bc]"},
        {"HTTP/1.1 204 No\r\nLocation: /a:b\r\n\r\n", "[Location| /a:b]"},
        {"HTTP/1.1 204 No\r\n\r\n", ""},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        for (size_t piece = 1; piece <= strlen(cases[i].text); piece++)
            check(cases[i].text, piece, cases[i].told);
    }
}

/* A reply that is cut off in a header leaves nothing to the next one. */
static void a_line_that_ends_nowhere_is_not_told(void **state)
{
    (void)state;
    struct response r;
    struct head_line line;
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    head_line_init(&line, add, &out);
    response_init(&r, RESPONSE_TO_ANY);
    r.header = head_line_piece;
    r.ctx = &line;
    assert_int_equal(feed(&r, "HTTP/1.1 200 OK\r\nA: 1", 3), RESPONSE_MORE);
    head_line_begin(&line);
    head_line_end(&line);
    assert_string_equal(out.data, "");
    head_line_fini(&line);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_header_is_told_once),
        cmocka_unit_test(a_line_that_ends_nowhere_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
