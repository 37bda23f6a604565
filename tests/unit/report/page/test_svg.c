#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/page/svg.h"

#define ROOT(inner)                                                                                \
    "<svg role=\"img\" focusable=\"false\" aria-labelledby=\"p-h p-read\" viewBox=\"0 0 9 "        \
    "9\">" inner "</svg>"

static void what_passes(void **state)
{
    (void)state;
    static const struct {
        const char *inner, *html;
    } cases[] = {
        {"<path d='M86.00,460.04 L80.60,0.222  '/>", "<path d=\"M86,460l-5.4,-459.8\"/>"},
        {"<path d='M9.5,0 L0.25,-1.33 z'/>", "<path d=\"M9.5,0 L0.25,-1.33 z\"/>"},
        {"<path d='M86.00,10.06 L96.04,10.04 L86.00,10.00 z M1,2 L3,4'/>",
         "<path d=\"M86,10.1l10,-.1 -10,0zM1,2l2,2\"/>"},
        {"<path d='M0,0 L10.04,0 L20.08,0 L30.12,0'/>", "<path d=\"M0,0l10,0 10.1,0 10,0\"/>"},
        {"<path d='M86,10 C1,2 3,4 5,6'/>", "<path d=\"M86,10 C1,2 3,4 5,6\"/>"},
        {"<path d='M86,10 Lnan,1e9'/>", "<path d=\"M86,10 Lnan,\"/>"},
        {"<g/>", ""},
        {"<g><g></g>\n</g>", ""},
        {"<text><tspan font-family=\"x\">a &lt;b&gt; &amp; c</tspan></text>",
         "<text>a &lt;b&gt; &amp; c</text>"},
        {"<text>a & b &bogus; ></text>", "<text>a &amp; b &amp;bogus; &gt;</text>"},
        {"<use xlink:href='#gpPt1' id='a' color='rgb( 12,  78, 243)'/>",
         "<use href=\"#p-gpPt1\" id=\"p-a\" class=\"c-a0\"/>"},
        {"<path stroke='rgb( 51,  51,  51)' fill=\"#C32B03\"/>", "<path class=\"s-ink f-a1\"/>"},
        {"<rect fill=\"#123456\" stroke-width=\"1.00\"/>", "<rect fill=\"#123456\"/>"},
        {"<g clip-path=\"url(#c)\"><rect/></g>", "<g clip-path=\"url(#p-c)\"><rect/></g>"},
        {"<image xlink:href='data:image/png;base64,aB+/0=' x='1'/>",
         "<image href=\"data:image/png;base64,aB+/0=\" x=\"1\"/>"},
        {"<path class=\"gridline\" stroke=\"black\"/>", "<path class=\"gridline s-ink\"/>"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        char *svg = mem_printf("<?xml version='1.0'?>\n<!-- x -->\n"
                               "<svg height=\"9\" viewBox=\"0 0 9 9\">%s</svg>\n",
                               cases[i].inner);
        char *want = mem_printf(ROOT("%s"), cases[i].html);
        buf_init(&out, BUF_TEXT_MAX);
        assert_int_equal(svg_inline(svg, "p", &out), 0);
        assert_string_equal(out.data, want);
        buf_fini(&out);
        free(want);
        free(svg);
    }
}

static void what_does_not_pass(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "<script>alert(1)</script>",
        "<SCRIPT>alert(1)</SCRIPT>",
        "<g><script><path/></script></g>",
        "<foreignObject><body>x</body></foreignObject>",
        "<style>a{}</style>",
        "<title>Gnuplot</title>",
        "<a xlink:href=\"javascript:x\">b</a>",
        "<filter><feFlood/></filter>",
        "<animate attributeName='href'/>",
        "text outside of a text",
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        char *svg = mem_printf("<svg viewBox=\"0 0 9 9\">%s</svg>", cases[i]);
        buf_init(&out, BUF_TEXT_MAX);
        assert_int_equal(svg_inline(svg, "p", &out), 0);
        assert_string_equal(out.data, ROOT(""));
        buf_fini(&out);
        free(svg);
    }
}

static void no_attribute_runs_or_loads(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "onload=\"x\"",
        "style=\"fill:red\"",
        "href=\"javascript:x\"",
        "xlink:href=\"http://a/\"",
        "xlink:href=\"data:image/svg+xml;base64,aa\"",
        "xlink:href='#a\" onload=\"x'",
        "fill=\"url(http://a/)\"",
        "stroke='red\" onload=\"x'",
        "clip-path=\"url(http://a/#b)\"",
        "id='a\" onload=\"x'",
        "class='a\" onload=\"x'",
        "xmlns=\"http://a/\"",
        "filter=\"url(#a)\"",
        "stroke=\"rgb(1,2,999)\"",
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        char *svg = mem_printf("<svg viewBox=\"0 0 9 9\"><rect %s/></svg>", cases[i]);
        buf_init(&out, BUF_TEXT_MAX);
        assert_int_equal(svg_inline(svg, "p", &out), 0);
        assert_string_equal(out.data, ROOT("<rect/>"));
        buf_fini(&out);
        free(svg);
    }
}

static void numbers_hold_no_quote(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    assert_int_equal(
        svg_inline("<svg viewBox=\"0 0 9 9\"><path d='M1 2\" onload=\"x<&>;'/></svg>", "p", &out),
        0);
    assert_string_equal(out.data, ROOT("<path d=\"M1 2 onloadx\"/>"));
    buf_fini(&out);
}

static void what_is_no_whole_picture_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "gnuplot: error",
        "<svg",
        "<svg viewBox=\"0 0",
        "<svg viewBox=\"0 0 9 9\"",
        "<svg viewBox=\"0 0 9 9\">",
        "<svg><g></svg></g>",
        "<svg><path d=x/></svg>",
        "<svg><path d/></svg>",
        "<svg><!DOCTYPE x></svg>",
        "<svg><![CDATA[x]]></svg>",
        "<svg><!-- x</svg>",
        "<svg></svg></svg>",
        "<svg>< g/></svg>",
        "<svg><g \"x\"/></svg>",
        "<html><svg></svg></html>",
        "<svg><averyveryverylongname/></svg>",
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        buf_init(&out, BUF_TEXT_MAX);
        buf_puts(&out, "<p>");
        assert_int_equal(svg_inline(cases[i], "p", &out), -1);
        buf_fini(&out);
    }
}

static void a_deep_one_is_refused(void **state)
{
    (void)state;
    struct buf svg;
    struct buf out;
    buf_init(&svg, BUF_TEXT_MAX);
    buf_init(&out, BUF_TEXT_MAX);
    for (int i = 0; i < 100; i++)
        buf_puts(&svg, "<svg>");
    assert_int_equal(svg_inline(svg.data, "p", &out), -1);
    buf_fini(&out);
    buf_fini(&svg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_passes),
        cmocka_unit_test(what_does_not_pass),
        cmocka_unit_test(no_attribute_runs_or_loads),
        cmocka_unit_test(numbers_hold_no_quote),
        cmocka_unit_test(what_is_no_whole_picture_is_refused),
        cmocka_unit_test(a_deep_one_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
