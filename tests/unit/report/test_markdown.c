#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/markdown.h"

static void signs_become_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line, *block;
    } cases[] = {
        {"", "", ""},
        {"p99: 1.5 ms (3/s), 40%", "p99: 1.5 ms (3/s), 40%", "p99: 1.5 ms (3/s), 40%"},
        {"a|b", "a&#124;b", "a&#124;b"},
        {"2 hold", "2 hold", "2 hold"},
        {"2. hold", "2. hold", "&#50;. hold"},
        {"2)", "2)", "&#50;)"},
        {"2.5 s", "2.5 s", "2.5 s"},
        {"- a", "- a", "&#45; a"},
        {"    +", "    +", "&#43;"},
        {"# a", "&#35;&#8203; a", "&#35;&#8203; a"},
        {"@me #1", "&#64;&#8203;me &#35;&#8203;1", "&#64;&#8203;me &#35;&#8203;1"},
        {"GH-1 gh-2", "GH-&#8203;1 gh-&#8203;2", "GH-&#8203;1 gh-&#8203;2"},
        {"me@a.b", "me&#64;&#8203;a.b", "me&#64;&#8203;a.b"},
        {"a\nb", "a?b", "a<br>b"},
        {"a\n\n+ b\n", "a??+ b?", "a<br><br>&#43; b"},
        {"http://a", "http&#58;//a", "http&#58;//a"},
        {"www.a.b", "&#119;ww.a.b", "&#119;ww.a.b"},
        {":a: b", "&#58;&#8203;a: b", "&#58;&#8203;a: b"},
        {"a:80 12:30:", "a&#58;80 12&#58;&#8203;30:", "a&#58;80 12&#58;&#8203;30:"},
        {"at 0a1b2c3.", "at 0&#8203;a1b2c3.", "at 0&#8203;a1b2c3."},
        {"x0a1b2c3 0a1b2c 1795404823454", "x0a1b2c3 0a1b2c 1795404823454",
         "x0a1b2c3 0a1b2c 1795404823454"},
        {"1111111111222222222233333333334444444444",
         "1&#8203;111111111222222222233333333334444444444",
         "1&#8203;111111111222222222233333333334444444444"},
        {"\xc3\xbc\xc2\x9b\xff", "???", "???"},
        {"\xc3\xbc\x1b", "\xc3\xbc?", "\xc3\xbc?"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        buf_init(&out, BUF_TEXT_MAX);
        markdown_text(&out, cases[i].text);
        buf_puts(&out, "\f");
        markdown_block(&out, cases[i].text);
        char *want = mem_printf("%s\f%s", cases[i].line, cases[i].block);
        assert_string_equal(out.data, want);
        free(want);
        buf_fini(&out);
    }
}

static void a_fence_is_longer_than_any_in_it(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", "```text\n```\n"},
        {"a", "```text\na\n```\n"},
        {"a `b` ``c``\n", "```text\na `b` ``c``\n```\n"},
        {"```\nx\n", "````text\n```\nx\n````\n"},
        {"x`````", "``````text\nx`````\n``````\n"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        buf_init(&out, BUF_TEXT_MAX);
        markdown_fence(&out, cases[i].text);
        assert_string_equal(out.data, cases[i].want);
        buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_become_numbers),
        cmocka_unit_test(a_fence_is_longer_than_any_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
