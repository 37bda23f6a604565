#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/diff_bed.h"
#include "support/findings_bed.h"

static void expect(const struct diff_change *c, double change, enum shift_known known)
{
    assert_non_null(c);
    assert_int_equal(c->known, known);
    if (isnan(change))
        assert_true(isnan(c->change));
    else if (!(fabs(c->change - change) < 1e-6))
        fail_msg("%s: %.9g, not %.9g", c->figure->key, c->change, change);
}

static void a_change_is_new_over_old(void **state)
{
    (void)state;
    struct trial_shape new = trial_completing(3300);
    new.cpu_s = 22;
    new.threads = 5;
    struct diff_file file = diff_bed_shapes(&plain_trial, &new);
    const struct diff_arm *arm = &file.arms[0];
    expect(diff_bed_change(arm, "requests_per_second"), 0.1, SHIFT_EXACT);
    expect(diff_bed_change(arm, "cpu_per_request"), 1, SHIFT_EXACT);
    expect(diff_bed_change(arm, "threads_peak"), 0.25, SHIFT_EXACT);
    expect(diff_bed_change(arm, "rss_peak"), 0, SHIFT_EXACT);
    expect(diff_bed_change(arm, "errors"), 0, SHIFT_EXACT);
    diff_file_fini(&file);
}

static void a_share_changes_by_addition(void **state)
{
    (void)state;
    struct trial_shape new = plain_trial;
    new.completed = 2970;
    new.timed_out = 30;
    new.open = 0;
    struct trial_shape old = plain_trial;
    old.open = 0;
    struct diff_file file = diff_bed_shapes(&old, &new);
    expect(diff_bed_change(&file.arms[0], "errors"), 0.01, SHIFT_EXACT);
    diff_file_fini(&file);
}

/* Most requests are open, and older than any that finished. */
static const struct trial_shape stalled = {.strategy = "pool",
                                           .completed = 50,
                                           .open = 950,
                                           .low_ms = 300,
                                           .high_ms = 330,
                                           .open_ms = 9000,
                                           .cpu_s = 10,
                                           .rss_mb = 10,
                                           .threads = 4};

static void a_lower_bound_makes_no_exact_change(void **state)
{
    (void)state;
    struct diff_file worse = diff_bed_shapes(&plain_trial, &stalled);
    struct diff_file better = diff_bed_shapes(&stalled, &plain_trial);
    struct diff_file both = diff_bed_shapes(&stalled, &stalled);
    static const char *const keys[] = {"mean", "p50", "p75", "p90", "max"};
    for (size_t i = 0; i < LEN(keys); i++) {
        const struct diff_change *up = diff_bed_change(&worse.arms[0], keys[i]);
        const struct diff_change *down = diff_bed_change(&better.arms[0], keys[i]);
        assert_true(up->known == SHIFT_AT_LEAST && up->change > 10);
        assert_true(down->known == SHIFT_AT_MOST && down->change < -0.9);
        expect(diff_bed_change(&both.arms[0], keys[i]), NAN, SHIFT_UNKNOWN);
    }
    diff_file_fini(&worse);
    diff_file_fini(&better);
    diff_file_fini(&both);
}

static void a_ratio_to_nothing_is_none(void **state)
{
    (void)state;
    struct trial_shape none = plain_trial;
    none.completed = 0;
    none.open = 0;
    struct diff_file from = diff_bed_shapes(&none, &plain_trial);
    struct diff_file to = diff_bed_shapes(&plain_trial, &none);
    struct diff_file still = diff_bed_shapes(&none, &none);
    expect(diff_bed_change(&from.arms[0], "requests_per_second"), NAN, SHIFT_UNKNOWN);
    expect(diff_bed_change(&from.arms[0], "p50"), NAN, SHIFT_UNKNOWN); /* not measured */
    expect(diff_bed_change(&to.arms[0], "requests_per_second"), -1, SHIFT_EXACT);
    expect(diff_bed_change(&still.arms[0], "requests_per_second"), 0, SHIFT_EXACT);
    assert_null(diff_bed_change(&still.arms[0], "p50"));
    diff_file_fini(&from);
    diff_file_fini(&to);
    diff_file_fini(&still);
}

static void few_samples_on_either_side_mark_the_change(void **state)
{
    (void)state;
    struct trial_shape few = trial_completing(500);
    struct diff_file file = diff_bed_shapes(&plain_trial, &few);
    assert_false(diff_bed_change(&file.arms[0], "p90")->is_few);
    assert_true(diff_bed_change(&file.arms[0], "p99")->is_few); /* 600 with those in flight */
    assert_true(diff_bed_change(&file.arms[0], "p99.9")->is_few);
    diff_file_fini(&file);
}

static void probes_and_queues_need_both_sides(void **state)
{
    (void)state;
    struct trial_shape unprobed = plain_trial;
    unprobed.probe_high_ms = 0;
    struct trial_shape queue = trial_queueing(9000, 3000);
    struct diff_file one = diff_bed_shapes(&plain_trial, &unprobed);
    struct diff_file two = diff_bed_shapes(&plain_trial, &plain_trial);
    struct diff_file queues = diff_bed_shapes(&queue, &queue);
    struct diff_file mixed = diff_bed_shapes(&plain_trial, &queue);
    assert_null(diff_bed_change(&one.arms[0], "probe_p50"));
    expect(diff_bed_change(&two.arms[0], "probe_p50"), 0, SHIFT_EXACT);
    assert_non_null(diff_bed_change(&queues.arms[0], "job_p99"));
    expect(diff_bed_change(&queues.arms[0], "jobs_left"), 0, SHIFT_EXACT);
    assert_null(diff_bed_change(&mixed.arms[0], "job_p99"));
    assert_non_null(diff_bed_change(&mixed.arms[0], "work_per_second"));
    assert_null(diff_bed_change(&two.arms[0], "work_per_second")); /* it is the rate */
    diff_file_fini(&one);
    diff_file_fini(&two);
    diff_file_fini(&queues);
    diff_file_fini(&mixed);
}

/* --- the curve --- */

static void the_curve_goes_as_far_as_the_samples(void **state)
{
    (void)state;
    static const struct {
        int64_t completed;
        double first, last;
    } cases[] = {{100000, 0.01, 0.999}, {2000, 0.01, 0.995}, {100, 0.166, 0.9}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct trial_shape shape = trial_completing(cases[i].completed);
        shape.open = 0;
        struct diff_file file = diff_bed_shapes(&shape, &shape);
        const struct shift_curve *curve = &file.arms[0].shift;
        assert_true(curve->count > 20);
        if (fabs(curve->points[0].q - cases[i].first) > 1e-2 ||
            fabs(curve->points[curve->count - 1].q - cases[i].last) > 1e-9)
            fail_msg("%zu: from %g to %g", i, curve->points[0].q,
                     curve->points[curve->count - 1].q);
        for (size_t k = 0; k < curve->count; k++) {
            assert_true(curve->points[k].ratio == 1 && curve->points[k].known == SHIFT_EXACT);
            assert_true(isnan(curve->points[k].low) && isnan(curve->points[k].high));
            assert_true(k == 0 || curve->points[k].q > curve->points[k - 1].q);
        }
        diff_file_fini(&file);
    }
}

static void the_curve_is_the_table(void **state)
{
    (void)state;
    struct trial_shape new = plain_trial;
    new.low_ms = 400;
    new.high_ms = 900;
    struct diff_file file = diff_bed_shapes(&plain_trial, &new);
    const struct diff_arm *arm = &file.arms[0];
    size_t seen = 0;
    for (size_t k = 0; k < arm->shift.count; k++) {
        const struct shift_point *p = &arm->shift.points[k];
        const char *key = p->q == 0.5 ? "p50" : p->q == 0.75 ? "p75" : p->q == 0.9 ? "p90" : NULL;
        if (key == NULL)
            continue;
        seen++;
        expect(diff_bed_change(arm, key), p->ratio - 1, p->known);
    }
    assert_int_equal(seen, 3);
    diff_file_fini(&file);
}

static void a_bound_is_marked_on_the_curve(void **state)
{
    (void)state;
    struct diff_file up = diff_bed_shapes(&plain_trial, &stalled);
    struct diff_file both = diff_bed_shapes(&stalled, &stalled);
    const struct shift_curve *curve = &up.arms[0].shift;
    assert_int_equal(curve->points[curve->count - 1].known, SHIFT_AT_LEAST);
    const struct shift_point *last = &both.arms[0].shift.points[both.arms[0].shift.count - 1];
    assert_true(last->known == SHIFT_UNKNOWN && isnan(last->ratio));
    diff_file_fini(&up);
    diff_file_fini(&both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_new_over_old),
        cmocka_unit_test(a_share_changes_by_addition),
        cmocka_unit_test(a_lower_bound_makes_no_exact_change),
        cmocka_unit_test(a_ratio_to_nothing_is_none),
        cmocka_unit_test(few_samples_on_either_side_mark_the_change),
        cmocka_unit_test(probes_and_queues_need_both_sides),
        cmocka_unit_test(the_curve_goes_as_far_as_the_samples),
        cmocka_unit_test(the_curve_is_the_table),
        cmocka_unit_test(a_bound_is_marked_on_the_curve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
