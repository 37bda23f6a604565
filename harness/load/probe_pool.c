#include "load/probe_pool.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

#define BACKOFF_FIRST_NS (10 * NS_PER_MS)
#define BACKOFF_MAX_NS   NS_PER_S

static struct probe_conn *conn_of(struct deadline *item)
{
    return (struct probe_conn *)item;
}

/* Many connections may be refused at once: that counts as one failure. */
static void back_off(struct probe_pool *p, int64_t now_ns)
{
    if (now_ns < p->retry_ns)
        return;
    int64_t next_ns = p->backoff_ns == 0 ? BACKOFF_FIRST_NS : 2 * p->backoff_ns;
    p->backoff_ns = next_ns < BACKOFF_MAX_NS ? next_ns : BACKOFF_MAX_NS;
    p->retry_ns = now_ns + p->backoff_ns;
}

static void tell_end(struct probe_pool *p, const struct probe_conn *c, enum probe_end end,
                     int64_t now_ns)
{
    struct probe_request request = {.due_ns = c->deadline.since_ns,
                                    .is_new = c->is_new,
                                    .end = end,
                                    .status = end == PROBE_ANSWERED ? c->reply.status : 0};
    p->on_end(p->ctx, &request, now_ns);
}

static void close_conn(struct probe_pool *p, struct probe_conn *c)
{
    deadlines_remove(&c->deadline);
    p->open--;
    probe_conn_close(c);
}

static void lose_conn(struct probe_pool *p, struct probe_conn *c, enum probe_end end,
                      int64_t now_ns)
{
    if (c->has_request)
        tell_end(p, c, end, now_ns);
    if (c->replies == 0)
        back_off(p, now_ns);
    close_conn(p, c);
}

static void on_lost(void *ctx, struct probe_conn *c, int64_t now_ns)
{
    lose_conn(ctx, c, PROBE_LOST, now_ns);
}

static void move_to(struct deadlines *list, struct probe_conn *c, int64_t since_ns)
{
    deadlines_remove(&c->deadline);
    deadlines_add(list, &c->deadline, since_ns);
}

static void on_open(void *ctx, struct probe_conn *c, int64_t now_ns)
{
    struct probe_pool *p = ctx;
    if (!c->has_request)
        move_to(&p->idle, c, now_ns);
    else if (probe_conn_send(c) < 0)
        on_lost(p, c, now_ns);
}

static void on_reply(void *ctx, struct probe_conn *c, bool keeps, int64_t now_ns)
{
    struct probe_pool *p = ctx;
    tell_end(p, c, PROBE_ANSWERED, now_ns);
    p->backoff_ns = 0;
    c->is_new = false;
    if (keeps)
        move_to(&p->idle, c, now_ns);
    else
        close_conn(p, c);
}

static void on_gone(void *ctx, struct probe_conn *c)
{
    struct probe_pool *p = ctx;
    c->next_free = p->free;
    p->free = c;
}

/* Reuses a closed one or allocates; few requests need a new connection, so this is rare. */
static struct probe_conn *take_conn(struct probe_pool *p)
{
    struct probe_conn *c = p->free;
    if (c != NULL) {
        p->free = c->next_free;
        return c;
    }
    c = mem_zalloc(sizeof *c);
    c->next = p->conns;
    p->conns = c;
    return c;
}

/* In the background; false if it failed at once. */
static bool open_idle(struct probe_pool *p, int64_t now_ns)
{
    struct probe_conn *c = take_conn(p);
    int error = probe_conn_open(c, &p->env);
    p->open++;
    deadlines_add(&p->connecting, &c->deadline, now_ns);
    if (error < 0)
        on_lost(p, c, now_ns);
    return error == 0;
}

static void open_for_request(struct probe_pool *p, int64_t due_ns, int64_t now_ns)
{
    struct probe_conn *c = take_conn(p);
    int error = probe_conn_open(c, &p->env);
    p->open++;
    c->has_request = c->is_new = true;
    deadlines_add(&p->busy, &c->deadline, due_ns);
    if (error < 0)
        on_lost(p, c, now_ns);
}

void probe_pool_init(struct probe_pool *p, int64_t timeout_ns)
{
    p->env.ctx = p;
    p->env.on_open = on_open;
    p->env.on_reply = on_reply;
    p->env.on_lost = on_lost;
    p->env.on_gone = on_gone;
    deadlines_init(&p->connecting, timeout_ns);
    deadlines_init(&p->idle, INT64_MAX);
    deadlines_init(&p->busy, timeout_ns);
}

bool probe_pool_send(struct probe_pool *p, int64_t due_ns, int64_t now_ns)
{
    struct deadline *oldest = deadlines_oldest(&p->idle);
    if (oldest == NULL) {
        if (p->open >= p->most)
            return false;
        open_for_request(p, due_ns, now_ns);
        return true;
    }
    struct probe_conn *c = conn_of(oldest);
    move_to(&p->busy, c, due_ns);
    c->has_request = true;
    if (probe_conn_send(c) < 0)
        on_lost(p, c, now_ns);
    return true;
}

void probe_pool_turn(struct probe_pool *p, int64_t now_ns)
{
    struct deadline *late = NULL;
    while ((late = deadlines_expired(&p->busy, now_ns)) != NULL)
        lose_conn(p, conn_of(late), PROBE_TIMED_OUT, now_ns);
    while ((late = deadlines_expired(&p->connecting, now_ns)) != NULL)
        on_lost(p, conn_of(late), now_ns);
    bool is_going = !p->is_closing && now_ns >= p->retry_ns;
    while (is_going && p->open < p->size)
        is_going = open_idle(p, now_ns);
}

static int64_t earlier(int64_t ns, const struct deadlines *list)
{
    const struct deadline *oldest = deadlines_oldest(list);
    if (oldest == NULL || ns - list->timeout_ns <= oldest->since_ns)
        return ns;
    return oldest->since_ns + list->timeout_ns;
}

int64_t probe_pool_next_ns(const struct probe_pool *p)
{
    int64_t next_ns = p->open < p->size ? p->retry_ns : INT64_MAX;
    return earlier(earlier(next_ns, &p->busy), &p->connecting);
}

bool probe_pool_is_connecting(const struct probe_pool *p)
{
    return deadlines_oldest(&p->connecting) != NULL;
}

static void close_all(struct probe_pool *p, struct deadlines *list)
{
    struct deadline *oldest = NULL;
    while ((oldest = deadlines_oldest(list)) != NULL)
        close_conn(p, conn_of(oldest));
}

void probe_pool_close(struct probe_pool *p, int64_t now_ns)
{
    p->is_closing = true;
    for (struct deadline *d = p->busy.list.next; d != &p->busy.list; d = d->next)
        tell_end(p, conn_of(d), PROBE_OPEN, now_ns);
    close_all(p, &p->busy);
    close_all(p, &p->connecting);
    close_all(p, &p->idle);
}

void probe_pool_fini(struct probe_pool *p)
{
    while (p->conns != NULL) {
        struct probe_conn *next = p->conns->next;
        free(p->conns);
        p->conns = next;
    }
}
