/* pointer: where JSON pointers lead in a body, and what is wrong with one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "match/pointer.h"

/* RFC 6901, section 5. */
#define RFC_DOCUMENT                                                                               \
    "{\"foo\": [\"bar\", \"baz\"], \"\": 0, \"a/b\": 1, \"c%d\": 2, \"e^f\": 3, \"g|h\": 4, "      \
    "\"i\\\\j\": 5, \"k\\\"l\": 6, \" \": 7, \"m~n\": 8}"

struct sought {
    const char *pointer, *json, *value; /* NULL: nothing is there */
};

/* In a block of its exact size, so that reading past the end is seen. */
static void check(const struct sought *s, const char *json, size_t len, struct buf *value)
{
    struct pointer p;
    struct err err = {0};
    char *copy = mem_array(len, 1);
    memcpy(copy, json, len);
    assert_int_equal(pointer_parse(&p, s->pointer, &err), 0);
    bool is_found = pointer_find(&p, copy, len, value);
    if (is_found != (s->value != NULL) || (is_found && strcmp(value->data, s->value) != 0))
        fail_msg("%s in %s is %s", s->pointer, json, is_found ? value->data : "absent");
    pointer_fini(&p);
    free(copy);
}

static void check_all(const struct sought *cases, size_t count)
{
    struct buf value;
    buf_init(&value, 1000);
    for (size_t i = 0; i < count; i++)
        check(&cases[i], cases[i].json, strlen(cases[i].json), &value);
    buf_fini(&value);
}

static void a_pointer_leads_where_the_rfc_says(void **state)
{
    (void)state;
    static const struct sought cases[] = {
        {"", RFC_DOCUMENT, RFC_DOCUMENT}, {"/foo", RFC_DOCUMENT, "[\"bar\", \"baz\"]"},
        {"/foo/0", RFC_DOCUMENT, "bar"},  {"/", RFC_DOCUMENT, "0"},
        {"/a~1b", RFC_DOCUMENT, "1"},     {"/c%d", RFC_DOCUMENT, "2"},
        {"/e^f", RFC_DOCUMENT, "3"},      {"/g|h", RFC_DOCUMENT, "4"},
        {"/i\\j", RFC_DOCUMENT, "5"},     {"/k\"l", RFC_DOCUMENT, "6"},
        {"/ ", RFC_DOCUMENT, "7"},        {"/m~0n", RFC_DOCUMENT, "8"},
        {"/foo/2", RFC_DOCUMENT, NULL},   {"/foo/-", RFC_DOCUMENT, NULL},
        {"/foo/01", RFC_DOCUMENT, NULL},  {"/foo/bar", RFC_DOCUMENT, NULL},
        {"/fo", RFC_DOCUMENT, NULL},      {"/fooo", RFC_DOCUMENT, NULL},
        {"/a/b", RFC_DOCUMENT, NULL},
    };
    check_all(cases, LEN(cases));
}

static void values_of_all_kinds(void **state)
{
    (void)state;
    static const struct sought cases[] = {
        {"/a", "{\"a\":\"\"}", ""},
        {"/a", "{\"a\":-1.5e3}", "-1.5e3"},
        {"/a", "{\"a\" :\ttrue\n}", "true"},
        {"/a", "{\"a\":false,\"b\":1}", "false"},
        {"/a", "{\"a\":null}", NULL},
        {"/a", "{\"a\":{\"b\":[1,{}]},\"c\":2}", "{\"b\":[1,{}]}"},
        {"/a", "{\"b\":{\"a\":1},\"a\":2}", "2"},
        {"/a", "{\"b\":\"}\\\"\",\"a\":2}", "2"},
        {"/a", "{\"b\":[\"]\",[[]]],\"a\":2}", "2"},
        {"/a", "{\"a\":1,\"a\":2}", "1"},
        {"/0/0", "[[7]]", "7"},
        {"/2", "[\"a\\\"\", {\"x\":[0,1]}, 9]", "9"},
        {"/12", "[0,1,2,3,4,5,6,7,8,9,10,11,12]", "12"},
        {"/1", "{\"0\":0,\"1\":\"one\"}", "one"},
        {"", "\"text\"", "text"},
        {"", " 17 ", "17"},
        {"/a", "\xef\xbb\xbf{\"a\":1}", "1"},
        {"/a", "{\"a\":1} behind it", "1"},
    };
    check_all(cases, LEN(cases));
}

static void escapes(void **state)
{
    (void)state;
    static const struct sought cases[] = {
        {"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"", "\"\\u0041\\u00e4\\u20AC\"", "A\xc3\xa4\xe2\x82\xac"},
        {"", "\"\\ud83d\\ude00!\"", "\xf0\x9f\x98\x80!"},
        {"", "\"\\ud83d!\"", "\xef\xbf\xbd!"},
        {"", "\"\\ude00\"", "\xef\xbf\xbd"},
        {"", "\"\\ud83d\\u0041\"",
         "\xef\xbf\xbd"
         "A"},
        {"", "\"\\u00g0\"", NULL},
        {"", "\"\\u00\"", NULL},
        {"", "\"\\x\"", NULL},
        {"/\xc3\xa4", "{\"\\u00e4\":1}", "1"},
        {"/ab", "{\"\\u0061\":0,\"\\u0061b\":1}", "1"},
        {"/a", "{\"\\u0061b\":0}", NULL},
        {"/a", "{\"\\q\":0,\"a\":1}", "1"},
    };
    check_all(cases, LEN(cases));
}

static void what_is_not_json_leads_nowhere(void **state)
{
    (void)state;
    static const struct sought cases[] = {
        {"", "", NULL},           {"", " ", NULL},        {"", "hello", NULL},
        {"", "\"a", NULL},        {"", "{", NULL},        {"", "[1", NULL},
        {"/a", "", NULL},         {"/a", "x", NULL},      {"/a", "{\"a\"", NULL},
        {"/a", "{\"a\":", NULL},  {"/a", "{a:1}", NULL},  {"/a", "{\"a\" 1}", NULL},
        {"/a", "{\"a", NULL},     {"/a", "{\"a\\", NULL}, {"/b", "{\"a\":1 \"b\":2}", NULL},
        {"/1", "[0", NULL},       {"/1", "[0,", NULL},    {"/0", "[]", NULL},
        {"/0", "[,1]", NULL},     {"/1", "[}]", NULL},    {"/1", "[\"", NULL},
        {"/0", "\"text\"", NULL},
    };
    check_all(cases, LEN(cases));
}

/* Any start of a document: it is read to its end, and never past it. */
static void a_document_may_end_anywhere(void **state)
{
    (void)state;
    static const char json[] =
        "{\"x\\u00e4\":[1,{\"y\":\"\\ud83d\\ude00\"}],\"z\":{\"a\":[0,\"last\"]}}";
    static const char *const pointers[] = {"/z/a/1", "/x\xc3\xa4/1/y", "/none", ""};
    struct buf value;
    buf_init(&value, 1000);
    for (size_t i = 0; i < LEN(pointers); i++) {
        struct pointer p;
        struct err err = {0};
        assert_int_equal(pointer_parse(&p, pointers[i], &err), 0);
        for (size_t len = 0; len < sizeof json; len++) {
            char *copy = mem_array(len, 1);
            memcpy(copy, json, len);
            bool is_found = pointer_find(&p, copy, len, &value);
            if (strcmp(pointers[i], "/none") == 0)
                assert_false(is_found);
            else if (len == sizeof json - 1)
                assert_true(is_found);
            free(copy);
        }
        pointer_fini(&p);
    }
    buf_fini(&value);
}

/* A server chooses how deep: nothing recurses. */
static void depth_costs_no_stack(void **state)
{
    (void)state;
    const size_t depth = 1000000;
    char *json = mem_array(2 * depth + 8, 1);
    struct buf value;
    json[0] = '[';
    memset(json + 1, '[', depth);
    memset(json + 1 + depth, ']', depth);
    /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes, no text */
    memcpy(json + 1 + 2 * depth, ",7]", 3);
    buf_init(&value, 1000);
    check(&(struct sought){"/1", "a deep one", "7"}, json, 2 * depth + 4, &value);
    buf_fini(&value);
    free(json);
}

static void a_value_over_the_ceiling_is_none(void **state)
{
    (void)state;
    struct buf value;
    buf_init(&value, 3);
    check(&(struct sought){"", "\"123\"", "123"}, "\"123\"", 5, &value);
    check(&(struct sought){"", "\"1234\"", NULL}, "\"1234\"", 6, &value);
    check(&(struct sought){"", "1234", NULL}, "1234", 4, &value);
    buf_fini(&value);
}

static void an_error_has_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *pointer, *text;
    } cases[] = {
        {"a", "'a' is not a JSON pointer: a slash is expected at character 1; try /items/0/id"},
        {"/a~", "0 (for a tilde) or 1 (for a slash) is expected at character 4"},
        {"/a~2/b", "is expected at character 4"},
        {"/a/~~0", "is expected at character 5"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct pointer p;
        struct err err = {0};
        assert_int_equal(pointer_parse(&p, cases[i].pointer, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].text) == NULL)
            fail_msg("%s", err.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pointer_leads_where_the_rfc_says),
        cmocka_unit_test(values_of_all_kinds),
        cmocka_unit_test(escapes),
        cmocka_unit_test(what_is_not_json_leads_nowhere),
        cmocka_unit_test(a_document_may_end_anywhere),
        cmocka_unit_test(depth_costs_no_stack),
        cmocka_unit_test(a_value_over_the_ceiling_is_none),
        cmocka_unit_test(an_error_has_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
