/* A run that began slower than it went on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/warm_up.h"
#include "analysis/warnings.h"
#include "base/clock.h"
#include "base/mem.h"
#include "cases/healthy_result.h"

#define MOST 40

/* Seconds with these p50 in us, up to the first 0. */
static void make(struct result *r, const int us[MOST])
{
    healthy_result(r);
    r->seconds = mem_array(MOST, sizeof *r->seconds);
    for (size_t i = 0; i < MOST && us[i] > 0; i++)
        r->seconds[r->nseconds++] = (struct second){.length_s = 1,
                                                    .requests = 100,
                                                    .p50_ns = us[i] * NS_PER_US,
                                                    .due = MISSING,
                                                    .sent = MISSING,
                                                    .late = MISSING};
}

static void a_slow_start_is_told_from_noise(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int us[MOST];
        bool is_known, is_short;
    } cases[] = {
        {"too few seconds", {9000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000}, false, false},
        {"one slow second", {1500, 1000, 1010, 990, 1005, 995, 1000, 1002, 998, 1001}, true, true},
        {"by less than a tenth",
         {1090, 1000, 1001, 999, 1000, 1000, 1001, 999, 1000, 1000},
         true,
         false},
        {"a fast start", {500, 1000, 1010, 990, 1005, 995, 1000, 1002, 998, 1001}, true, false},
        {"as noisy as the rest",
         {1500, 1000, 1300, 800, 1200, 900, 1400, 1100, 700, 1000},
         true,
         false},
        {"a warm-up of three seconds",
         {3000, 2200, 1500, 1010, 1000, 990, 1005, 1000, 995, 1002},
         true,
         true},
        {"a slow second later",
         {1000, 1000, 1001, 999, 9000, 1000, 1001, 999, 1000, 1000},
         true,
         false},
        {"both, and a slow start",
         {2000, 1000, 1001, 999, 9000, 1000, 1001, 999, 1000, 1000},
         true,
         true},
        {"one of the first two",
         {9000, 1000, 1001, 999, 1000, 1002, 998, 1000, 1001, 999,
          1000, 1000, 1001, 999, 1000, 1002, 998, 1000, 1001, 999},
         true,
         false},
        {"both of the first two",
         {9000, 3000, 1001, 999, 1000, 1002, 998, 1000, 1001, 999,
          1000, 1000, 1001, 999, 1000, 1002, 998, 1000, 1001, 999},
         true,
         true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        struct warm_up w;
        make(&r, cases[i].us);
        bool is_known = warm_up_of(&r, &w);
        if (is_known != cases[i].is_known || (is_known && w.is_short != cases[i].is_short))
            fail_msg("%s: %s, first %g ns, rest %g ns", cases[i].what,
                     is_known ? "known" : "not known", w.first_ns, w.rest_ns);
        result_fini(&r);
    }
}

static const int slow_start[MOST] = {1500, 1000, 1010, 990, 1005, 995, 1000, 1002, 998, 1001};

static void the_warning_has_both_figures(void **state)
{
    (void)state;
    struct result r;
    make(&r, slow_start);
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 1);
    assert_string_equal(r.warnings[0].code, "warm-up-short");
    assert_string_equal(r.warnings[0].message,
                        "the first second was slower than the rest: p50 1.50 ms, then 1.00 ms");
    assert_non_null(strstr(r.warnings[0].remedy, "-W"));
    result_fini(&r);
}

/* A second with a few replies has no p50 to speak of; a short last one does not count. */
static void seconds_must_be_whole_and_full(void **state)
{
    (void)state;
    struct result r;
    struct warm_up w;
    make(&r, slow_start);
    r.seconds[4].requests = 9;
    assert_false(warm_up_of(&r, &w));
    r.seconds[4].requests = 10;
    assert_true(warm_up_of(&r, &w));
    r.seconds[4].length_s = 0.5;
    assert_false(warm_up_of(&r, &w));
    r.seconds[4].length_s = 1;
    r.seconds[9].length_s = 0.5;
    assert_false(warm_up_of(&r, &w)); /* nine are left */
    r.seconds[r.nseconds++] = r.seconds[9];
    r.seconds[9].length_s = 1;
    assert_true(warm_up_of(&r, &w));
    assert_true(w.is_short);
    result_fini(&r);
}

/* A ramp of the rate is no warm-up. */
static void a_load_that_changes_is_not_judged(void **state)
{
    (void)state;
    struct result r;
    struct warm_up w;
    make(&r, slow_start);
    for (size_t i = 0; i < r.nseconds; i++)
        r.seconds[i].due = 100;
    assert_true(warm_up_of(&r, &w));
    assert_true(w.is_short);
    r.seconds[0].due = 150;
    assert_false(warm_up_of(&r, &w));
    r.seconds[0].due = 50;
    assert_false(warm_up_of(&r, &w));
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_start_is_told_from_noise),
        cmocka_unit_test(the_warning_has_both_figures),
        cmocka_unit_test(seconds_must_be_whole_and_full),
        cmocka_unit_test(a_load_that_changes_is_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
