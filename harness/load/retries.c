#include "load/retries.h"

#include "base/clock.h"

#define TICK_MS 10

static void on_timer(uv_timer_t *timer)
{
    struct retries *r = timer->data;
    int64_t now_ns = clock_now_ns();
    struct conn *c = r->waiting;
    r->waiting = NULL;
    while (c != NULL) {
        struct conn *next = c->next_waiting;
        if (c->retry_ns <= now_ns) {
            conn_retry(c, now_ns);
        } else {
            c->next_waiting = r->waiting;
            r->waiting = c;
        }
        c = next;
    }
    r->on_tick(r->ctx, now_ns);
    if (r->waiting == NULL && !uv_is_closing((const uv_handle_t *)timer))
        (void)uv_timer_stop(timer);
}

void retries_init(struct retries *r, uv_loop_t *loop)
{
    (void)uv_timer_init(loop, &r->timer);
    r->timer.data = r;
}

void retries_close(struct retries *r)
{
    uv_close((uv_handle_t *)&r->timer, NULL);
}

void retries_add(struct retries *r, struct conn *c)
{
    c->next_waiting = r->waiting;
    r->waiting = c;
    if (!uv_is_active((const uv_handle_t *)&r->timer))
        (void)uv_timer_start(&r->timer, on_timer, TICK_MS, TICK_MS);
}

void retries_stop(struct retries *r)
{
    r->waiting = NULL;
    (void)uv_timer_stop(&r->timer);
}
