/* The Redis broker when its server makes no sense, is full, dies, or says nothing. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "support/broker_bed.h"
#include "support/fake_redis.h"

#define Q         "bench:heavy:"
#define STRANGE   "Redis answered something other than "
#define NO_COUNTS "*5\r\n:0\r\n:0\r\n:0\r\n:0\r\n:0\r\n"
#define ONE_JOB                                                                                    \
    "*3\r\n$5\r\ntaken\r\n:0\r\n*1\r\n*8\r\n$1\r\n1\r\n$5\r\nheavy\r\n$2\r\n{}\r\n$-1\r\n$-1\r\n"  \
    "$-1\r\n$-1\r\n$-1\r\n"

/* ---- answers that make no sense ---- */

struct odd {
    struct bed bed;
    struct fake_redis fake;
    struct bed_broker broker;
};

static void odd_open(struct odd *o, enum broker_role role)
{
    *o = (struct odd){.fake.says[REDIS_COUNTS] = NO_COUNTS};
    o->fake.says[REDIS_SWEEP] = "*0\r\n";
    bed_init_away(&o->bed, "");
    fake_redis_open(&o->fake, &o->bed.loop);
    (void)snprintf(o->bed.url, sizeof o->bed.url, "%s", o->fake.url);
    bed_open(&o->bed, &o->broker, role);
}

static void odd_close(struct odd *o)
{
    bed_close(&o->broker);
    fake_redis_close(&o->fake);
    bed_fini(&o->bed);
}

static const char *const junk[] = {
    "+OK\r\n",       ":5\r\n",       "$3\r\nabc\r\n",
    "*0\r\n",        "*1\r\n:1\r\n", "*3\r\n:1\r\n:2\r\n:3\r\n",
    "*1\r\n*-1\r\n",
};

static void odd_answers_to_a_gateway_are_told(void **state)
{
    static const char *const added[] = {"$-1\r\n",
                                        "*6\r\n$1\r\n1\r\n:0\r\n:0\r\n:0\r\n:0\r\n:0\r\n",
                                        "*6\r\n:1\r\n:0\r\n:0\r\n:0\r\n:0\r\n$1\r\n0\r\n"};
    struct odd o;
    struct bed_answer answer;
    struct job_counts counts;
    (void)state;
    odd_open(&o, BROKER_GATEWAY);
    for (size_t i = 0; i < LEN(junk) + LEN(added); i++) {
        o.fake.says[REDIS_ADD] = i < LEN(junk) ? junk[i] : added[i - LEN(junk)];
        bed_try_add(&o.broker, "{}", &answer);
        bed_must_hold(answer.err.text, STRANGE "the new job's id");
        assert_int_equal(answer.err.kind, ERR_USAGE);
    }
    for (size_t i = 0; i < LEN(junk); i++) {
        o.fake.says[REDIS_FIND] = junk[i];
        bed_begin_find(&o.broker, "1", &answer);
        bed_wait(&o.bed, &answer.came);
        assert_false(answer.found);
        bed_must_hold(answer.err.text, STRANGE "a job");
        o.fake.says[REDIS_COUNTS] = junk[i]; /* what is known stays */
        o.fake.requests[REDIS_COUNTS] = 0;
        while (o.fake.requests[REDIS_COUNTS] < 2)
            bed_pass(&o.bed, NS_PER_MS);
        o.bed.kind->counts(o.broker.broker, &counts);
        assert_int_equal(counts.waiting + counts.active + counts.completed, 0);
        o.fake.heard = 0;
    }
    o.fake.says[REDIS_FIND] = "-ERR what\r\n";
    bed_begin_find(&o.broker, "1", &answer);
    bed_wait(&o.bed, &answer.came);
    assert_string_equal(answer.err.text, "Redis refused it: ERR what");
    odd_close(&o);
}

static void try_take(struct odd *o, struct bed_answer *out)
{
    bed_begin_take(&o->broker, 1, out);
    bed_wait(&o->bed, &out->came);
}

static void odd_answers_to_a_worker_are_told(void **state)
{
    static const char *const taken[] = {
        "$-1\r\n",
        "*3\r\n:1\r\n:0\r\n*0\r\n",
        "*3\r\n$5\r\nempty\r\n$1\r\n1\r\n*0\r\n",
        "*3\r\n$5\r\ntaken\r\n:0\r\n*1\r\n*1\r\n$1\r\n1\r\n",
        "*3\r\n$5\r\ntaken\r\n:0\r\n*1\r\n:1\r\n",
        "*3\r\n$5\r\ntaken\r\n:0\r\n*2\r\n:1\r\n:2\r\n", /* more than were requested */
    };
    struct odd o;
    struct bed_answer answer;
    (void)state;
    odd_open(&o, BROKER_WORKER);
    for (size_t i = 0; i < LEN(junk) + LEN(taken); i++) {
        o.fake.says[REDIS_TAKE] = i < LEN(junk) ? junk[i] : taken[i - LEN(junk)];
        try_take(&o, &answer);
        assert_int_equal(answer.count, 0);
        bed_must_hold(answer.err.text, STRANGE "the jobs that were taken");
    }
    o.fake.says[REDIS_TAKE] = ONE_JOB;
    try_take(&o, &answer);
    assert_int_equal(answer.count, 1);
    assert_string_equal(answer.jobs[0].id, "1");
    struct taken_job job = answer.jobs[0];
    const struct taken_job *const held = &job;
    for (size_t i = 0; i < LEN(junk); i++) {
        if (strcmp(junk[i], "*1\r\n:1\r\n") == 0)
            continue; /* it makes sense */
        o.fake.says[REDIS_FINISH] = junk[i];
        bed_begin_finish(&o.broker, &job, "1", NULL, &answer);
        bed_wait(&o.bed, &answer.came);
        bed_must_hold(answer.err.text, STRANGE "the ends of jobs");
        o.fake.says[REDIS_RENEW] = o.fake.says[REDIS_RELEASE] = junk[i]; /* nobody minds */
        o.bed.kind->renew(o.broker.broker, &held, 1);
    }
    o.fake.says[REDIS_FINISH] =
        "*1\r\n:0\r\n"; /* an end that was not stored may be requested again */
    assert_int_equal(bed_finish(&o.broker, &job, "1", NULL), JOB_END_COMPLETED);
    taken_job_fini(&job);
    odd_close(&o);
}

/* ---- a server that is full, or that dies ---- */

static void a_full_server_takes_no_job_and_ends_those_it_has(void **state)
{
    struct bed_pair p;
    struct bed_answer answer;
    struct taken_job job;
    char id[JOB_ID_MAX];
    (void)state;
    bed_init_redis(&p.bed);
    bed_pair_open(&p);
    bed_add(&p.gateway, "{}", id);
    (void)BED_REDIS(&p.bed, "CONFIG SET maxmemory 1");
    bed_try_add(&p.gateway, "{}", &answer);
    bed_must_hold(answer.err.text, "Redis refused it: OOM");
    assert_int_equal(BED_REDIS(&p.bed, "GET " Q "id"), 1);
    assert_int_equal(BED_REDIS(&p.bed, "LLEN " Q "wait"), 1);
    bed_take_one(&p.worker, &job);
    assert_int_equal(bed_finish(&p.worker, &job, "1", NULL), JOB_END_COMPLETED);
    taken_job_fini(&job);
    (void)BED_REDIS(&p.bed, "CONFIG SET maxmemory 0");
    bed_add(&p.gateway, "{}", id);
    assert_string_equal(id, "2");
    bed_pair_fini(&p);
}

static void a_key_that_becomes_wrong_is_told(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    struct bed_answer answer;
    char id[JOB_ID_MAX];
    (void)state;
    bed_init_redis(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    (void)BED_REDIS(&bed, "SET " Q "delayed x");
    bed_try_add(&gateway, "{}", &answer);
    bed_must_hold(answer.err.text, "Redis refused it: ");
    bed_must_hold(answer.err.text, "WRONGTYPE");
    assert_int_equal(BED_REDIS(&bed, "EXISTS " Q "id " Q "wait"), 0);
    (void)BED_REDIS(&bed, "DEL " Q "delayed");
    bed_add(&gateway, "{}", id);
    assert_string_equal(id, "1");
    bed_close(&gateway);
    bed_fini(&bed);
}

#define MANY 2000

struct many {
    int answered, failed;
    bool done;
    struct err err; /* of the last that failed */
};

static void on_one_of_many(void *ctx, const char *id, const struct err *err)
{
    struct many *m = ctx;
    assert_true((id == NULL) == (err != NULL));
    assert_false(m->done); /* each is answered once */
    if (err != NULL) {
        m->failed++;
        m->err = *err;
    }
    m->done = ++m->answered == MANY;
}

static void add_many(struct bed_broker *b, struct many *m)
{
    *m = (struct many){0};
    for (int i = 0; i < MANY; i++)
        b->bed->kind->add(b->broker, "{}", 2, on_one_of_many, m);
    assert_int_equal(m->answered, 0);
}

static void a_server_that_dies_answers_for_all_and_comes_back(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    struct bed_answer answer;
    struct many many;
    int64_t bound_ns = clock_now_ns() + 30 * NS_PER_S;
    (void)state;
    bed_init_redis(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    (void)kill(bed.host.pid, SIGSTOP); /* so that none of them is answered before */
    add_many(&gateway, &many);
    bed_pass(&bed, 20 * NS_PER_MS);
    redis_host_kill(&bed.host);
    bed_wait(&bed, &many.done);
    assert_int_equal(many.failed, MANY);
    bed_must_hold(many.err.text, "redis://127.0.0.1:");
    bed_try_add(&gateway, "{}", &answer); /* away: told at once */
    bed_must_hold(answer.err.text, "redis://127.0.0.1:");
    bed_begin_find(&gateway, "1", &answer);
    bed_wait(&bed, &answer.came);
    bed_must_hold(answer.err.text, "redis://127.0.0.1:");
    redis_host_come_back(&bed.host);
    for (bed_try_add(&gateway, "{}", &answer);
         answer.err.kind != ERR_NONE && clock_now_ns() < bound_ns;
         bed_try_add(&gateway, "{}", &answer))
        bed_pass(&bed, NS_PER_MS);
    assert_string_equal(answer.err.text, "");
    add_many(&gateway, &many);
    bed_wait(&bed, &many.done);
    assert_int_equal(many.failed, 0);
    bed_close(&gateway);
    bed_fini(&bed);
}

/* ---- closing ---- */

/* The server says nothing to them: they are given up after a while. */
static void closing_answers_what_is_under_way(void **state)
{
    struct odd o;
    struct many many;
    struct bed_answer found;
    (void)state;
    odd_open(&o, BROKER_GATEWAY);
    add_many(&o.broker, &many);
    bed_begin_find(&o.broker, "1", &found);
    int64_t began_ns = clock_now_ns();
    bed_close(&o.broker);
    assert_true(clock_now_ns() - began_ns < 5 * NS_PER_S);
    assert_true(many.done && found.came);
    assert_int_equal(many.failed, MANY);
    assert_int_equal(found.err.kind, ERR_USAGE);
    fake_redis_close(&o.fake);
    bed_fini(&o.bed);
}

static void closing_a_worker_answers_what_is_under_way(void **state)
{
    struct odd o;
    struct bed_answer taken;
    struct bed_answer ended;
    (void)state;
    odd_open(&o, BROKER_WORKER);
    o.fake.says[REDIS_TAKE] = ONE_JOB;
    bed_take(&o.broker, 1, &taken);
    assert_int_equal(taken.count, 1);
    struct taken_job job = taken.jobs[0];
    o.fake.says[REDIS_TAKE] = NULL;
    bed_begin_take(&o.broker, 1, &taken);
    bed_begin_finish(&o.broker, &job, "1", NULL, &ended);
    bed_close(&o.broker);
    assert_true(taken.came && ended.came);
    assert_int_equal(taken.count, 0);
    assert_int_not_equal(taken.err.kind, ERR_NONE);
    assert_int_not_equal(ended.err.kind, ERR_NONE);
    taken_job_fini(&job);
    fake_redis_close(&o.fake);
    bed_fini(&o.bed);
}

/* A job that comes while it is being closed goes back at once, and to nobody else. */
static void closing_gives_back_what_comes_too_late(void **state)
{
    struct bed_pair p;
    struct bed_answer taken;
    char id[JOB_ID_MAX];
    (void)state;
    bed_init_redis(&p.bed);
    bed_pair_open(&p);
    bed_add(&p.gateway, "{}", id);
    bed_begin_take(&p.worker, 1, &taken);
    bed_close(&p.worker);
    assert_true(taken.came);
    assert_int_equal(taken.count, 0);
    bed_must_hold(taken.err.text, "the broker is being closed");
    assert_int_equal(BED_REDIS(&p.bed, "LLEN " Q "wait"), 1);
    assert_int_equal(BED_REDIS(&p.bed, "EXISTS " Q "active " Q "1:lock"), 0);
    assert_int_equal(BED_REDIS(&p.bed, "HGET " Q "1 ats"), 0);
    bed_close(&p.gateway);
    bed_fini(&p.bed);
}

/* And the keys of the queue stay, which is told. */
static void closing_does_not_wait_for_a_server_that_is_gone(void **state)
{
    struct bed_pair p;
    (void)state;
    bed_init_redis(&p.bed);
    p.bed.options.drop_queue = true;
    bed_pair_open(&p);
    redis_host_kill(&p.bed.host);
    int64_t began_ns = clock_now_ns();
    bed_close(&p.worker);
    bed_close(&p.gateway);
    assert_true(clock_now_ns() - began_ns < 5 * NS_PER_S);
    bed_fini(&p.bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(odd_answers_to_a_gateway_are_told, bed_set_alarm),
        cmocka_unit_test_setup(odd_answers_to_a_worker_are_told, bed_set_alarm),
        cmocka_unit_test_setup(a_full_server_takes_no_job_and_ends_those_it_has, bed_set_alarm),
        cmocka_unit_test_setup(a_key_that_becomes_wrong_is_told, bed_set_alarm),
        cmocka_unit_test_setup(a_server_that_dies_answers_for_all_and_comes_back, bed_set_alarm),
        cmocka_unit_test_setup(closing_answers_what_is_under_way, bed_set_alarm),
        cmocka_unit_test_setup(closing_a_worker_answers_what_is_under_way, bed_set_alarm),
        cmocka_unit_test_setup(closing_gives_back_what_comes_too_late, bed_set_alarm),
        cmocka_unit_test_setup(closing_does_not_wait_for_a_server_that_is_gone, bed_set_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
