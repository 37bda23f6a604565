/* redis_link: a real redis-server that dies or stands still, and links that are closed under way.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "support/redis_bed.h"

static const struct link_options plain;
static const char *const scripts[] = {"return redis.call('rpush', KEYS[1], ARGV[1])"};
static const struct link_options with_script = {.scripts = scripts, .script_count = LEN(scripts)};

static void is_answer(const struct bed_said *said, const char *text)
{
    assert_int_equal(said->end, LINK_ANSWERED);
    assert_string_equal(said->text, text);
}

/* ---- a server that dies, and one that stands still ---- */

static void is_refused(struct bed_link *l, const char *words)
{
    static const char *const ping[] = {"PING"};
    struct err err = {0};
    assert_false(link_is_up(l->link));
    assert_int_equal(link_send(l->link,
                               &(struct link_request){.argv = ping, .argc = 1, .done = bed_on_done},
                               &err),
                     -1);
    bed_must_hold(err.text, words);
}

static void a_killed_server_is_found_again(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_said waits;
    struct bed_said behind;
    struct bed_said said;
    (void)state;
    bed_start(&bed);
    bed_open_up(&bed, &l, &with_script);
    bed_request(&l, "PING", &said);
    bed_begin(&l, "BLPOP nothing 0", LINK_NO_LIMIT, &waits);
    bed_begin(&l, "SET a 1", 0, &behind);
    redis_host_kill(&bed.host);
    bed_wait(&bed, &l.is_down);
    bed_wait(&bed, &behind.came);
    assert_int_equal(waits.end, LINK_UNKNOWN);
    assert_int_equal(behind.end, LINK_UNKNOWN);
    bed_must_hold(behind.text, "whether it was done is not known");
    is_refused(&l, "redis://127.0.0.1:");
    redis_host_come_back(&bed.host);
    bed_wait(&bed, &l.is_up);
    assert_int_equal(l.ups, 2);
    bed_script(&l, 0, 1, "list x", &said);
    bed_wait(&bed, &said.came);
    assert_int_equal(said.end, LINK_ANSWERED);
    bed_close(&l);
    bed_fini(&bed);
}

static void a_server_that_stands_still_is_given_up(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_said said[3];
    (void)state;
    bed_start(&bed);
    bed_open_up(&bed, &l,
                &(struct link_options){.answer_limit_ns = 200 * NS_PER_MS,
                                       .connect_limit_ns = 300 * NS_PER_MS});
    bed_request(&l, "PING", &said[0]);
    assert_int_equal(kill(bed.host.pid, SIGSTOP), 0);
    for (size_t i = 0; i < LEN(said); i++)
        bed_begin(&l, "INCR a", 0, &said[i]);
    int64_t sent_ns = clock_now_ns();
    bed_wait(&bed, &said[2].came);
    assert_in_range(clock_now_ns() - sent_ns, 190 * NS_PER_MS, 20 * NS_PER_S);
    for (size_t i = 0; i < LEN(said); i++) {
        assert_int_equal(said[i].end, LINK_UNKNOWN);
        bed_must_hold(said[i].text, "no answer for ");
    }
    is_refused(&l, "no answer for ");
    l.is_down = false;
    bed_wait(&bed, &l.is_down); /* the kernel still takes connections for it */
    bed_must_hold(l.reason, "no answer for ");
    assert_int_equal(kill(bed.host.pid, SIGCONT), 0);
    bed_wait(&bed, &l.is_up);
    bed_begin(&l, "PING", 20 * NS_PER_S, &said[0]);
    bed_wait(&bed, &said[0].came);
    is_answer(&said[0], "PONG");
    bed_close(&l);
    bed_fini(&bed);
}

static void on_done_send(void *ctx, const struct link_answer *answer)
{
    struct bed_said *said = ctx;
    bed_on_done(ctx, answer);
    bed_begin(said->link, "PING", 0, said + 1);
}

/* A request behind one that blocks has that limit as well; later requests have not. */
static void a_blocking_request_has_its_own_limit(void **state)
{
    static const char *const words[] = {"BLPOP", "nothing", "0.3"};
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_said waits[2] = {{.link = &l}};
    struct bed_said behind;
    struct err err = {0};
    (void)state;
    bed_start(&bed);
    bed_open_up(&bed, &l, &(struct link_options){.answer_limit_ns = 200 * NS_PER_MS});
    assert_int_equal(link_send(l.link,
                               &(struct link_request){.argv = words,
                                                      .argc = LEN(words),
                                                      .limit_ns = 20 * NS_PER_S,
                                                      .done = on_done_send,
                                                      .ctx = waits},
                               &err),
                     0);
    bed_begin(&l, "BLPOP nothing 0.3", 0, &behind);
    bed_wait(&bed, &waits[0].came);
    bed_wait(&bed, &waits[1].came);
    assert_int_equal(waits[0].type, REDIS_REPLY_NIL);
    assert_int_equal(behind.type, REDIS_REPLY_NIL);
    is_answer(&waits[1], "PONG");
    int64_t sent_ns = clock_now_ns();
    bed_begin(&l, "BLPOP nothing 0", 0, &behind);
    bed_wait(&bed, &behind.came);
    assert_int_equal(behind.end, LINK_UNKNOWN);
    assert_in_range(clock_now_ns() - sent_ns, 190 * NS_PER_MS, 10 * NS_PER_S);
    bed_close(&l);
    bed_fini(&bed);
}

/* This program stood still, not the server: what it answered meanwhile is read first. */
static void a_late_program_does_not_blame_the_server(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_said said;
    (void)state;
    bed_start(&bed);
    bed_open_up(&bed, &l, &(struct link_options){.answer_limit_ns = 400 * NS_PER_MS});
    bed_begin(&l, "BLPOP nothing 0.05", 0, &said);
    (void)uv_run(&bed.loop, UV_RUN_NOWAIT); /* it goes out */
    int64_t until_ns = clock_now_ns() + NS_PER_S;
    while (clock_now_ns() < until_ns)
        ; /* a loop that is held up */
    bed_wait(&bed, &said.came);
    assert_int_equal(said.end, LINK_ANSWERED);
    assert_int_equal(l.downs, 0);
    bed_close(&l);
    bed_fini(&bed);
}

/* ---- closing ---- */

static void close_it(struct bed_link *l)
{
    link_close(l->link);
}

static void on_done_close(void *ctx, const struct link_answer *answer)
{
    struct bed_said *said = ctx;
    bed_on_done(ctx, answer);
    link_close(said->link->link);
}

static void begin_and_close(struct bed_link *l, struct bed_said *out)
{
    static const char *const ping[] = {"PING"};
    struct err err = {0};
    *out = (struct bed_said){.link = l};
    assert_int_equal(link_send(l->link,
                               &(struct link_request){
                                   .argv = ping, .argc = 1, .done = on_done_close, .ctx = out},
                               &err),
                     0);
}

static void it_may_be_closed_when_it_answers(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_said said[3];
    (void)state;
    bed_start(&bed);
    bed_open_up(&bed, &l, &with_script);
    begin_and_close(&l, &said[0]);
    bed_begin(&l, "PING", 0, &said[1]);
    bed_script(&l, 0, 1, "list x", &said[2]);
    bed_wait(&bed, &l.is_closed);
    is_answer(&said[0], "PONG");
    for (size_t i = 1; i < LEN(said); i++) {
        assert_int_equal(said[i].end, LINK_UNKNOWN);
        bed_must_hold(said[i].text, "the link was closed");
    }
    assert_int_equal(l.downs, 0);
    bed_fini(&bed);
}

static void it_may_be_closed_when_it_comes_up(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {.when_up = close_it};
    (void)state;
    bed_start(&bed);
    bed_open(&bed, &l, &plain);
    bed_wait(&bed, &l.is_closed);
    assert_int_equal(l.ups, 1);
    bed_fini(&bed);
}

/* When on_down is called, or when the first of its requests is answered. */
static void it_may_be_closed_when_it_is_lost(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct redis_bed bed;
        struct bed_link l = {.when_down = i == 0 ? close_it : NULL};
        struct bed_said said[3];
        bed_start(&bed);
        bed_open_up(&bed, &l, &plain);
        bed_begin(&l, "BLPOP nothing 0", 0, &said[0]);
        if (i == 1)
            begin_and_close(&l, &said[1]);
        else
            bed_begin(&l, "PING", 0, &said[1]);
        bed_begin(&l, "PING", 0, &said[2]);
        (void)uv_run(&bed.loop, UV_RUN_NOWAIT); /* they go out */
        redis_host_kill(&bed.host);
        bed_wait(&bed, &l.is_closed);
        for (size_t k = 0; k < LEN(said); k++)
            assert_int_equal(said[k].end, LINK_UNKNOWN);
        assert_int_equal(l.downs, 1);
        bed_fini(&bed);
    }
}

static void what_was_not_sent_is_told_apart(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_said said[3];
    (void)state;
    bed_start(&bed);
    bed_open_up(&bed, &l, &plain);
    bed_begin(&l, "BLPOP nothing 0", 0, &said[0]);
    (void)uv_run(&bed.loop, UV_RUN_NOWAIT); /* this one goes out */
    bed_begin(&l, "SET a 1", 0, &said[1]);
    bed_begin(&l, "SET a 2", 0, &said[2]);
    bed_close(&l);
    assert_int_equal(said[0].end, LINK_UNKNOWN);
    assert_int_equal(said[1].end, LINK_NOT_SENT);
    assert_int_equal(said[2].end, LINK_NOT_SENT);
    assert_null(strstr(said[2].text, "not known"));
    bed_fini(&bed);
}

#define BOUNDED(test) cmocka_unit_test_setup(test, bed_set_alarm)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(a_killed_server_is_found_again),
        BOUNDED(a_server_that_stands_still_is_given_up),
        BOUNDED(a_blocking_request_has_its_own_limit),
        BOUNDED(a_late_program_does_not_blame_the_server),
        BOUNDED(it_may_be_closed_when_it_answers),
        BOUNDED(it_may_be_closed_when_it_comes_up),
        BOUNDED(it_may_be_closed_when_it_is_lost),
        BOUNDED(what_was_not_sent_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
