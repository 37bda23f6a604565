/* What threads hand over: board, tally, deadlines, shares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/board.h"
#include "load/deadlines.h"
#include "load/spec.h"
#include "load/tally.h"

static void shares_lose_nothing(void **state)
{
    (void)state;
    for (int64_t total = 0; total < 50; total++) {
        for (int parts = 1; parts < 9; parts++) {
            int64_t sum = 0;
            for (int i = 0; i < parts; i++) {
                int64_t share = load_share(total, parts, i);
                assert_in_range(share, total / parts, total / parts + 1);
                sum += share;
            }
            assert_int_equal(sum, total);
        }
    }
}

/* Two workers, each with its own histogram, as in a run. */
struct two {
    struct board *board;
    struct hist *latency[2], *seen[2];
};

static void two_init(struct two *t)
{
    t->board = board_new(2);
    for (int i = 0; i < 2; i++) {
        t->latency[i] = hist_new_latency();
        t->seen[i] = hist_new_latency();
    }
}

static void two_fini(struct two *t)
{
    for (int i = 0; i < 2; i++) {
        hist_free(t->latency[i]);
        hist_free(t->seen[i]);
    }
    board_free(t->board);
}

static void two_post_of(struct two *t, int worker, int64_t errors, int64_t length_ns)
{
    board_post(t->board, worker,
               &(struct board_post){.length_ns = length_ns,
                                    .is_last = length_ns < NS_PER_S,
                                    .requests = (int64_t)(hist_count(t->latency[worker]) -
                                                          hist_count(t->seen[worker])),
                                    .errors = errors,
                                    .non_2xx = 10 + errors,
                                    .bytes = 100,
                                    .latency = t->latency[worker],
                                    .seen = t->seen[worker]});
}

static void two_post(struct two *t, int worker, int64_t errors)
{
    two_post_of(t, worker, errors, NS_PER_S);
}

static void faults_add_up_and_the_busiest_worker_counts(void **state)
{
    (void)state;
    struct two t;
    struct second s;
    two_init(&t);
    for (int i = 0; i < 2; i++) {
        struct board_post post = {.length_ns = 2 * NS_PER_S,
                                  .faults = {.timed_out = 1 + i, .connect_failed = 5},
                                  .cpu_s = i == 0 ? 1.5 : 0.5,
                                  .latency = t.latency[i],
                                  .seen = t.seen[i]};
        post.faults.failed[LOSS_EOF] = 10;
        board_post(t.board, i, &post);
    }
    assert_true(board_take_next(t.board, &s));
    assert_int_equal(s.faults.timed_out, 3);
    assert_int_equal(s.faults.connect_failed, 10);
    assert_int_equal(s.faults.failed[LOSS_EOF], 20);
    assert_int_equal(s.faults.failed[LOSS_RESET], 0);
    assert_true(s.busiest_worker == 0.75);
    two_fini(&t);
}

static void a_second_waits_for_all_workers(void **state)
{
    (void)state;
    struct two t;
    struct second s;
    two_init(&t);
    hist_record_n(t.latency[0], 1000, 3);
    two_post(&t, 0, 1);
    assert_false(board_take_next(t.board, &s));
    hist_record_n(t.latency[0], 5000, 2);
    two_post(&t, 0, 0);
    hist_record_n(t.latency[1], 2000, 4);
    two_post(&t, 1, 2);
    assert_true(board_take_next(t.board, &s));
    assert_int_equal(s.requests, 7);
    assert_int_equal(s.errors, 3);
    assert_int_equal(s.non_2xx, 23);
    assert_int_equal(s.bytes, 200);
    assert_int_equal(s.p50_ns, 2000);
    assert_int_equal(s.max_ns, 2000);
    assert_true(s.at_s == 1.0);
    assert_false(board_take_next(t.board, &s));
    board_leave(t.board, 1); /* worker 1 ends: second 1 is whole with worker 0's part */
    assert_true(board_take_next(t.board, &s));
    assert_int_equal(s.requests, 2);
    two_fini(&t);
}

/* Worker 0 ends early. Worker 1 is in its second second, and opens no third one. */
static void a_worker_that_leaves_opens_no_second(void **state)
{
    (void)state;
    struct two t;
    struct second s;
    two_init(&t);
    two_post(&t, 0, 0);
    two_post(&t, 1, 0);
    hist_record(t.latency[0], 1000);
    two_post_of(&t, 0, 1, NS_PER_S / 10);
    board_leave(t.board, 0);
    assert_true(board_take_next(t.board, &s));
    assert_false(board_take_next(t.board, &s));
    hist_record_n(t.latency[1], 1000, 2);
    two_post(&t, 1, 2);
    size_t count = 0;
    struct second *seconds = board_finish(t.board, &count);
    assert_int_equal(count, 2);
    assert_int_equal(seconds[1].requests, 3);
    assert_int_equal(seconds[1].errors, 3);
    assert_true(seconds[1].at_s == 2.0); /* and not shorter by the part that worker 0 was there */
    free(seconds);
    two_fini(&t);
}

static void the_last_second_is_as_long_as_its_longest_part(void **state)
{
    (void)state;
    struct two t;
    two_init(&t);
    two_post_of(&t, 1, 0, NS_PER_S / 4);
    board_leave(t.board, 1);
    two_post_of(&t, 0, 0, NS_PER_S / 2);
    board_leave(t.board, 0);
    size_t count = 0;
    struct second *seconds = board_finish(t.board, &count);
    assert_int_equal(count, 1);
    assert_true(seconds[0].length_s == 0.5);
    free(seconds);
    two_fini(&t);
}

/* What a line of --ndjson is made of. */
static void a_second_that_is_told_has_its_detail(void **state)
{
    (void)state;
    struct two t;
    struct second s;
    int64_t statuses[2][1000] = {0};
    int64_t seen[2][1000] = {0};
    two_init(&t);
    for (int64_t second = 1; second <= 2; second++) {
        for (int i = 0; i < 2; i++) {
            statuses[i][200] += 3 * second;
            statuses[i][503] += i;
            hist_record_n(t.latency[i], 1000, (uint64_t)(3 * second + i));
            board_post(t.board, i,
                       &(struct board_post){.length_ns = NS_PER_S,
                                            .requests = 3 * second + i,
                                            .latency = t.latency[i],
                                            .seen = t.seen[i],
                                            .statuses = statuses[i],
                                            .statuses_seen = seen[i]});
        }
        assert_true(board_take_next(t.board, &s));
        assert_non_null(s.detail);
        assert_int_equal(s.detail->statuses[200], 6 * second);
        assert_int_equal(s.detail->statuses[503], 1);
        assert_int_equal(hist_count(s.detail->latency), s.requests);
    }
    size_t count = 0;
    struct second *seconds = board_finish(t.board, &count);
    assert_int_equal(count, 2);
    assert_null(seconds[0].detail);
    free(seconds);
    two_fini(&t);
}

static void a_dead_second_is_a_zero_not_a_gap(void **state)
{
    (void)state;
    struct two t;
    two_init(&t);
    hist_record(t.latency[0], 1000);
    for (size_t i = 0; i < 3; i++) {
        two_post(&t, 0, 0);
        two_post(&t, 1, 0);
    }
    size_t count = 0;
    struct second *seconds = board_finish(t.board, &count);
    assert_int_equal(count, 3);
    assert_int_equal(seconds[0].requests, 1);
    assert_int_equal(seconds[1].requests, 0);
    assert_true(seconds[1].p50_ns == MISSING);
    assert_true(seconds[2].at_s == 3.0);
    free(seconds);
    two_fini(&t);
}

/* The latencies of each second, whether it was taken while the load ran or not. */
static void seconds_keep_their_latencies(void **state)
{
    (void)state;
    struct two t;
    struct second s;
    size_t count = 0;
    two_init(&t);
    hist_record_n(t.latency[0], 100, 3);
    two_post(&t, 0, 0);
    hist_record_n(t.latency[1], 110, 4);
    two_post(&t, 1, 0);
    assert_true(board_take_next(t.board, &s));
    two_post(&t, 0, 0); /* a second without a request, which nobody takes before the end */
    two_post(&t, 1, 0);
    hist_record(t.latency[1], HIST_MAX_NS + 1);
    two_post_of(&t, 1, 0, NS_PER_S / 10);
    free(board_finish(t.board, &count));
    struct hist_series *series = board_take_series(t.board);
    assert_int_equal(count, 3);
    assert_int_equal(series->nentries, 3);
    assert_int_equal(series->step, 1);
    assert_string_equal(series->texts[0], "+100 3 +9 4");
    assert_string_equal(series->texts[1], "");
    assert_string_equal(series->texts[2], "+4608 1");
    hist_series_free(series);
    two_fini(&t);
}

/* Of a load that failed to start. */
static void latencies_that_nobody_takes_are_freed(void **state)
{
    (void)state;
    struct two t;
    two_init(&t);
    for (int i = 0; i < 3; i++) {
        two_post(&t, 0, 0);
        two_post(&t, 1, 0);
    }
    two_post(&t, 0, 0);
    two_fini(&t);
}

static void tallies_merge(void **state)
{
    (void)state;
    struct tally a;
    struct tally b;
    tally_init(&a, 0);
    tally_init(&b, 0);
    a.counts.sent = 3;
    a.counts.completed = 2;
    a.counts.timed_out = 1;
    b.counts.sent = 5;
    b.counts.failed[LOSS_EOF] = 4;
    b.counts.in_flight_at_end = 1;
    b.counts.oldest_in_flight_ns = 77;
    tally_connect_error(&a, 111);
    tally_connect_error(&b, 111);
    tally_connect_error(&b, 113);
    hist_record(a.latency, 10);
    hist_record(b.latency, 90);
    hist_record(b.split_latency, 90);
    hist_record(b.split_first_byte, 30);
    tally_merge(&a, &b);
    assert_int_equal(a.counts.sent, 8);
    assert_true(accounting_adds_up(&a.counts));
    assert_int_equal(a.counts.oldest_in_flight_ns, 77);
    assert_int_equal(a.counts.connect_failed, 3);
    assert_int_equal(a.connect_errors[0].count, 2);
    assert_int_equal(a.connect_errors[1].number, 113);
    struct hist *first = tally_first_byte(&a);
    assert_int_equal(hist_count(first), 2);
    assert_int_equal(hist_max_ns(first), 30);
    hist_free(first);
    tally_fini(&a);
    tally_fini(&b);
}

static void deadlines_expire_in_order(void **state)
{
    (void)state;
    struct deadlines d;
    struct deadline items[3];
    deadlines_init(&d, 100);
    assert_null(deadlines_oldest(&d));
    for (size_t i = 0; i < LEN(items); i++)
        deadlines_add(&d, &items[i], (int64_t)i * 10);
    assert_null(deadlines_expired(&d, 99));
    assert_ptr_equal(deadlines_expired(&d, 100), &items[0]);
    deadlines_remove(&items[0]);
    assert_null(deadlines_expired(&d, 109));
    deadlines_remove(&items[1]);
    assert_ptr_equal(deadlines_oldest(&d), &items[2]);
    deadlines_remove(&items[2]);
    assert_null(deadlines_oldest(&d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_lose_nothing),
        cmocka_unit_test(faults_add_up_and_the_busiest_worker_counts),
        cmocka_unit_test(a_second_waits_for_all_workers),
        cmocka_unit_test(a_worker_that_leaves_opens_no_second),
        cmocka_unit_test(the_last_second_is_as_long_as_its_longest_part),
        cmocka_unit_test(a_second_that_is_told_has_its_detail),
        cmocka_unit_test(a_dead_second_is_a_zero_not_a_gap),
        cmocka_unit_test(seconds_keep_their_latencies),
        cmocka_unit_test(latencies_that_nobody_takes_are_freed),
        cmocka_unit_test(tallies_merge),
        cmocka_unit_test(deadlines_expire_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
