#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/work/work.h"

static void work_is_parsed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct work want;
    } cases[] = {
        {"count:20M", {WORK_COUNT, 20000000}},       {"count:0", {WORK_COUNT, 0}},
        {"count:12345", {WORK_COUNT, 12345}},        {"sleep:50ms", {WORK_SLEEP, 50 * NS_PER_MS}},
        {"sleep:2", {WORK_SLEEP, 2 * NS_PER_S}},     {"sleep:1.5us", {WORK_SLEEP, 1500}},
        {"sleep:1h", {WORK_SLEEP, 3600 * NS_PER_S}},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct work got = {0};
        struct err err = {0};
        assert_int_equal(work_parse(cases[i].text, &got, &err), 0);
        assert_int_equal(got.kind, cases[i].want.kind);
        assert_int_equal(got.n, cases[i].want.n);
    }
}

static void bad_work_is_an_error_that_helps(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",       "20M",       "count",    "count:",    "count:20x", "count:-1",
        "sleep:", "sleep:20M", "spin:20M", " count:20", "COUNT:1"};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct work got = {WORK_SLEEP, 7};
        struct err err = {0};
        assert_int_equal(work_parse(cases[i], &got, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_int_equal(got.n, 7); /* untouched */
    }
}

static void limits_hold_for_each_kind(void **state)
{
    (void)state;
    static const struct {
        struct work work, max;
        int want;
    } cases[] = {
        {{WORK_COUNT, 100}, {WORK_COUNT, 100}, 0},
        {{WORK_COUNT, 101}, {WORK_COUNT, 100}, -1},
        {{WORK_SLEEP, 101}, {WORK_COUNT, 100}, 0},
        {{WORK_SLEEP, 3600 * NS_PER_S}, {WORK_COUNT, 100}, 0},
        {{WORK_SLEEP, 3600 * NS_PER_S + 1}, {WORK_COUNT, 100}, -1},
        {{WORK_COUNT, INT64_C(10000000000)}, {WORK_SLEEP, 5}, 0},
        {{WORK_COUNT, INT64_C(10000000001)}, {WORK_SLEEP, 5}, -1},
        {{WORK_SLEEP, 6}, {WORK_SLEEP, 5}, -1},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        assert_int_equal(work_check(&cases[i].work, &cases[i].max, &err), cases[i].want);
        assert_int_equal(err.kind, cases[i].want == 0 ? ERR_NONE : ERR_USAGE);
    }
}

static void parts_add_up_and_differ_by_one_at_most(void **state)
{
    (void)state;
    static const int64_t whole[] = {0, 1, 5, 8, 1000003, INT64_C(10000000000)};
    static const int64_t parts[] = {1, 2, 3, 8, 1024};
    for (size_t i = 0; i < LEN(whole); i++) {
        for (size_t k = 0; k < LEN(parts); k++) {
            struct work work = {WORK_COUNT, whole[i]};
            int64_t sum = 0;
            for (int64_t part = 0; part < parts[k]; part++) {
                struct work got = work_part(&work, part, parts[k]);
                assert_int_equal(got.kind, WORK_COUNT);
                assert_in_range(got.n, whole[i] / parts[k], whole[i] / parts[k] + 1);
                sum += got.n;
            }
            assert_int_equal(sum, whole[i]);
        }
    }
}

static void a_sleep_is_one_part(void **state)
{
    (void)state;
    struct work work = {WORK_SLEEP, 50 * NS_PER_MS};
    assert_int_equal(work_part(&work, 0, 8).n, 50 * NS_PER_MS);
    for (int64_t part = 1; part < 8; part++) {
        assert_int_equal(work_part(&work, part, 8).kind, WORK_SLEEP);
        assert_int_equal(work_part(&work, part, 8).n, 0);
    }
}

static void count_reaches_n(void **state)
{
    (void)state;
    static const int64_t cases[] = {0, 1, 999999, 1000000, 1000001, 2500000};
    atomic_bool stop = false;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(work_run(&(struct work){WORK_COUNT, cases[i]}, &stop), cases[i]);
}

/* No processor makes ten steps in a nanosecond; a folded loop would need none. */
static void count_is_not_folded(void **state)
{
    (void)state;
    atomic_bool stop = false;
    int64_t began_ns = clock_now_ns();
    assert_int_equal(work_run(&(struct work){WORK_COUNT, 50000000}, &stop), 50000000);
    assert_true(clock_now_ns() - began_ns > 5 * NS_PER_MS);
}

static void sleep_lasts_long_enough(void **state)
{
    (void)state;
    static const int64_t cases[] = {0, 1, 2 * NS_PER_MS, 70 * NS_PER_MS};
    atomic_bool stop = false;
    for (size_t i = 0; i < LEN(cases); i++) {
        int64_t began_ns = clock_now_ns();
        assert_int_equal(work_run(&(struct work){WORK_SLEEP, cases[i]}, &stop), cases[i]);
        assert_true(clock_now_ns() - began_ns >= cases[i]);
    }
}

struct running {
    struct work work;
    atomic_bool stop, begun;
    int64_t reached;
};

static void *run(void *argument)
{
    struct running *r = argument;
    atomic_store(&r->begun, true);
    r->reached = work_run(&r->work, &r->stop);
    return NULL;
}

static void stop_ends_it_early(void **state)
{
    (void)state;
    static const struct work cases[] = {{WORK_COUNT, INT64_MAX}, {WORK_SLEEP, 3600 * NS_PER_S}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct running r = {.work = cases[i]};
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, run, &r), 0);
        while (!atomic_load(&r.begun)) {
        }
        atomic_store(&r.stop, true);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_true(r.reached >= 0 && r.reached < cases[i].n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_is_parsed),
        cmocka_unit_test(bad_work_is_an_error_that_helps),
        cmocka_unit_test(limits_hold_for_each_kind),
        cmocka_unit_test(parts_add_up_and_differ_by_one_at_most),
        cmocka_unit_test(a_sleep_is_one_part),
        cmocka_unit_test(count_reaches_n),
        cmocka_unit_test(count_is_not_folded),
        cmocka_unit_test(sleep_lasts_long_enough),
        cmocka_unit_test(stop_ends_it_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
