#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "http/response.h"
#include "support/reply_bed.h"

static void status_lines(void **state)
{
    (void)state;
    static const struct reply_case cases[] = {
        {IN(OK11 ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK10 ZERO "\r\n"), .status = 200},
        {IN("HTTP/1.1 404 Not Found\r\n" ZERO "\r\n"), .status = 404, .keep = true},
        {IN("HTTP/1.1 200 \r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN("HTTP/1.1 503\r\n" ZERO "\r\n"), .status = 503, .keep = true},
        {IN("HTTP/1.1 200\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN("HTTP/1.1 999 \xc3\xa9\t\x01 long reason, longer than a vector\r\n" ZERO "\r\n"),
         .status = 999, .keep = true},
        {IN("\r\n\n\r\n" OK11 ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11), .ending = TOO_FEW},
        {IN("\r\n"), .ending = TOO_FEW},
        {IN("HTTP/2 200 OK\r\n\r\n"), .ending = WRONG, .rest = "2 200 OK\r\n\r\n"},
        {IN("HTTP/1.2 200 OK\r\n\r\n"), .ending = WRONG, .rest = "2 200 OK\r\n\r\n"},
        {IN("HTTP/1.10 200 OK\r\n\r\n"), .ending = WRONG, .rest = "0 200 OK\r\n\r\n"},
        {IN("HTTP/0.9 200 OK\r\n\r\n"), .ending = WRONG, .rest = "0.9 200 OK\r\n\r\n"},
        {IN("http/1.1 200 OK\r\n\r\n"), .ending = WRONG, .rest = "http/1.1 200 OK\r\n\r\n"},
        {IN("ICY 200 OK\r\n\r\n"), .ending = WRONG, .rest = "ICY 200 OK\r\n\r\n"},
        {IN("<html>"), .ending = WRONG, .rest = "<html>"},
        {IN(" HTTP/1.1 200 OK\r\n\r\n"), .ending = WRONG, .rest = " HTTP/1.1 200 OK\r\n\r\n"},
        {IN("\rHTTP/1.1 200 OK\r\n\r\n"), .ending = WRONG, .rest = "HTTP/1.1 200 OK\r\n\r\n"},
        {IN("HTTP/1.1  200 OK\r\n\r\n"), .ending = WRONG, .rest = " 200 OK\r\n\r\n"},
        {IN("HTTP/1.1\t200 OK\r\n\r\n"), .ending = WRONG, .rest = "\t200 OK\r\n\r\n"},
        {IN("HTTP/1.1 20 OK\r\n\r\n"), .ending = WRONG, .rest = " OK\r\n\r\n"},
        {IN("HTTP/1.1 2000 OK\r\n\r\n"), .ending = WRONG, .rest = "0 OK\r\n\r\n"},
        {IN("HTTP/1.1 099 OK\r\n\r\n"), .ending = WRONG, .rest = "099 OK\r\n\r\n"},
        {IN("HTTP/1.1 +20 OK\r\n\r\n"), .ending = WRONG, .rest = "+20 OK\r\n\r\n"},
        {IN("HTTP/1.1 200OK\r\n\r\n"), .ending = WRONG, .rest = "OK\r\n\r\n"},
        {IN("HTTP/1.1 200 O\rK\r\n\r\n"), .ending = WRONG, .rest = "K\r\n\r\n"},
    };
    check_replies(cases, LEN(cases));
}

static void header_lines(void **state)
{
    (void)state;
    static const struct reply_case cases[] = {
        {IN(OK11 "Server: nginx/1.22.1\r\nDate: Sat, 22 Nov 2025 22:37:00 GMT\r\n"
                 "Content-Type: text/html\r\nContent-Length: 3\r\n"
                 "Last-Modified: Fri, 14 Nov 2025 10:11:12 GMT\r\nConnection: keep-alive\r\n"
                 "ETag: \"6916ff00-267\"\r\nAccept-Ranges: bytes\r\n\r\nabc"),
         .status = 200, .keep = true, .body = "abc"},
        {IN("HTTP/1.1 200 OK\nX: y\nContent-Length: 2\n\nhi"), .status = 200, .keep = true,
         .body = "hi"},
        {IN(OK11 "X:\r\nY:z\r\nZ: \r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "X: a\r\n b\r\n\tc\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "X: a\r\n \r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "X: a\r\n Content-Length: 5\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "X: a: b\x01\x7f\xff\tc\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "X(y)\xff: \"quoted\"\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "A-Name-Longer-Than-Sixteen-Bytes: and a value longer than that, too\r\n" ZERO
                 "\r\n"),
         .status = 200, .keep = true},
        {IN(OK11 "A: b"), .ending = TOO_FEW},
        {IN(OK11 ZERO "\r"), .ending = TOO_FEW},
        {IN(OK11 "A b: c\r\n\r\n"), .ending = WRONG, .rest = " b: c\r\n\r\n"},
        {IN(OK11 "A : c\r\n\r\n"), .ending = WRONG, .rest = " : c\r\n\r\n"},
        {IN(OK11 "Content-Length : 5\r\n\r\n"), .ending = WRONG, .rest = " : 5\r\n\r\n"},
        {IN(OK11 "A\t: c\r\n\r\n"), .ending = WRONG, .rest = "\t: c\r\n\r\n"},
        {IN(OK11 "A\r\n\r\n"), .ending = WRONG, .rest = "\r\n\r\n"},
        {IN(OK11 "A\n\r\n"), .ending = WRONG, .rest = "\n\r\n"},
        {IN(OK11 ": c\r\n\r\n"), .ending = WRONG, .rest = ": c\r\n\r\n"},
        {IN(OK11 " A: c\r\n\r\n"), .ending = WRONG, .rest = " A: c\r\n\r\n"},
        {IN(OK11 "\tA: c\r\n\r\n"), .ending = WRONG, .rest = "\tA: c\r\n\r\n"},
        {IN(OK11 "\x01: c\r\n\r\n"), .ending = WRONG, .rest = "\x01: c\r\n\r\n"},
        {IN(OK11 "A: b\rc\r\n\r\n"), .ending = WRONG, .rest = "c\r\n\r\n"},
        {IN(OK11 "A: b\r\r\n\r\n"), .ending = WRONG, .rest = "\r\n\r\n"},
        {IN(OK11 "A: b\r\n\rB: c\r\n\r\n"), .ending = WRONG, .rest = "B: c\r\n\r\n"},
        {IN(OK11 "Connection: close\rX\r\n\r\n"), .ending = WRONG, .rest = "X\r\n\r\n"},
    };
    check_replies(cases, LEN(cases));
}

/* Their texts have a NUL, so `rest` cannot say where they stop. */
static void nul_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        size_t len;
    } cases[] = {
        {"HTTP/1.1 200 O\0K\r\n\r\n", 21},
        {"HTTP/1.1 200 OK\r\nA: \0\r\n\r\n", 25},
        {"HTTP/1.1 200 OK\r\nA: a long value, longer than sixteen\0\r\n\r\n", 59},
        {"HTTP/1.1 200 OK\r\nA\0: b\r\n\r\n", 26},
        {"HTTP/1.1 200 OK\r\nConnection: close\0\r\n\r\n", 40},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\0\r\n\r\n", 40},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;\0\r\na", 54},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        size_t nul = strlen(cases[i].in);
        for (size_t cut = 0; cut < cases[i].len; cut++) {
            struct feeding f;
            reply_begin(&f, RESPONSE_TO_ANY);
            reply_feed(&f, cases[i].in, cut);
            reply_feed(&f, cases[i].in + cut, cases[i].len - cut);
            assert_int_equal(f.state, RESPONSE_BAD);
            assert_int_equal(f.used, nul);
        }
    }
}

/* At every place in a line, because the line is scanned in blocks. */
static void a_bare_cr_is_found_anywhere(void **state)
{
    (void)state;
    static const char start[] = OK11 "A: ";
    for (size_t at = 0; at < 64; at++) {
        char in[256];
        struct feeding f;
        int len = snprintf(in, sizeof in, "%s%080d\r\n%s\r\n%080d", start, 0, ZERO, 0);
        in[sizeof start - 1 + at] = '\r';
        reply_begin(&f, RESPONSE_TO_ANY);
        reply_feed(&f, in, (size_t)len);
        assert_int_equal(f.state, RESPONSE_BAD);
        assert_int_equal(f.used, sizeof start + at);
    }
}

static void interim_replies(void **state)
{
    (void)state;
    static const struct reply_case cases[] = {
        {IN("HTTP/1.1 100 Continue\r\n\r\n" OK11 "Content-Length: 1\r\n\r\nx"), .status = 200,
         .keep = true, .body = "x"},
        {IN("HTTP/1.1 100\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" OK11 ZERO "\r\n"),
         .status = 200, .keep = true},
        {IN("HTTP/1.1 100 Continue\r\nConnection: close\r\nContent-Length: 9\r\n" CHUNKED
            "\r\n\r\n" OK11 "Content-Length: 1\r\n\r\nx"),
         .status = 200, .keep = true, .body = "x"},
        {IN("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n" ZERO "\r\n"), .status = 200},
        {IN("HTTP/1.1 199 X\r\n\r\n" OK11 "Content-Length: 1\r\n\r\n"), .status = 200, .keep = true,
         .to = RESPONSE_TO_HEAD},
        {IN("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nbytes"), .status = 101,
         .rest = "bytes"},
        {IN("HTTP/1.1 100 Continue\r\n\r\n"), .ending = TOO_FEW},
        {IN("HTTP/1.1 100 Continue\r\n\r\nhi"), .ending = WRONG, .rest = "hi"},
    };
    check_replies(cases, LEN(cases));
}

/* Feeds `in` by `step` bytes, up to its end or its error. '#' stands for as many 'x' as make the
 * whole `total` bytes long. */
static enum response_state long_head(const char *in, size_t total, size_t step, size_t *used)
{
    size_t before = strcspn(in, "#");
    size_t after = strlen(in + before + 1);
    char *text = mem_zalloc(total);
    struct feeding f;
    memset(text, 'x', total);
    memcpy(text, in, before);
    memcpy(text + total - after, in + before + 1, after);
    reply_begin(&f, RESPONSE_TO_ANY);
    for (size_t at = 0; at < total; at += step)
        reply_feed(&f, text + at, total - at < step ? total - at : step);
    free(text);
    *used = f.used;
    return f.state;
}

static void a_head_has_a_limit(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        size_t not_head; /* bytes of body and chunk lines, which do not count */
    } cases[] = {
        {OK11 ZERO "X: #\r\n\r\n", 0},
        {OK11 ZERO "#: y\r\n\r\n", 0},
        {"HTTP/1.1 200 #\r\n" ZERO "\r\n", 0},
        {"HTTP/1.1 100 Continue\r\nX: #\r\n\r\n" OK11 ZERO "\r\n", 0},
        {OK11 CHUNKED "\r\n2\r\nhi\r\n0\r\nX: #\r\n\r\n", 10},
    };
    static const size_t steps[] = {1, 7, 4096, FENCE_BYTES};
    for (size_t i = 0; i < LEN(cases); i++) {
        for (size_t s = 0; s < LEN(steps); s++) {
            size_t used = 0;
            size_t most = RESPONSE_HEAD_MAX + cases[i].not_head;
            assert_int_equal(long_head(cases[i].in, most, steps[s], &used), RESPONSE_DONE);
            assert_int_equal(used, most);
            assert_int_equal(long_head(cases[i].in, most + 1, steps[s], &used), RESPONSE_BAD);
            assert_int_equal(used, most);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_lines),    cmocka_unit_test(header_lines),
        cmocka_unit_test(nul_bytes),       cmocka_unit_test(a_bare_cr_is_found_anywhere),
        cmocka_unit_test(interim_replies), cmocka_unit_test(a_head_has_a_limit),
    };
    return cmocka_run_group_tests(tests, reply_fence_up, reply_fence_down);
}
