/* Text from outside in the formats of machines: CSV, XML, annotations. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/annotation.h"
#include "report/csv.h"
#include "report/xml.h"

static void no_cell_becomes_a_formula(void **state)
{
    (void)state;
    static const struct {
        const char *text, *cell;
    } cases[] = {
        {"", "\"\""},
        {"p99", "\"p99\""},
        {"=1+1", "\"'=1+1\""},
        {"+1", "\"'+1\""},
        {"-1", "\"'-1\""},
        {"@x", "\"'@x\""},
        {"  =x", "\"'  =x\""},
        {"\t=x", "\"?=x\""},
        {"a,\"b\"\r\nc", "\"a,\"\"b\"\"??c\""},
        {"\xc3\xbc", "\"\xc3\xbc\""},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        buf_init(&out, BUF_TEXT_MAX);
        csv_quote(&out, cases[i].text);
        assert_string_equal(out.data, cases[i].cell);
        buf_fini(&out);
    }
}

static void a_row_has_commas_and_ends_with_both_breaks(void **state)
{
    (void)state;
    struct buf out;
    struct csv csv = {.out = &out};
    buf_init(&out, BUF_TEXT_MAX);
    csv_text(&csv, "a");
    csv_text(&csv, NULL);
    csv_number(&csv, NAN);
    csv_number(&csv, -0.123456789012);
    csv_number(&csv, 9007199254740);
    csv_end(&csv);
    csv_number(&csv, INFINITY);
    csv_number(&csv, 2);
    csv_end(&csv);
    assert_string_equal(out.data, "\"a\",,,-0.123456789,9007199254740\r\n,2\r\n");
    buf_fini(&out);
}

static void xml_holds_only_what_it_may(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    xml_attribute(&out, "n", "<a href='x'>&\"\x1b\n\xef\xbf\xbe");
    assert_string_equal(out.data, " n=\"&lt;a href=&apos;x&apos;&gt;&amp;&quot;???\"");
    buf_fini(&out);
}

static void an_annotation_stays_on_its_line(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    annotation_write(&out, ANNOTATION_ERROR, "a: b, c%\n", "50%: x, y\r\n::error::z\x1b\xff");
    assert_string_equal(out.data,
                        "::error title=a%3A b%2C c%25%0A::50%25: x, y%0D%0A::error::z??\n");
    buf_fini(&out);
}

static void of_each_kind_there_are_ten(void **state)
{
    (void)state;
    struct buf out;
    struct annotations all;
    buf_init(&out, BUF_TEXT_MAX);
    annotations_begin(&all, &out);
    for (int i = 1; i <= 13; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "n%d", i);
        annotations_add(&all, ANNOTATION_WARNING, "t", text);
    }
    for (int i = 0; i < ANNOTATIONS_MOST; i++)
        annotations_add(&all, ANNOTATION_ERROR, "t", "e");
    annotations_add(&all, ANNOTATION_NOTICE, "t", "all");
    annotations_end(&all);
    size_t lines = 0;
    for (const char *c = out.data; *c != '\0'; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 21);
    assert_non_null(strstr(out.data, "::warning title=t::n10 (and 3 more)\n"));
    assert_null(strstr(out.data, "n11"));
    assert_non_null(strstr(out.data, "::error title=t::e\n"));
    assert_null(strstr(out.data, "e (and"));
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_cell_becomes_a_formula),
        cmocka_unit_test(a_row_has_commas_and_ends_with_both_breaks),
        cmocka_unit_test(xml_holds_only_what_it_may),
        cmocka_unit_test(an_annotation_stays_on_its_line),
        cmocka_unit_test(of_each_kind_there_are_ten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
