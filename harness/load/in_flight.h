/* in_flight: the requests of one connection that have no reply yet, in the order of sending.
 *
 * Shape   a ring of slots. All counts per request are made here: sent, pending, and lost, by its
 *         cause and with the request's age.
 * Units   nanoseconds of clock_now_ns.
 * Owner   the conn's. All is inline, because every request passes here twice.
 */
#ifndef LOAD_IN_FLIGHT_H
#define LOAD_IN_FLIGHT_H

#include "load/conn.h"

static inline bool in_window(const struct conn_env *env, const struct slot *s)
{
    return s->due_ns >= env->window_ns;
}

/* Removes the oldest open request from the ring; the caller counts it. */
static inline struct slot *pop_slot(struct conn *c)
{
    struct slot *s = &c->slots[c->head];
    deadlines_remove(&s->deadline);
    c->head = c->head + 1 == (uint32_t)c->env->spec->pipelining ? 0 : c->head + 1;
    c->open--;
    c->env->pending--;
    return s;
}

static inline void count_loss(struct conn *c, struct slot *s, int64_t *counter, int64_t now_ns)
{
    struct tally *t = &c->env->tally;
    if (in_window(c->env, s)) {
        (*counter)++;
        hist_record(t->unfinished, now_ns - s->due_ns);
    }
    s->first_byte_ns = 0;
}

static inline void lose_open(struct conn *c, enum loss_kind kind, int64_t now_ns)
{
    while (c->open > 0)
        count_loss(c, pop_slot(c), &c->env->tally.counts.failed[kind], now_ns);
}

/* Counts the oldest requests, until `keep` are left, as lost to a system error. */
static inline void lose_to_error(struct conn *c, uint32_t keep, enum loss_kind kind, int error,
                                 int64_t now_ns)
{
    int64_t *counter = &c->env->tally.counts.failed[kind];
    int64_t before = *counter;
    while (c->open > keep)
        count_loss(c, pop_slot(c), counter, now_ns);
    tally_reason(&c->env->tally,
                 &(struct tally_reason){.kind = kind, .number = error, .count = *counter - before});
}

/* Of n requests that are written now, of so many bytes. */
static inline void open_slots(struct conn *c, uint32_t n, size_t bytes, int64_t due_ns,
                              int64_t now_ns)
{
    struct conn_env *env = c->env;
    uint32_t size = (uint32_t)env->spec->pipelining;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = c->head + c->open;
        struct slot *s = &c->slots[at >= size ? at - size : at];
        s->due_ns = due_ns;
        deadlines_add(&env->deadlines, &s->deadline, now_ns);
        c->open++;
    }
    env->pending += n;
    env->quota -= n;
    env->tally.counts.sent += n;
    env->tally.counts.bytes_sent += (int64_t)bytes;
}

#endif
