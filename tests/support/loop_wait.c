#include "support/loop_wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void on_tick(uv_timer_t *timer)
{
    (void)timer; /* only so that the loop turns */
}

void loop_wait(uv_loop_t *loop, const bool *what)
{
    int64_t bound_ns = clock_now_ns() + LOOP_WAIT_NS;
    uv_timer_t tick;
    (void)uv_timer_init(loop, &tick);
    (void)uv_timer_start(&tick, on_tick, 5, 5);
    while (!*what && clock_now_ns() < bound_ns)
        (void)uv_run(loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&tick, NULL);
    (void)uv_run(loop, UV_RUN_NOWAIT);
    assert_true(*what);
}

void loop_end(uv_loop_t *loop)
{
    (void)uv_run(loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(loop), 0);
}
