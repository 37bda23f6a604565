#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/compare_cases.h"
#include "report/plot/data.h"
#include "support/plot_rows.h"

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
        /* Characters that not every font has go to the SVG only. */
        {"grün Ж β ≥ 漢 🎉", "\"grün Ж β ≥ 漢 🎉\"", "\"grün Ж β ≥ 漢 🎉\"", "\"grün Ж β ? ? ?\""},
        {"12345678901234567890123456789012", "\"12345678901234567890123456789012\"",
         "\"12345678901234567890123456789012\"", "\"12345678901234567890123456789012\""},
        {"1234567890123456789012345678901\"x", "\"1234567890123456789012345678901\\042x\"",
         "\"1234567890123456789012345678901…\"", "\"1234567890123456789012345678901…\""},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c = plot_simple(cases[i].name, 1);
        char *text = plot_file_of(&c, "arms.dat");
        plot_expect_field(text, 0, "name", cases[i].whole);
        plot_expect_field(text, 0, "label", cases[i].label);
        plot_expect_field(text, 0, "plain_label", cases[i].plain);
        plot_expect_field(text, 0, "completed", "2");
        free(text);
        comparison_fini(&c);
    }
}

/* A name that holds a line break adds no line to any file. */
static void no_name_makes_a_line(void **state)
{
    (void)state;
    struct comparison plain = plot_simple("name", 99);
    struct comparison evil = plot_simple("na\n0\t\"x\"\nme\r\n\n\n", 99);
    for (const struct plot_file *f = plot_files; f->name != NULL; f++) {
        char *a = plot_file_of(&plain, f->name);
        char *b = plot_file_of(&evil, f->name);
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

static void what_was_not_measured_is_nan_and_never_0(void **state)
{
    (void)state;
    struct comparison c = plot_simple("a", 99);
    char *text = plot_file_of(&c, "compare.dat");
    char *shown = plot_file_of(&c, "compare_text.dat");
    static const char *const missing[] = {"rss_peak_bytes", "threads_peak", "cpu_per_request_ms",
                                          "probe_p99_ms", "switches_per_request"};
    for (size_t i = 0; i < LEN(missing); i++) {
        char *low = mem_printf("%s_low", missing[i]);
        plot_expect_field(text, 0, missing[i], "NaN");
        plot_expect_field(text, 0, low, "NaN");
        plot_expect_field(shown, 0, missing[i], "\"not measured\"");
        free(low);
    }
    plot_expect_field(text, 0, "requests_per_second", "10");
    plot_expect_field(shown, 0, "requests_per_second", "\"10\"");
    plot_expect_field(text, 0, "timeouts", "0");
    plot_expect_field(shown, 0, "timeouts", "\"0\"");
    free(shown);
    free(text);
    comparison_fini(&c);
}

/* Each row of each known comparison has a field for each name, and its range holds its value. */
static void tables_are_whole(void **state)
{
    (void)state;
    for (size_t k = 0; compare_case_names[k] != NULL; k++) {
        struct comparison c;
        assert_int_equal(compare_case(compare_case_names[k], &c), 0);
        char *text = plot_file_of(&c, "compare.dat");
        char *shown = plot_file_of(&c, "compare_text.dat");
        for (size_t i = 0; i < c.narms; i++) {
            char *value = plot_field_of(text, i, "p99_ms");
            char *low = plot_field_of(text, i, "p99_ms_low");
            char *high = plot_field_of(text, i, "p99_ms_high");
            assert_false(strtod(low, NULL) > strtod(value, NULL));
            assert_false(strtod(value, NULL) > strtod(high, NULL));
            free(high);
            free(low);
            free(value);
            free(plot_field_of(shown, i, "p99_ms"));
        }
        assert_null(plot_row_of(text, c.narms + 1));
        free(shown);
        free(text);
        comparison_fini(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_one_quoted_field),
        cmocka_unit_test(no_name_makes_a_line),
        cmocka_unit_test(what_was_not_measured_is_nan_and_never_0),
        cmocka_unit_test(tables_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
