#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/render_cases.h"
#include "report/progress.h"
#include "report/run/report.h"
#include "report/spread.h"
#include "report/table.h"
#include "report/text.h"

static const struct report_style utf8 = {.utf8 = true};
static const struct report_style ascii = {0};
static const struct report_style colour = {.utf8 = true, .colour = true};

static char *report_of(const struct result *r, const struct report_style *style)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    report_run(r, style, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

static char *report_case(const char *name, const struct report_style *style)
{
    struct result r;
    assert_int_equal(render_case(name, &r), 0);
    char *text = report_of(&r, style);
    result_fini(&r);
    return text;
}

static void assert_says(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, text);
}

static void assert_silent(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("'%s' is in:\n%s", part, text);
}

/* --- pieces --- */

static void width_is_in_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t want;
    } cases[] = {{"", 0}, {"abc", 3}, {"≥1 ms", 5}, {"│─│", 3}, {"grüße", 5}};
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(text_width(cases[i].text), cases[i].want);
}

static void numbers_are_grouped(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        const char *want;
    } cases[] = {{0, "0"},
                 {999, "999"},
                 {1000, "1,000"},
                 {123456, "123,456"},
                 {-1234, "-1,234"},
                 {-123, "-123"},
                 {1234567, "1,234,567"},
                 {INT64_MAX, "9,223,372,036,854,775,807"}};
    for (size_t i = 0; i < LEN(cases); i++) {
        char text[32];
        assert_string_equal(text_grouped(cases[i].n, text, sizeof text), cases[i].want);
    }
}

static void nearly_all_is_not_all(void **state)
{
    (void)state;
    static const struct {
        int64_t part, whole;
        const char *want;
    } cases[] = {
        {0, 10, "0.00%"},           {1, 1000000, "<0.01%"},  {1, 120, "0.83%"},
        {9994, 100000, "9.99%"},    {9996, 100000, "10%"},   {43, 100, "43%"},
        {990, 1000, "99%"},         {9996, 10000, "99.96%"}, {999999, 1000000, ">99.99%"},
        {1000000, 1000000, "100%"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char text[32];
        assert_string_equal(text_share(cases[i].part, cases[i].whole, text, sizeof text),
                            cases[i].want);
    }
}

static void outside_text_cannot_drive_the_terminal(void **state)
{
    (void)state;
    static const struct {
        const struct report_style *style;
        const char *text, *want;
    } cases[] = {
        {&utf8, "plain", "plain"},
        {&utf8, "a\x1b[31mb\nc\rd\x7f", "a?[31mb?c?d?"},
        {&utf8,
         "\xc2\x9b"
         "31m",
         "?31m"}, /* CSI as one C1 character */
        {&utf8, "grüße", "grüße"},
        {&ascii, "grüße", "gr??e"},
        {&utf8, "\xff\xfe", "??"},
        {&utf8, "\xc3", "?"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        buf_init(&out, BUF_TEXT_MAX);
        text_safe(&out, cases[i].style, cases[i].text);
        assert_string_equal(out.data, cases[i].want);
        buf_fini(&out);
    }
}

static void entries_wrap_under_their_first_word(void **state)
{
    (void)state;
    char words[300] = "";
    struct buf out;
    for (size_t i = 0; i < 40; i++)
        memcpy(words + i * 7, "abcdef ", 8);
    buf_init(&out, BUF_TEXT_MAX);
    text_entry(&out, &ascii, PAINT_PLAIN, "label", words);
    size_t lines = 0;
    for (const char *line = out.data; *line != '\0'; lines++) {
        size_t len = strcspn(line, "\n");
        assert_in_range(len, 12, REPORT_WIDTH);
        assert_true(line[len - 1] != ' ');
        assert_memory_equal(line, lines == 0 ? "label      abcdef" : "           abcdef", 17);
        line += len + 1;
    }
    assert_int_equal(lines, 4);
    buf_fini(&out);
}

static void a_word_longer_than_the_line_is_kept_whole(void **state)
{
    (void)state;
    char url[700];
    struct buf out;
    memset(url, 'u', sizeof url - 1);
    url[sizeof url - 1] = '\0';
    buf_init(&out, BUF_TEXT_MAX);
    text_entry(&out, &ascii, PAINT_PLAIN, "label", url);
    assert_int_equal(out.len, 11 + strlen(url) + 1);
    buf_fini(&out);
}

static void tables_align_by_characters(void **state)
{
    (void)state;
    static const char *const cells[] = {"x", "50%", "max", "a", "≥1 ms", "2*", "long", "3*", "12"};
    struct table t;
    struct buf out;
    table_init(&t, 3);
    for (size_t i = 0; i < LEN(cells); i++)
        table_cell(&t, cells[i]);
    buf_init(&out, BUF_TEXT_MAX);
    table_write(&t, &utf8, &out);
    assert_string_equal(out.data, "x       50%  max\n"
                                  "────────────────\n"
                                  "a     ≥1 ms    2*\n"
                                  "long      3*  12\n");
    buf_clear(&out);
    table_cell(&t, "a row that is not full");
    table_write(&t, &ascii, &out);
    assert_memory_equal(out.data + strlen("x       50%  max\n"), "----------------\n", 17);
    assert_null(strstr(out.data, "full"));
    buf_fini(&out);
    table_fini(&t);
}

static void tables_drop_what_matters_least(void **state)
{
    (void)state;
    static const char *const cells[] = {"x", "50%", "mean", "max", "row", "1.00", "2.00", "3.00"};
    static const char *const least[] = {"not there", "mean", "max", NULL};
    static const struct {
        size_t width, columns;
    } cases[] = {{100, 4}, {22, 4}, {21, 3}, {16, 3}, {15, 2}, {2, 2}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct table t;
        table_init(&t, 4);
        for (size_t k = 0; k < LEN(cells); k++)
            table_cell(&t, cells[k]);
        table_fit(&t, &(struct report_style){.width = cases[i].width}, least);
        assert_int_equal(t.columns, cases[i].columns);
        assert_string_equal(t.cells.items[t.columns + 1], "1.00");
        table_fini(&t);
    }
}

static void tables_go_on_below(void **state)
{
    (void)state;
    static const char *const cells[] = {"x", "50%", "mean", "max", "row", "1.00", "2.00", "3.00"};
    struct table t;
    struct buf out;
    table_init(&t, 4);
    for (size_t k = 0; k < LEN(cells); k++)
        table_cell(&t, cells[k]);
    buf_init(&out, BUF_TEXT_MAX);
    table_write(&t, &(struct report_style){.width = 21}, &out);
    assert_string_equal(out.data, "x     50%  mean\n"
                                  "---------------\n"
                                  "row  1.00  2.00\n"
                                  "\n"
                                  "x     max\n"
                                  "---------\n"
                                  "row  3.00\n");
    buf_clear(&out);
    table_write(&t, &(struct report_style){.width = 1}, &out); /* nothing fits: one each */
    assert_says(out.data, "row  2.00\n\nx     max\n");
    buf_fini(&out);
    table_fini(&t);
}

static void colour_only_by_style(void **state)
{
    (void)state;
    for (size_t i = 0; render_case_names[i] != NULL; i++) {
        char *plain = report_case(render_case_names[i], &utf8);
        char *painted = report_case(render_case_names[i], &colour);
        assert_silent(plain, "\033");
        assert_says(painted, "\033[1m");
        /* Without the escapes they are the same. */
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

/* --- percentiles and how far to trust them --- */

static void few_samples_beyond_are_marked(void **state)
{
    (void)state;
    static const struct {
        uint64_t count;
        double q;
        bool few;
    } cases[] = {
        {20, 0.5, false},      {19, 0.5, true},     {100, 0.9, false},   {99, 0.9, true},
        {400, 0.975, false},   {399, 0.975, true},  {1000, 0.99, false}, {999, 0.99, true},
        {10000, 0.999, false}, {9999, 0.999, true}, {1000, 0.01, false}, {999, 0.01, true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct spread s;
        struct hist *h = hist_new_latency();
        hist_record_n(h, NS_PER_MS, cases[i].count);
        spread_init(&s, h);
        assert_int_equal(spread_is_few(&s, cases[i].q), cases[i].few);
        spread_fini(&s);
        hist_free(h);
    }
}

struct unfinished {
    int64_t completed_ms, unfinished_ms;
    uint64_t completed, unfinished;
    const char *p50, *p99; /* NULL: no second row */
};

static void unfinished_requests_are_lower_bounds(void **state)
{
    (void)state;
    static const struct unfinished cases[] = {
        /* nothing unfinished; unfinished but younger than every reply */
        {100, 0, 1000, 0, NULL, NULL},
        {100, 1, 1000, 100, NULL, NULL},
        /* a tenth timed out at 10 s: the median is as it is, the tail at least that */
        {100, 10000, 900, 100, "100 ms", "≥10.0 s"},
        /* most timed out */
        {100, 10000, 10, 90, "≥10.0 s", "≥10.0 s"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        struct spread s;
        char text[40];
        result_init(&r);
        r.latency = hist_new_latency();
        r.unfinished = hist_new_latency();
        hist_record_n(r.latency, cases[i].completed_ms * NS_PER_MS, cases[i].completed);
        hist_record_n(r.unfinished, cases[i].unfinished_ms * NS_PER_MS, cases[i].unfinished);
        spread_init_unfinished(&s, &r);
        if (cases[i].p50 == NULL) {
            assert_int_equal(spread_samples(&s), 0);
        } else {
            assert_int_equal(spread_samples(&s), cases[i].completed + cases[i].unfinished);
            assert_string_equal(spread_percentile(&s, 0.5, &utf8, text, sizeof text), cases[i].p50);
            assert_string_equal(spread_percentile(&s, 0.99, &utf8, text, sizeof text),
                                cases[i].p99);
            assert_string_equal(spread_max(&s, &ascii, text, sizeof text), ">=10.0 s");
            assert_string_equal(spread_stddev(&s, text, sizeof text), "-");
        }
        spread_fini(&s);
        result_fini(&r);
    }
}

static void values_above_the_range_are_bounds_too(void **state)
{
    (void)state;
    struct spread s;
    char text[40];
    struct hist *h = hist_new_latency();
    hist_record_n(h, NS_PER_MS, 50);
    hist_record_n(h, HIST_MAX_NS * 2, 50);
    spread_init(&s, h);
    assert_string_equal(spread_percentile(&s, 0.5, &utf8, text, sizeof text), "1.00 ms");
    assert_true(str_starts(spread_percentile(&s, 0.99, &utf8, text, sizeof text), "≥36"));
    assert_true(str_starts(spread_max(&s, &utf8, text, sizeof text), "≥36"));
    assert_true(str_starts(spread_mean(&s, &utf8, text, sizeof text), "≥"));
    hist_free(h);
}

/* --- the whole report --- */

/* Cuts the text into its lines, one call each; NULL at the end. */
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
    const struct report_style style = {true, false, true, true, width};
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

static void quick_refusals_are_no_quick_answers(void **state)
{
    (void)state;
    char *text = report_case("refusing", &utf8);
    assert_true(str_starts(text, "MOSTLY NON-2xx: "));
    assert_says(text, "99.96% of responses (195,921 x 503)");
    assert_says(text, "\n7.90 2xx/s   99.96% non-2xx   19.6k responses/s total   p50 2.18 ms");
    assert_says(text, "CPU/request  CPU/2xx");
    assert_says(text, "67.9 us   168 ms");
    assert_silent(text, "none lost");
    free(text);
    text = report_case("offload", &utf8); /* a few non-2xx need no alarm */
    assert_silent(text, "NON-2xx");
    assert_says(text, "5950 2xx/s   0.83% non-2xx");
    free(text);
    struct result r;
    assert_int_equal(render_case("refusing", &r), 0);
    r.accounting.statuses[503] = r.accounting.non_2xx = r.accounting.completed;
    r.accounting.statuses[200] = 0;
    text = report_of(&r, &utf8);
    assert_true(str_starts(text, "NO 2xx: "));
    assert_says(text, "\n0 2xx/s   100% non-2xx");
    assert_silent(text, "CPU/2xx");
    free(text);
    result_fini(&r);
}

static void what_the_server_did_not_see_is_told(void **state)
{
    (void)state;
    char *text = report_case("blocked", &utf8);
    assert_says(text, "of the median 588 ms, server wait and work are only 5.68 ms");
    assert_says(text, "1 process used no CPU and is not shown");
    assert_silent(text, "\ntotal ");
    assert_says(text, "each bench thread waited 260 ms for a CPU core (9% of the window)");
    free(text);
    text = report_case("pool", &utf8);
    assert_silent(text, "of the median");
    assert_silent(text, "not shown");
    assert_silent(text, "for a core, ");
    free(text);
}

static void an_idle_process_is_told_unless_another_did_its_work(void **state)
{
    (void)state;
    static const struct {
        const char *role;
        double cpu_s[2];
        bool shown;
    } cases[] = {
        {"target", {0, 2.96}, false}, {"target", {0, 0}, true}, {"target", {0.01, 2.96}, true},
        {"target", {NAN, 1}, true},   {"shell", {0, 1}, true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        assert_int_equal(render_case("blocked", &r), 0);
        free(r.server.processes[0].role);
        r.server.processes[0].role = mem_strdup(cases[i].role);
        for (size_t k = 0; k < 2; k++)
            r.server.processes[k].cpu_user_s = cases[i].cpu_s[k];
        char *text = report_of(&r, &utf8);
        assert_int_equal(strstr(text, "\ntotal ") != NULL, cases[i].shown);
        assert_int_equal(strstr(text, "not shown") == NULL, cases[i].shown);
        free(text);
        result_fini(&r);
    }
}

static void few_seconds_have_no_percentiles(void **state)
{
    (void)state;
    static const struct {
        size_t seconds;
        const char *head;
    } cases[] = {
        {2, "n=2  min  50%  max  mean  stdev"},
        {40, "n=40  min  50%  max  mean  stdev"},
        {41, "n=41  min  2.5%  50%  97.5%  max  mean  stdev"},
        {101, "n=101  min  1%  2.5%  50%  97.5%  max  mean  stdev"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        result_init(&r);
        r.accounting.completed = 1;
        r.seconds = mem_array(cases[i].seconds, sizeof *r.seconds);
        r.nseconds = cases[i].seconds;
        for (size_t k = 0; k < r.nseconds; k++)
            r.seconds[k] = (struct second){.length_s = 1};
        char *text = report_of(&r, &utf8);
        char *to = text; /* the head with one gap between all: widths are not the point */
        for (const char *from = text; *from != '\0'; from++) {
            if (from[0] != ' ' || from[1] != ' ' || from[2] != ' ')
                *to++ = *from;
        }
        *to = '\0';
        assert_says(text, cases[i].head);
        free(text);
        result_fini(&r);
    }
}

static void what_never_completed_has_an_age(void **state)
{
    (void)state;
    char *text = report_case("nothing", &utf8);
    assert_says(text, "time elapsed when given up or at the end: p50 9.99 s, max 10.0 s");
    free(text);
    text = report_case("collapse", &utf8);
    assert_silent(text, "age when given up");
    free(text);
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
        char *text = report_case(cases[i].name, &utf8);
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
        char *text = report_case(names[i], &utf8);
        assert_silent(text, "per second");
        assert_silent(text, "97.5%");
        assert_silent(text, "requests/s");
        assert_silent(text, "responses ");
        assert_silent(text, "nan");
        free(text);
    }
    char *refused = report_case("refused", &utf8);
    assert_says(refused, "NOTHING CONNECTED: all 100 attempts failed");
    assert_says(refused, "100 x Connection refused (ECONNREFUSED)");
    free(refused);
}

static void the_summary_is_not_the_survivors_tale(void **state)
{
    (void)state;
    char *text = report_case("collapse", &utf8);
    assert_says(text, "1.10 2xx/s   21% non-2xx   1.40 responses/s total   p50 ≥5.54 s   p99 ≥9.94 "
                      "s   86 of 200 lost (43%)");
    assert_says(text, "200 sent = 14 completed + 81 timed out + 5 failed (3 reset, 2 eof) + 100 "
                      "in flight at the\n           end (oldest 8.01 s)");
    assert_says(text, "do not include threads that had exited");
    assert_says(text, "87 of 100 connections got no response");
    free(text);
}

static void only_what_is_off_is_told(void **state)
{
    (void)state;
    char *text = report_case("pool", &utf8);
    assert_says(text, "none lost");
    assert_says(text, "all 2xx");
    assert_silent(text, "fairness");
    assert_silent(text, "connect ");
    assert_silent(text, "warning");
    assert_silent(text, "+ unfinished");
    assert_silent(text, "at least");
    free(text);
    text = report_case("offload", &utf8);
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
        char *text = report_of(&r, &utf8);
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
    char *text = report_of(&r, &(struct report_style){true, true, true, true, 0});
    assert_says(text, "NOTHING COMPLETED: no request was sent");
    assert_silent(text, "nan");
    assert_silent(text, "-9223372036854775808");
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
    char *text = report_of(&r, &utf8);
    assert_silent(text, "\033");
    assert_silent(text, "\007");
    assert_says(text, "?]0;x?%s%n");
    free(text);
    result_fini(&r);
}

/* --- progress --- */

static void progress_leaves_out_what_does_not_fit(void **state)
{
    (void)state;
    const struct progress p = {.elapsed_ns = 3200 * NS_PER_MS,
                               .total_ns = 10 * NS_PER_S,
                               .completed = 954,
                               .requests_per_second = 298.2,
                               .p50_ns = 335 * NS_PER_MS,
                               .p99_ns = 360 * NS_PER_MS,
                               .errors = 1};
    static const struct {
        size_t width;
        const char *want;
    } cases[] = {
        {100, "━━━━━━──────────────  3/10 s  298 req/s  1 error  p50 335 ms  p99 360 ms"},
        {72, "━━━━━━──────────────  3/10 s  298 req/s  1 error  p50 335 ms  p99 360 ms"},
        {71, "━━━━━━──────────────  3/10 s  298 req/s  1 error  p50 335 ms"},
        {59, "3/10 s  298 req/s  1 error  p50 335 ms  p99 360 ms"},
        {30, "3/10 s  298 req/s  1 error"},
        {10, "3/10 s"},
        {3, ""},
        {0, ""},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *line = report_progress(&p, cases[i].width, &utf8);
        assert_string_equal(line, cases[i].want);
        assert_true(text_width(line) <= cases[i].width);
        free(line);
    }
    struct progress refused = p;
    refused.non_2xx = 1234;
    char *line = report_progress(&refused, 77, &ascii);
    assert_string_equal(
        line, "######--------------  3/10 s  298 req/s  1 error  1,234 non-2xx  p50 335 ms");
    free(line);
}

static void progress_knows_only_what_it_knows(void **state)
{
    (void)state;
    static const struct {
        struct progress p;
        const char *want;
    } cases[] = {
        {{.requests_per_second = NAN, .p50_ns = MISSING, .p99_ns = MISSING}, "0 s  0 errors"},
        {{.phase = "warm-up",
          .elapsed_ns = 500 * NS_PER_MS,
          .total_ns = 1500 * NS_PER_MS,
          .requests_per_second = 0,
          .p50_ns = MISSING,
          .p99_ns = MISSING,
          .errors = 12345},
         "warm-up  ######--------------  0/2 s  0 req/s  12,345 errors"},
        {{.elapsed_ns = 99 * NS_PER_S,
          .completed = 3000,
          .amount = 4000,
          .requests_per_second = 31.5,
          .p50_ns = NS_PER_MS,
          .p99_ns = 2 * NS_PER_MS},
         "###############-----  99 s  31.5 req/s  0 errors  p50 1.00 ms  p99 2.00 ms"},
        {{.elapsed_ns = 11 * NS_PER_S,
          .total_ns = 10 * NS_PER_S,
          .requests_per_second = NAN,
          .p50_ns = MISSING,
          .p99_ns = MISSING},
         "####################  11/10 s  0 errors"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *line = report_progress(&cases[i].p, 80, &ascii);
        assert_string_equal(line, cases[i].want);
        free(line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(width_is_in_characters),
        cmocka_unit_test(numbers_are_grouped),
        cmocka_unit_test(nearly_all_is_not_all),
        cmocka_unit_test(outside_text_cannot_drive_the_terminal),
        cmocka_unit_test(entries_wrap_under_their_first_word),
        cmocka_unit_test(a_word_longer_than_the_line_is_kept_whole),
        cmocka_unit_test(tables_align_by_characters),
        cmocka_unit_test(tables_drop_what_matters_least),
        cmocka_unit_test(tables_go_on_below),
        cmocka_unit_test(colour_only_by_style),
        cmocka_unit_test(plain_ascii_where_it_was_asked_for),
        cmocka_unit_test(few_samples_beyond_are_marked),
        cmocka_unit_test(unfinished_requests_are_lower_bounds),
        cmocka_unit_test(values_above_the_range_are_bounds_too),
        cmocka_unit_test(no_line_passes_the_width),
        cmocka_unit_test(quick_refusals_are_no_quick_answers),
        cmocka_unit_test(what_the_server_did_not_see_is_told),
        cmocka_unit_test(an_idle_process_is_told_unless_another_did_its_work),
        cmocka_unit_test(few_seconds_have_no_percentiles),
        cmocka_unit_test(what_never_completed_has_an_age),
        cmocka_unit_test(the_worst_news_comes_first),
        cmocka_unit_test(nothing_completed_is_no_page_of_zeros),
        cmocka_unit_test(the_summary_is_not_the_survivors_tale),
        cmocka_unit_test(only_what_is_off_is_told),
        cmocka_unit_test(the_work_is_told_as_it_was_asked_for),
        cmocka_unit_test(an_empty_result_is_shown),
        cmocka_unit_test(hostile_text_is_shown_harmless),
        cmocka_unit_test(progress_leaves_out_what_does_not_fit),
        cmocka_unit_test(progress_knows_only_what_it_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
