/* The parts of a page, and what none may leave out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/capacity/search.h"
#include "base/mem.h"
#include "cases/capacity_cases.h"
#include "cases/compare_cases.h"
#include "cases/render_cases.h"
#include "report/page/html.h"
#include "report/page/page.h"
#include "support/count_of.h"

static void page_of(const struct page_chapter *chapter, struct buf *out)
{
    const struct page page = {.chapters = chapter, .nchapters = 1, .command = "bench <report>"};
    buf_init(out, BUF_TEXT_MAX);
    page_write(&page, out);
    assert_false(out->overflow);
}

/* On the cover, or in the section of the findings. */
static void each_finding_is_told_once(const struct comparison *c, const char *page)
{
    const char *later = strstr(page, "id=\"c1-figures\"");
    char *before = mem_strndup(page, later == NULL ? strlen(page) : (size_t)(later - page));
    for (size_t i = 0; i < c->nfindings; i++) {
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        html_lines(&text, c->findings[i].text);
        assert_int_equal(count_of(before, text.data), 1);
        buf_fini(&text);
    }
    free(before);
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
        each_finding_is_told_once(&c, out.data);
        assert_int_equal(count_of(out.data, "<h1 "), 1);
        assert_int_equal(count_of(out.data, "<main "), 1);
        assert_int_equal(count_of(out.data, "bench &lt;report&gt;"), 1);
        buf_fini(&out);
        comparison_fini(&c);
    }
}

static void a_search_has_each_arm_and_each_trial(void **state)
{
    (void)state;
    for (size_t i = 0; capacity_case_names[i] != NULL; i++) {
        struct capacity c;
        struct goal goal;
        struct err err;
        struct buf out;
        assert_int_equal(capacity_case(capacity_case_names[i], &c), 0);
        assert_int_equal(goal_parse(c.goal, &goal, &err), 0);
        capacity_judge(&c);
        const struct capacity_page found = {.capacity = &c, .goal = &goal};
        page_of(&(struct page_chapter){.capacity = &found}, &out);
        assert_int_equal(count_of(out.data, "<tr><th scope=\"row\">"), c.narms + c.ntrials);
        assert_int_equal(count_of(out.data, "INTERRUPTED"), c.interrupted);
        assert_int_equal(count_of(out.data, "<h1 "), 1);
        assert_int_equal(count_of(out.data, "<script"), 1);
        assert_int_equal(count_of(out.data, "<b>"), 0);
        assert_int_equal(count_of(out.data, "\x1b"), 0);
        buf_fini(&out);
        goal_fini(&goal);
        capacity_fini(&c);
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

static void each_server_is_explained_with_what_came_of_it(void **state)
{
    (void)state;
    static const struct {
        const char *name, *row;
    } cases[] = {
        {"five", "</span>inline</th><td>Does the work on the event loop itself. Meanwhile it "
                 "answers nothing else.</td><td>blocks /ping: p99 about 586 ms</td>"},
        {"five", "</span>threads</th><td>Starts new threads for every request, without a limit. "
                 "They share its work.</td><td>86 of 100 requests got no response</td>"},
        {"five", "and the client fetches the result.</td><td class=\"state pass\">recommended for "
                 "work that can wait</td>"},
        {"rounds",
         "</span>pool</th><td>Does the work in a fixed pool of threads. Further requests "
         "wait in memory until a thread is free.</td><td class=\"state pass\">recommended "
         "where the client waits for the result</td>"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c;
        struct buf out;
        assert_int_equal(compare_case(cases[i].name, &c), 0);
        page_of(&(struct page_chapter){.comparison = &c}, &out);
        assert_int_equal(count_of(out.data, cases[i].row), 1);
        buf_fini(&out);
        comparison_fini(&c);
    }
}

static void the_claims_come_with_the_article_and_with_our_limits(void **state)
{
    (void)state;
    struct comparison c;
    struct buf out;
    assert_int_equal(compare_case("claims", &c), 0);
    free(c.claims[0].reason);
    c.claims[0].reason = mem_strdup("it took 9 s (at most) (holds if <that> (or more)); so far.");
    page_of(&(struct page_chapter){.comparison = &c}, &out);
    assert_non_null(strstr(out.data, "High-Performance Node.js: Concurrency &amp; Microservices"));
    assert_non_null(strstr(out.data, "<th scope=\"row\">cores</th><td>8 (model not named)</td>"));
    assert_non_null(strstr(out.data,
                           "<td>it took 9 s (at most); so far.<small>Holds if &lt;that&gt; "
                           "(or more).</small></td>"));
    buf_fini(&out);
    comparison_fini(&c);
}

static void it_says_how_it_was_measured(void **state)
{
    (void)state;
    struct comparison c;
    struct buf out;
    assert_int_equal(compare_case("rounds", &c), 0);
    page_of(&(struct page_chapter){.comparison = &c}, &out);
    assert_non_null(strstr(out.data, "<pre class=\"command\">bench compare -c 100</pre>"));
    assert_non_null(strstr(out.data, "Add --seed 42 for the same order."));
    buf_fini(&out);
    comparison_fini(&c);
}

/* The table of a run has such rows, that of a page does not. */
static void a_remedy_speaks_of_what_the_page_has(void **state)
{
    (void)state;
    struct comparison c;
    struct buf out;
    assert_int_equal(compare_case("five", &c), 0);
    result_warn(&c.arms[0].results[0], "starved", "1 connection got no response at all",
                "see \"+ unfinished\" for how long they waited");
    page_of(&(struct page_chapter){.comparison = &c}, &out);
    assert_null(strstr(out.data, "+ unfinished"));
    assert_non_null(strstr(out.data, "read the percentiles as lower bounds"));
    buf_fini(&out);
    comparison_fini(&c);
}

/* In flight is the same in every row of a closed loop; it is told below instead. */
static void a_column_that_says_the_same_of_all_is_a_note(void **state)
{
    (void)state;
    struct comparison c;
    struct buf out;
    assert_int_equal(compare_case("rounds", &c), 0);
    page_of(&(struct page_chapter){.comparison = &c}, &out);
    assert_null(strstr(out.data, "<th scope=\"col\">timeouts</th>"));
    assert_non_null(strstr(out.data, "<li>no request timed out</li>"));
    c.arms[0].results[0].accounting.timed_out = 1;
    buf_fini(&out);
    page_of(&(struct page_chapter){.comparison = &c}, &out);
    assert_non_null(strstr(out.data, "<th scope=\"col\">timeouts</th>"));
    assert_null(strstr(out.data, "<li>no request timed out</li>"));
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
        cmocka_unit_test(a_search_has_each_arm_and_each_trial),
        cmocka_unit_test(nothing_is_inline_and_nothing_is_loaded),
        cmocka_unit_test(a_page_without_anything_measured_is_a_page),
        cmocka_unit_test(what_is_missing_is_said),
        cmocka_unit_test(each_server_is_explained_with_what_came_of_it),
        cmocka_unit_test(the_claims_come_with_the_article_and_with_our_limits),
        cmocka_unit_test(it_says_how_it_was_measured),
        cmocka_unit_test(a_remedy_speaks_of_what_the_page_has),
        cmocka_unit_test(a_column_that_says_the_same_of_all_is_a_note),
        cmocka_unit_test(the_glossary_has_only_what_occurs),
        cmocka_unit_test(a_page_that_is_too_large_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
