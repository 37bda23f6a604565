#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/compare_cases.h"
#include "support/compare_page.h"
#include "support/count_of.h"

struct bars {
    size_t of_table; /* 0 between two tables */
    size_t tables;
};

static void bars_agree(const char *line, void *state)
{
    struct bars *bars = state;
    size_t count = count_of(line, "|");
    if (line[0] != '|') {
        if (count > 0)
            fail_msg("a bar outside of a table: %s", line);
        bars->of_table = 0;
        return;
    }
    bars->tables += bars->of_table == 0;
    if (bars->of_table > 0 && count != bars->of_table)
        fail_msg("%zu bars instead of %zu: %s", count, bars->of_table, line);
    bars->of_table = count;
}

static void every_row_has_the_cells_of_its_head(void **state)
{
    (void)state;
    for (size_t i = 0; compare_case_names[i] != NULL; i++) {
        struct bars bars = {0};
        const char *name = compare_case_names[i];
        char *text = page_of_case(name, PAGE_MARKDOWN, NULL);
        each_line(text, bars_agree, &bars);
        /* what decides, all figures, and all verdicts against a reference */
        size_t want = strcmp(name, "failed") == 0 ? 0 : strcmp(name, "reference") == 0 ? 3 : 2;
        assert_int_equal(bars.tables, want);
        free(text);
    }
}

/* Claims, names, problems and warnings that try to be a row, an element, a link, a mention. */
static void no_text_breaks_out(void **state)
{
    (void)state;
    static const char *const foreign[] = {"\033", "\r", "@", "`", "[", "]", "~", "\\", "$", "_"};
    char *text = page_of_case("claims", PAGE_MARKDOWN, NULL);
    size_t breaks = count_of(text, "<br>"); /* lines of a problem, a warning and a claim */
    size_t folds = count_of(text, "<details><summary>");
    assert_true(breaks > 0 && folds > 0);
    expect_count(text, "</summary>", folds);
    expect_count(text, "</details>", folds);
    expect_count(text, "<", breaks + 4 * folds);
    for (size_t i = 0; i < LEN(foreign); i++)
        expect_count(text, foreign[i], 0);
    free(text);
}

/* The line that leads is the first, bold, and the only one of its kind. */
static void the_lead_comes_first(void **state)
{
    (void)state;
    static const struct {
        const char *name, *lead;
    } cases[] = {
        {"mixed", "**Recommended for synchronous requests, "},
        {"claims", "**5 claims, 7 verdicts (one per arm): 4 hold, 1 does not, 2 cannot"},
        {"reference",
         "**Against base, slower is worse (p99 +9.9% &#91;+9.4%, +10.3%&#93; and 5 more"},
        {"nothing", "**INTERRUPTED, these are partial results: pool is not ranked"},
        {"failed", "**No arm gave a result: "},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *text = page_of_case(cases[i].name, PAGE_MARKDOWN, NULL);
        assert_memory_equal(text, cases[i].lead, strlen(cases[i].lead));
        const char *end = strchr(text, '\n');
        assert_memory_equal(end - 2, "**\n\n", 4);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_the_cells_of_its_head),
        cmocka_unit_test(no_text_breaks_out),
        cmocka_unit_test(the_lead_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
