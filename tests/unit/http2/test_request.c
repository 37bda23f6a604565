#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "http/request.h"
#include "http2/request.h"

static int make(struct h2_request *r, const char *text, struct err *err)
{
    return h2_request_init(r, text, strlen(text), "http", err);
}

/* "name: value\n" */
static void add_fields(const struct h2_request *r, struct buf *out)
{
    for (size_t i = 0; i < r->nfields; i++) {
        const nghttp2_nv *field = &r->fields[i];
        assert_int_equal(field->flags,
                         NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE);
        buf_add(out, field->name, field->namelen);
        buf_puts(out, ": ");
        buf_add(out, field->value, field->valuelen);
        buf_puts(out, "\n");
    }
}

static void check(const struct h2_request *r, const char *want, const char *body)
{
    struct buf fields;
    buf_init(&fields, BUF_TEXT_MAX);
    add_fields(r, &fields);
    assert_string_equal(fields.data, want);
    buf_fini(&fields);
    assert_int_equal(r->body_len, strlen(body));
    if (r->body_len > 0)
        assert_memory_equal(r->body, body, r->body_len);
    else
        assert_null(r->body);
}

#define GET_H "GET / HTTP/1.1\r\nHost: h\r\n"
#define SAME  ":method: GET\n:scheme: http\n:authority: h\n:path: /\n"

static const struct {
    const char *text, *want, *body;
} sent[] = {
    {GET_H "\r\n", SAME, ""},
    {"GET /a?b=c HTTP/1.1\r\nHost: h:8080\r\n\r\n",
     ":method: GET\n:scheme: http\n:authority: h:8080\n:path: /a?b=c\n", ""},
    {GET_H "User-Agent: A b\r\nX-UPPER_1: Value\r\n\r\n",
     SAME "user-agent: A b\nx-upper_1: Value\n", ""},
    {"GET / HTTP/1.1\r\nA: 1\r\nhOST: h\r\nA: 2\r\n\r\n", SAME "a: 1\na: 2\n", ""},
    {GET_H "Empty: \r\nNone:\r\n\r\n", SAME "empty: \nnone: \n", ""},
    /* about one connection of HTTP/1.1 */
    {GET_H "Connection: keep-alive\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\n"
           "Transfer-Encoding: chunked\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\nTE: gzip\r\n\r\n",
     SAME, ""},
    {GET_H "TE: Trailers\r\nConnections: 1\r\nTea: x\r\n\r\n",
     SAME "te: Trailers\nconnections: 1\ntea: x\n", ""},
    {GET_H "Cookie: a=1; b=2\r\nAuthorization: Basic YTpi\r\n\r\n",
     SAME "cookie: a=1; b=2\nauthorization: Basic YTpi\n", ""},
    /* bodies */
    {"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n\r\n\r\nx",
     ":method: POST\n:scheme: http\n:authority: h\n:path: /p\ncontent-length: 5\n", "\r\n\r\nx"},
    {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
     ":method: POST\n:scheme: http\n:authority: h\n:path: /\ncontent-length: 0\n", ""},
};

static void a_request_becomes_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(sent); i++) {
        struct h2_request r;
        struct err err;
        print_message("%s\n", sent[i].text);
        assert_int_equal(make(&r, sent[i].text, &err), 0);
        check(&r, sent[i].want, sent[i].body);
        assert_false(r.is_head);
        h2_request_fini(&r);
    }
}

/* All of its checks and defaults, through the text. */
static void what_request_build_makes_is_taken(void **state)
{
    (void)state;
    struct url url;
    struct err err;
    struct buf text;
    struct h2_request r;
    buf_init(&text, 1 << 20);
    assert_int_equal(url_parse("http://a:b@[::1]:81/x", &url, &err), 0);
    struct request_spec spec = {.method = "HEAD", .url = &url};
    assert_int_equal(request_build(&spec, &text, &err), 0);
    assert_int_equal(h2_request_init(&r, text.data, text.len, "https", &err), 0);
    check(&r,
          ":method: HEAD\n:scheme: https\n:authority: [::1]:81\n:path: /x\n"
          "user-agent: bench/" BENCH_VERSION "\nauthorization: Basic YTpi\n",
          "");
    assert_true(r.is_head);
    h2_request_fini(&r);
    url_fini(&url);
    buf_fini(&text);
}

static void a_body_stays_in_its_place(void **state)
{
    (void)state;
    static const char text[] = "PUT / HTTP/1.1\r\nHost: h\r\n\r\nbody";
    struct h2_request r;
    struct err err;
    assert_int_equal(make(&r, text, &err), 0);
    assert_ptr_equal(r.body, text + sizeof text - 5);
    h2_request_fini(&r);
    assert_null(r.fields);
}

static void others_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", "not a request"},
        {"\r\n\r\n", "not a request"},
        {"GET / HTTP/1.1\r\nHost: h\r\n", "not a request"},
        {"GET / HTTP/1.0\r\nHost: h\r\n\r\n", "not a request"},
        {"GET /\r\nHost: h\r\n\r\n", "not a request"},
        {"GET  HTTP/1.1\r\nHost: h\r\n\r\n", "not a request"},
        {"G\r\n\r\n", "not a request"},
        {GET_H "no colon\r\n\r\n", "not a request"},
        {GET_H ": no name\r\n\r\n", "not a request"},
        {"GET / HTTP/1.1\r\nA: b\r\n\r\n", "needs a Host"},
        {"GET / HTTP/1.1\r\nHost: \r\n\r\n", "needs a Host"},
        {GET_H "host: i\r\n\r\n", "two Host headers"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct h2_request r;
        struct err err = {0};
        print_message("%s\n", cases[i].text);
        assert_int_equal(make(&r, cases[i].text, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i].want));
        assert_null(r.fields);
        assert_null(r.text);
    }
}

static void a_head_has_a_limit(void **state)
{
    (void)state;
    static const struct {
        size_t value_len;
        int want;
    } cases[] = {{64000, 0}, {65000, -1}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct h2_request r;
        struct err err = {0};
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        buf_puts(&text, GET_H "Long: ");
        buf_pad(&text, 'v', cases[i].value_len);
        buf_puts(&text, "\r\n\r\n");
        assert_int_equal(make(&r, text.data, &err), cases[i].want);
        if (cases[i].want < 0)
            assert_non_null(strstr(err.text, "too large for HTTP/2"));
        h2_request_fini(&r);
        buf_fini(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_becomes_fields),
        cmocka_unit_test(what_request_build_makes_is_taken),
        cmocka_unit_test(a_body_stays_in_its_place),
        cmocka_unit_test(others_are_refused),
        cmocka_unit_test(a_head_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
