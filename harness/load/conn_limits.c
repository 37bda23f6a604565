#include "base/clock.h"
#include "load/conn_internal.h"

/* A connection that is to be closed after so many replies sends no more than that. */
static int64_t most_on_connection(const struct conn *c)
{
    int64_t most = c->env->spec->reconnect_after;
    return most > 0 && most < c->left ? most : c->left;
}

void conn_grant(struct conn *c)
{
    c->granted = c->may_send = most_on_connection(c);
}

void conn_take_back(struct conn *c)
{
    c->left -= c->granted - c->may_send;
    c->granted = c->may_send = 0;
}

void conn_begin_amount(struct conn *c, int64_t amount)
{
    c->left = amount > 0 ? amount : INT64_MAX;
    if (c->may_send > c->left)
        c->may_send = c->left;
    c->granted = c->may_send;
}

bool conn_takes_turn(struct conn *c, int64_t now_ns)
{
    struct conn_env *env = c->env;
    bool had_turn = c->has_turn;
    c->has_turn = false;
    if (had_turn || env->turn_every_ns == 0)
        return true;
    if (env->turn_ns < now_ns) /* turns that nobody wanted are over, but for the last one */
        env->turn_ns += (now_ns - env->turn_ns) / env->turn_every_ns * env->turn_every_ns;
    int64_t turn_ns = env->turn_ns;
    env->turn_ns += env->turn_every_ns;
    if (turn_ns <= now_ns)
        return true;
    c->has_turn = true;
    c->state = CONN_WAITING;
    c->retry_ns = turn_ns;
    env->on_retry_later(env->ctx, c);
    return false;
}
