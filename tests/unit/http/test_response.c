#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "http/response.h"

_Static_assert(sizeof(struct response) <= 80, "one for each connection");

/* --- pieces that end at a protected page --- */

#define FENCE_BYTES ((size_t)1 << 17)

static char *fence; /* the first byte that cannot be read */

static int fence_up(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *map =
        mmap(NULL, FENCE_BYTES + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED || mprotect(map + FENCE_BYTES, page, PROT_NONE) != 0)
        return -1;
    fence = map + FENCE_BYTES;
    return 0;
}

static int fence_down(void **state)
{
    (void)state;
    return munmap(fence - FENCE_BYTES, FENCE_BYTES + (size_t)sysconf(_SC_PAGESIZE));
}

struct feeding {
    struct response r;
    enum response_state state;
    size_t used;
    char body[512];
    size_t body_len;
};

static void on_body(void *ctx, const char *bytes, size_t len)
{
    struct feeding *f = ctx;
    assert_true(len > 0 && len <= sizeof f->body - f->body_len);
    memcpy(f->body + f->body_len, bytes, len);
    f->body_len += len;
}

static void feeding_start(struct feeding *f, enum response_to to)
{
    *f = (struct feeding){0};
    response_init(&f->r, to);
    f->r.body = on_body;
    f->r.body_ctx = f;
}

/* Nothing once the reply has ended, as its owner has it. */
static void feed(struct feeding *f, const char *data, size_t len)
{
    size_t used = SIZE_MAX;
    if (f->state != RESPONSE_MORE)
        return;
    memcpy(fence - len, data, len);
    f->state = response_feed(&f->r, fence - len, len, &used);
    assert_true(used <= len);
    if (f->state == RESPONSE_MORE)
        assert_int_equal(used, len);
    f->used += used;
}

/* --- cases --- */

enum ending {
    WHOLE,   /* RESPONSE_DONE within the bytes */
    AT_EOF,  /* RESPONSE_DONE when the other end closes */
    TOO_FEW, /* never done */
    WRONG,   /* RESPONSE_BAD */
};

struct reply_case {
    const char *in;
    size_t len;
    enum ending ending;
    unsigned status;
    const char *body;
    const char *rest; /* not used up; with WRONG: from the wrong byte on */
    enum response_to to;
    bool keep;
};

static void check_end(const struct reply_case *c, const struct feeding *f)
{
    static const enum response_state before_eof[] = {
        [WHOLE] = RESPONSE_DONE,
        [AT_EOF] = RESPONSE_MORE,
        [TOO_FEW] = RESPONSE_MORE,
        [WRONG] = RESPONSE_BAD,
    };
    size_t rest_len = c->rest == NULL ? 0 : strlen(c->rest);
    assert_int_equal(f->state, before_eof[c->ending]);
    assert_int_equal(f->used, c->len - rest_len);
    assert_int_equal(f->r.why != NULL, c->ending == WRONG);
}

static void check_reply(const struct reply_case *c, struct feeding *f)
{
    const char *body = c->body == NULL ? "" : c->body;
    check_end(c, f);
    enum response_state state = response_eof(&f->r);
    if (c->ending == WRONG || c->ending == TOO_FEW) {
        assert_int_equal(state, c->ending == WRONG ? RESPONSE_BAD : RESPONSE_MORE);
        return;
    }
    assert_int_equal(state, RESPONSE_DONE);
    assert_int_equal(f->r.status, c->status);
    assert_int_equal(f->r.keep_alive, c->keep);
    assert_true(f->r.started);
    assert_int_equal(f->r.body_bytes, strlen(body));
    assert_int_equal(f->body_len, strlen(body));
    assert_memory_equal(f->body, body, strlen(body));
}

/* One feed, then a feed for each byte, then each split in two. */
static void check_case(const struct reply_case *c)
{
    struct feeding f;
    const char *why = NULL;
    print_message("%.60s\n", c->in);
    for (size_t cut = 0; cut < c->len; cut++) {
        feeding_start(&f, c->to);
        feed(&f, c->in, cut);
        feed(&f, c->in + cut, c->len - cut);
        check_reply(c, &f);
        assert_true(cut == 0 || why == f.r.why);
        why = f.r.why;
    }
    feeding_start(&f, c->to);
    for (size_t i = 0; i < c->len; i++)
        feed(&f, c->in + i, 1);
    check_reply(c, &f);
    assert_ptr_equal(why, f.r.why);
}

static void check_cases(const struct reply_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_case(&cases[i]);
}

#define IN(text) .in = (text), .len = sizeof(text) - 1
#define OK11     "HTTP/1.1 200 OK\r\n"
#define OK10     "HTTP/1.0 200 OK\r\n"
#define ZERO     "Content-Length: 0\r\n"
#define CHUNKED  "Transfer-Encoding: chunked\r\n"

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
    check_cases(cases, LEN(cases));
}

static void connections(void **state)
{
    (void)state;
    static const struct reply_case cases[] = {
        {IN(OK11 "Connection: close\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: keep-alive\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "connection:CLOSE\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: \t close \t\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: keep-alive, close\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: close\r\nConnection: keep-alive\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: ,, close ,\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: a,close\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: closed\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Connection: clos\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Connection: not close\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Connection: close it\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Connections: close\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Connectio: close\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Cannection: close\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Proxy-Connection: close\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Connection:\r\n close\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: clo\r\n se\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK10 "Connection: Keep-Alive\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK10 "Connection: keep-alive\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK10 "Connection: x, keep-alive\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK10 "Connection: keep-alivee\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK10 "Connection: keep-alive, close\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK10 "Connection: keep-alive\r\n" CHUNKED "\r\n0\r\n\r\n"), .status = 200},
        {IN(OK11 "Connection: keep-alive\r\n\r\nall"), AT_EOF, 200, .body = "all"},
    };
    check_cases(cases, LEN(cases));
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
    check_cases(cases, LEN(cases));
}

/* Their texts have a NUL, so `rest` cannot tell where they stop. */
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
            feeding_start(&f, RESPONSE_TO_ANY);
            feed(&f, cases[i].in, cut);
            feed(&f, cases[i].in + cut, cases[i].len - cut);
            assert_int_equal(f.state, RESPONSE_BAD);
            assert_int_equal(f.used, nul);
        }
    }
}

/* Wherever it is in a line: the line is scanned in blocks. */
static void a_bare_cr_is_found_anywhere(void **state)
{
    (void)state;
    static const char start[] = OK11 "A: ";
    for (size_t at = 0; at < 64; at++) {
        char in[256];
        struct feeding f;
        int len = snprintf(in, sizeof in, "%s%080d\r\n%s\r\n%080d", start, 0, ZERO, 0);
        in[sizeof start - 1 + at] = '\r';
        feeding_start(&f, RESPONSE_TO_ANY);
        feed(&f, in, (size_t)len);
        assert_int_equal(f.state, RESPONSE_BAD);
        assert_int_equal(f.used, sizeof start + at);
    }
}

static void lengths(void **state)
{
    (void)state;
    static const struct reply_case cases[] = {
        {IN(OK11 "Content-Length: 5\r\n\r\nhello"), .status = 200, .keep = true, .body = "hello"},
        {IN(OK11 "CONTENT-LENGTH:5\r\n\r\nhello"), .status = 200, .keep = true, .body = "hello"},
        {IN(OK11 "content-length: \t 005 \t\r\n\r\nhello"), .status = 200, .keep = true,
         .body = "hello"},
        {IN(OK11 "Content-Length: 2, 2,02\r\n\r\nhi"), .status = 200, .keep = true, .body = "hi"},
        {IN(OK11 "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi"), .status = 200, .keep = true,
         .body = "hi"},
        {IN(OK11 "Content-Length:\r\n 2\r\n\r\nhi"), .status = 200, .keep = true, .body = "hi"},
        {IN(OK11 "Content-Length: 0000000000000000000000000000000002\r\n\r\nhi"), .status = 200,
         .keep = true, .body = "hi"},
        {IN(OK11 "Content-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\n"), .status = 200, .keep = true,
         .body = "hi", .rest = "HTTP/1.1 200 OK\r\n"},
        {IN(OK11 ZERO "\r\nrest"), .status = 200, .keep = true, .rest = "rest"},
        {IN(OK11 "Content-Length: 5\r\n\r\nhell"), .ending = TOO_FEW},
        {IN(OK11 "Content-Length: 1152921504606846975\r\n\r\nx"), .ending = TOO_FEW},
        {IN(OK11 "Content-Lengths: 5\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Content-Lengt: 5\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Kontent-Length: 5\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Content-Length: 2\r\nContent-Length: 3\r\n\r\n"), .ending = WRONG,
         .rest = "\r\n"},
        {IN(OK11 "Content-Length: 2, 3\r\n\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 "Content-Length: 2, 3, 2\r\n\r\n"), .ending = WRONG, .rest = ", 2\r\n\r\n"},
        {IN(OK11 "Content-Length: 2,\r\n\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 "Content-Length: ,2\r\n\r\n"), .ending = WRONG, .rest = ",2\r\n\r\n"},
        {IN(OK11 "Content-Length:\r\n\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 "Content-Length: \r\n\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 "Content-Length: +5\r\n\r\n"), .ending = WRONG, .rest = "+5\r\n\r\n"},
        {IN(OK11 "Content-Length: -5\r\n\r\n"), .ending = WRONG, .rest = "-5\r\n\r\n"},
        {IN(OK11 "Content-Length: 0x5\r\n\r\n"), .ending = WRONG, .rest = "x5\r\n\r\n"},
        {IN(OK11 "Content-Length: 5 5\r\n\r\n"), .ending = WRONG, .rest = "5\r\n\r\n"},
        {IN(OK11 "Content-Length: 5\r\n 5\r\n\r\n"), .ending = WRONG, .rest = "5\r\n\r\n"},
        {IN(OK11 "Content-Length: 5.0\r\n\r\n"), .ending = WRONG, .rest = ".0\r\n\r\n"},
        {IN(OK11 "Content-Length: 5;\r\n\r\n"), .ending = WRONG, .rest = ";\r\n\r\n"},
        {IN(OK11 "Content-Length: 1152921504606846976\r\n\r\n"), .ending = WRONG,
         .rest = "6\r\n\r\n"},
        {IN(OK11 "Content-Length: 18446744073709551621\r\n\r\n"), .ending = WRONG,
         .rest = "21\r\n\r\n"},
    };
    check_cases(cases, LEN(cases));
}

static void codings(void **state)
{
    (void)state;
    static const struct reply_case cases[] = {
        {IN(OK11 CHUNKED "Content-Length: 99\r\n\r\n2\r\nhi\r\n0\r\n\r\n"), .status = 200,
         .keep = true, .body = "hi"},
        {IN(OK11 "Content-Length: 1\r\n" CHUNKED "\r\n2\r\nhi\r\n0\r\n\r\n"), .status = 200,
         .keep = true, .body = "hi"},
        {IN(OK11 "TRANSFER-ENCODING:Chunked\r\n\r\n0\r\n\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Transfer-Encoding: gzip;q=1\r\n" CHUNKED "\r\n0\r\n\r\n"), .status = 200,
         .keep = true},
        {IN(OK11 "Transfer-Encoding: , chunked ,\r\n\r\n0\r\n\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Transfer-Encoding: gzip\r\n\r\nzipped"), AT_EOF, 200, .body = "zipped"},
        {IN(OK11 "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nzipped"), AT_EOF, 200,
         .body = "zipped"},
        {IN(OK11 "Transfer-Encoding: identity\r\n\r\nas is"), AT_EOF, 200, .body = "as is"},
        {IN(OK11 "Transfer-Encoding:\r\n\r\nas is"), AT_EOF, 200, .body = "as is"},
        {IN(OK11 "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"), AT_EOF, 200,
         .body = "0\r\n\r\n"},
        {IN(OK11 CHUNKED "Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n"), AT_EOF, 200,
         .body = "0\r\n\r\n"},
        {IN(OK11 "Transfer-Encoding: xchunked\r\n\r\n0"), AT_EOF, 200, .body = "0"},
        {IN(OK11 "Transfer-Encoding: chunkedx\r\n\r\n0"), AT_EOF, 200, .body = "0"},
        {IN(OK11 "Transfer-Encoding: chunke\r\n\r\n0"), AT_EOF, 200, .body = "0"},
        {IN(OK11 "Transfer-Encodings: chunked\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 CHUNKED "Transfer-Encoding: ,\r\n\r\n0\r\n\r\n"), .status = 200, .keep = true},
        {IN(OK11 CHUNKED CHUNKED "\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 "Transfer-Encoding: chunked, chunked\r\n\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 "Transfer-Encoding: chunked, gzip, chunked, a\r\n\r\n"), .ending = WRONG,
         .rest = ", a\r\n\r\n"},
        {IN(OK11 "Transfer-Encoding: chunked;a=b\r\n\r\n"), .ending = WRONG,
         .rest = ";a=b\r\n\r\n"},
        {IN(OK11 "Transfer-Encoding: chunked ;a=b\r\n\r\n"), .ending = WRONG,
         .rest = ";a=b\r\n\r\n"},
        {IN(OK11 "Transfer-Encoding: a;b=\", chunked\"\r\n\r\n"), .ending = WRONG,
         .rest = "\", chunked\"\r\n\r\n"},
        {IN(OK11 CHUNKED "Content-Length: x\r\n\r\n"), .ending = WRONG, .rest = "x\r\n\r\n"},
    };
    check_cases(cases, LEN(cases));
}

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
    check_cases(cases, LEN(cases));
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
    check_cases(cases, LEN(cases));
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
    check_cases(cases, LEN(cases));
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
    check_cases(cases, LEN(cases));
}

/* --- the limit of a head --- */

/* `in`, in which '#' stands for as many 'x' as make the whole `total` bytes long, to the end of it
 * or to its error, in feeds of `step` bytes. */
static enum response_state long_head(const char *in, size_t total, size_t step, size_t *used)
{
    size_t before = strcspn(in, "#");
    size_t after = strlen(in + before + 1);
    char *text = mem_zalloc(total);
    struct feeding f;
    memset(text, 'x', total);
    memcpy(text, in, before);
    memcpy(text + total - after, in + before + 1, after);
    feeding_start(&f, RESPONSE_TO_ANY);
    for (size_t at = 0; at < total; at += step)
        feed(&f, text + at, total - at < step ? total - at : step);
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

/* --- the rest of the contract --- */

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
        cmocka_unit_test(status_lines),
        cmocka_unit_test(connections),
        cmocka_unit_test(header_lines),
        cmocka_unit_test(nul_bytes),
        cmocka_unit_test(a_bare_cr_is_found_anywhere),
        cmocka_unit_test(lengths),
        cmocka_unit_test(codings),
        cmocka_unit_test(chunks),
        cmocka_unit_test(bodies_that_are_not_there),
        cmocka_unit_test(bodies_to_the_close),
        cmocka_unit_test(interim_replies),
        cmocka_unit_test(a_head_has_a_limit),
        cmocka_unit_test(a_body_may_be_discarded),
        cmocka_unit_test(an_ended_reply_takes_no_more),
        cmocka_unit_test(started_with_the_first_byte_of_a_reply),
        cmocka_unit_test(replies_in_one_buffer),
    };
    return cmocka_run_group_tests(tests, fence_up, fence_down);
}
