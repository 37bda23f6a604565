#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/page/html.h"

static void text_never_becomes_an_element(void **state)
{
    (void)state;
    static const struct {
        const char *text, *html;
    } cases[] = {
        {"", ""},
        {"pool", "pool"},
        {"<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"},
        {"a&b \"c\" 'd'", "a&amp;b &quot;c&quot; &apos;d&apos;"},
        {"&lt;", "&amp;lt;"},
        {"a\nb\x01\x1b[31m", "a?b??[31m"},
        {"\xd7\x90", "<bdi>\xd7\x90</bdi>"},
        {"a\xe2\x80\x8b b", "<bdi>a? b</bdi>"}, /* of no width */
        {"\xff", "<bdi>?</bdi>"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        buf_init(&out, BUF_TEXT_MAX);
        buf_puts(&out, "");
        html_name(&out, cases[i].text);
        assert_string_equal(out.data, cases[i].html);
        buf_fini(&out);
    }
}

static void lines_are_kept(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    html_paragraph(&out, "lead", "a\n<b>\n");
    html_paragraph(&out, NULL, "");
    assert_string_equal(out.data, "<p class=\"lead\">a<br>&lt;b&gt;</p>\n<p></p>\n");
    buf_fini(&out);
}

static void what_is_empty_is_left_out(void **state)
{
    (void)state;
    struct buf out;
    struct str_list none = {0};
    struct table empty;
    buf_init(&out, BUF_TEXT_MAX);
    table_init(&empty, 0);
    html_pair(&out, "a", NULL);
    html_pair(&out, "a", "");
    html_list(&out, NULL, &none);
    html_table(&out, "nothing", &empty);
    assert_int_equal(out.len, 0);
    html_pair(&out, "a<", "b>");
    assert_string_equal(out.data, "<div><dt>a&lt;</dt><dd>b&gt;</dd></div>\n");
    buf_fini(&out);
    table_fini(&empty);
}

static void a_table_names_its_rows_and_paints_its_verdicts(void **state)
{
    (void)state;
    static const char *const cells[] = {"", "verdict", "p99", "FAIL", "rps", "failing", "cut"};
    struct buf out;
    struct table t;
    buf_init(&out, BUF_TEXT_MAX);
    table_init(&t, 2);
    for (size_t i = 0; i < LEN(cells); i++)
        table_cell(&t, cells[i]);
    html_table(&out, "<Gates>", &t);
    assert_non_null(strstr(out.data, "aria-label=\"&lt;Gates&gt;\""));
    assert_non_null(strstr(out.data, "<th scope=\"col\">verdict</th>"));
    assert_non_null(strstr(out.data, "<tr><th scope=\"row\">p99</th>"
                                     "<td class=\"state fail\">FAIL</td></tr>"));
    assert_non_null(strstr(out.data, "<th scope=\"row\">rps</th><td>failing</td>"));
    assert_null(strstr(out.data, "cut")); /* of a row that is not whole */
    buf_fini(&out);
    table_fini(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_never_becomes_an_element),
        cmocka_unit_test(lines_are_kept),
        cmocka_unit_test(what_is_empty_is_left_out),
        cmocka_unit_test(a_table_names_its_rows_and_paints_its_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
