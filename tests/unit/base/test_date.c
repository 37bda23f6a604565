/* date: times of RFC 3339, and texts that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"

static void times_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t want_ns;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01T00:00:01.5Z", 3 * NS_PER_S / 2},
        {"1970-01-01t01:00:00.000000001+01:00", 1},
        {"2026-11-30T18:05:00Z", 1796061900 * NS_PER_S},
        {"2026-11-30 18:05:00z", 1796061900 * NS_PER_S},
        {"2026-11-30T23:35:00+05:30", 1796061900 * NS_PER_S},
        {"2028-02-29T00:00:00.1234567899Z", 1835395200 * NS_PER_S + 123456789},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        int64_t ns = -1;
        struct err err = {0};
        assert_int_equal(date_parse(cases[i].text, &ns, &err), 0);
        assert_true(ns == cases[i].want_ns);
    }
}

static void other_texts_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "now",
        "1796061900",
        "2026-11-30",
        "2026-11-30T18:05:00",
        "2026-11-30T18:05Z",
        "2026-11-30T18:05:00.Z",
        "2026-11-30T18:05:00,5Z",
        "2026-11-30T18:05:00+1:00",
        "2026-11-30T18:05:00+0100",
        "2026-11-30T18:05:00ZZ",
        "2026-11-30T18:05:00Z ",
        " 2026-11-30T18:05:00Z",
        "2026-02-30T18:05:00", /* the form is wrong as well */
        "+026-11-30T18:05:00Z",
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        int64_t ns = 0;
        struct err err = {0};
        assert_int_equal(date_parse(cases[i], &ns, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, "is not a time with its offset"));
    }
}

/* The form is right, and the words say which number is not. */
static void a_number_that_does_not_exist_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"2026-02-30T18:05:00Z", "there is no such day; month 2 of 2026 has 28 days"},
        {"2027-02-29T18:05:00Z", "there is no such day; month 2 of 2027 has 28 days"},
        {"2028-02-30T18:05:00Z", "there is no such day; month 2 of 2028 has 29 days"},
        {"2100-02-29T18:05:00Z", "there is no such day; month 2 of 2100 has 28 days"},
        {"2026-11-31T18:05:00Z", "there is no such day; month 11 of 2026 has 30 days"},
        {"2026-12-32T18:05:00Z", "there is no such day; month 12 of 2026 has 31 days"},
        {"2026-11-00T18:05:00Z", "there is no such day; month 11 of 2026 has 30 days"},
        {"2026-13-01T18:05:00Z", "there is no month 13; give one from 1 to 12"},
        {"2026-00-01T18:05:00Z", "there is no month 0; give one from 1 to 12"},
        {"2026-11-30T24:00:00Z", "there is no hour 24; give one from 0 to 23"},
        {"2026-11-30T25:00:00Z", "there is no hour 25; give one from 0 to 23"},
        {"2026-11-30T18:60:00Z", "there is no minute 60; give one from 0 to 59"},
        {"2026-11-30T18:05:60Z", "there is no second 60; give one from 0 to 59"},
        {"2026-11-30T18:05:61.5Z", "there is no second 61; give one from 0 to 59"},
        {"2026-11-30T18:05:00+25:00", "there is no offset hour 25; give one from 0 to 23"},
        {"2026-11-30T18:05:00-01:60", "there is no offset minute 60; give one from 0 to 59"},
        /* Years before 1970 are not looked into. */
        {"1969-12-31T23:30:00-00:30", "there is no year 1969; give one from 1970 to 2261"},
        {"9999-11-30T18:05:00Z", "there is no year 9999; give one from 1970 to 2261"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        int64_t ns = 0;
        struct err err = {0};
        assert_int_equal(date_parse(cases[i].text, &ns, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i].text));
        if (strstr(err.text, cases[i].words) == NULL)
            fail_msg("'%s' does not say '%s'", err.text, cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read),
        cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(a_number_that_does_not_exist_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
