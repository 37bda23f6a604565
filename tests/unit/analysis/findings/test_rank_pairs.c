#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "base/mem.h"
#include "cases/compare_cases.h"
#include "model/arm_figure.h"
#include "support/findings_bed.h"

/* The machine drifts by more than the arms differ. */
static const int64_t steady[] = {3000, 2000, 3600, 2400, 1800, 3200};
static const int64_t tenth_less[] = {2700, 1800, 3240, 2160, 1620, 2880};
static const int64_t uneven[] = {3100, 1900, 3500, 2600, 1700, 3300};

static void compare_two(struct comparison *c, const int64_t *b, size_t rounds)
{
    comparison_init(c);
    add_arm_of_rounds(c, "a", steady, rounds);
    add_arm_of_rounds(c, "b", b, rounds);
    findings_add(c);
}

/* With five rounds the spread decides, and it is larger than the difference. */
static void six_rounds_are_compared_pair_by_pair(void **state)
{
    (void)state;
    struct comparison c;
    compare_two(&c, tenth_less, 5);
    expect_finding(&c, "most-work",
                   "Most work: a (240/s, from 180 to 360) and b (216/s, from 162 to 324) are too "
                   "close to call after 5 rounds.");
    comparison_fini(&c);
    compare_two(&c, tenth_less, 6);
    expect_finding(&c, "most-work", "a completes the most work: 270/s, 11 % more than b (243/s).");
    comparison_fini(&c);
    compare_two(&c, uneven, 6);
    expect_finding(&c, "most-work",
                   "Most work: b (285/s, from 170 to 350) and a (270/s, from 180 to 360): no "
                   "difference was shown between them in 6 rounds.");
    comparison_fini(&c);
}

/* 2 % is what matters, however sure it is. */
static void what_is_negligible_puts_no_arm_behind(void **state)
{
    (void)state;
    int64_t near[LEN(steady)];
    struct comparison c;
    for (size_t i = 0; i < LEN(steady); i++)
        near[i] = steady[i] * 985 / 1000;
    compare_two(&c, near, LEN(near));
    assert_non_null(strstr(finding_of(&c, "most-work")->text,
                           ": no difference was shown between them in 6 rounds."));
    comparison_fini(&c);
}

static void the_best_is_a_set(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add_arm_of_rounds(&c, "slow", tenth_less, LEN(tenth_less));
    add_arm_of_rounds(&c, "a", steady, LEN(steady));
    add_arm_of_rounds(&c, "b", uneven, LEN(uneven));
    add_arm_of_rounds(&c, "c", steady, LEN(steady));
    findings_add(&c);
    /* b is uneven, so it is not shown that slow is behind it. */
    expect_finding(&c, "most-work",
                   "Most work: b (285/s, from 170 to 350), a (270/s, from 180 to 360), c (270/s, "
                   "from 180 to 360) and slow (243/s, from 162 to 324): none was shown to be "
                   "behind b in 6 rounds.");
    comparison_fini(&c);
    comparison_init(&c);
    add_arm_of_rounds(&c, "slow", tenth_less, LEN(tenth_less));
    add_arm_of_rounds(&c, "a", steady, LEN(steady));
    add_arm_of_rounds(&c, "c", steady, LEN(steady));
    findings_add(&c);
    expect_finding(&c, "most-work",
                   "Most work: a (270/s, from 180 to 360) and c (270/s, from 180 to 360): no "
                   "difference was shown between them in 6 rounds; then slow (243/s).");
    expect_finding(&c, "recommendation",
                   "Recommended for synchronous requests, on this machine and under this load: a "
                   "(270/s, p50 315 ms) or c (270/s, p50 315 ms).");
    comparison_fini(&c);
}

/* A round that is missing or disturbed in one arm is none for the others, and with five left the
 * spread decides again. */
static void pairs_are_of_one_round(void **state)
{
    (void)state;
    static const int64_t a[] = {3000, 2000, 3600, 2400, 1800, 3200, 2900};
    static const int64_t rest[] = {1800, 3240, 2160, 1620, 2880, 2610};
    struct comparison c;
    comparison_init(&c);
    add_arm_of_rounds(&c, "a", a, LEN(a));
    (void)comparison_add_arm(&c, "b");
    comparison_add_problem(&c, 1, 1, "no port");
    for (size_t i = 0; i < LEN(rest); i++) {
        struct trial_shape shape = trial_completing(rest[i]);
        struct result r;
        trial_of(&shape, &r);
        comparison_add_result(&c, 1, (int64_t)i + 2, &r);
    }
    findings_add(&c);
    expect_finding(&c, "most-work", "a completes the most work: 290/s, 22 % more than b (238/s).");
    c.arms[0].results[3].machine.is_disturbed = true;
    findings_add(&c);
    assert_non_null(strstr(finding_of(&c, "most-work")->text, "are too close to call after 6"));
    comparison_fini(&c);
}

/* Nothing done in a round has no logarithm: such an arm is told apart from none, and the others are
 * compared as before. */
static void an_arm_of_zeros_takes_no_part(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add_arm_of_rounds(&c, "a", steady, LEN(steady));
    add_arm_of_rounds(&c, "b", tenth_less, LEN(tenth_less));
    for (size_t i = 0; i < LEN(steady); i++) {
        c.arms[0].results[i].server.total.rss_peak_bytes = INT64_C(1) << 30;
        c.arms[1].results[i].server.total.rss_peak_bytes = INT64_C(1) << 20;
    }
    findings_add(&c);
    expect_finding(&c, "cost-memory",
                   "a uses the most memory: 1.07 GB peak RSS, 1024 times b (1.05 MB).");
    c.arms[1].results[2].server.total.rss_peak_bytes = 0;
    findings_add(&c);
    expect_no_finding(&c, "cost-memory");
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(six_rounds_are_compared_pair_by_pair),
        cmocka_unit_test(what_is_negligible_puts_no_arm_behind),
        cmocka_unit_test(the_best_is_a_set),
        cmocka_unit_test(pairs_are_of_one_round),
        cmocka_unit_test(an_arm_of_zeros_takes_no_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
