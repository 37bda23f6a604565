/* turns: connections are opened one by one, each at its own time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/conn_internal.h"
#include "load/turns.h"

#define CONNS    40
#define EVERY_NS (NS_PER_MS + 333) /* between two ticks of libuv */

struct run {
    uv_loop_t loop;
    uv_check_t check; /* after the callbacks of each turn of the loop */
    struct turns turns;
    struct conn_env env;
    struct conn conns[CONNS];
    int opened;
};

static void on_later(void *ctx, struct conn *c)
{
    struct run *r = ctx;
    turns_add(&r->turns, c);
}

/* Whatever the machine does meanwhile: none is early, and the alarm is set to the next one. */
static void on_check(uv_check_t *check)
{
    struct run *r = check->data;
    int64_t now_ns = clock_now_ns();
    while (r->opened < CONNS && r->conns[r->opened].state == CONN_IDLE)
        assert_true(r->conns[r->opened++].retry_ns <= now_ns);
    for (int i = r->opened; i < CONNS; i++)
        assert_int_equal(r->conns[i].state, CONN_WAITING);
    if (r->opened < CONNS) {
        assert_int_equal(r->turns.alarm.at_ns, r->conns[r->opened].retry_ns);
        return;
    }
    assert_int_equal(r->turns.alarm.at_ns, ALARM_NEVER);
    turns_close(&r->turns);
    uv_close((uv_handle_t *)check, NULL);
}

static void begin(struct run *r)
{
    struct err err;
    *r = (struct run){0};
    assert_int_equal(uv_loop_init(&r->loop), 0);
    assert_int_equal(turns_init(&r->turns, &r->loop, &err), 0);
    /* Without a quota a connection whose turn has come has nothing to send. */
    r->env = (struct conn_env){.on_retry_later = on_later, .ctx = r, .turn_every_ns = EVERY_NS};
    for (int i = 0; i < CONNS; i++)
        r->conns[i] = (struct conn){.env = &r->env, .state = CONN_IDLE};
}

static void end(struct run *r)
{
    assert_int_equal(uv_run(&r->loop, UV_RUN_DEFAULT), 0);
    turns_fini(&r->turns);
    assert_int_equal(uv_loop_close(&r->loop), 0);
}

static void each_is_opened_at_its_own_time(void **state)
{
    (void)state;
    struct run r;
    begin(&r);
    int64_t start_ns = clock_now_ns() + NS_PER_MS;
    r.env.turn_ns = start_ns;
    for (int i = 0; i < CONNS; i++) {
        assert_false(conn_takes_turn(&r.conns[i], start_ns - 1));
        assert_int_equal(r.conns[i].retry_ns, start_ns + i * EVERY_NS);
    }
    (void)uv_check_init(&r.loop, &r.check);
    r.check.data = &r;
    (void)uv_check_start(&r.check, on_check);
    end(&r);
    assert_int_equal(r.opened, CONNS);
}

static void turns_that_nobody_wanted_are_over(void **state)
{
    (void)state;
    struct run r;
    begin(&r);
    r.env.turn_ns = 1000;
    assert_true(conn_takes_turn(&r.conns[0], 1000));
    /* The last of seven that are over is taken, and the next keeps to the same grid. */
    assert_true(conn_takes_turn(&r.conns[1], 1000 + 7 * EVERY_NS + 5));
    assert_false(conn_takes_turn(&r.conns[2], 1000 + 7 * EVERY_NS + 6));
    assert_int_equal(r.conns[2].retry_ns, 1000 + 8 * EVERY_NS);
    assert_ptr_equal(r.turns.first, &r.conns[2]);
    /* One that had its turn needs no other. */
    assert_true(conn_takes_turn(&r.conns[2], 1000 + 8 * EVERY_NS));
    turns_stop(&r.turns);
    assert_null(r.turns.first);
    assert_int_equal(r.turns.alarm.at_ns, ALARM_NEVER);
    turns_close(&r.turns);
    end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_opened_at_its_own_time),
        cmocka_unit_test(turns_that_nobody_wanted_are_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
