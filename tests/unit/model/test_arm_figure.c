#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
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

/* Most probes of a stalled server had no response at the end. That some had one within 6.6 s says
 * little, however few are needed for a p99. */
static void a_percentile_of_few_is_a_bound_where_most_are_open(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add_arm(&c, "a", &plain_trial);
    struct result *r = &c.arms[0].results[0];
    r->has_probe = true;
    r->probe_counts.all.due = 201;
    r->probe_counts.all.completed = 200;
    r->probe_counts.all.open_at_end = 1;
    hist_free(r->probe);
    hist_free(r->probe_unfinished);
    r->probe = hist_new_latency();
    r->probe_unfinished = hist_new_latency();
    for (int64_t i = 0; i < 200; i++)
        hist_record(r->probe, (3300 + i * 3300 / 200) * NS_PER_MS);
    hist_record(r->probe_unfinished, NS_PER_S);
    const struct arm_figure *p99 = arm_figure_find("probe_p99");
    assert_false(arm_figure_is_bound(&c.arms[0], p99)); /* the next sample is no difference */
    r->probe_counts.all.due = 331;
    r->probe_counts.all.open_at_end = 131;
    for (int64_t i = 0; i < 130; i++)
        hist_record(r->probe_unfinished, i * 52 * NS_PER_MS);
    assert_true(arm_figure_is_bound(&c.arms[0], p99));
    assert_true(arm_figure_value(&c.arms[0], p99) < 6.61e9);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted_work_of_a_stranger_is_no_work),
        cmocka_unit_test(a_percentile_of_few_is_a_bound_where_most_are_open),
        cmocka_unit_test(figures_are_medians_with_their_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
