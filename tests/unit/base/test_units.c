#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/units.h"

static void times_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t want_ns;
    } cases[] = {
        {"10", 10000000000},
        {"500ms", 500000000},
        {"1.5s", 1500000000},
        {"2m", 120000000000},
        {"1h", 3600000000000},
        {"20us", 20000},
        {"7ns", 7},
        {"0", 0},
        {".5", 500000000},
        {"0.001", 1000000},
        {"10 s", 10000000000},
        {"1 second", 1000000000},
        {"1h 30m", 5400000000000},
        {"1h30m", 5400000000000},
        {"2 weeks", 1209600000000000},
        {"1.5 Minutes", 90000000000},
        {"1 day 2 hrs 3 secs", 93603000000000},
        {"500 ms", 500000000},
        {"90MIN", 5400000000000},
        {"3d", 259200000000000},
    };
    struct err err;
    int64_t ns = 0;
    for (size_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(units_parse_time(cases[i].text, &ns, &err), 0);
        assert_int_equal(ns, cases[i].want_ns);
    }
}

static void sizes_and_counts_are_read(void **state)
{
    (void)state;
    struct err err;
    int64_t n = 0;
    assert_int_equal(units_parse_size("64KiB", &n, &err), 0);
    assert_int_equal(n, 65536);
    assert_int_equal(units_parse_size("64kB", &n, &err), 0);
    assert_int_equal(n, 64000);
    assert_int_equal(units_parse_size("8.5MiB", &n, &err), 0);
    assert_int_equal(n, 8912896);
    assert_int_equal(units_parse_count("20M", &n, &err), 0);
    assert_int_equal(n, 20000000);
    assert_int_equal(units_parse_count("1.5k", &n, &err), 0);
    assert_int_equal(n, 1500);
    assert_int_equal(units_parse_count("1.1k", &n, &err), 0);
    assert_int_equal(n, 1100);
    assert_int_equal(units_parse_count("1.5", &n, &err), -1);
    assert_int_equal(n, 1100);
}

static void nothing_is_guessed(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",        " ",      "x",           "10 q",    "10q",
        "-1",      "+1",     "0x10",        "nan",     "inf",
        "1e400",   "1..2",   "10s5",        "ms",      "99999999999999999999999",
        "1,5",     "1h 30",  "h 1",         "1 month", "2 years",
        "1h -30m", "1e2s x", "20000 weeks", "1 h,2 m", "1.2.3s",
    };
    struct err err;
    int64_t n = 42;
    for (size_t i = 0; i < LEN(bad); i++) {
        assert_int_equal(units_parse_time(bad[i], &n, &err), -1);
        assert_int_equal(units_parse_count(bad[i], &n, &err), -1);
        assert_int_equal(units_parse_size(bad[i], &n, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
    }
    assert_int_equal(n, 42);
}

static void times_read_well(void **state)
{
    (void)state;
    static const struct {
        int64_t ns;
        const char *want;
    } cases[] = {
        {0, "0 ns"},
        {999, "999 ns"},
        {1000, "1.00 us"},
        {9994, "9.99 us"},
        {9996, "10.0 us"},
        {999499, "999 us"},
        {1240000, "1.24 ms"},
        {250000000, "250 ms"},
        {999400000, "999 ms"},
        {999600000, "1.00 s"},
        {9996000000, "10.0 s"},
        {99960000000, "100 s"},
        {3600000000000, "3600 s"},
    };
    char text[40];
    for (size_t i = 0; i < LEN(cases); i++)
        assert_string_equal(units_format_time(cases[i].ns, text, sizeof text), cases[i].want);
}

static void counts_and_bytes_read_well(void **state)
{
    (void)state;
    char text[40];
    assert_string_equal(units_format_count(0, text, sizeof text), "0");
    assert_string_equal(units_format_count(42, text, sizeof text), "42");
    assert_string_equal(units_format_count(1.25, text, sizeof text), "1.25");
    assert_string_equal(units_format_count(9999, text, sizeof text), "9999");
    assert_string_equal(units_format_count(12345, text, sizeof text), "12.3k");
    assert_string_equal(units_format_count(20e6, text, sizeof text), "20.0M");
    assert_string_equal(units_format_bytes(999, text, sizeof text), "999 B");
    assert_string_equal(units_format_bytes(27.9e6, text, sizeof text), "27.9 MB");
}

static void a_figure_settles_where_its_last_digits_do_not_matter(void **state)
{
    (void)state;
    assert_true(units_settle(1234567890.5) == 1234567890);
    assert_true(units_settle(123456789.5) == units_settle(123456789.49999999));
    assert_true(units_settle(1 / 3.0) == 0.333333333);
    assert_true(isnan(units_settle(NAN)));
}

static void long_times_are_rounded_for_reading(void **state)
{
    (void)state;
    static const struct {
        double s;
        const char *want;
    } cases[] = {
        {190, "190 s"}, {299, "299 s"}, {2049, "34 min"}, {7199, "120 min"}, {21382, "5.9 h"}};
    char text[32];
    for (size_t i = 0; i < LEN(cases); i++)
        assert_string_equal(units_format_long(cases[i].s * 1e9, text, sizeof text), cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_times_are_rounded_for_reading),
        cmocka_unit_test(a_figure_settles_where_its_last_digits_do_not_matter),
        cmocka_unit_test(times_are_read),
        cmocka_unit_test(sizes_and_counts_are_read),
        cmocka_unit_test(nothing_is_guessed),
        cmocka_unit_test(times_read_well),
        cmocka_unit_test(counts_and_bytes_read_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
