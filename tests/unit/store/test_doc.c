#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "store/doc.h"

static void text_that_is_not_utf8_is_repaired(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *safe;
    } cases[] = {
        {"plain", "plain"},
        {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
        {"a\xff"
         "b",
         "a\xef\xbf\xbd"
         "b"},
        {"\xc3", "\xef\xbf\xbd"},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
        {"\xc0\xaf\xf0\x9f\x98\x80", "\xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x98\x80"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        json_t *value = doc_text(cases[i].raw);
        assert_non_null(value);
        assert_string_equal(json_string_value(value), cases[i].safe);
        json_decref(value);
    }
}

/* `count` times the text behind '[', and no end: what counts is seen before it is parsed. */
static void expect_refused(const char *text, size_t count, const char *complaint)
{
    struct err err = {0};
    struct buf bytes;
    buf_init(&bytes, BUF_TEXT_MAX);
    buf_puts(&bytes, "[");
    for (size_t i = 0; i < count; i++)
        buf_puts(&bytes, text);
    assert_false(bytes.overflow);
    assert_null(doc_parse(bytes.data, bytes.len, &err));
    assert_int_equal(err.kind, ERR_USAGE);
    if (strstr(err.text, complaint) == NULL)
        fail_msg("'%s' has no '%s'", err.text, complaint);
    buf_fini(&bytes);
}

static void more_than_a_document_can_hold_is_not_parsed(void **state)
{
    (void)state;
    expect_refused("{},", DOC_CONTAINERS_MAX, "more than a document of bench can hold");
    expect_refused("[", DOC_CONTAINERS_MAX, "more than a document of bench can hold");
    expect_refused("1,", DOC_VALUES_MAX + 1, "more than a document of bench can hold");
}

/* Commas and brackets in a text are no values, and an escaped quote does not end it. */
static void texts_do_not_count_as_values(void **state)
{
    (void)state;
    struct err err = {0};
    struct buf bytes;
    buf_init(&bytes, BUF_TEXT_MAX);
    buf_puts(&bytes, "[\"");
    for (size_t i = 0; i < DOC_CONTAINERS_MAX + 1; i++)
        buf_puts(&bytes, "\\\"{},");
    buf_puts(&bytes, "\"]");
    json_t *doc = doc_parse(bytes.data, bytes.len, &err);
    assert_non_null(doc);
    json_decref(doc);
    expect_refused("\"{},", 100, "not JSON"); /* an open text */
    buf_fini(&bytes);
}

/* After `begin` 101 objects, and no end: only what is counted before it is parsed is told. */
static void arms_are_counted_before_they_are_parsed(void **state)
{
    (void)state;
    static const struct {
        const char *begin, *complaint;
    } cases[] = {
        {"{\"a\": \"\\\"[\", \"arms\" :\n[", "arms are more than 100"},
        {"{\"x\": {}, \"arms\":[", "arms are more than 100"},
        {"{\"findings\": [", "not JSON"},
        {"{\"x\": {\"arms\": [", "not JSON"},
        {"[\"arms\", [", "not JSON"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        struct buf bytes;
        buf_init(&bytes, BUF_TEXT_MAX);
        buf_puts(&bytes, cases[i].begin);
        for (int k = 0; k <= 100; k++)
            buf_puts(&bytes, "{\"results\": [{}, {}]},");
        assert_null(doc_parse(bytes.data, bytes.len, &err));
        if (strstr(err.text, cases[i].complaint) == NULL)
            fail_msg("%s: %s", cases[i].begin, err.text);
        buf_fini(&bytes);
    }
}

static void write_array(const void *what, enum doc_layout layout, struct buf *out)
{
    doc_dump(what, layout, out);
}

/* Indented where that fits, then on one line, and whole in any case. */
static void a_document_too_long_is_written_all_the_same(void **state)
{
    (void)state;
    static const char indented[] = "[\n  1,\n  2\n]\n";
    static const char line[] = "[1,2]\n";
    static const struct {
        size_t max_bytes;
        const char *text;
        bool can_be_read;
    } cases[] = {
        {sizeof indented - 1, indented, true},
        {sizeof indented - 2, line, true},
        {sizeof line - 1, line, true},
        {sizeof line - 2, line, false},
        {0, line, false},
    };
    json_t *array = json_pack("[i, i]", 1, 2);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        assert_int_equal(doc_write(write_array, array, cases[i].max_bytes, &out),
                         cases[i].can_be_read);
        assert_string_equal(out.data, cases[i].text);
        buf_fini(&out);
    }
    json_decref(array);
}

static void a_byte_order_mark_is_skipped(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf{\"a\": 1}";
    struct err err = {0};
    json_t *doc = doc_parse(text, strlen(text), &err);
    assert_non_null(doc);
    assert_int_equal(json_integer_value(json_object_get(doc, "a")), 1);
    json_decref(doc);
}

static void a_text_with_a_nul_is_named(void **state)
{
    (void)state;
    static const char *const texts[] = {"[\"a\\u0000b\"]", "{\"a\\u0000b\": 1}"};
    for (size_t i = 0; i < LEN(texts); i++) {
        struct err err = {0};
        assert_null(doc_parse(texts[i], strlen(texts[i]), &err));
        assert_non_null(strstr(err.text, "\\u0000"));
        assert_null(strstr(err.text, "JSON_"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_that_is_not_utf8_is_repaired),
        cmocka_unit_test(more_than_a_document_can_hold_is_not_parsed),
        cmocka_unit_test(texts_do_not_count_as_values),
        cmocka_unit_test(arms_are_counted_before_they_are_parsed),
        cmocka_unit_test(a_byte_order_mark_is_skipped),
        cmocka_unit_test(a_text_with_a_nul_is_named),
        cmocka_unit_test(a_document_too_long_is_written_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
