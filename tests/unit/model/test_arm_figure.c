#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/compare_cases.h"
#include "model/arm_figure.h"
#include "support/findings_bed.h"

/* A 202 does not say that the work is done. */
static void accepted_work_of_a_stranger_is_no_work(void **state)
{
    (void)state;
    struct comparison c;
    struct trial_shape shape = plain_trial;
    shape.strategy = NULL;
    comparison_init(&c);
    add_arm(&c, "mine", &shape);
    struct accounting *a = &c.arms[0].results[0].accounting;
    const struct arm_figure *work = arm_figure_find("work_per_second");
    assert_true(arm_figure_value(&c.arms[0], work) == 300);
    a->statuses[202] = a->statuses[200];
    a->statuses[200] = 0;
    assert_true(isnan(arm_figure_value(&c.arms[0], work)));
    assert_true(arm_answers_early(&c.arms[0]));
    comparison_fini(&c);
}

static void figures_are_medians_with_their_range(void **state)
{
    (void)state;
    static const int64_t counts[] = {3100, 2900, 3300, 3000};
    const struct arm_figure *work = arm_figure_find("work_per_second");
    double low = 0;
    double high = 0;
    struct comparison c;
    comparison_init(&c);
    add_arm_of_rounds(&c, "a", counts, LEN(counts));
    assert_true(arm_figure_value(&c.arms[0], work) == 305);
    arm_figure_range(&c.arms[0], work, &low, &high);
    assert_true(low == 290 && high == 330);
    (void)comparison_add_arm(&c, "none");
    arm_figure_range(&c.arms[1], work, &low, &high);
    assert_true(isnan(low) && isnan(high) && isnan(arm_figure_value(&c.arms[1], work)));
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted_work_of_a_stranger_is_no_work),
        cmocka_unit_test(figures_are_medians_with_their_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
