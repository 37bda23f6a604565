#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "analysis/capacity/search.h"
#include "base/mem.h"
#include "base/rng.h"

/* A server whose goal holds up to `truth`, by a coin within `width` of it. */
struct server {
    struct rng rng;
    double truth, width;
    double pilot_rps;
    double generator_rps;          /* from here on bench is the limit; 0: never */
    double deadly_from, deadly_to; /* it dies between these rates */
    size_t fluke;                  /* the trial that goes wrong; 0: none */
};

static void begin(struct capacity *c)
{
    capacity_init(c);
    str_list_add(&c->clauses, "p99<200ms");
    c->resolution = 0.05;
    c->max_trials = 40;
    (void)capacity_add_arm(c, "a", "a");
}

static enum capacity_outcome answer(struct server *s, double rate_rps, size_t trial)
{
    bool holds = rng_unit(&s->rng) < 1 / (1 + exp(log(rate_rps / s->truth) / s->width));
    if (s->generator_rps > 0 && rate_rps >= s->generator_rps)
        return CAPACITY_GENERATOR;
    if (rate_rps > s->deadly_from && rate_rps < s->deadly_to)
        return CAPACITY_DIED;
    holds = holds != (s->fluke != 0 && trial == s->fluke);
    return holds ? CAPACITY_HELD : CAPACITY_BROKEN;
}

static void one_trial(struct capacity *c, struct server *s, size_t arm)
{
    double rate_rps = search_next_rps(c, arm);
    struct capacity_trial *t = capacity_add_trial(c);
    t->arm = arm;
    t->rate_rps = rate_rps;
    if (isnan(rate_rps)) {
        t->outcome = s->pilot_rps > 0 ? CAPACITY_PILOT : CAPACITY_INVALID;
        t->answered_rps = s->pilot_rps;
    } else {
        t->outcome = answer(s, rate_rps, c->ntrials);
    }
}

/* Until it ends. */
static struct capacity_estimate search(struct capacity *c, struct server *s)
{
    for (;;) {
        struct capacity_estimate e = search_estimate(c, 0);
        if (e.end != CAPACITY_SEARCHING)
            return e;
        one_trial(c, s, 0);
    }
}

static struct server server_at(double truth, uint64_t seed)
{
    struct server s = {.truth = truth, .width = 0.01, .pilot_rps = 1000};
    rng_init(&s.rng, seed);
    return s;
}

/* Wherever it lies against the first guess, and whatever the trial that went wrong. */
static void it_is_found(void **state)
{
    (void)state;
    static const double truths[] = {30, 980, 4200};
    size_t outside = 0;
    size_t found = 0;
    size_t all = 0;
    for (size_t i = 0; i < LEN(truths); i++) {
        for (uint64_t seed = 1; seed <= 3; seed++) {
            struct capacity c;
            struct server s = server_at(truths[i], seed);
            s.fluke = seed == 1 ? 0 : 2 + seed;
            begin(&c);
            struct capacity_estimate e = search(&c, &s);
            assert_true(e.end == CAPACITY_FOUND || e.end == CAPACITY_WIDE);
            assert_true(e.end == CAPACITY_WIDE || e.hi - e.lo <= 0.05 * e.median);
            found += e.end == CAPACITY_FOUND;
            if (fabs(log(e.median / truths[i])) > 0.06)
                fail_msg("%g for %g, seed %d", e.median, truths[i], (int)seed);
            outside += truths[i] < e.lo || truths[i] > e.hi;
            all++;
            capacity_fini(&c);
        }
    }
    assert_true(found * 4 > all * 3); /* the others have run all 40 trials */
    assert_true(outside * 4 < all);   /* 90 %, and a search ends when it looks sure */
}

static void a_goal_that_cannot_be_met_ends_it(void **state)
{
    (void)state;
    struct capacity c;
    struct server s = server_at(0.001, 1);
    begin(&c);
    struct capacity_estimate e = search(&c, &s);
    assert_int_equal(e.end, CAPACITY_NEVER_MET);
    assert_true(isnan(e.median));
    assert_true(e.lo == 0 && e.hi == SEARCH_LOWEST * 1000);
    assert_true(c.ntrials < 10);
    capacity_fini(&c);
}

/* Where trials cannot be long enough, it is not said that it cannot be met. */
static void rates_that_are_too_low_to_judge_are_not_tried(void **state)
{
    (void)state;
    struct capacity c;
    struct server s = server_at(150, 1);
    begin(&c);
    c.least_rps = 300;
    struct capacity_estimate e = search(&c, &s);
    assert_int_equal(e.end, CAPACITY_WIDE);
    assert_true(e.lo == 0 && e.hi == 300);
    capacity_fini(&c);
}

/* Up to what bench can send. */
static void a_goal_that_is_never_broken_is_open_above(void **state)
{
    (void)state;
    struct capacity c;
    struct server s = server_at(1e9, 1);
    s.generator_rps = 30000;
    begin(&c);
    struct capacity_estimate e = search(&c, &s);
    assert_int_equal(e.end, CAPACITY_NEVER_BROKEN);
    assert_true(e.lo > 20000 && e.lo < 30000);
    assert_true(isinf(e.hi));
    assert_int_equal(e.failed, 0);
    capacity_fini(&c);
}

/* The limit of bench below that of the server, from the beginning. */
static void the_generators_limit_never_is_a_failure(void **state)
{
    (void)state;
    struct capacity c;
    struct server s = server_at(1e9, 1);
    s.generator_rps = 500; /* below the first guess, 700 */
    begin(&c);
    struct capacity_estimate e = search(&c, &s);
    assert_int_equal(e.end, CAPACITY_NEVER_BROKEN);
    assert_true(e.lo > 350 && e.lo < 500);
    assert_int_equal(e.failed, 0);
    capacity_fini(&c);

    begin(&c); /* and at any rate */
    s.generator_rps = 1;
    e = search(&c, &s);
    assert_int_equal(e.end, CAPACITY_GIVEN_UP);
    assert_int_equal(e.held + e.failed, 0);
    capacity_fini(&c);
}

/* Where it dies twice, it breaks the goal. */
static void a_rate_that_kills_the_server_is_a_limit(void **state)
{
    (void)state;
    struct capacity c;
    struct server s = server_at(900, 1);
    s.deadly_from = 600;
    s.deadly_to = 1e9;
    begin(&c);
    struct capacity_estimate e = search(&c, &s);
    assert_int_equal(e.end, CAPACITY_FOUND);
    assert_true(e.lo < 600 && e.hi > 570 && e.hi < 650);
    capacity_fini(&c);
}

/* One death alone is marked, and the rate is tried again. */
static void one_death_is_no_limit(void **state)
{
    (void)state;
    struct capacity c;
    struct server s = server_at(900, 1);
    begin(&c);
    one_trial(&c, &s, 0);
    double first = search_next_rps(&c, 0);
    one_trial(&c, &s, 0);
    c.trials[1].outcome = CAPACITY_DIED;
    struct capacity_estimate e = search_estimate(&c, 0);
    assert_int_equal(e.end, CAPACITY_SEARCHING);
    assert_int_equal(e.failed, 0);
    assert_int_equal(e.unusable, 1);
    assert_true(search_next_rps(&c, 0) == first);
    e = search(&c, &s);
    assert_int_equal(e.end, CAPACITY_FOUND);
    assert_true(fabs(log(e.median / 900)) < 0.06);
    capacity_fini(&c);
}

static void a_server_that_cannot_be_measured_is_given_up(void **state)
{
    (void)state;
    struct capacity c;
    struct server s = server_at(900, 1);
    s.pilot_rps = 0;
    begin(&c);
    assert_int_equal(search(&c, &s).end, CAPACITY_GIVEN_UP);
    assert_int_equal(c.ntrials, SEARCH_IN_ROW);
    capacity_fini(&c);
}

static void trials_are_limited(void **state)
{
    (void)state;
    struct capacity c;
    struct server s = server_at(900, 1);
    begin(&c);
    c.max_trials = 5;
    struct capacity_estimate e = search(&c, &s);
    assert_int_equal(e.end, CAPACITY_WIDE);
    assert_int_equal(c.ntrials, 5);
    assert_true(e.lo < 900 && e.hi > 900);
    c.max_trials = 40; /* it goes on where it was */
    assert_int_equal(search(&c, &s).end, CAPACITY_FOUND);
    capacity_fini(&c);
}

/* What one arm did says nothing of another. */
static void arms_are_apart(void **state)
{
    (void)state;
    struct capacity c;
    struct server a = server_at(300, 1);
    struct server b = server_at(900, 2);
    begin(&c);
    (void)capacity_add_arm(&c, "b", "b");
    for (int i = 0; i < 30; i++) {
        if (search_estimate(&c, 0).end == CAPACITY_SEARCHING)
            one_trial(&c, &a, 0);
        if (search_estimate(&c, 1).end == CAPACITY_SEARCHING)
            one_trial(&c, &b, 1);
    }
    capacity_judge(&c);
    assert_true(fabs(log(c.arms[0].estimate.median / 300)) < 0.06);
    assert_true(fabs(log(c.arms[1].estimate.median / 900)) < 0.06);
    capacity_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_found),
        cmocka_unit_test(a_goal_that_cannot_be_met_ends_it),
        cmocka_unit_test(rates_that_are_too_low_to_judge_are_not_tried),
        cmocka_unit_test(a_goal_that_is_never_broken_is_open_above),
        cmocka_unit_test(the_generators_limit_never_is_a_failure),
        cmocka_unit_test(a_rate_that_kills_the_server_is_a_limit),
        cmocka_unit_test(one_death_is_no_limit),
        cmocka_unit_test(a_server_that_cannot_be_measured_is_given_up),
        cmocka_unit_test(trials_are_limited),
        cmocka_unit_test(arms_are_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
