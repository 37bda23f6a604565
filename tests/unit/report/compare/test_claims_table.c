#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/compare_cases.h"
#include "report/compare/report_internal.h"
#include "report/text.h"
#include "support/compare_page.h"
#include "support/count_of.h"

static void fits(const char *line, void *state)
{
    const size_t *width = state;
    if (text_width(line) > *width)
        fail_msg("wider than %zu: %s", *width, line);
}

static void no_line_passes_the_width(void **state)
{
    (void)state;
    struct comparison c;
    assert_int_equal(compare_case("claims", &c), 0);
    for (size_t width = 40; width <= REPORT_WIDTH_MAX; width++) {
        struct buf out;
        const struct report_style style = {.utf8 = width % 2 == 0, .width = width};
        buf_init(&out, BUF_TEXT_MAX);
        compare_section_claims(&c, &style, &out);
        each_line(out.data, fits, &width);
        buf_fini(&out);
    }
    comparison_fini(&c);
}

static void each_verdict_has_its_paint(void **state)
{
    (void)state;
    static const struct report_style colour = {.utf8 = true, .colour = true};
    char *text = page_of_case("claims", PAGE_TEXT, &colour);
    expect_count(text, "\033[32mholds\033[0m", 4);
    expect_count(text, "\033[1;31mdoes not hold\033[0m", 1);
    expect_count(text, "\033[2mnot comparable\033[0m", 2);
    free(text);
}

static void no_text_drives_a_terminal(void **state)
{
    (void)state;
    static const struct report_style ascii = {0};
    char *text = page_of_case("claims", PAGE_TEXT, &ascii);
    expect_count(text, "\033", 0);
    expect_count(text, "\r", 0);
    for (const char *at = text; *at != '\0'; at++)
        assert_true((unsigned char)*at < 0x80);
    free(text);
}

static void add_claim(struct comparison *c, const char *code, const char *published,
                      enum claim_verdict verdict)
{
    struct claim claim = {.code = mem_strdup(code),
                          .text = mem_strdup("it is so"),
                          .published = mem_strdup_or_null(published),
                          .arm = mem_strdup("a"),
                          .verdict = verdict,
                          .reason = mem_strdup("It is.")};
    comparison_add_claim(c, &claim);
}

static void the_sum_counts_claims_and_verdicts(void **state)
{
    (void)state;
    static const struct {
        const char *codes; /* one letter for each claim */
        size_t holds, fails;
        const char *want;
    } cases[] = {
        {"a", 1, 0, "1 claim: 1 holds, 0 do not, 0 cannot be compared"},
        {"abc", 1, 1, "3 claims: 1 holds, 1 does not, 1 cannot be compared"},
        {"aab", 2, 0, "2 claims, 3 verdicts (one per arm): 2 hold, 0 do not, 1 cannot be compared"},
        {"aaaa", 0, 4, "1 claim, 4 verdicts (one per arm): 0 hold, 4 do not, 0 cannot be compared"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c;
        struct buf text;
        comparison_init(&c);
        buf_init(&text, BUF_TEXT_MAX);
        for (size_t k = 0; cases[i].codes[k] != '\0'; k++) {
            const char code[2] = {cases[i].codes[k], '\0'};
            bool fails = k < cases[i].holds + cases[i].fails;
            add_claim(&c, code, NULL,
                      k < cases[i].holds ? CLAIM_HOLDS
                      : fails            ? CLAIM_FAILS
                                         : CLAIM_NOT_COMPARABLE);
        }
        compare_claims_sum(&c, &text);
        assert_string_equal(text.data, cases[i].want);
        buf_fini(&text);
        comparison_fini(&c);
    }
}

static void what_was_published_stands_once(void **state)
{
    (void)state;
    struct comparison c;
    static const struct {
        const char *code, *published, *shown;
    } rows[] = {
        {"a", "5/s", "5/s"}, {"a", "5/s", ""}, {"a", NULL, "-"}, {"a", NULL, ""},
        {"b", NULL, "-"},    {"c", "5", "5"},  {"d", "5", "5"},  {"d", "6", "6"},
    };
    comparison_init(&c);
    for (size_t i = 0; i < LEN(rows); i++)
        add_claim(&c, rows[i].code, rows[i].published, CLAIM_HOLDS);
    for (size_t i = 0; i < LEN(rows); i++)
        assert_string_equal(compare_claim_published(&c, i), rows[i].shown);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_line_passes_the_width),
        cmocka_unit_test(each_verdict_has_its_paint),
        cmocka_unit_test(no_text_drives_a_terminal),
        cmocka_unit_test(the_sum_counts_claims_and_verdicts),
        cmocka_unit_test(what_was_published_stands_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
