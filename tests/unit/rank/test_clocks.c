#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/rng.h"
#include "rank/clocks.h"

#define PINGS 100

static void the_shortest_round_trip_says_the_offset(void **state)
{
    (void)state;
    struct offset o = OFFSET_NONE;
    offset_add(&o, 1000, 8500, 2000);
    assert_int_equal(o.ahead_ns, 7000);
    assert_int_equal(o.round_trip_ns, 1000);
    offset_add(&o, 5000, 9000, 9000); /* a longer one says nothing */
    assert_int_equal(o.ahead_ns, 7000);
    offset_add(&o, 20000, 27050, 20100);
    assert_int_equal(o.ahead_ns, 7000);
    assert_int_equal(o.round_trip_ns, 100);
    assert_int_equal(o.at_ns, 20050);
    assert_int_equal(o.pings, 3);
}

/* Whatever the delays of the way there and of the way back are. */
static void the_error_is_never_more_than_what_is_told(void **state)
{
    (void)state;
    static const int64_t ahead[] = {0, 3 * NS_PER_S, -7 * NS_PER_S};
    struct rng rng;
    rng_init(&rng, 7);
    for (int run = 0; run < 3000; run++) {
        struct offset o = OFFSET_NONE;
        int64_t truth_ns = ahead[run % 3];
        int64_t now_ns = 100 * NS_PER_S;
        for (int i = 0; i < PINGS; i++) {
            int64_t there_ns = 20000 + (int64_t)(rng_unit(&rng) * 400000);
            int64_t back_ns = 20000 + (int64_t)(rng_unit(&rng) * 400000);
            offset_add(&o, now_ns, now_ns + there_ns + truth_ns, now_ns + there_ns + back_ns);
            now_ns += there_ns + back_ns;
        }
        double error_us = offset_error_us(&o, &OFFSET_NONE, now_ns);
        assert_true(fabs((double)(o.ahead_ns - truth_ns)) / 1e3 <= error_us + 0.001);
    }
}

static void a_drift_between_two_readings_adds_its_part(void **state)
{
    (void)state;
    const struct offset before = {.ahead_ns = 1000, .round_trip_ns = 20000, .at_ns = 0, .pings = 1};
    struct offset after = {
        .ahead_ns = 101000, .round_trip_ns = 30000, .at_ns = 10 * NS_PER_S, .pings = 1};
    assert_true(fabs(offset_error_us(&before, &after, NS_PER_S) - 20.0) < 1e-9);
    after.ahead_ns = -99000; /* in either direction */
    assert_true(fabs(offset_error_us(&before, &after, NS_PER_S) - 20.0) < 1e-9);
    assert_true(isnan(offset_error_us(&OFFSET_NONE, &after, NS_PER_S)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shortest_round_trip_says_the_offset),
        cmocka_unit_test(the_error_is_never_more_than_what_is_told),
        cmocka_unit_test(a_drift_between_two_readings_adds_its_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
