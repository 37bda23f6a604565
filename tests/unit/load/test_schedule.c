#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <math.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/schedule.h"

#define SECONDS(s) ((int64_t)((s)*1e9))

static struct schedule constant(struct schedule_stage *stage, double rate_rps, int64_t length_ns)
{
    *stage = (struct schedule_stage){length_ns, rate_rps, rate_rps};
    return (struct schedule){.stages = stage, .nstages = 1};
}

static int64_t count_all(const struct schedule *s, int threads)
{
    int64_t count = 0;
    for (int j = 0; j < threads; j++) {
        struct schedule_cursor c;
        schedule_start(&c, s, j, threads);
        while (schedule_next(&c) != SCHEDULE_END)
            count++;
    }
    return count;
}

static void a_constant_rate_has_exactly_so_many_arrivals(void **state)
{
    (void)state;
    static const struct {
        double rate_rps, length_s;
        int64_t count;
    } cases[] = {
        {1000, 10, 10000}, {0.1, 30, 3},          {0.1, 30.1, 4},       {0.01, 250, 3},
        {3, 1, 3},         {333.3, 3, 1000},      {7, 1.5, 11},         {0.7, 10, 7},
        {1.1, 10, 11},     {0.1, 1, 1},           {20000, 60, 1200000}, {0.3, 10, 3},
        {2.5, 0.4, 1},     {2.5, 0.400000001, 2}, {1e6, 0.1, 100000},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct schedule_stage stage;
        struct schedule s = constant(&stage, cases[i].rate_rps, SECONDS(cases[i].length_s));
        if (schedule_count(&s) != cases[i].count || count_all(&s, 1) != cases[i].count ||
            count_all(&s, 3) != cases[i].count)
            fail_msg("%g/s for %g s: %lld", cases[i].rate_rps, cases[i].length_s,
                     (long long)schedule_count(&s));
    }
}

static void arrivals_of_a_constant_rate_are_evenly_spaced(void **state)
{
    (void)state;
    struct schedule_stage stage;
    struct schedule s = constant(&stage, 1000, SECONDS(3600));
    struct schedule_cursor c;
    schedule_start(&c, &s, 0, 1);
    for (int64_t k = 0; k < 3600000; k++)
        assert_int_equal(schedule_next(&c), k * 1000000);
    assert_int_equal(schedule_next(&c), SCHEDULE_END);
    assert_int_equal(schedule_next(&c), SCHEDULE_END);
}

/* A ramp from 0 to 100/s in 10 s reaches k where 5 t^2 = k. */
static void a_ramp_has_its_arrivals_where_the_integral_reaches_them(void **state)
{
    (void)state;
    static const struct schedule_stage up = {SECONDS(10), 0, 100};
    static const struct schedule_stage down = {SECONDS(10), 100, 0};
    struct schedule s = {.stages = &up, .nstages = 1};
    struct schedule_cursor c;
    schedule_start(&c, &s, 0, 1);
    for (int k = 0; k < 500; k++)
        assert_true(fabs((double)schedule_next(&c) / 1e9 - sqrt(k / 5.0)) < 2e-9);
    assert_int_equal(schedule_next(&c), SCHEDULE_END);
    s.stages = &down;
    schedule_start(&c, &s, 0, 1);
    for (int k = 0; k < 500; k++)
        assert_true(fabs((double)schedule_next(&c) / 1e9 - 10 + sqrt(100 - k / 5.0)) < 1e-7);
    assert_int_equal(schedule_next(&c), SCHEDULE_END);
    assert_int_equal(schedule_count(&s), 500);
}

static void stages_follow_each_other(void **state)
{
    (void)state;
    static const struct schedule_stage stages[] = {
        {SECONDS(1), 0, 0}, {SECONDS(2), 0, 10}, {SECONDS(1), 10, 10}, {SECONDS(1), 5, 5}};
    struct schedule s = {.stages = stages, .nstages = LEN(stages)};
    int64_t due_ns[26];
    struct schedule_cursor c;
    schedule_start(&c, &s, 0, 1);
    for (size_t k = 0; k < LEN(due_ns); k++)
        due_ns[k] = schedule_next(&c);
    assert_int_equal(due_ns[0], SECONDS(1)); /* nothing is due while the rate is 0 */
    assert_int_equal(due_ns[10], SECONDS(3));
    assert_int_equal(due_ns[19], SECONDS(3.9));
    assert_int_equal(due_ns[20], SECONDS(4));
    assert_int_equal(due_ns[24], SECONDS(4.8));
    assert_int_equal(due_ns[25], SCHEDULE_END);
    assert_int_equal(schedule_count(&s), 25);
    assert_int_equal(schedule_length_ns(&s), SECONDS(5));
}

static void the_number_of_threads_changes_nothing(void **state)
{
    (void)state;
    static const struct schedule_stage stages[] = {{SECONDS(2), 10, 200}, {SECONDS(1), 50, 50}};
    static const enum schedule_arrivals kinds[] = {ARRIVALS_CONSTANT, ARRIVALS_POISSON,
                                                   ARRIVALS_JITTERED};
    for (size_t i = 0; i < LEN(kinds); i++) {
        struct schedule s = {
            .arrivals = kinds[i], .stages = stages, .nstages = LEN(stages), .seed = 7};
        struct schedule_cursor one;
        struct schedule_cursor of[3];
        int64_t due_ns;
        int64_t k = 0;
        schedule_start(&one, &s, 0, 1);
        for (int j = 0; j < 3; j++)
            schedule_start(&of[j], &s, j, 3);
        do {
            due_ns = schedule_next(&one);
            assert_int_equal(schedule_next(&of[k++ % 3]), due_ns);
        } while (due_ns != SCHEDULE_END);
        assert_int_equal(schedule_count(&s), k - 1);
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov-Smirnov and Anderson-Darling, at .01, of 100,000 gaps between arrivals at 500/s. */
static void gaps_of_a_poisson_process_are_exponential(void **state)
{
    (void)state;
    enum { N = 100000 };
    struct schedule_stage stage;
    struct schedule s = constant(&stage, 500, SECONDS(1000));
    struct schedule_cursor c;
    double *u = mem_array(N, sizeof *u);
    int64_t last_ns = 0;
    s.arrivals = ARRIVALS_POISSON;
    s.seed = 42;
    schedule_start(&c, &s, 0, 1);
    for (int i = 0; i < N; i++) {
        int64_t due_ns = schedule_next(&c);
        u[i] = -expm1(-(double)(due_ns - last_ns) / 1e9 * 500);
        last_ns = due_ns;
    }
    qsort(u, N, sizeof *u, by_value);
    double ks = 0;
    double ad = 0;
    for (int i = 0; i < N; i++) {
        ks = fmax(ks, fmax(u[i] - (double)i / N, (double)(i + 1) / N - u[i]));
        double low = fmax(u[i], 1e-12);
        double high = fmin(u[N - 1 - i], 1 - 1e-12);
        ad -= (2 * i + 1) * (log(low) + log1p(-high)) / N;
    }
    assert_true(ks * sqrt(N) < 1.628);
    assert_true(ad - N < 3.857);
    free(u);
}

static void a_poisson_process_has_its_seed_and_its_rate(void **state)
{
    (void)state;
    struct schedule_stage stage;
    struct schedule s = constant(&stage, 1000, SECONDS(100));
    s.arrivals = ARRIVALS_POISSON;
    s.seed = 1;
    int64_t first = schedule_count(&s);
    assert_true(llabs(first - 100000) < 1585); /* five times the standard deviation, 317 */
    assert_int_equal(schedule_count(&s), first);
    s.seed = 2;
    assert_int_not_equal(schedule_count(&s), first);
}

/* In slots of 1 ms: what the k-th has of it before its arrival is due. */
static void place_all(double *place, int count)
{
    struct schedule_stage stage;
    struct schedule s = constant(&stage, 1000, SCHEDULE_ENDLESS_NS);
    struct schedule_cursor c;
    s.arrivals = ARRIVALS_JITTERED;
    schedule_start(&c, &s, 0, 1);
    for (int k = 0; k < count; k++)
        place[k] = (double)(schedule_next(&c) - k * NS_PER_MS) / (double)NS_PER_MS;
}

/* Their places are multiples of the golden ratio, so the next one follows after 0.618 slots or
 * after 1.618. */
static void each_slot_has_one_jittered_arrival(void **state)
{
    (void)state;
    enum { N = 10000 };
    double *place = mem_array(N, sizeof *place);
    place_all(place, N);
    assert_true(fabs(place[0] - 0.618034) < 1e-5);
    for (int k = 0; k < N; k++) {
        assert_true(place[k] >= 0 && place[k] < 1);
        if (k == 0)
            continue;
        double step = place[k] - place[k - 1];
        assert_true(fabs((step > 0 ? step : step + 1) - 0.618034) < 1e-5);
    }
    free(place);
}

/* No gap between the places of the first n is twice as wide as it would be if they were evenly
 * spaced. With random places it would be several times as wide. */
static void jittered_arrivals_leave_no_part_of_the_slot_out(void **state)
{
    (void)state;
    static const int counts[] = {20, 100, 1000, 10000};
    for (size_t i = 0; i < LEN(counts); i++) {
        int n = counts[i];
        double *place = mem_array((size_t)n, sizeof *place);
        double widest = 0;
        place_all(place, n);
        qsort(place, (size_t)n, sizeof *place, by_value);
        for (int k = 1; k < n; k++)
            widest = fmax(widest, place[k] - place[k - 1]);
        widest = fmax(widest, fmax(place[0], 1 - place[n - 1]));
        assert_true(widest * n < 2);
        free(place);
    }
}

/* A slot of which only a part is left has its arrival if that is due by then. */
static void jittered_arrivals_have_the_rate(void **state)
{
    (void)state;
    static const struct {
        double rate_rps, length_s;
        int64_t count;
    } cases[] = {{20, 10, 200}, {1, 0.6, 0}, {1, 0.7, 1}, {1, 1.2, 1}, {1, 1.3, 2}, {0.1, 30, 3}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct schedule_stage stage;
        struct schedule s = constant(&stage, cases[i].rate_rps, SECONDS(cases[i].length_s));
        s.arrivals = ARRIVALS_JITTERED;
        assert_int_equal(schedule_count(&s), cases[i].count);
        assert_int_equal(count_all(&s, 1), cases[i].count);
        assert_int_equal(count_all(&s, 3), cases[i].count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_rate_has_exactly_so_many_arrivals),
        cmocka_unit_test(arrivals_of_a_constant_rate_are_evenly_spaced),
        cmocka_unit_test(a_ramp_has_its_arrivals_where_the_integral_reaches_them),
        cmocka_unit_test(stages_follow_each_other),
        cmocka_unit_test(the_number_of_threads_changes_nothing),
        cmocka_unit_test(gaps_of_a_poisson_process_are_exponential),
        cmocka_unit_test(a_poisson_process_has_its_seed_and_its_rate),
        cmocka_unit_test(each_slot_has_one_jittered_arrival),
        cmocka_unit_test(jittered_arrivals_leave_no_part_of_the_slot_out),
        cmocka_unit_test(jittered_arrivals_have_the_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
