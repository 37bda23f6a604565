#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cases/compare_cases.h"
#include "report/plot/data.h"

static char *file_of(const struct comparison *c, const char *name)
{
    const struct plot_file *f = plot_files;
    while (f->name != NULL && strcmp(f->name, name) != 0)
        f++;
    assert_non_null(f->name);
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    f->write(c, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

/* The nth line that is no comment, from 0; NULL past the end. The caller frees it. */
static char *row_of(const char *text, size_t nth)
{
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        size_t len = strcspn(line, "\n");
        if (*line != '#' && len > 0 && nth-- == 0)
            return mem_strndup(line, len);
        if (line[len] == '\0')
            break;
    }
    return NULL;
}

static void expect_row(const char *text, size_t nth, const char *want)
{
    char *row = row_of(text, nth);
    assert_non_null(row);
    assert_string_equal(row, want);
    free(row);
}

/* The field under the column's name in the row of the nth arm. The caller frees it. */
static char *field_of(const char *text, size_t arm, const char *column)
{
    char *head = row_of(text, 0);
    char *row = row_of(text, arm + 1);
    char *quoted = mem_printf("\"%s\"", column);
    char *heads = head;
    char *fields = row;
    char *found = NULL;
    for (char *name = strsep(&heads, "\t"); name != NULL; name = strsep(&heads, "\t")) {
        char *field = strsep(&fields, "\t");
        assert_non_null(field);
        if (strcmp(name, quoted) == 0)
            found = mem_strdup(field);
    }
    assert_null(fields); /* as many as there are names */
    free(quoted);
    free(row);
    free(head);
    assert_non_null(found);
    return found;
}

static void expect_field(const char *text, size_t arm, const char *column, const char *want)
{
    char *field = field_of(text, arm, column);
    assert_string_equal(field, want);
    free(field);
}

/* An arm of one result with so many requests of 1 ms each, and one more of 5 ms. */
static struct comparison simple(const char *name, uint64_t of_1_ms)
{
    struct comparison c;
    struct result r;
    comparison_init(&c);
    result_init(&r);
    r.latency = hist_new_latency();
    hist_record_n(r.latency, NS_PER_MS, of_1_ms);
    hist_record(r.latency, 5 * NS_PER_MS);
    r.accounting.completed = (int64_t)of_1_ms + 1;
    r.duration_s = 10;
    (void)comparison_add_arm(&c, name);
    comparison_add_result(&c, 0, 1, &r);
    return c;
}

static void names_are_one_quoted_field(void **state)
{
    (void)state;
    static const struct {
        const char *name, *whole, *label, *plain;
    } cases[] = {
        {"pool", "\"pool\"", "\"pool\"", "\"pool\""},
        {"", "\" \"", "\" \"", "\" \""},
        {"a\"b\\c", "\"a\\042b\\\\c\"", "\"a\\042b\\\\c\"", "\"a\\042b\\\\c\""},
        {"`x` $(y) {/Symbol a} #@%", "\"`x` $(y) {/Symbol a} #@%\"", "\"`x` $(y) {/Symbol a} #@%\"",
         "\"`x` $(y) {/Symbol a} #@%\""},
        {"a\nb\tc\033d\x7f", "\"a?b?c?d?\"", "\"a?b?c?d?\"", "\"a?b?c?d?\""},
        {"\xff\xfe", "\"??\"", "\"??\"", "\"??\""},
        {"\xef\xbf\xbe-\xef\xbf\xbf-\xef\xbf\xbd", "\"?-?-\xef\xbf\xbd\"", "\"?-?-\xef\xbf\xbd\"",
         "\"?-?-?\""},
        /* What not every font has goes to the SVG only. */
        {"grün Ж β ≥ 漢 🎉", "\"grün Ж β ≥ 漢 🎉\"", "\"grün Ж β ≥ 漢 🎉\"", "\"grün Ж β ? ? ?\""},
        {"12345678901234567890123456789012", "\"12345678901234567890123456789012\"",
         "\"12345678901234567890123456789012\"", "\"12345678901234567890123456789012\""},
        {"1234567890123456789012345678901\"x", "\"1234567890123456789012345678901\\042x\"",
         "\"1234567890123456789012345678901…\"", "\"1234567890123456789012345678901…\""},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c = simple(cases[i].name, 1);
        char *text = file_of(&c, "arms.dat");
        expect_field(text, 0, "name", cases[i].whole);
        expect_field(text, 0, "label", cases[i].label);
        expect_field(text, 0, "plain_label", cases[i].plain);
        expect_field(text, 0, "completed", "2");
        free(text);
        comparison_fini(&c);
    }
}

/* No file of a comparison has more lines for a name that holds one. */
static void no_name_makes_a_line(void **state)
{
    (void)state;
    struct comparison plain = simple("name", 99);
    struct comparison evil = simple("na\n0\t\"x\"\nme\r\n\n\n", 99);
    for (const struct plot_file *f = plot_files; f->name != NULL; f++) {
        char *a = file_of(&plain, f->name);
        char *b = file_of(&evil, f->name);
        size_t lines[2] = {0};
        for (const char *c = a; *c != '\0'; c++)
            lines[0] += *c == '\n';
        for (const char *c = b; *c != '\0'; c++)
            lines[1] += *c == '\n';
        assert_int_equal(lines[0], lines[1]);
        free(b);
        free(a);
    }
    comparison_fini(&evil);
    comparison_fini(&plain);
}

struct point {
    double q, inverse, ms;
    int few, bound;
};

/* The nth point of a curve file, over all blocks. */
static bool point_of(const char *text, size_t nth, struct point *out)
{
    char *row = row_of(text, nth);
    if (row == NULL)
        return false;
    double *const numbers[] = {&out->q, &out->inverse, &out->ms};
    char *at = row;
    for (size_t i = 0; i < LEN(numbers); i++)
        *numbers[i] = strtod(at, &at);
    out->few = (int)strtol(at, &at, 10);
    out->bound = (int)strtol(at, &at, 10);
    assert_int_equal(*at, '\0');
    free(row);
    return true;
}

static void a_curve_goes_up_to_the_highest_value(void **state)
{
    (void)state;
    struct comparison c = simple("a", 999);
    char *text = file_of(&c, "latency.dat");
    struct point last = {0};
    struct point p = {0};
    size_t seen_half = 0;
    for (size_t i = 0; point_of(text, i, &p); i++) {
        assert_true(i == 0 ? p.q == 0 && p.inverse == 1 : p.inverse > last.inverse);
        assert_true(fabs(p.q - (1 - 1 / p.inverse)) < 1e-9);
        assert_true(p.ms >= last.ms);
        assert_true(fabs(p.ms - (p.q > 0.999 ? 5 : 1)) < 0.01); /* 1 of 1000 is slow */
        assert_int_equal(p.few, p.inverse > 100.001);           /* 10 of 1000 lie beyond 99 % */
        assert_int_equal(p.bound, 0);
        seen_half += p.q == 0.5;
        last = p;
    }
    assert_int_equal(seen_half, 1);
    assert_true(last.inverse == 2000 && last.ms > 4.99);
    free(text);
    comparison_fini(&c);
}

static void rounds_are_pooled(void **state)
{
    (void)state;
    struct comparison c = simple("a", 9);
    struct comparison other = simple("a", 9);
    comparison_add_result(&c, 0, 2, &other.arms[0].results[0]);
    char *text = file_of(&c, "latency.dat");
    struct point p = {0};
    for (size_t i = 0; point_of(text, i, &p); i++)
        continue;
    assert_true(p.inverse == 40); /* twice 20 */
    free(text);
    text = file_of(&c, "arms.dat");
    expect_field(text, 0, "rounds", "2");
    expect_field(text, 0, "completed", "20");
    free(text);
    comparison_fini(&other);
    comparison_fini(&c);
}

static void no_curve_is_a_block_of_nan(void **state)
{
    (void)state;
    struct comparison c = simple("a", 9);
    struct result r;
    result_init(&r); /* nothing measured at all */
    (void)comparison_add_arm(&c, "b");
    comparison_add_result(&c, 1, 1, &r);
    (void)comparison_add_arm(&c, "c"); /* no round gave a result */
    char *text = file_of(&c, "latency_unfinished.dat");
    for (size_t i = 0; i < 3; i++)
        expect_row(text, i, "NaN\tNaN\tNaN\tNaN\tNaN");
    assert_null(row_of(text, 3));
    free(text);
    text = file_of(&c, "latency.dat");
    assert_non_null(strstr(text, "\n\n\n# arm 1 \"b\"\nNaN\tNaN\tNaN\tNaN\tNaN\n"));
    assert_non_null(strstr(text, "\n\n\n# arm 2 \"c\"\nNaN\tNaN\tNaN\tNaN\tNaN\n"));
    free(text);
    comparison_fini(&c);
}

/* Those that never got an answer are a curve of their own, of lower bounds. */
static void the_unfinished_are_a_bound(void **state)
{
    (void)state;
    struct comparison c;
    struct result r;
    comparison_init(&c);
    result_init(&r);
    r.latency = hist_new_latency();
    r.unfinished = hist_new_latency();
    hist_record_n(r.unfinished, 9 * NS_PER_S, 100);
    (void)comparison_add_arm(&c, "stuck");
    comparison_add_result(&c, 0, 1, &r);
    char *text = file_of(&c, "latency.dat");
    expect_row(text, 0, "NaN\tNaN\tNaN\tNaN\tNaN");
    free(text);
    text = file_of(&c, "latency_unfinished.dat");
    struct point p = {0};
    size_t points = 0;
    for (; point_of(text, points, &p); points++)
        assert_true(p.bound == 1 && fabs(p.ms - 9000) < 10);
    assert_true(points > 50);
    free(text);
    comparison_fini(&c);
}

static void what_was_not_measured_is_nan_and_never_0(void **state)
{
    (void)state;
    struct comparison c = simple("a", 99);
    char *text = file_of(&c, "compare.dat");
    char *shown = file_of(&c, "compare_text.dat");
    static const char *const missing[] = {"rss_peak_bytes", "threads_peak", "cpu_per_request_ms",
                                          "probe_p99_ms", "switches_per_request"};
    for (size_t i = 0; i < LEN(missing); i++) {
        char *low = mem_printf("%s_low", missing[i]);
        expect_field(text, 0, missing[i], "NaN");
        expect_field(text, 0, low, "NaN");
        expect_field(shown, 0, missing[i], "\"not measured\"");
        free(low);
    }
    expect_field(text, 0, "requests_per_second", "10");
    expect_field(shown, 0, "requests_per_second", "\"10\"");
    expect_field(text, 0, "timeouts", "0");
    expect_field(shown, 0, "timeouts", "\"0\"");
    free(shown);
    free(text);
    comparison_fini(&c);
}

/* All rows of all known comparisons have a field for each name, and the range holds the value. */
static void tables_are_whole(void **state)
{
    (void)state;
    for (size_t k = 0; compare_case_names[k] != NULL; k++) {
        struct comparison c;
        assert_int_equal(compare_case(compare_case_names[k], &c), 0);
        char *text = file_of(&c, "compare.dat");
        char *shown = file_of(&c, "compare_text.dat");
        for (size_t i = 0; i < c.narms; i++) {
            char *value = field_of(text, i, "p99_ms");
            char *low = field_of(text, i, "p99_ms_low");
            char *high = field_of(text, i, "p99_ms_high");
            assert_false(strtod(low, NULL) > strtod(value, NULL));
            assert_false(strtod(value, NULL) > strtod(high, NULL));
            free(high);
            free(low);
            free(value);
            free(field_of(shown, i, "p99_ms"));
        }
        assert_null(row_of(text, c.narms + 1));
        free(shown);
        free(text);
        comparison_fini(&c);
    }
}

static void captions_say_what_is_the_same(void **state)
{
    (void)state;
    struct comparison c = simple("a", 9);
    struct comparison other = simple("b", 9);
    struct result *first = &c.arms[0].results[0];
    struct result *second = &other.arms[0].results[0];
    first->connections = second->connections = 100;
    first->duration_s = second->duration_s = 10.002;
    first->work_kind = mem_strdup("count");
    first->work_n = 20000000;
    first->environment.cpu_model = mem_strdup("`CPU`");
    first->environment.cores_online = 8;
    first->environment.cores_allowed = 2;
    char *text = file_of(&c, "caption.dat");
    expect_row(text, 0,
               "0\t\"100 connections, 10 s, 20,000,000 counts per request\""
               "\t\"100 connections, 10 s, 20,000,000 counts per request\"");
    expect_row(text, 1, "1\t\"`CPU`, 2 of 8 cores\"\t\"`CPU`, 2 of 8 cores\"");
    free(text);
    (void)comparison_add_arm(&c, "b");
    comparison_add_result(&c, 1, 1, second);
    text = file_of(&c, "caption.dat");
    expect_row(text, 0,
               "0\t\"100 connections, 10 s, work differs\""
               "\t\"100 connections, 10 s, work differs\"");
    expect_row(text, 1, "1\t\"machines differ\"\t\"machines differ\"");
    free(text);
    comparison_fini(&other);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_one_quoted_field),
        cmocka_unit_test(no_name_makes_a_line),
        cmocka_unit_test(a_curve_goes_up_to_the_highest_value),
        cmocka_unit_test(rounds_are_pooled),
        cmocka_unit_test(no_curve_is_a_block_of_nan),
        cmocka_unit_test(the_unfinished_are_a_bound),
        cmocka_unit_test(what_was_not_measured_is_nan_and_never_0),
        cmocka_unit_test(tables_are_whole),
        cmocka_unit_test(captions_say_what_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
