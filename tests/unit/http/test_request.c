#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "http/request.h"

#define AGENT "User-Agent: bench/" BENCH_VERSION "\r\n"
#define KEEP  "Connection: keep-alive\r\n"

struct request_case {
    const char *method, *url;
    const char *headers[4];
    const char *body;
    const char *want; /* the bytes, or a part of the error */
};

enum check { CHECKED, UNCHECKED };

static int build_as(const struct request_case *c, enum check check, struct buf *out,
                    struct err *err)
{
    struct url url = {0};
    struct str_list headers = {0};
    assert_int_equal(url_parse(c->url, &url, err), 0);
    for (size_t i = 0; i < LEN(c->headers) && c->headers[i] != NULL; i++)
        str_list_add(&headers, c->headers[i]);
    struct request_spec spec = {
        .method = c->method,
        .url = &url,
        .headers = headers.count > 0 ? &headers : NULL,
        .body = c->body,
        .body_len = c->body == NULL ? 0 : strlen(c->body),
        .raw_headers = check == UNCHECKED,
    };
    int result = request_build(&spec, out, err);
    str_list_fini(&headers);
    url_fini(&url);
    return result;
}

static int build(const struct request_case *c, struct buf *out, struct err *err)
{
    return build_as(c, CHECKED, out, err);
}

static const struct request_case sent[] = {
    {"GET",
     "http://h:3000/heavy?n=5#x",
     {NULL},
     NULL,
     "GET /heavy?n=5 HTTP/1.1\r\nHost: h:3000\r\n" KEEP AGENT "\r\n"},
    {"GET", "http://[::1]/", {NULL}, NULL, "GET / HTTP/1.1\r\nHost: [::1]\r\n" KEEP AGENT "\r\n"},
    {"patch", "h", {NULL}, NULL, "patch / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "\r\n"},
    {"POST",
     "h",
     {NULL},
     "{}",
     "POST / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "Content-Length: 2\r\n\r\n{}"},
    {"POST",
     "h",
     {NULL},
     NULL,
     "POST / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "Content-Length: 0\r\n\r\n"},
    {"GET",
     "h",
     {NULL},
     "",
     "GET / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "Content-Length: 0\r\n\r\n"},
    {"DELETE", "h", {NULL}, NULL, "DELETE / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "\r\n"},
    {"GET",
     "h",
     {"connection: close"},
     NULL,
     "GET / HTTP/1.1\r\nHost: h\r\n" AGENT "connection: close\r\n\r\n"},
    {"GET",
     "h",
     {"HOST=other", "user-agent:me", "Connection=close"},
     NULL,
     "GET / HTTP/1.1\r\nHOST: other\r\nuser-agent: me\r\nConnection: close\r\n\r\n"},
    {"GET",
     "h",
     {"A: 1", "a: 2", "A=1"},
     NULL,
     "GET / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "A: 1\r\na: 2\r\nA: 1\r\n\r\n"},
    {"GET",
     "h",
     {"A=b: c", "B: c=d", "C: \t x \t", "D:"},
     NULL,
     "GET / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "A: b: c\r\nB: c=d\r\nC: x\r\nD: \r\n\r\n"},
    {"GET",
     "h",
     {"Hostess: x", "Connect: y"},
     NULL,
     "GET / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "Hostess: x\r\nConnect: y\r\n\r\n"},
    {"PUT",
     "h",
     {"content-length: 3"},
     "abc",
     "PUT / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "content-length: 3\r\n\r\nabc"},
    /* RFC 7617's own example, then each remainder of three */
    {"GET",
     "http://Aladdin:open%20sesame@h/",
     {NULL},
     NULL,
     "GET / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT
     "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"},
    {"GET",
     "http://a:b@h/",
     {NULL},
     NULL,
     "GET / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "Authorization: Basic YTpi\r\n\r\n"},
    {"GET",
     "http://a:%ff%fe@h/",
     {NULL},
     NULL,
     "GET / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "Authorization: Basic YTr//g==\r\n\r\n"},
    {"GET",
     "http://user@h/",
     {NULL},
     NULL,
     "GET / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "Authorization: Basic dXNlcjo=\r\n\r\n"},
    {"GET",
     "http://a:b@h/",
     {"authorization: Bearer x"},
     NULL,
     "GET / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "authorization: Bearer x\r\n\r\n"},
};

static const struct request_case sent_raw[] = {
    {"PUT",
     "h",
     {"Transfer-Encoding: chunked"},
     "0\r\n\r\n",
     "PUT / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"PUT",
     "h",
     {"Host: a b", "Host:", "Content-Length: 9"},
     "x",
     "PUT / HTTP/1.1\r\n" KEEP AGENT "Host: a b\r\nHost: \r\nContent-Length: 9\r\n\r\nx"},
};

static void requests_have_these_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(sent); i++) {
        struct buf out;
        struct err err = {0};
        buf_init(&out, 4096);
        assert_int_equal(build(&sent[i], &out, &err), 0);
        assert_string_equal(out.data, sent[i].want);
        buf_fini(&out);
    }
}

static void raw_headers_are_sent_as_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(sent_raw); i++) {
        struct buf out;
        struct err err = {0};
        buf_init(&out, 4096);
        assert_int_equal(build(&sent_raw[i], &out, &err), -1);
        assert_int_equal(build_as(&sent_raw[i], UNCHECKED, &out, &err), 0);
        assert_string_equal(out.data, sent_raw[i].want);
        buf_fini(&out);
    }
}

static void a_body_may_hold_any_byte(void **state)
{
    (void)state;
    struct url url = {0};
    struct err err = {0};
    struct buf out;
    assert_int_equal(url_parse("h", &url, &err), 0);
    buf_init(&out, 4096);
    buf_puts(&out, "before");
    struct request_spec spec = {.method = "POST", .url = &url, .body = "a\0b", .body_len = 3};
    assert_int_equal(request_build(&spec, &out, &err), 0);
    assert_memory_equal(out.data, "beforePOST ", 11);
    assert_memory_equal(out.data + out.len - 7, "\r\n\r\na\0b", 7);
    buf_fini(&out);
    url_fini(&url);
}

static void what_cannot_be_sent_is_told(void **state)
{
    (void)state;
    static const struct request_case cases[] = {
        {"", "h", {NULL}, NULL, "is not a method"},
        {"GET /", "h", {NULL}, NULL, "is not a method"},
        {"G\r\nX", "h", {NULL}, NULL, "is not a method"},
        {"GET:", "h", {NULL}, NULL, "is not a method"},
        {"CONNECT", "h", {NULL}, NULL, "tunnel"},
        {"GET", "h", {""}, NULL, "is not a header"},
        {"GET", "h", {"novalue"}, NULL, "is not a header"},
        {"GET", "h", {": x"}, NULL, "is not a header"},
        {"GET", "h", {"=x"}, NULL, "is not a header"},
        {"GET", "h", {"A : x"}, NULL, "is not a header"},
        {"GET", "h", {"A\r\nB: x"}, NULL, "is not a header"},
        {"GET", "h", {"\xc3\xa9: x"}, NULL, "is not a header"},
        {"GET", "h", {"A: x", "B: x\r\nC: y"}, NULL, "header B has a line break"},
        {"GET", "h", {"A: x\n"}, NULL, "line break"},
        {"GET", "h", {"A: x\x01"}, NULL, "line break"},
        {"GET", "h", {"A: x\x7f"}, NULL, "line break"},
        {"GET", "h", {"Host: a", "host: a"}, NULL, "two Host headers"},
        {"GET", "h", {"Host:"}, NULL, "'' is not a Host"},
        {"GET", "h", {"Host: a b"}, NULL, "'a b' is not a Host"},
        {"GET", "h", {"Host: a/b"}, NULL, "'a/b' is not a Host"},
        {"GET", "h", {"Host: a?b"}, NULL, "'a?b' is not a Host"},
        {"GET", "h", {"Host: a#b"}, NULL, "'a#b' is not a Host"},
        {"GET", "h", {"Host: [::1"}, NULL, "'[::1' is not a Host"},
        {"GET", "h", {"Content-Length: 0", "content-length: 0"}, NULL, "two Content-Length"},
        {"GET", "h", {"Content-Length: 1"}, NULL, "with a body of 0 bytes"},
        {"PUT", "h", {"Content-Length: +1"}, "x", "with a body of 1 bytes"},
        {"PUT", "h", {"transfer-encoding: chunked"}, "x", "--raw-headers"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        struct err err = {0};
        buf_init(&out, 4096);
        buf_puts(&out, "before");
        assert_int_equal(build(&cases[i], &out, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i].want));
        assert_string_equal(out.data, "before");
        buf_fini(&out);
    }
}

static void a_last_request_says_close(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool closes;
    } cases[] = {
        {"Connection: close", true},     {"connection=Close", true},
        {"Connection: TE, close", true}, {"Connection: close,", true},
        {"Connection: closed", false},   {"Connection: keep-alive", false},
        {"Connection:", false},          {"X-Connection: close", false},
        {"Proxy: close", false},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct str_list headers = {0};
        str_list_add(&headers, "A: 1");
        str_list_add(&headers, cases[i].header);
        if (request_closes(&headers) != cases[i].closes)
            fail_msg("%s", cases[i].header);
        str_list_fini(&headers);
    }
}

static void a_request_fits_its_buf_or_is_refused(void **state)
{
    (void)state;
    static const struct request_case c = {"GET", "h", {NULL}, NULL, NULL};
    static const char want[] = "GET / HTTP/1.1\r\nHost: h\r\n" KEEP AGENT "\r\n";
    struct buf out;
    struct err err = {0};
    buf_init(&out, sizeof want - 1);
    assert_int_equal(build(&c, &out, &err), 0);
    assert_int_equal(build(&c, &out, &err), -1);
    assert_string_equal(out.data, want);
    buf_fini(&out);
    buf_init(&out, sizeof want - 2);
    assert_int_equal(build(&c, &out, &err), -1);
    assert_int_equal(out.len, 0);
    assert_false(out.overflow);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_have_these_bytes),
        cmocka_unit_test(raw_headers_are_sent_as_they_are),
        cmocka_unit_test(a_body_may_hold_any_byte),
        cmocka_unit_test(what_cannot_be_sent_is_told),
        cmocka_unit_test(a_last_request_says_close),
        cmocka_unit_test(a_request_fits_its_buf_or_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
