#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/render_cases.h"
#include "report/text.h"
#include "support/count_of.h"
#include "support/report_styles.h"
#include "support/run_report.h"

static void colour_only_by_style(void **state)
{
    (void)state;
    for (size_t i = 0; render_case_names[i] != NULL; i++) {
        char *plain = report_case(render_case_names[i], &style_utf8);
        char *painted = report_case(render_case_names[i], &style_colour);
        assert_silent(plain, "\033");
        assert_says(painted, "\033[1m");
        /* Without the escapes both are the same. */
        char *to = painted;
        for (const char *from = painted; *from != '\0'; from++) {
            if (*from == '\033')
                from = strchr(from, 'm');
            else
                *to++ = *from;
        }
        *to = '\0';
        assert_string_equal(plain, painted);
        free(plain);
        free(painted);
    }
}

static void plain_ascii_where_it_was_asked_for(void **state)
{
    (void)state;
    static const struct report_style full = {.latency_table = true, .status_codes = true};
    for (size_t i = 0; render_case_names[i] != NULL; i++) {
        char *text = report_case(render_case_names[i], &full);
        size_t column = 0;
        for (const char *c = text; *c != '\0'; c++) {
            assert_true(*c == '\n' || (*c >= ' ' && *c < 0x7f));
            column = *c == '\n' ? 0 : column + 1;
            assert_true(column <= REPORT_WIDTH);
        }
        free(text);
    }
}

/* The next line, cut off from the text; NULL at the end. */
static const char *next_line(char **rest)
{
    char *line = *rest;
    if (*line == '\0')
        return NULL;
    size_t len = strcspn(line, "\n");
    *rest = line + len + (line[len] != '\0');
    line[len] = '\0';
    return line;
}

static void assert_fits(const struct result *r, size_t width)
{
    const struct report_style style = {true, false, true, true, false, width};
    size_t most = width < REPORT_WIDTH_MAX ? width : REPORT_WIDTH_MAX;
    char *text = report_of(r, &style);
    char *rest = text;
    for (const char *line = next_line(&rest); line != NULL; line = next_line(&rest)) {
        if (text_width(line) > most)
            fail_msg("at %zu: %s", width, line);
    }
    free(text);
}

static void no_line_passes_the_width(void **state)
{
    (void)state;
    static const size_t widths[] = {40, 53, 60, 71, 79, 80, 81, 92, 100, 119, 120, 130, 300};
    for (size_t i = 0; render_case_names[i] != NULL; i++) {
        struct result r;
        assert_int_equal(render_case(render_case_names[i], &r), 0);
        for (size_t k = 0; k < LEN(widths); k++)
            assert_fits(&r, widths[k]);
        result_fini(&r);
    }
}

static void the_worst_news_comes_first(void **state)
{
    (void)state;
    static const struct {
        const char *name, *first;
    } cases[] = {
        {"pool", "pool (20M counts per request) at http://127.0.0.1:40123/heavy\n"},
        {"collapse", "TARGET STOPPED"},
        {"nothing", "NOTHING COMPLETED: 100 requests sent"},
        {"refused", "INVALID"},
        {"interrupted", "INTERRUPTED after 2.31 s"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *text = report_case(cases[i].name, &style_utf8);
        if (!str_starts(text, cases[i].first))
            fail_msg("%s begins with:\n%s", cases[i].name, text);
        free(text);
    }
}

static void nothing_completed_is_no_page_of_zeros(void **state)
{
    (void)state;
    static const char *const names[] = {"nothing", "refused"};
    for (size_t i = 0; i < LEN(names); i++) {
        char *text = report_case(names[i], &style_utf8);
        assert_silent(text, "per second");
        assert_silent(text, "97.5%");
        assert_silent(text, "requests/s");
        assert_silent(text, "responses ");
        assert_silent(text, "nan");
        free(text);
    }
    char *refused = report_case("refused", &style_utf8);
    assert_says(refused, "NOTHING CONNECTED: all 100 attempts failed");
    assert_says(refused, "100 x Connection refused (ECONNREFUSED)");
    free(refused);
}

static void only_what_is_off_is_told(void **state)
{
    (void)state;
    char *text = report_case("pool", &style_utf8);
    assert_says(text, "none lost");
    assert_says(text, "all 2xx");
    assert_silent(text, "fairness");
    assert_silent(text, "connect ");
    assert_silent(text, "warning");
    assert_silent(text, "+ unfinished");
    assert_silent(text, "at least");
    free(text);
    text = report_case("offload", &style_utf8);
    assert_says(text, "SATURATED");
    assert_says(text, "7 mismatched");
    assert_says(text, "compute");
    free(text);
}

static void the_work_is_told_as_it_was_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        int64_t n;
        const char *want;
    } cases[] = {
        {"count", 20000000, "pool (20M counts per request) at"},
        {"count", 1050000, "pool (1.05M counts per request) at"},
        {"count", 1200000, "pool (1.20M counts per request) at"},
        {"count", 1000000, "pool (1M counts per request) at"},
        {"count", 100, "pool (100 counts per request) at"},
        {"count", 0, "pool (0 counts per request) at"},
        {"sleep", 50 * NS_PER_MS, "pool (sleep 50.0 ms per request) at"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        assert_int_equal(render_case("pool", &r), 0);
        free(r.work_kind);
        r.work_kind = mem_strdup(cases[i].kind);
        r.work_n = cases[i].n;
        char *text = report_of(&r, &style_utf8);
        assert_says(text, cases[i].want);
        free(text);
        result_fini(&r);
    }
}

static void an_empty_result_is_shown(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    char *text = report_of(&r, &(struct report_style){true, true, true, true, false, 0});
    assert_says(text, "NOTHING COMPLETED: no request was sent");
    assert_silent(text, "nan");
    assert_silent(text, "-9223372036854775808");
    free(text);
    result_fini(&r);
}

/* Also where the URL has the same text. */
static void the_socket_is_told_beside_the_url(void **state)
{
    (void)state;
    char name[] = "socket_path";
    char path[] = "/a";
    struct result r;
    result_init(&r);
    r.url = mem_strdup("http://localhost/a/b");
    r.address = mem_strdup(path);
    result_add_setting(&r, &(struct setting){.name = name, .kind = SETTING_TEXT, .text = path});
    char *text = report_of(&r, &(struct report_style){0});
    assert_says(text, "http://localhost/a/b (unix socket /a)\n");
    free(text);
    result_fini(&r);
}

static void hostile_text_is_shown_harmless(void **state)
{
    (void)state;
    struct result r;
    assert_int_equal(render_case("pool", &r), 0);
    char **const texts[] = {&r.title,
                            &r.url,
                            &r.address,
                            &r.strategy,
                            &r.work_kind,
                            &r.target_end,
                            &r.server.processes[0].role};
    for (size_t i = 0; i < LEN(texts); i++) {
        free(*texts[i]);
        *texts[i] = mem_strdup("\033]0;x\007%s%n");
    }
    result_warn(&r, "\033[2J", "\033[2J", "\033[2J");
    char *text = report_of(&r, &style_utf8);
    assert_silent(text, "\033");
    assert_silent(text, "\007");
    assert_says(text, "?]0;x?%s%n");
    free(text);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colour_only_by_style),
        cmocka_unit_test(plain_ascii_where_it_was_asked_for),
        cmocka_unit_test(no_line_passes_the_width),
        cmocka_unit_test(the_worst_news_comes_first),
        cmocka_unit_test(nothing_completed_is_no_page_of_zeros),
        cmocka_unit_test(only_what_is_off_is_told),
        cmocka_unit_test(the_work_is_told_as_it_was_asked_for),
        cmocka_unit_test(an_empty_result_is_shown),
        cmocka_unit_test(the_socket_is_told_beside_the_url),
        cmocka_unit_test(hostile_text_is_shown_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
