#include "load/pauses.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/conn.h"

static void swap(struct pause *a, struct pause *b)
{
    struct pause kept = *a;
    *a = *b;
    *b = kept;
}

static void move_up(struct pauses *p, size_t at)
{
    for (; at > 0 && p->heap[at].end_ns < p->heap[(at - 1) / 2].end_ns; at = (at - 1) / 2)
        swap(&p->heap[at], &p->heap[(at - 1) / 2]);
}

static void move_down(struct pauses *p, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < p->count; child++) {
            if (p->heap[child].end_ns < p->heap[least].end_ns)
                least = child;
        }
        if (least == at)
            return;
        swap(&p->heap[at], &p->heap[least]);
        at = least;
    }
}

static void on_timer(uv_timer_t *timer);

static void set_timer(struct pauses *p, int64_t now_ns)
{
    int64_t left_ns = p->heap[0].end_ns - now_ns;
    uv_update_time(p->timer.loop);
    (void)uv_timer_start(&p->timer, on_timer,
                         left_ns <= 0 ? 0 : (uint64_t)((left_ns + NS_PER_MS - 1) / NS_PER_MS), 0);
}

static struct conn *take_first(struct pauses *p, int64_t now_ns)
{
    struct conn *c = p->heap[0].conn;
    p->heap[0] = p->heap[--p->count];
    move_down(p, 0);
    if (c->pause == PAUSE_THINK) {
        p->thinking--;
        p->thought_ns = now_ns;
    }
    c->is_paused = false;
    return c;
}

static void on_timer(uv_timer_t *timer)
{
    struct pauses *p = timer->data;
    int64_t now_ns = clock_now_ns();
    while (p->count > 0 && p->heap[0].end_ns <= now_ns)
        p->on_over(take_first(p, now_ns), now_ns);
    p->on_woken(p->ctx, now_ns);
    if (p->count > 0 && !uv_is_closing((uv_handle_t *)timer))
        set_timer(p, now_ns);
}

void pauses_init(struct pauses *p, uv_loop_t *loop, size_t most)
{
    p->heap = mem_array(most, sizeof *p->heap);
    (void)uv_timer_init(loop, &p->timer);
    p->timer.data = p;
}

void pauses_close(struct pauses *p)
{
    uv_close((uv_handle_t *)&p->timer, NULL);
}

void pauses_fini(struct pauses *p)
{
    free(p->heap);
}

void pauses_add(struct pauses *p, struct conn *c, enum pause_kind kind, int64_t end_ns)
{
    size_t at = p->count++;
    c->is_paused = true;
    c->pause = kind;
    p->thinking += kind == PAUSE_THINK;
    p->heap[at] = (struct pause){end_ns, c};
    move_up(p, at);
    if (p->heap[0].conn == c)
        set_timer(p, clock_now_ns());
}
