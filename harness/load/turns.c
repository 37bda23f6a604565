#include "load/turns.h"

static void on_ring(void *ctx, int64_t now_ns)
{
    struct turns *t = ctx;
    while (t->first != NULL && t->first->retry_ns <= now_ns) {
        struct conn *c = t->first;
        t->first = c->next_waiting;
        conn_retry(c, now_ns);
    }
    alarm_set(&t->alarm, t->first == NULL ? ALARM_NEVER : t->first->retry_ns);
}

int turns_init(struct turns *t, uv_loop_t *loop, struct err *err)
{
    *t = (struct turns){.alarm = {.on_ring = on_ring, .ctx = t}};
    return alarm_init(&t->alarm, loop, err);
}

void turns_add(struct turns *t, struct conn *c)
{
    c->next_waiting = NULL;
    if (t->first != NULL) {
        t->last->next_waiting = c;
        t->last = c;
        return;
    }
    t->first = t->last = c;
    alarm_set(&t->alarm, c->retry_ns);
}

void turns_stop(struct turns *t)
{
    t->first = NULL;
    if (t->alarm.has_fd)
        alarm_set(&t->alarm, ALARM_NEVER);
}

void turns_close(struct turns *t)
{
    alarm_close(&t->alarm);
}

void turns_fini(struct turns *t)
{
    alarm_fini(&t->alarm);
}
