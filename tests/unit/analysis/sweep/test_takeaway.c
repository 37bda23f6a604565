#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/sweep/takeaway.h"
#include "base/clock.h"
#include "base/mem.h"
#include "support/findings_bed.h"

static const char *const names[] = {"inline", "pool", "offload", "queue"};
static struct sweep sweep;

static void begin(size_t narms)
{
    sweep_init(&sweep);
    sweep.comparison.rounds = 3;
    sweep.naxes = 1;
    sweep.axes[0] = (struct sweep_axis){mem_strdup("work"), mem_strdup("1..9"), AXIS_LOG, true};
    for (size_t i = 0; i < narms; i++)
        sweep_add_arm(&sweep, names[i]);
}

static void measure(size_t cell, const char *strategy, int64_t work_ns, int64_t completed)
{
    for (int64_t round = 1; round <= 3; round++) {
        struct result r;
        bool is_queue = strcmp(strategy, "queue") == 0;
        const struct trial_shape shape = is_queue ? trial_queueing(9000, completed + round - 2)
                                                  : trial_completing(completed + round - 2);
        trial_of(&shape, &r);
        free(r.strategy);
        free(r.work_kind);
        r.strategy = mem_strdup(strategy);
        r.work_kind = mem_strdup("sleep");
        r.work_n = work_ns;
        comparison_add_result(&sweep.comparison, cell, round, &r);
    }
}

/* A point whose arms complete so many requests of so much work. */
static void add(int64_t work_ns, const int64_t *completed)
{
    char *text = mem_printf("%lld", (long long)work_ns);
    const char *texts[] = {text, NULL};
    const double values[] = {(double)work_ns, 0};
    sweep_add_point(&sweep, texts, values);
    for (size_t i = 0; i < sweep.narms && i < LEN(names); i++)
        measure((sweep.npoints - 1) * sweep.narms + i, names[i], work_ns, completed[i]);
    free(text);
}

/* NULL: the most work. */
static void judge_by(const char *goal, struct comparison *c)
{
    struct ranking r;
    struct err err;
    assert_int_equal(ranking_init(&r, &sweep, goal, &err), 0);
    takeaway_add(c, &r);
    ranking_fini(&r);
}

static void judge(struct comparison *c)
{
    comparison_init(c);
    for (size_t i = 0; i < LEN(names); i++)
        (void)comparison_add_arm(c, names[i]);
    judge_by(NULL, c);
    assert_int_equal(c->nclaims, 3);
}

static void expect(const struct claim *claim, enum claim_verdict verdict, const char *says)
{
    assert_int_equal(claim->verdict, verdict);
    if (strstr(claim->reason, says) == NULL)
        fail_msg("'%s' does not say '%s'", claim->reason, says);
}

static void each_rule_has_its_points(void **state)
{
    (void)state;
    struct comparison c;
    begin(4);
    add(NS_PER_MS, (const int64_t[]){1000, 2000, 1000, 1000});
    add(20 * NS_PER_MS, (const int64_t[]){1000, 2000, 1500, 1000});
    add(5 * NS_PER_S, (const int64_t[]){1000, 1000, 2000, 4000});
    judge(&c);
    expect(&c.claims[0], CLAIM_HOLDS, "pool completes the most work at 2 of 2 points of the map");
    /* The service runs the same code as the pool: that it does not win says nothing of languages.
     */
    expect(&c.claims[1], CLAIM_NOT_COMPARABLE, "elsewhere pool at work=20000000, queue at");
    expect(&c.claims[1], CLAIM_NOT_COMPARABLE, "same machine code as pool");
    expect(&c.claims[2], CLAIM_HOLDS, "queue completes the most work at 1 of 1 point of the map");
    assert_string_equal(c.claims[0].measured, "best at 2 of 2 points");
    /* Once more: the claims of the map are replaced. */
    judge_by(NULL, &c);
    assert_int_equal(c.nclaims, 3);
    comparison_fini(&c);
    sweep_fini(&sweep);
}

static void where_another_wins_it_fails(void **state)
{
    (void)state;
    struct comparison c;
    begin(4);
    add(NS_PER_MS, (const int64_t[]){2000, 1000, 1000, 1000});
    add(20 * NS_PER_MS, (const int64_t[]){1000, 1000, 2000, 1000});
    add(5 * NS_PER_S, (const int64_t[]){1000, 1000, 2000, 1000});
    judge(&c);
    expect(&c.claims[0], CLAIM_FAILS,
           "0 of 2 points of the map with less than a second of work; "
           "elsewhere inline at work=1000000, offload at work=20000000");
    expect(&c.claims[1], CLAIM_HOLDS, "at 2 pool is told apart from it and behind");
    expect(&c.claims[2], CLAIM_FAILS, "elsewhere offload at work=5000000000");
    comparison_fini(&c);
    sweep_fini(&sweep);
}

/* The same map has another best arm for another goal. */
static void the_goal_of_the_ranking_decides(void **state)
{
    (void)state;
    struct comparison c;
    begin(4);
    add(NS_PER_MS, (const int64_t[]){1000, 2000, 1000, 1000});
    judge(&c);
    expect(&c.claims[0], CLAIM_HOLDS, "pool completes the most work at 1 of 1 point");
    judge_by("rps>1M", &c);
    expect(&c.claims[0], CLAIM_NOT_COMPARABLE, "nothing could be ranked at the points of the map");
    judge_by("lowest p99", &c);
    expect(&c.claims[0], CLAIM_HOLDS, "pool has the lowest p99 at 1 of 1 point");
    comparison_fini(&c);
    sweep_fini(&sweep);
}

static void what_the_map_lacks_is_not_judged(void **state)
{
    (void)state;
    struct comparison c;
    begin(2); /* one point, and neither service nor queue */
    add(NS_PER_MS, (const int64_t[]){1000, 2000, 0, 0});
    judge(&c);
    expect(&c.claims[0], CLAIM_HOLDS, "1 of 1 point");
    expect(&c.claims[1], CLAIM_NOT_COMPARABLE, "the map has no arm of the strategy offload");
    expect(&c.claims[2], CLAIM_NOT_COMPARABLE, "the map has no arm of the strategy queue");
    comparison_fini(&c);
    sweep_fini(&sweep);
    begin(4);
    add(NS_PER_MS, (const int64_t[]){1000, 2000, 1000, 1000});
    judge(&c);
    expect(&c.claims[1], CLAIM_NOT_COMPARABLE,
           "no point with 10 ms of work or more (its longest unit takes 1.00 ms); sweep it with "
           "--over work=1M,20M,100M");
    comparison_fini(&c);
    sweep_fini(&sweep);
    begin(4); /* no point at all */
    judge(&c);
    expect(&c.claims[0], CLAIM_NOT_COMPARABLE, "the map has no arm of the strategy pool");
    comparison_fini(&c);
    sweep_fini(&sweep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_has_its_points),
        cmocka_unit_test(where_another_wins_it_fails),
        cmocka_unit_test(the_goal_of_the_ranking_decides),
        cmocka_unit_test(what_the_map_lacks_is_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
