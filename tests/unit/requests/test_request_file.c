#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "requests/request_file.h"

static int parse(const char *bytes, size_t len, struct request_list *list, struct err *err)
{
    /* Of its exact size, so that reading on is seen. */
    char *copy = malloc(len == 0 ? 1 : len);
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    *list = (struct request_list){0};
    const struct written text = {"r.jsonl", copy, len};
    int failed = request_file_parse(&text, ENTRY_CHECKED_HEADERS, list, err);
    free(copy);
    return failed;
}

static struct request_list parsed(const char *text)
{
    struct request_list list;
    struct err err;
    if (parse(text, strlen(text), &list, &err) < 0)
        fail_msg("%s", err.text);
    return list;
}

static void an_entry_has_all_that_is_said(void **state)
{
    (void)state;
    struct request_list list = parsed(
        "\xef\xbb\xbf{\"method\": \"post\", \"path\": \"/u?x=1#here\", \"name\": \"sign up\","
        " \"headers\": {\"X-Key\": \"1\", \"Accept\": [\"a\", \"b\"], \"X-N\": 1.50},"
        " \"body\": {\"b\" : [1.0, \"x \\u0041\" ],\n\"a\": null}, \"weight\": 2.5,"
        " \"think\": \"1s-3s\","
        " \"expect\": {\"status\": [201, \"300-302\"], \"contains\": [\"a\", \"b\"], \"size\": 3},"
        " \"capture\": {\"t\": {\"pointer\": \"/t\"}, \"h\": {\"header\": \"Location\"},"
        " \"r\": {\"regex\": \"id=(\\\\d+)\"}}}");
    assert_int_equal(list.count, 1);
    assert_true(list.is_weighted && list.has_placeholders);
    assert_string_equal(list.file, "r.jsonl");
    const struct request_entry *e = &list.items[0];
    assert_string_equal(e->method, "POST");
    assert_string_equal(e->path, "/u?x=1");
    assert_string_equal(e->name, "sign up");
    assert_int_equal(e->headers.count, 4);
    assert_string_equal(e->headers.items[0], "X-Key: 1");
    assert_string_equal(e->headers.items[1], "Accept: a");
    assert_string_equal(e->headers.items[2], "Accept: b");
    assert_string_equal(e->headers.items[3], "X-N: 1.50");
    assert_string_equal(e->body, "{\"b\":[1.0,\"x \\u0041\"],\"a\":null}");
    assert_int_equal(e->body_len, strlen(e->body));
    assert_true(e->weight == 2.5);
    assert_int_equal(e->think_min_ns, 1000000000);
    assert_int_equal(e->think_max_ns, 3000000000);
    assert_int_equal(e->expect.nstatuses, 2);
    assert_int_equal(e->expect.statuses[1].to, 302);
    assert_int_equal(e->expect.nchecks, 3);
    assert_int_equal(e->expect.checks[2].kind, BODY_SIZE);
    assert_int_equal(e->expect.checks[2].size, 3);
    assert_int_equal(e->ncaptures, 3);
    assert_string_equal(e->captures[0].name, "t");
    assert_int_equal(e->captures[2].from, CAPTURE_REGEX);
    assert_string_equal(e->captures[2].what, "id=(\\d+)");
    request_list_fini(&list);
}

static void lines_and_an_array_are_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"path\": \"/a\"}\r\n\r\n{\"path\": \"/b\"}\r\n{}\n",
        "{\"path\": \"/a\"}{\"path\": \"/b\"}{}",
        " [{\"path\": \"/a\"},\n {\"path\": \"/b\"}, {} ]\n",
        "{\n  \"path\": \"/a\"\n}\n{\n  \"path\": \"/b\"\n}\n{ }",
    };
    for (size_t i = 0; i < LEN(texts); i++) {
        struct request_list list = parsed(texts[i]);
        assert_int_equal(list.count, 3);
        assert_false(list.is_weighted);
        assert_string_equal(list.items[0].path, "/a");
        assert_string_equal(list.items[1].path, "/b");
        assert_null(list.items[2].path);
        assert_null(list.items[2].method);
        assert_null(list.items[2].body);
        assert_true(isnan(list.items[2].weight));
        request_list_fini(&list);
    }
}

static void bodies_may_have_any_byte(void **state)
{
    (void)state;
    struct request_list list = parsed("{\"body\": \"a\\u0000\\n\xc3\xa9\"}{\"body\": \"\"}"
                                      "{\"expect\": {\"contains\": \"\\u0000x\"}}");
    assert_int_equal(list.items[0].body_len, 5);
    assert_memory_equal(list.items[0].body, "a\0\n\xc3\xa9", 5);
    assert_non_null(list.items[1].body);
    assert_int_equal(list.items[1].body_len, 0);
    assert_int_equal(list.items[2].expect.checks[0].len, 2);
    request_list_fini(&list);
}

static void a_think_time_has_a_unit(void **state)
{
    (void)state;
    struct request_list list =
        parsed("{\"think\": 20}{\"think\": 0.5}{\"think\": \"2m\"}{\"think\": \"10ms-1s\"}");
    static const int64_t want[][2] = {{20000000, 20000000},
                                      {500000, 500000},
                                      {120000000000, 120000000000},
                                      {10000000, 1000000000}};
    for (size_t i = 0; i < LEN(want); i++) {
        assert_int_equal(list.items[i].think_min_ns, want[i][0]);
        assert_int_equal(list.items[i].think_max_ns, want[i][1]);
    }
    request_list_fini(&list);
}

static void refuse(const char *bytes, size_t len, const char *want)
{
    struct request_list list;
    struct err err = {0};
    assert_int_equal(parse(bytes, len, &list, &err), -1);
    request_list_fini(&list);
    assert_int_equal(err.kind, ERR_USAGE);
    if (strncmp(err.text, want, strlen(want)) != 0)
        fail_msg("'%s' and not '%s'", err.text, want);
}

/* NOLINTNEXTLINE(readability-function-size): a table of cases */
static void errors_name_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", "r.jsonl has no request; write one a line, as in {\"path\": \"/\"}"},
        {" \n", "r.jsonl has no request"},
        {"[]", "r.jsonl has no request"},
        {"GET /\n", "r.jsonl:1:1: a request is expected here, as in {\"path\": \"/\"}"},
        {"{}\n[]", "r.jsonl:2:1: a request is expected here"},
        {"[{},]", "r.jsonl:1:5: a request is expected here"},
        {"[{} {}]", "r.jsonl:1:5: a ',' or a ']' is expected here"},
        {"[{}", "r.jsonl:1:4: a ',' or a ']' is expected here"},
        {"[{}] x", "r.jsonl:1:6: nothing may follow the list of requests"},
        {"{}\n{\"path\": /}", "r.jsonl:2:10: not JSON: "},
        {"{\"path\": \"/\", \"path\": \"/\"}", "r.jsonl:1:15: not JSON: duplicate object key"},
        {"{}\n {\"pth\": \"/\"}", "r.jsonl:2:3: a request has no 'pth'; did you mean 'path'?"},
        {"{\"zzzzzzz\": 1}",
         "r.jsonl:1:2: a request has no 'zzzzzzz'; it has method, path, headers, body, name, "
         "weight, think, expect, capture"},
        {"{\"path\": 1}", "r.jsonl:1:10: 'path' must be a text, in quotes"},
        {"{\"path\": \"a\"}", "r.jsonl:1:10: a path begins with '/'; the URL"},
        {"{\"path\": \"http://x/\"}", "r.jsonl:1:10: a path begins with '/'"},
        {"{\"path\": \"/a b\"}", "r.jsonl:1:10: "},
        {"{\"path\": \"/\\u0000\"}", "r.jsonl:1:10: a NUL"},
        {"{\"method\": \"G T\"}", "r.jsonl:1:12: 'G T' is not a method; try GET or POST"},
        {"{\"method\": \"CONNECT\"}", "r.jsonl:1:12: CONNECT opens a tunnel"},
        {"{\"headers\": []}", "r.jsonl:1:13: 'headers' must be an object"},
        {"{\"headers\": {\"A\": [\"1\",\n {}]}}",
         "r.jsonl:2:2: each of 'A' must be a text, a number, or a list of them"},
        {"{\"headers\": {\"A B\": \"1\"}}", "r.jsonl:1:21: 'A B' is not the name of a header"},
        {"{\"headers\": {\"A\": \"1\\n2\"}}", "r.jsonl:1:19: the header A has a line break"},
        {"{\"headers\": {\"Content-Length\": \"3\"}, \"body\": \"ab\"}",
         "r.jsonl:1:32: a Content-Length of 3 with a body of 2 bytes"},
        {"{\"headers\": {\"Transfer-Encoding\": \"chunked\"}}", "r.jsonl:1:35: Transfer-Encoding"},
        {"{\"body\": null}", "r.jsonl:1:10: 'body' must be a text or another JSON value"},
        {"{\"weight\": 0}", "r.jsonl:1:12: 'weight' must be a number above 0"},
        {"{\"weight\": -1}", "r.jsonl:1:12: 'weight' must be a number above 0"},
        {"{\"weight\": 1e16}", "r.jsonl:1:12: 'weight' must be a number above 0, at most 1e15"},
        {"{\"weight\": \"1\"}", "r.jsonl:1:12: 'weight' must be a number above 0"},
        {"{\"weight\": 1e999}", "r.jsonl:1:12: not JSON: real number overflow"},
        {"{\"weight\": 1}\n{}", "r.jsonl:2:1: this one has no weight, and the first one has one"},
        {"{}\n{\"weight\": 1}", "r.jsonl:2:12: this one has a weight, and the first one has none"},
        {"{\"name\": \"\"}", "r.jsonl:1:10: 'name' must be a text that is not empty"},
        {"{\"think\": \"10\"}", "r.jsonl:1:11: 'think' must be a time of at most a day"},
        {"{\"think\": \"3s-1s\"}", "r.jsonl:1:11: 'think' must be"},
        {"{\"think\": -1}", "r.jsonl:1:11: 'think' must be"},
        {"{\"think\": \"48h\"}", "r.jsonl:1:11: 'think' must be"},
        {"{\"think\": true}", "r.jsonl:1:11: 'think' must be"},
        {"{\"expect\": 200}", "r.jsonl:1:12: \"expect\" must be an object, in braces"},
        {"{\"expect\": {\"stat\": 200}}", "r.jsonl:1:13: \"expect\" has no 'stat'; did you mean"},
        {"{\"expect\": {\"status\": 99}}", "r.jsonl:1:23: '99' is not a set of statuses"},
        {"{\"expect\": {\"status\": [200,\n\"3-\"]}}", "r.jsonl:2:1: '3-' is not a set of"},
        {"{\"expect\": {\"status\": true}}", "r.jsonl:1:23: 'status' must be a status"},
        {"{\"expect\": {\"regex\": \"a(b\"}}",
         "r.jsonl:1:22: 'a(b' is not a regular expression: missing closing parenthesis, at "
         "character 4"},
        {"{\"expect\": {\"size\": -1}}", "r.jsonl:1:21: 'size' must be a number of bytes"},
        {"{\"expect\": {\"sha256\": \"abc\"}}", "r.jsonl:1:23: 'sha256' must be 64 hexadecimal"},
        {"{\"capture\": []}", "r.jsonl:1:13: 'capture' must be an object"},
        {"{\"capture\": {\"a\": {}}}", "r.jsonl:1:19: 'a' must be an object with one of pointer"},
        {"{\"capture\": {\"a\": {\"pointr\": \"/x\"}}}", "r.jsonl:1:20: a capture has no 'pointr'"},
        {"{\"capture\": {\"a\": {\"pointer\": \"x\"}}}", "r.jsonl:1:31: 'x' is not a JSON pointer"},
        {"{\"capture\": {\"a\": {\"regex\": \"*\"}}}", "r.jsonl:1:29: '*' is not a regular"},
        {"{\"capture\": {\"a\": {\"header\": \"a b\"}}}",
         "r.jsonl:1:30: 'header' must be the name"},
        {"{\"capture\": {\"{a\": {\"header\": \"a\"}}}", "r.jsonl:1:14: '{a' cannot be the name"},
        {"{\"capture\": {\"ts\": {\"header\": \"a\"}}}",
         "r.jsonl:1:14: 'ts' is a placeholder that"},
        {"{\"body\": \"\xff\"}", "r.jsonl:1:10: not JSON: "},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        refuse(cases[i].text, strlen(cases[i].text), cases[i].want);
    refuse("{}\n\0", 4, "r.jsonl:2:1: a request is expected here");
}

static void what_would_fill_the_memory_is_refused(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i <= REQUESTS_MOST; i++)
        buf_puts(&text, "{}\n");
    refuse(text.data, text.len, "r.jsonl:100001:1: more than 100000 requests");
    buf_clear(&text);
    buf_puts(&text, "{\"body\": ");
    buf_pad(&text, '[', 5000);
    refuse(text.data, text.len, "r.jsonl:1:2057: not JSON: maximum parsing depth reached");
    buf_clear(&text);
    buf_puts(&text, "{\"body\": [{}");
    for (size_t i = 0; i < 1000001; i++)
        buf_puts(&text, ",{}");
    buf_puts(&text, "]}");
    refuse(text.data, text.len, "r.jsonl has more than bench can hold");
    buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_has_all_that_is_said),
        cmocka_unit_test(lines_and_an_array_are_the_same),
        cmocka_unit_test(bodies_may_have_any_byte),
        cmocka_unit_test(a_think_time_has_a_unit),
        cmocka_unit_test(errors_name_the_place),
        cmocka_unit_test(what_would_fill_the_memory_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
