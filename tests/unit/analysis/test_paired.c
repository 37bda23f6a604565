#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/paired.h"
#include "base/mem.h"

#define BAND 0.02

static void each_word_has_its_interval(void **state)
{
    (void)state;
    static const struct {
        double lo, hi, p;
        enum reference_word want;
    } cases[] = {
        {.01, .03, .05, REFERENCE_WORSE},
        {.03, .05, .01, REFERENCE_WORSE},
        {.01, .03, .0501, REFERENCE_INCONCLUSIVE}, /* shown alone, but not among all tests */
        {.01, .03, NAN, REFERENCE_INCONCLUSIVE},
        {-.03, -.01, .05, REFERENCE_BETTER},
        {-.05, -.03, .01, REFERENCE_BETTER},
        {-.03, -.01, .0501, REFERENCE_INCONCLUSIVE},
        {-.019, .019, 1, REFERENCE_SAME},
        {.001, .019, .01, REFERENCE_SAME}, /* detectable, but negligible */
        {-.019, -.001, .01, REFERENCE_SAME},
        {0, 0, NAN, REFERENCE_SAME},
        {-.02, .01, 1, REFERENCE_INCONCLUSIVE}, /* the band's edge is not in it */
        {-.01, .02, 1, REFERENCE_INCONCLUSIVE},
        {0, .03, .01, REFERENCE_INCONCLUSIVE},
        {-.03, 0, .01, REFERENCE_INCONCLUSIVE},
        {.001, .02, .01, REFERENCE_INCONCLUSIVE}, /* neither beyond the band nor in it */
        {-.5, .5, 1, REFERENCE_INCONCLUSIVE},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        const struct walsh_interval it = {.lo = cases[i].lo, .hi = cases[i].hi};
        if (paired_word(&it, BAND, cases[i].p) != cases[i].want)
            fail_msg("[%g, %g], p %g", cases[i].lo, cases[i].hi, cases[i].p);
    }
}

/* The largest critical values of a signed-rank table for .025 on a side. */
static void the_interval_covers_with_95_percent_or_more(void **state)
{
    (void)state;
    static const struct {
        int n;
        double tail; /* ways of 2^n */
    } cases[] = {{6, 1}, {7, 3}, {8, 5}, {10, 25}, {12, 87}};
    double d[12];
    for (int i = 0; i < 12; i++)
        d[i] = i * i;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct walsh_interval it;
        assert_int_equal(paired_interval(d, cases[i].n, &it), 0);
        assert_true(fabs(it.level - (1 - 2 * cases[i].tail / pow(2, cases[i].n))) < 1e-12);
    }
    struct walsh_interval it;
    assert_int_equal(paired_interval(d, 6, &it), 0);
    assert_true(it.lo == 0 && it.hi == 25); /* of six: the least and the most */
    assert_int_equal(paired_interval(d, 5, &it), -1);
    d[3] = NAN;
    assert_int_equal(paired_interval(d, 6, &it), -1);
}

static void a_round_is_used_by_what_became_of_it(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, "a");
    comparison_add_problem(&c, 0, 2, "no port");
    for (int64_t round = 1; round <= 5; round++) {
        struct result r;
        result_init(&r);
        if (round != 2)
            comparison_add_result(&c, 0, round, &r);
        result_fini(&r);
    }
    c.arms[0].results[1].valid = false;
    c.arms[0].results[2].interrupted = true;
    c.arms[0].results[3].machine.is_disturbed = true;
    static const enum paired_use want[] = {PAIRED_USED,    PAIRED_MISSING,   PAIRED_INVALID,
                                           PAIRED_INVALID, PAIRED_DISTURBED, PAIRED_MISSING};
    for (size_t i = 0; i < LEN(want); i++)
        assert_int_equal(paired_use(&c.arms[0], (int64_t)i + 1), want[i]);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word_has_its_interval),
        cmocka_unit_test(the_interval_covers_with_95_percent_or_more),
        cmocka_unit_test(a_round_is_used_by_what_became_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
