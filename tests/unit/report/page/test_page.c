/* The parts of a page, and what none may leave out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/compare_cases.h"
#include "cases/render_cases.h"
#include "report/page/page.h"
#include "support/count_of.h"

static void page_of(const struct page_chapter *chapter, struct buf *out)
{
    const struct page page = {.chapters = chapter, .nchapters = 1, .command = "bench <report>"};
    buf_init(out, BUF_TEXT_MAX);
    page_write(&page, out);
    assert_false(out->overflow);
}

static void each_arm_and_each_finding_is_there(void **state)
{
    (void)state;
    for (size_t i = 0; compare_case_names[i] != NULL; i++) {
        struct comparison c;
        struct buf out;
        assert_int_equal(compare_case(compare_case_names[i], &c), 0);
        page_of(&(struct page_chapter){.comparison = &c}, &out);
        if (strstr(out.data, "<table class=\"sortable\">") != NULL)
            assert_int_equal(count_of(out.data, "<tr data-arm="), c.narms);
        assert_int_equal(count_of(out.data, "<p class=\"basis\">") > 0, c.nfindings > 0);
        assert_int_equal(count_of(out.data, "<h1 "), 1);
        assert_int_equal(count_of(out.data, "<main "), 1);
        assert_int_equal(count_of(out.data, "bench &lt;report&gt;"), 1);
        buf_fini(&out);
        comparison_fini(&c);
    }
}

static void nothing_is_inline_and_nothing_is_loaded(void **state)
{
    (void)state;
    static const char *const never[] = {
        " style=", " onclick=", " onload=", "src=", "@import", "url(", "javascript:"};
    for (size_t i = 0; render_case_names[i] != NULL; i++) {
        struct comparison c;
        struct result r;
        struct buf out;
        comparison_init(&c);
        assert_int_equal(render_case(render_case_names[i], &r), 0);
        (void)comparison_add_arm(&c, "run");
        comparison_add_result(&c, 0, 1, &r);
        page_of(&(struct page_chapter){.comparison = &c, .is_gathered = true}, &out);
        for (size_t k = 0; k < LEN(never); k++)
            assert_int_equal(count_of(out.data, never[k]), 0);
        assert_int_equal(count_of(out.data, "<script"), 1);
        assert_int_equal(count_of(out.data, "<style"), 1);
        buf_fini(&out);
        comparison_fini(&c);
    }
}

static void a_page_without_anything_measured_is_a_page(void **state)
{
    (void)state;
    struct comparison c;
    struct buf out;
    comparison_init(&c);
    page_of(&(struct page_chapter){.comparison = &c}, &out);
    assert_non_null(strstr(out.data, "Nothing was measured."));
    assert_non_null(strstr(out.data, "</html>"));
    buf_fini(&out);
    comparison_fini(&c);
}

static void what_is_missing_is_said(void **state)
{
    (void)state;
    struct comparison c;
    struct buf out;
    static const struct page_picture pictures[] = {
        {.key = "a", .title = "A", .read = "r", .see = "s", .problem = "no <gnuplot>"},
        {.key = "b", .title = "B", .read = "r", .see = "s", .svg = "<script>"},
    };
    comparison_init(&c);
    const struct page_chapter chapter = {.comparison = &c,
                                         .pictures = pictures,
                                         .npictures = LEN(pictures),
                                         .no_pictures = "The first 20 of 21."};
    struct page page = {.chapters = &chapter, .nchapters = 1, .command = ""};
    str_list_add(&page.unread, "a<b.json: not JSON");
    buf_init(&out, BUF_TEXT_MAX);
    page_write(&page, &out);
    assert_non_null(strstr(out.data, "Not drawn: no &lt;gnuplot&gt;"));
    assert_non_null(strstr(out.data, "Not drawn: gnuplot gave something that is not a plain SVG"));
    assert_non_null(strstr(out.data, "The first 20 of 21."));
    assert_non_null(strstr(out.data, "a&lt;b.json: not JSON"));
    str_list_fini(&page.unread);
    buf_fini(&out);
    comparison_fini(&c);
}

static void the_glossary_has_only_what_occurs(void **state)
{
    (void)state;
    struct comparison c;
    struct buf out;
    assert_int_equal(compare_case("five", &c), 0);
    page_of(&(struct page_chapter){.comparison = &c}, &out);
    assert_non_null(strstr(out.data, "<dt>closed loop</dt>"));
    assert_non_null(strstr(out.data, "<dt>p99</dt>"));
    assert_null(strstr(out.data, "<dt>open loop</dt>"));
    assert_null(strstr(out.data, "<dt>gate</dt>"));
    buf_fini(&out);
    comparison_fini(&c);
}

static void a_page_that_is_too_large_says_so(void **state)
{
    (void)state;
    struct comparison c;
    struct buf out;
    comparison_init(&c);
    const struct page_chapter chapter = {.comparison = &c};
    const struct page page = {.chapters = &chapter, .nchapters = 1, .command = ""};
    buf_init(&out, 1000);
    page_write(&page, &out);
    assert_true(out.overflow);
    buf_fini(&out);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_arm_and_each_finding_is_there),
        cmocka_unit_test(nothing_is_inline_and_nothing_is_loaded),
        cmocka_unit_test(a_page_without_anything_measured_is_a_page),
        cmocka_unit_test(what_is_missing_is_said),
        cmocka_unit_test(the_glossary_has_only_what_occurs),
        cmocka_unit_test(a_page_that_is_too_large_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
