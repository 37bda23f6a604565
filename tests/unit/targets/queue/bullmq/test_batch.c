/* redis_batch: the requests of one turn are one batch; a few batches are under way at a time, in
 * order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/fake_redis.h"
#include "support/redis_bed.h"
#include "targets/queue/bullmq/batch.h"

#define REQUESTS_MAX 2000

struct batch_bed {
    struct redis_bed bed;
    struct fake_redis fake;
    struct bed_link link;
    struct redis_batcher *batcher;
    /* What was answered, in order. */
    size_t count, answers;
    int numbers[REQUESTS_MAX];
    size_t sizes[REQUESTS_MAX]; /* of the batches */
    enum link_end end;
    char text[300];
    int again; /* requests that the answer to the first batch adds */
    int chain; /* answers that add one request each */
};

static void add(struct batch_bed *b, int number)
{
    char word[16];
    struct redis_request *one = redis_request_new(b, sizeof word + 1);
    (void)snprintf(word, sizeof word, "%d", number);
    one->amount = (size_t)number;
    redis_request_add(one, word, strlen(word));
    redis_request_add(one, "x", 1);
    redis_batcher_add(b->batcher, one);
}

static void add_head(void *ctx, const struct redis_request *first, struct redis_words *words)
{
    struct batch_bed *b = ctx;
    assert_ptr_equal(first->ctx, b);
    redis_words_add_text(words, "head");
    redis_words_add(words, first->words[0], first->lens[0]);
}

static void on_answer(void *ctx, struct redis_request *first, size_t count,
                      const struct link_answer *answer)
{
    struct batch_bed *b = ctx;
    size_t linked = 0;
    b->end = answer->end;
    (void)snprintf(b->text, sizeof b->text, "%s", answer->text == NULL ? "" : answer->text);
    for (const struct redis_request *one = first; one != NULL; one = one->next, linked++)
        b->numbers[b->count++] = (int)one->amount;
    assert_int_equal(linked, count);
    b->sizes[b->answers++] = count;
    for (; b->again > 0; b->again--)
        add(b, 1000 + b->again);
    if (b->chain > 0) {
        b->chain--;
        add(b, 0);
    }
}

static void start(struct batch_bed *b, size_t under_way_most, size_t requests_most)
{
    *b = (struct batch_bed){0};
    bed_init(&b->bed);
    fake_redis_open(&b->fake, &b->bed.loop);
    bed_open_up(&b->bed, &b->link,
                &(struct link_options){.url = b->fake.url,
                                       .scripts = redis_scripts,
                                       .script_count = REDIS_SCRIPT_COUNT});
    b->batcher = redis_batcher_new(&(struct redis_batcher_spec){.loop = &b->bed.loop,
                                                                .link = b->link.link,
                                                                .script = REDIS_FIND,
                                                                .key = "q:meta",
                                                                .under_way_most = under_way_most,
                                                                .requests_most = requests_most,
                                                                .ctx = b,
                                                                .head = add_head,
                                                                .on_answer = on_answer});
}

static void end(struct batch_bed *b)
{
    bed_close(&b->link);
    redis_batcher_free(b->batcher);
    fake_redis_close(&b->fake);
    bed_fini(&b->bed);
}

static void turn_until(struct batch_bed *b, const size_t *counter, size_t value)
{
    int64_t bound_ns = clock_now_ns() + 30 * NS_PER_S;
    while (*counter < value && clock_now_ns() < bound_ns)
        (void)uv_run(&b->bed.loop, UV_RUN_ONCE);
    assert_true(*counter >= value);
}

/* Both ends are on this loop: what was sent is heard in one of the next turns. */
static void settle(struct batch_bed *b)
{
    for (int i = 0; i < 20; i++)
        (void)uv_run(&b->bed.loop, UV_RUN_NOWAIT);
}

static void one_turn_is_one_batch(void **state)
{
    struct batch_bed *b = mem_zalloc(sizeof *b);
    (void)state;
    start(b, 2, 100);
    assert_true(redis_batcher_is_done(b->batcher));
    for (int i = 0; i < 5; i++)
        add(b, i);
    assert_false(redis_batcher_is_done(b->batcher));
    turn_until(b, &b->fake.heard, 1);
    assert_string_equal(b->fake.words[0], "q:meta head 0 0 x 1 x 2 x 3 x 4 x");
    add(b, 5);
    turn_until(b, &b->fake.heard, 2);
    assert_string_equal(b->fake.words[1], "q:meta head 5 5 x");
    fake_redis_say(&b->fake, ":0\r\n");
    turn_until(b, &b->count, 5);
    fake_redis_say(&b->fake, ":0\r\n");
    turn_until(b, &b->count, 6);
    for (int i = 0; i < 6; i++)
        assert_int_equal(b->numbers[i], i);
    assert_int_equal(b->sizes[0], 5);
    assert_true(redis_batcher_is_done(b->batcher));
    end(b);
    free(b);
}

/* And no answer is waited for in between. */
static void a_turn_of_too_many_is_some_batches(void **state)
{
    struct batch_bed *b = mem_zalloc(sizeof *b);
    (void)state;
    start(b, 9, 3);
    for (int i = 0; i < 8; i++)
        add(b, i);
    turn_until(b, &b->fake.heard, 3);
    assert_string_equal(b->fake.words[0], "q:meta head 0 0 x 1 x 2 x");
    assert_string_equal(b->fake.words[1], "q:meta head 3 3 x 4 x 5 x");
    assert_string_equal(b->fake.words[2], "q:meta head 6 6 x 7 x");
    for (int i = 0; i < 3; i++)
        fake_redis_say(&b->fake, ":0\r\n");
    turn_until(b, &b->count, 8);
    for (int i = 0; i < 8; i++)
        assert_int_equal(b->numbers[i], i);
    end(b);
    free(b);
}

static void the_batches_under_way_have_a_limit(void **state)
{
    struct batch_bed *b = mem_zalloc(sizeof *b);
    (void)state;
    start(b, 2, 4);
    for (int i = 0; i < 20; i++)
        add(b, i);
    turn_until(b, &b->fake.heard, 2);
    settle(b);
    assert_int_equal(b->fake.heard, 2);
    for (size_t answered = 1; answered <= 5; answered++) {
        size_t batches = answered + 2 < 5 ? answered + 2 : 5;
        fake_redis_say(&b->fake, ":0\r\n");
        turn_until(b, &b->answers, answered);
        turn_until(b, &b->fake.heard, batches);
        assert_int_equal(b->count, 4 * answered);
    }
    for (int i = 0; i < 20; i++)
        assert_int_equal(b->numbers[i], i);
    assert_true(redis_batcher_is_done(b->batcher));
    end(b);
    free(b);
}

/* While the batches under way are at their limit, new requests are gathered. */
static void what_comes_meanwhile_is_gathered(void **state)
{
    struct batch_bed *b = mem_zalloc(sizeof *b);
    (void)state;
    start(b, 1, 100);
    for (int i = 0; i < 4; i++) {
        add(b, i);
        settle(b);
    }
    assert_int_equal(b->fake.heard, 1);
    b->again = 2;
    fake_redis_say(&b->fake, ":0\r\n");
    turn_until(b, &b->fake.heard, 2);
    /* with what the answer added */
    assert_string_equal(b->fake.words[1], "q:meta head 1 1 x 2 x 3 x 1002 x 1001 x");
    fake_redis_say(&b->fake, ":0\r\n");
    turn_until(b, &b->count, 6);
    end(b);
    free(b);
}

/* A script stops the server for all others, so large batches are cut as well. */
static void a_batch_has_a_limit_of_bytes(void **state)
{
    struct batch_bed *b = mem_zalloc(sizeof *b);
    size_t len = (size_t)3 << 20;
    char *large = mem_zalloc(len);
    (void)state;
    start(b, 9, 100);
    memset(large, 'a', len);
    for (size_t i = 0; i < 5; i++) {
        struct redis_request *one = redis_request_new(b, len);
        one->amount = i;
        redis_request_add(one, large, len);
        redis_batcher_add(b->batcher, one);
    }
    free(large);
    turn_until(b, &b->fake.heard, 3);
    for (int i = 0; i < 3; i++)
        fake_redis_say(&b->fake, ":0\r\n");
    turn_until(b, &b->count, 5);
    assert_int_equal(b->sizes[0], 2);
    assert_int_equal(b->sizes[1], 2);
    assert_int_equal(b->sizes[2], 1);
    end(b);
    free(b);
}

/* ---- what is not answered ---- */

static void a_refusal_is_for_the_whole_batch(void **state)
{
    struct batch_bed *b = mem_zalloc(sizeof *b);
    (void)state;
    start(b, 2, 100);
    b->fake.says[REDIS_FIND] = "-OOM command not allowed\r\n";
    for (int i = 0; i < 3; i++)
        add(b, i);
    turn_until(b, &b->count, 3);
    assert_int_equal(b->answers, 1);
    assert_int_equal(b->end, LINK_REFUSED);
    assert_string_equal(b->text, "OOM command not allowed");
    end(b);
    free(b);
}

/* What is under way may have been done; what was only gathered is refused by the link. */
static void without_a_connection_all_are_answered(void **state)
{
    struct batch_bed *b = mem_zalloc(sizeof *b);
    (void)state;
    start(b, 2, 3);
    for (int i = 0; i < 10; i++)
        add(b, i);
    turn_until(b, &b->fake.heard, 2);
    fake_redis_hang_up(&b->fake);
    turn_until(b, &b->answers, 1);
    assert_int_equal(b->end, LINK_UNKNOWN);
    turn_until(b, &b->count, 10);
    assert_int_equal(b->end, LINK_NOT_SENT);
    bed_must_hold(b->text, "closed by the server");
    for (int i = 0; i < 10; i++)
        assert_int_equal(b->numbers[i], i);
    add(b, 10); /* while it is away */
    turn_until(b, &b->count, 11);
    assert_int_equal(b->end, LINK_NOT_SENT);
    end(b);
    free(b);
}

/* The loop goes on, or the connection would never be made again. */
static void adding_again_at_once_does_not_stop_the_loop(void **state)
{
    struct batch_bed *b = mem_zalloc(sizeof *b);
    (void)state;
    start(b, 2, 3);
    add(b, 0);
    turn_until(b, &b->fake.heard, 1);
    b->chain = 1000;
    fake_redis_hang_up(&b->fake);
    turn_until(b, &b->count, 1);
    size_t before = b->count;
    (void)uv_run(&b->bed.loop, UV_RUN_NOWAIT);
    (void)uv_run(&b->bed.loop, UV_RUN_NOWAIT);
    assert_in_range(b->count - before, 1, 2);
    b->chain = 0;
    settle(b);
    end(b);
    free(b);
}

/* The answer to the first batch adds more than the second has room for besides what is left. */
static void what_an_answer_adds_may_fill_the_next_batch(void **state)
{
    struct batch_bed *b = mem_zalloc(sizeof *b);
    (void)state;
    start(b, 2, 3);
    add(b, 0);
    turn_until(b, &b->fake.heard, 1);
    fake_redis_hang_up(&b->fake);
    turn_until(b, &b->count, 1);
    b->again = 5;
    for (int i = 1; i <= 4; i++)
        add(b, i);
    turn_until(b, &b->count, 4);
    assert_int_equal(b->count, 1 + 3 + 3);
    turn_until(b, &b->count, 1 + 4 + 5);
    assert_int_equal(b->count, 1 + 4 + 5);
    settle(b);
    assert_int_equal(b->count, 1 + 4 + 5);
    end(b);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_turn_is_one_batch, bed_set_alarm),
        cmocka_unit_test_setup(a_turn_of_too_many_is_some_batches, bed_set_alarm),
        cmocka_unit_test_setup(the_batches_under_way_have_a_limit, bed_set_alarm),
        cmocka_unit_test_setup(what_comes_meanwhile_is_gathered, bed_set_alarm),
        cmocka_unit_test_setup(a_batch_has_a_limit_of_bytes, bed_set_alarm),
        cmocka_unit_test_setup(a_refusal_is_for_the_whole_batch, bed_set_alarm),
        cmocka_unit_test_setup(without_a_connection_all_are_answered, bed_set_alarm),
        cmocka_unit_test_setup(adding_again_at_once_does_not_stop_the_loop, bed_set_alarm),
        cmocka_unit_test_setup(what_an_answer_adds_may_fill_the_next_batch, bed_set_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
