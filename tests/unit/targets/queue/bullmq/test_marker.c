/* redis_marker: what wakes a worker that sleeps, and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "support/loop_wait.h"
#include "support/redis_bed.h"
#include "targets/queue/bullmq/marker.h"

#define KEY "bull:heavy:marker"

struct sleeper {
    struct redis_bed *bed;
    struct redis_marker *marker;
    int wakes;
    bool is_woken, is_closed;
};

static void on_wake(void *ctx)
{
    struct sleeper *s = ctx;
    assert_false(s->is_closed);
    s->wakes++;
    s->is_woken = true;
}

static void on_closed(void *ctx)
{
    struct sleeper *s = ctx;
    assert_false(s->is_closed);
    s->is_closed = true;
}

static int64_t blocked(const struct redis_bed *bed)
{
    return redis_host_info(&bed->host, "clients", "blocked_clients:");
}

static void wait_until_blocked(struct redis_bed *bed, int64_t count)
{
    int64_t bound_ns = clock_now_ns() + LOOP_WAIT_NS;
    while (blocked(bed) != count && clock_now_ns() < bound_ns)
        (void)uv_run(&bed->loop, UV_RUN_NOWAIT);
    assert_int_equal(blocked(bed), count);
}

static void open_to(struct redis_bed *bed, struct sleeper *s, const char *url)
{
    struct err err = {0};
    char key[] = KEY; /* it is copied */
    *s = (struct sleeper){.bed = bed};
    s->marker = redis_marker_open(&bed->loop,
                                  &(struct redis_marker_spec){.url = url,
                                                              .key = key,
                                                              .client_name = "bull:aGVhdnk=",
                                                              .ctx = s,
                                                              .on_wake = on_wake,
                                                              .on_closed = on_closed},
                                  &err);
    assert_string_equal(err.text, "");
    key[0] = 'x';
}

/* Until its connection is there: the sleep that comes before that is over at once. */
static void open_up(struct redis_bed *bed, struct sleeper *s)
{
    open_to(bed, s, bed->host.url);
    redis_marker_sleep(s->marker, INT64_MAX);
    loop_wait(&bed->loop, &s->is_woken);
    s->wakes = 0;
    s->is_woken = false;
}

static void close_it(struct sleeper *s)
{
    redis_marker_close(s->marker);
    assert_false(s->is_closed); /* never from within */
    loop_wait(&s->bed->loop, &s->is_closed);
}

static void fall_asleep(struct redis_bed *bed, struct sleeper *s)
{
    redis_marker_sleep(s->marker, INT64_MAX);
    wait_until_blocked(bed, 1);
    assert_int_equal(s->wakes, 0);
}

static void pass(struct redis_bed *bed, int64_t ns)
{
    int64_t until_ns = clock_now_ns() + ns;
    while (clock_now_ns() < until_ns)
        (void)uv_run(&bed->loop, UV_RUN_NOWAIT);
}

/* ---- what wakes ---- */

static void a_marker_wakes_and_is_gone(void **state)
{
    struct redis_bed bed;
    struct sleeper s;
    (void)state;
    bed_start(&bed);
    open_up(&bed, &s);
    fall_asleep(&bed, &s);
    int64_t began_ns = clock_now_ns();
    (void)redis_host_command(&bed.host, "ZADD " KEY " 0 0");
    loop_wait(&bed.loop, &s.is_woken);
    assert_true(clock_now_ns() - began_ns < 4 * NS_PER_S); /* it is not time that woke it */
    assert_int_equal(s.wakes, 1);
    assert_int_equal(redis_host_command(&bed.host, "EXISTS " KEY), 0);
    /* once a sleep */
    (void)redis_host_command(&bed.host, "ZADD " KEY " 0 0");
    pass(&bed, 50 * NS_PER_MS);
    assert_int_equal(s.wakes, 1);
    assert_int_equal(redis_host_command(&bed.host, "ZCARD " KEY), 1);
    s.is_woken = false;
    redis_marker_sleep(s.marker, INT64_MAX); /* the one that lies there */
    loop_wait(&bed.loop, &s.is_woken);
    assert_int_equal(redis_host_command(&bed.host, "EXISTS " KEY), 0);
    close_it(&s);
    bed_fini(&bed);
}

static void time_wakes(void **state)
{
    static const int64_t sleeps_ms[] = {-1000, 0, 60};
    struct redis_bed bed;
    struct sleeper s;
    (void)state;
    bed_start(&bed);
    open_up(&bed, &s);
    for (size_t i = 0; i < LEN(sleeps_ms); i++) {
        for (int pauses = 0; pauses < 2; pauses++) {
            int64_t began_ns = clock_now_ns();
            int64_t until_ns = began_ns + sleeps_ms[i] * NS_PER_MS;
            s.wakes = 0;
            s.is_woken = false;
            if (pauses == 1)
                redis_marker_pause(s.marker, until_ns);
            else
                redis_marker_sleep(s.marker, until_ns);
            assert_int_equal(s.wakes, 0); /* never from within */
            loop_wait(&bed.loop, &s.is_woken);
            /* timers know whole milliseconds */
            assert_in_range(clock_now_ns(), until_ns - NS_PER_MS, began_ns + 4 * NS_PER_S);
            assert_int_equal(s.wakes, 1);
        }
    }
    close_it(&s);
    bed_fini(&bed);
}

/* Neither who was woken nor who stays awake is woken by the time that was told before. */
static void a_sleep_that_is_over_is_forgotten(void **state)
{
    struct redis_bed bed;
    struct sleeper s;
    (void)state;
    bed_start(&bed);
    open_up(&bed, &s);
    (void)redis_host_command(&bed.host, "ZADD " KEY " 0 0");
    redis_marker_sleep(s.marker, clock_now_ns() + 1500 * NS_PER_MS);
    loop_wait(&bed.loop, &s.is_woken);
    redis_marker_sleep(s.marker, clock_now_ns() + 30 * NS_PER_MS);
    redis_marker_stay_awake(s.marker);
    pass(&bed, 60 * NS_PER_MS);
    assert_int_equal(s.wakes, 1);
    s.is_woken = false;
    int64_t until_ns = clock_now_ns() + 200 * NS_PER_MS;
    redis_marker_sleep(s.marker, until_ns);
    (void)redis_host_command(&bed.host, "ZADD " KEY " 0 0");
    loop_wait(&bed.loop, &s.is_woken);
    pass(&bed, until_ns + 50 * NS_PER_MS - clock_now_ns());
    assert_int_equal(s.wakes, 2);
    close_it(&s);
    bed_fini(&bed);
}

/* Its score says when the next delayed job is due. */
static void a_marker_of_a_time_wakes_then(void **state)
{
    struct redis_bed bed;
    struct sleeper s;
    char due[24];
    (void)state;
    bed_start(&bed);
    open_up(&bed, &s);
    fall_asleep(&bed, &s);
    int64_t due_ns = clock_now_ns() + 150 * NS_PER_MS;
    (void)snprintf(due, sizeof due, "%lld", (long long)clock_wall_ms() + 151);
    (void)redis_host_command(&bed.host, "ZADD " KEY " %s 1", due);
    loop_wait(&bed.loop, &s.is_woken);
    assert_in_range(clock_now_ns(), due_ns - 5 * NS_PER_MS, due_ns + 4 * NS_PER_S);
    /* one that is past */
    s.is_woken = false;
    s.wakes = 0;
    fall_asleep(&bed, &s);
    int64_t began_ns = clock_now_ns();
    (void)redis_host_command(&bed.host, "ZADD " KEY " 5 1");
    loop_wait(&bed.loop, &s.is_woken);
    assert_true(clock_now_ns() - began_ns < 4 * NS_PER_S);
    close_it(&s);
    bed_fini(&bed);
}

/* One that is far off is not waited for, and another may come before it. */
static void a_marker_of_a_far_time_does_not_wake(void **state)
{
    struct redis_bed bed;
    struct sleeper s;
    char due[24];
    (void)state;
    bed_start(&bed);
    open_up(&bed, &s);
    fall_asleep(&bed, &s);
    (void)snprintf(due, sizeof due, "%lld", (long long)clock_wall_ms() + 3600000);
    (void)redis_host_command(&bed.host, "ZADD " KEY " %s 1", due);
    pass(&bed, 50 * NS_PER_MS);
    assert_int_equal(s.wakes, 0);
    wait_until_blocked(&bed, 1); /* it sleeps on */
    (void)redis_host_command(&bed.host, "ZADD " KEY " 0 0");
    loop_wait(&bed.loop, &s.is_woken);
    close_it(&s);
    bed_fini(&bed);
}

/* ---- what does not ---- */

static void who_is_awake_leaves_it_to_the_others(void **state)
{
    struct redis_bed bed;
    struct sleeper awake;
    char score[40];
    (void)state;
    bed_start(&bed);
    open_up(&bed, &awake);
    for (int paused = 0; paused < 2; paused++) {
        fall_asleep(&bed, &awake);
        if (paused == 1)
            redis_marker_pause(awake.marker, INT64_MAX);
        else
            redis_marker_stay_awake(awake.marker);
        (void)redis_host_command(&bed.host, "ZADD " KEY " 1234567890123 1");
        wait_until_blocked(&bed, 0);
        int64_t bound_ns = clock_now_ns() + LOOP_WAIT_NS;
        while (redis_host_command(&bed.host, "ZCARD " KEY) != 1 && clock_now_ns() < bound_ns)
            (void)uv_run(&bed.loop, UV_RUN_NOWAIT);
        redis_host_text(&bed.host, score, sizeof score, "ZSCORE " KEY " 1");
        assert_string_equal(score, "1234567890123");
        (void)redis_host_command(&bed.host, "DEL " KEY);
        assert_int_equal(awake.wakes, 0);
    }
    close_it(&awake);
    bed_fini(&bed);
}

/* One marker wakes one of them. */
static void one_of_two_sleepers_is_woken(void **state)
{
    struct redis_bed bed;
    struct sleeper s[2];
    (void)state;
    bed_start(&bed);
    for (int i = 0; i < 2; i++)
        open_up(&bed, &s[i]);
    for (int i = 0; i < 2; i++)
        redis_marker_sleep(s[i].marker, INT64_MAX);
    wait_until_blocked(&bed, 2);
    (void)redis_host_command(&bed.host, "ZADD " KEY " 0 0");
    int64_t bound_ns = clock_now_ns() + LOOP_WAIT_NS;
    while (s[0].wakes + s[1].wakes == 0 && clock_now_ns() < bound_ns)
        (void)uv_run(&bed.loop, UV_RUN_ONCE);
    pass(&bed, 50 * NS_PER_MS);
    assert_int_equal(s[0].wakes + s[1].wakes, 1);
    for (int i = 0; i < 2; i++)
        close_it(&s[i]);
    bed_fini(&bed);
}

static void a_key_of_a_wrong_type_leaves_it_to_time(void **state)
{
    struct redis_bed bed;
    struct sleeper s;
    (void)state;
    bed_start(&bed);
    (void)redis_host_command(&bed.host, "SET " KEY " nonsense");
    open_up(&bed, &s);
    redis_marker_sleep(s.marker, clock_now_ns() + 100 * NS_PER_MS);
    loop_wait(&bed.loop, &s.is_woken);
    assert_int_equal(s.wakes, 1);
    close_it(&s);
    bed_fini(&bed);
}

/* ---- the connection ---- */

static void a_connection_that_is_back_wakes(void **state)
{
    struct redis_bed bed;
    struct sleeper s;
    (void)state;
    bed_start(&bed);
    open_up(&bed, &s);
    fall_asleep(&bed, &s);
    redis_host_kill(&bed.host);
    assert_int_equal(s.wakes, 0);
    redis_host_come_back(&bed.host);
    redis_marker_sleep(s.marker, INT64_MAX); /* so that it is not the 5 s that wake it */
    s.is_woken = false;
    int64_t began_ns = clock_now_ns();
    loop_wait(&bed.loop, &s.is_woken);
    assert_true(clock_now_ns() - began_ns < 4 * NS_PER_S);
    fall_asleep(&bed, &(struct sleeper){.bed = &bed, .marker = s.marker});
    close_it(&s);
    bed_fini(&bed);
}

static void without_a_connection_time_wakes(void **state)
{
    struct redis_bed bed;
    struct sleeper s;
    (void)state;
    bed_init(&bed);
    open_to(&bed, &s, "redis://127.0.0.1:1");
    for (int i = 1; i <= 3; i++) {
        s.is_woken = false;
        redis_marker_sleep(s.marker, clock_now_ns() + 30 * NS_PER_MS);
        loop_wait(&bed.loop, &s.is_woken);
        assert_int_equal(s.wakes, i);
    }
    close_it(&s);
    bed_fini(&bed);
}

static void it_is_closed_in_any_state(void **state)
{
    struct redis_bed bed;
    struct sleeper s;
    (void)state;
    bed_start(&bed);
    for (int turns = 0; turns < 4; turns++) { /* on its way up */
        open_to(&bed, &s, bed.host.url);
        redis_marker_sleep(s.marker, INT64_MAX);
        for (int i = 0; i < turns; i++)
            (void)uv_run(&bed.loop, UV_RUN_NOWAIT);
        s.wakes = 0;
        close_it(&s);
        assert_int_equal(s.wakes, 0);
    }
    open_up(&bed, &s);
    fall_asleep(&bed, &s);
    close_it(&s);
    assert_int_equal(s.wakes, 0);
    wait_until_blocked(&bed, 0); /* the server has forgotten it too */
    bed_fini(&bed);
}

static void a_bad_url_is_refused(void **state)
{
    struct redis_bed bed;
    struct err err = {0};
    (void)state;
    bed_init(&bed);
    assert_null(redis_marker_open(
        &bed.loop, &(struct redis_marker_spec){.url = "redis://", .key = KEY}, &err));
    assert_int_equal(err.kind, ERR_USAGE);
    bed_fini(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_marker_wakes_and_is_gone, bed_set_alarm),
        cmocka_unit_test_setup(time_wakes, bed_set_alarm),
        cmocka_unit_test_setup(a_sleep_that_is_over_is_forgotten, bed_set_alarm),
        cmocka_unit_test_setup(a_marker_of_a_time_wakes_then, bed_set_alarm),
        cmocka_unit_test_setup(a_marker_of_a_far_time_does_not_wake, bed_set_alarm),
        cmocka_unit_test_setup(who_is_awake_leaves_it_to_the_others, bed_set_alarm),
        cmocka_unit_test_setup(one_of_two_sleepers_is_woken, bed_set_alarm),
        cmocka_unit_test_setup(a_key_of_a_wrong_type_leaves_it_to_time, bed_set_alarm),
        cmocka_unit_test_setup(a_connection_that_is_back_wakes, bed_set_alarm),
        cmocka_unit_test_setup(without_a_connection_time_wakes, bed_set_alarm),
        cmocka_unit_test_setup(it_is_closed_in_any_state, bed_set_alarm),
        cmocka_unit_test_setup(a_bad_url_is_refused, bed_set_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
