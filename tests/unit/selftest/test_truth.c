#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "selftest/sample.h"
#include "selftest/truth.h"

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.17g is not %.17g", got, want);
}

/* A server that looks once per tick, but for those of the freeze. */
static int64_t looked_at(int64_t arrival, int64_t service, const struct truth_freeze *freeze)
{
    int64_t due = -1;
    for (int64_t now = arrival;; now++) {
        if (now >= freeze->begin_ns && now < freeze->end_ns)
            continue;
        if (due < 0)
            due = now + service;
        if (now >= due)
            return now - arrival;
    }
}

static void a_frozen_server_answers_as_one_that_is_looked_at_does(void **state)
{
    (void)state;
    static const struct truth_freeze freezes[] = {{100, 300}, {0, 50}, {100, 101}, {90, 90}};
    static const int64_t services[] = {0, 1, 20, 250};
    for (size_t f = 0; f < LEN(freezes); f++) {
        for (size_t s = 0; s < LEN(services); s++) {
            for (int64_t arrival = 0; arrival < 400; arrival++)
                assert_int_equal(truth_frozen_ns(arrival, services[s], &freezes[f]),
                                 looked_at(arrival, services[s], &freezes[f]));
        }
    }
}

static void evenly_spaced_requests_meet_the_freeze(void **state)
{
    (void)state;
    const struct truth_freeze freeze = {25, 55};
    int64_t latencies[8];
    /* One each 10 ns. The third is due at 25, when the freeze has begun. */
    truth_frozen_all(1e8, 5, &freeze, LEN(latencies), latencies);
    const int64_t wanted[] = {5, 5, 35, 30, 20, 10, 5, 5};
    for (size_t i = 0; i < LEN(wanted); i++)
        assert_int_equal(latencies[i], wanted[i]);
}

/* One tick of work at a time, on the oldest request that is there. */
static void work_off(const int64_t *arrivals, const int64_t *services, size_t n, int64_t *out)
{
    size_t at = 0;
    int64_t done = 0;
    for (int64_t now = 0; at < n; now++) {
        if (arrivals[at] > now)
            continue;
        if (++done == services[at]) {
            out[at] = now + 1 - arrivals[at];
            at++;
            done = 0;
        }
    }
}

static void a_queue_is_worked_off_in_the_order_of_arrival(void **state)
{
    (void)state;
    enum { REQUESTS = 500 };
    int64_t arrivals[REQUESTS];
    int64_t services[REQUESTS];
    int64_t got[REQUESTS];
    int64_t wanted[REQUESTS];
    struct rng rng;
    rng_init(&rng, 7);
    for (int round = 0; round < 20; round++) {
        int64_t now = 0;
        for (size_t i = 0; i < REQUESTS; i++) {
            now += (int64_t)(rng_next(&rng) % 12);
            arrivals[i] = now;
            services[i] = 1 + (int64_t)(rng_next(&rng) % 10);
        }
        truth_queue(arrivals, services, REQUESTS, got);
        work_off(arrivals, services, REQUESTS, wanted);
        assert_memory_equal(got, wanted, sizeof got);
    }
}

/* The mean of a long run is that of the theory. */
static void random_arrivals_wait_as_the_theory_says(void **state)
{
    (void)state;
    const size_t n = 200000;
    const double service_ns = 1e6;
    int64_t *arrivals = mem_array(n, sizeof *arrivals);
    int64_t *services = mem_array(n, sizeof *services);
    int64_t *latencies = mem_array(n, sizeof *latencies);
    struct rng rng;
    double now_ns = 0;
    rng_init(&rng, 3);
    for (size_t i = 0; i < n; i++) {
        now_ns -= 2 * service_ns * log1p(-rng_unit(&rng));
        arrivals[i] = (int64_t)now_ns;
        services[i] = (int64_t)(-service_ns * log1p(-rng_unit(&rng)));
    }
    truth_queue(arrivals, services, n, latencies);
    double mean_ns = truth_random_mean_ns(service_ns, 0.5);
    near(mean_ns, 2e6, 1);
    near(sample_mean_ns(latencies, n), mean_ns, 0.04 * mean_ns);
    free(arrivals);
    free(services);
    free(latencies);
}

/* Without waiting the requests are independent of each other, and sd / sqrt(n) holds; with it, the
 * mean of as many is less certain. */
static void a_mean_of_few_requests_is_uncertain(void **state)
{
    (void)state;
    double apart = truth_random_spread_ns(1000, 0.001, 400, 1);
    near(apart, 1000 * 2.576 / 20, 13);
    double together = truth_random_spread_ns(1000, 0.5, 2000, 1);
    assert_in_range((int)together, 200, 500); /* 115 if they were independent */
    assert_true(truth_random_spread_ns(1000, 0.5, 8000, 1) < 0.6 * together);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frozen_server_answers_as_one_that_is_looked_at_does),
        cmocka_unit_test(evenly_spaced_requests_meet_the_freeze),
        cmocka_unit_test(a_queue_is_worked_off_in_the_order_of_arrival),
        cmocka_unit_test(random_arrivals_wait_as_the_theory_says),
        cmocka_unit_test(a_mean_of_few_requests_is_uncertain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
