#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "analysis/reference.h"
#include "base/mem.h"
#include "support/reference_bed.h"

/* --- what is not judged --- */

static void expect_no_response(const struct change *change, const char *reason)
{
    struct comparison c;
    char of_the_reference[120];
    (void)snprintf(of_the_reference, sizeof of_the_reference, "of the reference: %s", reason);
    begin_reference(&c, 6);
    add_changed(&c, "odd", change);
    reference_judge(&c, 0);
    for (enum metric k = RPS; k <= CPU; k++)
        expect_verdict(&c, "odd", k, REFERENCE_INCONCLUSIVE, reason);
    assert_int_equal(verdict_of(&c, "odd", RSS)->word, REFERENCE_WORSE);
    reference_judge(&c, 1);
    for (enum metric k = RPS; k <= CPU; k++)
        expect_verdict(&c, "base", k, REFERENCE_INCONCLUSIVE, of_the_reference);
    assert_int_equal(verdict_of(&c, "base", RSS)->word, REFERENCE_BETTER);
    comparison_fini(&c);
}

static void responses_that_are_no_work_are_not_compared(void **state)
{
    (void)state;
    static const char errors[] = "over 1 % of the requests failed or did no work";
    expect_no_response(&(struct change){.time = .01, .rss = 2, .strategy = "queue"},
                       "answers come before the work is done");
    expect_no_response(&(struct change){.time = .01, .rss = 2, .refused = 300}, errors);
    expect_no_response(&(struct change){.time = .01, .rss = 2, .timed_out = 300}, errors);
}

static void a_figure_that_is_not_sure_is_not_judged(void **state)
{
    (void)state;
    struct comparison c;
    begin_reference(&c, 6);
    add_changed(&c, "few", &(struct change){.rate = .1, .time = 2});
    add_changed(&c, "slow", &(struct change){.rate = .5, .bench_core = .97});
    add_changed(&c, "late", &(struct change){.time = 2});
    add_changed(&c, "url", &(struct change){.time = 2});
    add_changed(&c, "other", &(struct change){.time = 2, .rss = 2});
    add_changed(&c, "behind", &(struct change){.rate = .5});
    for (size_t i = 0; i < 6; i++)
        c.arms[6].results[i].client.late = true;
    c.arms[3].results[1].unfinished = hist_new_latency();
    hist_record_n(c.arms[3].results[1].unfinished, 9000000000, 90);
    c.arms[3].results[1].accounting.sent += 90;
    c.arms[3].results[1].accounting.in_flight_at_end = 90;
    for (size_t i = 0; i < 6; i++) {
        c.arms[4].results[i].server.total.cpu_per_request_us = NAN;
        c.arms[4].results[i].server.total.rss_peak_bytes = MISSING;
        c.arms[5].results[i].work_n *= 10;
    }
    c.arms[4].results[0].server.total.rss_peak_bytes = 1;
    reference_judge(&c, 0);
    expect_verdict(&c, "few", P50, REFERENCE_WORSE, NULL);
    expect_verdict(&c, "few", P99, REFERENCE_INCONCLUSIVE, "too few samples");
    expect_verdict(&c, "slow", RPS, REFERENCE_INCONCLUSIVE, "bench was the bottleneck");
    expect_verdict(&c, "slow", P50, REFERENCE_INCONCLUSIVE, "bench was the bottleneck");
    expect_verdict(&c, "slow", RSS, REFERENCE_SAME, NULL);
    expect_verdict(&c, "behind", P50, REFERENCE_INCONCLUSIVE, "bench sent requests late");
    expect_verdict(&c, "behind", RPS, REFERENCE_WORSE, NULL);
    expect_verdict(&c, "late", P50, REFERENCE_WORSE, NULL);
    expect_verdict(&c, "late", P99, REFERENCE_INCONCLUSIVE, "only a lower bound is known");
    expect_verdict(&c, "url", CPU, REFERENCE_INCONCLUSIVE, "not measured in every round");
    expect_verdict(&c, "url", RSS, REFERENCE_INCONCLUSIVE, "not measured in every round");
    for (enum metric k = RPS; k <= RSS; k++)
        expect_verdict(&c, "other", k, REFERENCE_INCONCLUSIVE,
                       "different work from the reference's");
    assert_int_equal(verdict_of(&c, "other", ERRORS)->word, REFERENCE_SAME);
    reference_judge(&c, 1);
    expect_verdict(&c, "base", P99, REFERENCE_INCONCLUSIVE, "of the reference: too few samples");
    reference_judge(&c, 3);
    expect_verdict(&c, "base", P99, REFERENCE_INCONCLUSIVE,
                   "of the reference: only a lower bound is known");
    reference_judge(&c, 4);
    expect_verdict(&c, "base", RSS, REFERENCE_INCONCLUSIVE,
                   "of the reference: not measured in every round");
    comparison_fini(&c);
}

/* --- errors --- */

static void errors_are_a_difference_of_shares(void **state)
{
    (void)state;
    struct comparison c;
    begin_reference(&c, 6);
    add_changed(&c, "lost", &(struct change){.timed_out = 20});
    add_changed(&c, "refused", &(struct change){.refused = 20});
    add_changed(&c, "negligible", &(struct change){.timed_out = 2});
    reference_judge(&c, 0);
    expect_verdict(&c, "lost", ERRORS, REFERENCE_WORSE, NULL);
    expect_verdict(&c, "refused", ERRORS, REFERENCE_WORSE, NULL);
    expect_verdict(&c, "negligible", ERRORS, REFERENCE_SAME, "detectable, but negligible");
    const struct reference_verdict *v = verdict_of(&c, "refused", ERRORS);
    assert_true(v->low >= 20.0 / 9000 && v->high <= 20.0 / 2900 && v->change > v->low);
    reference_judge(&c, 1);
    expect_verdict(&c, "base", ERRORS, REFERENCE_BETTER, NULL);
    comparison_fini(&c);
}

static void without_errors_the_number_of_requests_tells(void **state)
{
    (void)state;
    struct comparison c;
    begin_reference(&c, 6);
    add_changed(&c, "twin", &(struct change){0});
    add_changed(&c, "short", &(struct change){.rate = .05});
    reference_judge(&c, 0);
    expect_verdict(&c, "twin", ERRORS, REFERENCE_SAME, "no errors");
    expect_verdict(&c, "short", ERRORS, REFERENCE_INCONCLUSIVE,
                   "no errors, in too few requests to rule them out");
    double requests = 0;
    for (size_t i = 0; i < 6; i++)
        requests += (double)c.arms[2].results[i].accounting.sent;
    const struct reference_verdict *v = verdict_of(&c, "short", ERRORS);
    assert_true(fabs(v->high - 3 / requests) < 1e-12 && v->low > -.0002 && v->change == 0);
    assert_true(v->level == 0.95 && isnan(v->p));
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(responses_that_are_no_work_are_not_compared),
        cmocka_unit_test(a_figure_that_is_not_sure_is_not_judged),
        cmocka_unit_test(errors_are_a_difference_of_shares),
        cmocka_unit_test(without_errors_the_number_of_requests_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
