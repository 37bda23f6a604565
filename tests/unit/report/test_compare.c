#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/compare_cases.h"
#include "report/broker_text.h"
#include "report/compare/markdown.h"
#include "report/compare/report.h"
#include "report/compare/report_internal.h"
#include "report/markdown.h"
#include "report/text.h"
#include "support/count_of.h"

enum form { TEXT, MARKDOWN };

static char *page_of(const struct comparison *c, enum form form, const struct report_style *style)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    if (form == TEXT)
        report_comparison(c, style, &out);
    else
        report_comparison_markdown(c, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

static char *page_of_case(const char *name, enum form form, const struct report_style *style)
{
    struct comparison c;
    assert_int_equal(compare_case(name, &c), 0);
    char *text = page_of(&c, form, style);
    comparison_fini(&c);
    return text;
}

/* Calls `check` for each line, without its newline. */
static void each_line(const char *text, void (*check)(const char *line, void *state), void *state)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        char *line = mem_strndup(text, len);
        check(line, state);
        free(line);
        text += len + (text[len] == '\n' ? 1 : 0);
    }
}

/* --- the claims as text --- */

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
    char *text = page_of_case("claims", TEXT, &colour);
    expect_count(text, "\033[32mholds\033[0m", 4);
    expect_count(text, "\033[1;31mdoes not hold\033[0m", 1);
    expect_count(text, "\033[2mnot comparable\033[0m", 2);
    free(text);
}

static void no_text_drives_a_terminal(void **state)
{
    (void)state;
    static const struct report_style ascii = {0};
    char *text = page_of_case("claims", TEXT, &ascii);
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
        const char *codes; /* a letter a claim */
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

/* --- markdown --- */

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
        char *text = page_of_case(name, MARKDOWN, NULL);
        each_line(text, bars_agree, &bars);
        size_t want = strcmp(name, "failed") == 0 ? 0 : strcmp(name, "claims") == 0 ? 2 : 1;
        assert_int_equal(bars.tables, want);
        free(text);
    }
}

/* Claims, names, problems and warnings that try to be a row, an element, a link, a mention. */
static void no_text_breaks_out(void **state)
{
    (void)state;
    static const char *const foreign[] = {"\033", "\r", "@", "`", "[", "]", "~", "\\", "$", "_"};
    char *text = page_of_case("claims", MARKDOWN, NULL);
    size_t signs = count_of(text, "<");
    expect_count(text, "<br>", signs); /* a problem's, a warning's and a remedy's line */
    assert_int_equal(signs, 4);
    for (size_t i = 0; i < LEN(foreign); i++)
        expect_count(text, foreign[i], 0);
    free(text);
}

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
        {"# a", "&#35; a", "&#35; a"},
        {"a\nb", "a?b", "a<br>b"},
        {"a\n\n+ b\n", "a??+ b?", "a<br><br>&#43; b"},
        {"http://a", "http&#58;//a", "http&#58;//a"},
        {"www.a.b", "&#119;ww.a.b", "&#119;ww.a.b"},
        {":a: b", "&#58;a: b", "&#58;a: b"},
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

/* --- the brokers of queues --- */

static void set_broker(struct arm *arm, const char *name, const char *place)
{
    char setting[] = "broker";
    char *text = mem_strdup(place);
    struct result *r = &arm->results[0];
    free(r->queue.broker);
    r->has_queue = true;
    r->queue.broker = mem_strdup(name);
    result_add_setting(r, &(struct setting){setting, SETTING_TEXT, 0, text});
    free(text);
}

static void each_broker_is_named_once(void **state)
{
    (void)state;
    static const struct report_style style = {0};
    struct comparison c;
    struct str_list notes = {0};
    assert_int_equal(compare_case("five", &c), 0);
    for (size_t i = 0; i < c.narms; i++)
        c.arms[i].results[0].has_queue = false;
    broker_notes(&c, &style, &notes);
    assert_int_equal(notes.count, 0);
    set_broker(&c.arms[1], "redis", "redis://h:1");
    set_broker(&c.arms[2], "sqlite", "private");
    set_broker(&c.arms[4], "redis", "redis://h:1");
    broker_notes(&c, &style, &notes);
    assert_int_equal(notes.count, 2);
    char *want =
        mem_printf("%s, %s: the broker is redis (redis://h:1)", c.arms[1].name, c.arms[4].name);
    assert_string_equal(notes.items[0], want);
    assert_non_null(strstr(notes.items[1], ": the broker is sqlite (private)"));
    free(want);
    str_list_fini(&notes);
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
        cmocka_unit_test(every_row_has_the_cells_of_its_head),
        cmocka_unit_test(no_text_breaks_out),
        cmocka_unit_test(signs_become_numbers),
        cmocka_unit_test(a_fence_is_longer_than_any_in_it),
        cmocka_unit_test(each_broker_is_named_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
