#include "load/open_loop.h"

#include <stdlib.h>

#include "base/mem.h"

#define AGES_MOST     1000000
#define OPENING_LEAST 16

struct open_loop {
    struct conn_env *env;
    struct pacer pacer;
    /* Conns that had room when they were put here. One that was lost meanwhile is still here, and
     * is skipped unless it is open again. */
    struct conn **with_room; /* a ring */
    int head, count, size;
    struct conn **shut; /* not connected; the last is opened next */
    int nshut;
    int kept;        /* so many are opened again when they were closed, without being needed yet */
    int64_t held_to; /* arrivals before this number have been waiting for a connection with room */
    int64_t nheld;   /* how many had to */
};

static void put_room(struct open_loop *o, struct conn *c)
{
    if (c->is_listed)
        return;
    c->is_listed = true;
    int at = o->head + o->count++;
    o->with_room[at >= o->size ? at - o->size : at] = c;
}

static struct conn *take_room(struct open_loop *o)
{
    while (o->count > 0) {
        struct conn *c = o->with_room[o->head];
        o->head = o->head + 1 == o->size ? 0 : o->head + 1;
        o->count--;
        c->is_listed = false;
        if (conn_has_room(c))
            return c;
    }
    return NULL;
}

/* A connection for each arrival that waits, counting those that are on their way. Not all of them
 * at once: after a stall of a few milliseconds, thousands of connects would be the next one, though
 * the connections that there are soon have room again. */
static void open_more(struct open_loop *o, int64_t now_ns)
{
    int64_t waiting = pacer_waiting(&o->pacer);
    int64_t most = OPENING_LEAST + (o->size - o->nshut - o->env->opening) / 2;
    if (waiting > most)
        waiting = most;
    while (o->nshut > 0 && o->env->opening < waiting)
        conn_connect(o->shut[--o->nshut], now_ns);
}

/* All that are due and not taken wait for a connection; each is counted once. */
static void hold_waiting(struct open_loop *o)
{
    int64_t from = o->held_to > o->pacer.ntaken ? o->held_to : o->pacer.ntaken;
    o->nheld += o->pacer.ndue - from;
    o->held_to = o->pacer.ndue;
}

static void send_waiting(struct open_loop *o, int64_t now_ns)
{
    while (pacer_waiting(&o->pacer) > 0 && o->env->quota > 0) {
        struct conn *c = take_room(o);
        if (c == NULL) {
            hold_waiting(o);
            open_more(o, now_ns);
            return;
        }
        conn_send(c, pacer_take(&o->pacer, 1));
        if (conn_has_room(c))
            put_room(o, c);
    }
}

static void on_due(void *ctx, int64_t now_ns)
{
    send_waiting(ctx, now_ns);
}

static void on_room(void *ctx, struct conn *c, int64_t now_ns)
{
    struct open_loop *o = ctx;
    if (o->env->ending || !conn_has_room(c))
        return;
    put_room(o, c);
    pacer_look(&o->pacer, now_ns);
    send_waiting(o, now_ns);
}

static void on_shut(void *ctx, struct conn *c, int64_t now_ns)
{
    struct open_loop *o = ctx;
    o->shut[o->nshut++] = c;
    if (o->size - o->nshut < o->kept)
        conn_connect(o->shut[--o->nshut], now_ns);
    else
        open_more(o, now_ns);
}

/* Independent processes make one of their sum; evenly spaced arrivals are dealt out. */
static struct load_turns arrivals_of(const struct conn_env *env)
{
    const struct load_spec *spec = env->spec;
    if (spec->schedule->arrivals == ARRIVALS_POISSON)
        return (struct load_turns){env->thread, spec->workers};
    return load_turns(spec, env->thread);
}

struct open_loop *open_loop_new(struct conn_env *env, struct conn *conns, int nconns,
                                struct err *err)
{
    struct open_loop *o = mem_zalloc(sizeof *o);
    struct load_turns arrivals = arrivals_of(env);
    o->env = env;
    o->size = nconns;
    o->kept = (int)load_share(env->spec->connections, env->spec->workers, env->thread);
    o->with_room = mem_array((size_t)nconns, sizeof(struct conn *));
    o->shut = mem_array((size_t)nconns, sizeof(struct conn *));
    for (int i = nconns; i-- > 0;)
        o->shut[o->nshut++] = &conns[i];
    o->pacer = (struct pacer){.thread = arrivals.first,
                              .threads = arrivals.step,
                              .may_spin = env->spec->may_spin,
                              .lag = env->tally.lag,
                              .on_due = on_due,
                              .ctx = o};
    if (pacer_init(&o->pacer, env->loop, err) < 0) {
        open_loop_free(o);
        return NULL;
    }
    env->on_room = on_room;
    env->on_shut = on_shut;
    env->open_loop = o;
    return o;
}

void open_loop_close(struct open_loop *o)
{
    pacer_close(&o->pacer);
}

void open_loop_free(struct open_loop *o)
{
    if (o == NULL)
        return;
    pacer_fini(&o->pacer);
    free(o->with_room);
    free(o->shut);
    free(o);
}

void open_loop_connect(struct open_loop *o, int count, int64_t now_ns)
{
    while (o->size - o->nshut < count && o->nshut > 0)
        conn_connect(o->shut[--o->nshut], now_ns);
}

void open_loop_start(struct open_loop *o, const struct schedule *s, int64_t start_ns,
                     int64_t end_ns)
{
    o->held_to = o->nheld = 0;
    pacer_start(&o->pacer, s, start_ns, end_ns, o->env->quota);
}

int64_t open_loop_due(struct open_loop *o, int64_t now_ns)
{
    pacer_look(&o->pacer, now_ns - 1); /* what is due at the end is not due in the run */
    return o->pacer.ndue;
}

int64_t open_loop_oldest_ns(const struct open_loop *o)
{
    return o->pacer.oldest_ns;
}

void open_loop_finish(struct open_loop *o, int64_t end_ns)
{
    struct tally *t = &o->env->tally;
    t->counts.due = open_loop_due(o, end_ns);
    t->counts.unsent = pacer_waiting(&o->pacer);
    t->counts.held = o->nheld;
    /* A rate that no machine reaches leaves hundreds of millions: then neighbours share an age. */
    int64_t together = t->counts.unsent / AGES_MOST + 1;
    for (int64_t left = t->counts.unsent; left > 0; left -= together) {
        int64_t n = left < together ? left : together;
        int64_t age_ns = end_ns - pacer_take(&o->pacer, n);
        hist_record_n(t->unsent, age_ns, (uint64_t)n);
        hist_record_n(t->unfinished, age_ns, (uint64_t)n);
    }
    o->env->quota -= t->counts.unsent;
}

int64_t open_loop_spun_ns(const struct open_loop *o)
{
    return o->pacer.spun_ns;
}
