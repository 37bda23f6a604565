/* The histograms of a run's seconds: bounded, and nothing is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stat/hist_series.h"
#include "stat/hist_text.h"
#include "support/random_ns.h"

/* Entry i holds i + 1 requests of 10 ns; its text is "+10 <i + 1>". */
static struct hist_series *counted(size_t entries)
{
    struct hist_series *s = hist_series_new();
    struct hist *h = hist_new_latency();
    for (size_t i = 0; i < entries; i++) {
        hist_record(h, 10);
        hist_series_add(s, h);
    }
    hist_free(h);
    return s;
}

static uint64_t count_in(const struct hist_series *s, size_t first, size_t count)
{
    struct hist *h = hist_text_new();
    hist_series_sum(s, first, count, h);
    uint64_t held = hist_count(h) + hist_over(h);
    hist_free(h);
    return held;
}

static void assert_is(const struct hist_series *s, size_t step, size_t entries)
{
    size_t bytes = 0;
    assert_int_equal(s->step, step);
    assert_int_equal(s->nentries, entries);
    assert_int_equal(s->count, (entries + step - 1) / step);
    for (size_t i = 0; i < s->count; i++)
        bytes += strlen(s->texts[i]);
    assert_int_equal(s->bytes, bytes);
}

static void seconds_have_an_interval_each(void **state)
{
    (void)state;
    struct hist_series *s = counted(3);
    assert_is(s, 1, 3);
    assert_string_equal(s->texts[0], "+10 1");
    assert_string_equal(s->texts[2], "+10 3");
    assert_int_equal(count_in(s, 1, 2), 5);
    assert_int_equal(count_in(s, 1, SIZE_MAX), 5); /* as many as there are */
    hist_series_free(s);
    hist_series_free(NULL);
}

static void a_second_without_requests_has_an_empty_text(void **state)
{
    (void)state;
    struct hist_series *s = hist_series_new();
    struct hist *h = hist_new_latency();
    assert_is(s, 1, 0);
    hist_series_add(s, h);
    assert_is(s, 1, 1);
    assert_string_equal(s->texts[0], "");
    hist_free(h);
    hist_series_free(s);
}

/* One more than the limit: all neighbours are added up, and the last interval goes on. */
static void a_long_run_has_wider_intervals(void **state)
{
    (void)state;
    const uint64_t max = HIST_SERIES_INTERVALS_MAX;
    struct hist_series *s = counted(max);
    assert_is(s, 1, max);
    hist_series_free(s);
    s = counted(max + 1);
    assert_is(s, 2, max + 1);
    assert_string_equal(s->texts[0], "+10 3");
    assert_string_equal(s->texts[1], "+10 7");
    assert_int_equal(count_in(s, max / 2, 1), max + 1);
    hist_series_free(s);
    s = counted(max + 2);
    assert_is(s, 2, max + 2);
    assert_int_equal(count_in(s, max / 2, 1), 2 * max + 3);
    hist_series_free(s);
    s = counted(5 * max);
    assert_is(s, 8, 5 * max);
    assert_int_equal(count_in(s, 0, SIZE_MAX), 5 * max * (5 * max + 1) / 2);
    hist_series_free(s);
}

/* Requests in every bucket, in every second: the worst that a document has to hold. */
static void the_widest_latencies_stay_within_the_bytes(void **state)
{
    (void)state;
    struct hist_series *s = hist_series_new();
    struct hist *all = hist_text_new();
    struct hist *wide = hist_text_new();
    struct hist *sum = hist_text_new();
    for (size_t b = 0; b < HIST_TEXT_OVER; b++)
        hist_add_at(all, b, 999 + b);
    hist_text_coarsen(wide, all); /* the last buckets are beyond what is recorded */
    for (size_t i = 0; i < 500; i++) {
        hist_series_add(s, wide);
        assert_true(s->bytes <= HIST_SERIES_BYTES_MAX);
    }
    assert_true(s->step > 1);
    assert_is(s, s->step, 500);
    hist_series_sum(s, 0, SIZE_MAX, sum);
    struct hist_bucket in = {0};
    for (size_t at = 0; hist_next(wide, &at, &in);) {
        struct hist_bucket got = {0};
        size_t same = at - 1;
        assert_true(hist_next(sum, &same, &got));
        assert_true(got.low_ns == in.low_ns && got.count == 500 * in.count);
    }
    hist_free(all);
    hist_free(wide);
    hist_free(sum);
    hist_series_free(s);
}

/* Random seconds, added up by the series or by hand. */
static void an_interval_is_the_sum_of_its_seconds(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 5);
    struct hist_series *s = hist_series_new();
    struct hist *seconds[40] = {NULL};
    for (size_t i = 0; i < LEN(seconds); i++) {
        seconds[i] = hist_text_new();
        for (int k = 0; k < 300; k++)
            hist_record(seconds[i], random_ns(&r, 2 * HIST_MAX_NS));
        hist_series_add(s, seconds[i]);
    }
    for (size_t step = 1; step <= 64; step *= 2) {
        struct hist_series *wide = hist_series_regroup(s, step, SIZE_MAX);
        assert_is(wide, 1, (LEN(seconds) + step - 1) / step);
        for (size_t i = 0; i < wide->count; i++) {
            struct hist *sum = hist_text_new();
            struct buf want;
            for (size_t k = i * step; k < LEN(seconds) && k < (i + 1) * step; k++)
                hist_merge(sum, seconds[k]);
            buf_init(&want, HIST_TEXT_MAX);
            hist_text_write(sum, &want);
            assert_string_equal(wide->texts[i], want.data);
            buf_fini(&want);
            hist_free(sum);
        }
        hist_series_free(wide);
    }
    for (size_t i = 0; i < LEN(seconds); i++)
        hist_free(seconds[i]);
    hist_series_free(s);
}

static void entries_may_become_longer_than_intervals_or_not(void **state)
{
    (void)state;
    struct hist_series *s = counted(HIST_SERIES_INTERVALS_MAX + 1); /* of 2 seconds */
    struct hist_series *same = hist_series_regroup(s, 1, SIZE_MAX);
    assert_is(same, 2, s->nentries);
    struct hist_series *level = hist_series_regroup(s, 2, SIZE_MAX);
    assert_is(level, 1, s->nentries / 2 + 1);
    assert_string_equal(level->texts[0], "+10 3");
    struct hist_series *more = hist_series_regroup(s, 4, SIZE_MAX);
    assert_is(more, 1, s->nentries / 4 + 1);
    assert_string_equal(more->texts[0], "+10 10");
    hist_series_free(same);
    hist_series_free(level);
    hist_series_free(more);
    hist_series_free(s);
}

static void less_room_means_wider_intervals_or_none(void **state)
{
    (void)state;
    struct hist_series *s = counted(8); /* 8 texts of 5 bytes */
    struct hist_series *whole = hist_series_regroup(s, 1, 40);
    assert_is(whole, 1, 8);
    struct hist_series *half = hist_series_regroup(s, 1, 39);
    assert_is(half, 2, 8);
    struct hist_series *one = hist_series_regroup(s, 1, 6);
    assert_is(one, 8, 8);
    assert_string_equal(one->texts[0], "+10 36");
    assert_null(hist_series_regroup(s, 1, 5));
    hist_series_free(whole);
    hist_series_free(half);
    hist_series_free(one);
    hist_series_free(s);
}

static void texts_are_checked_and_bounded(void **state)
{
    (void)state;
    struct hist_series *s = hist_series_new();
    struct err err = {0};
    assert_int_equal(hist_series_add_text(s, "+10 1", &err), 0);
    assert_int_equal(hist_series_add_text(s, "+10 x", &err), -1);
    assert_non_null(strstr(err.text, "not a histogram"));
    assert_int_equal(s->count, 1);
    for (size_t i = 1; i < HIST_SERIES_INTERVALS_MAX; i++)
        assert_int_equal(hist_series_add_text(s, "", &err), 0);
    assert_int_equal(hist_series_add_text(s, "", &err), -1);
    assert_non_null(strstr(err.text, "more than 4096"));
    hist_series_free(s);

    char *longest = mem_zalloc(HIST_SERIES_BYTES_MAX + 1);
    memset(longest, '1', HIST_SERIES_BYTES_MAX);
    s = hist_series_new();
    assert_int_equal(hist_series_add_text(s, "1", &err), 0);
    assert_int_equal(hist_series_add_text(s, longest, &err), -1);
    assert_non_null(strstr(err.text, "longer than 900000 bytes"));
    assert_int_equal(s->count, 1);
    free(longest);
    hist_series_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_have_an_interval_each),
        cmocka_unit_test(a_second_without_requests_has_an_empty_text),
        cmocka_unit_test(a_long_run_has_wider_intervals),
        cmocka_unit_test(the_widest_latencies_stay_within_the_bytes),
        cmocka_unit_test(an_interval_is_the_sum_of_its_seconds),
        cmocka_unit_test(entries_may_become_longer_than_intervals_or_not),
        cmocka_unit_test(less_room_means_wider_intervals_or_none),
        cmocka_unit_test(texts_are_checked_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
