/* in_flight: the requests of one connection that have no reply yet.
 *
 * Shape   all counts per request are made here: sent, pending, answered, and lost, by its cause and
 *         with the request's age. Which request is which is known to the protocol.
 * Units   nanoseconds of clock_now_ns.
 * Owner   the conn's. All is inline, because every request passes here twice.
 */
#ifndef LOAD_IN_FLIGHT_H
#define LOAD_IN_FLIGHT_H

#include "load/bailout.h"
#include "load/conn.h"

static inline bool in_window(const struct conn_env *env, const struct slot *s)
{
    return s->due_ns >= env->window_ns;
}

/* Of requests in the window, and of connects. */
static inline void count_fault(struct conn_env *env, int over, bool is_fault, int64_t now_ns)
{
    if (bailout_count(env->bailout, over, is_fault))
        env->on_bailout(env->ctx, now_ns);
}

/* The request is open no more; the caller counts it. */
static inline void close_slot(struct conn *c, struct slot *s)
{
    deadlines_remove(&s->deadline);
    c->open--;
    c->env->pending--;
}

/* The same under the name of the request, which only those of a list have. */
static inline void count_named_loss(struct tally *t, const struct slot *s, const int64_t *counter,
                                    int64_t age_ns)
{
    struct named_counts *named = &t->names[s->entry->name];
    if (counter == &t->counts.timed_out)
        named->timed_out++;
    else
        named->failed++;
    hist_record(named->unfinished, age_ns);
}

static inline void count_named_reply(struct named_counts *named, int status, bool differs,
                                     int64_t latency_ns)
{
    named->completed++;
    named->non_2xx += status / 100 != 2;
    named->mismatches += differs;
    if (latency_ns != MISSING)
        hist_record(named->latency, latency_ns);
}

static inline void count_loss(struct conn *c, struct slot *s, int64_t *counter, int64_t now_ns)
{
    struct conn_env *env = c->env;
    struct tally *t = &env->tally;
    if (in_window(env, s)) {
        (*counter)++;
        hist_record(t->unfinished, now_ns - s->due_ns);
        if (s->entry != NULL)
            count_named_loss(t, s, counter, now_ns - s->due_ns);
        if (env->bailout != NULL)
            count_fault(env, 1, env->bailout->spec.errors, now_ns);
    }
    s->first_byte_ns = 0;
}

/* What the reply of a request is, now that it is whole. */
static inline enum matching_verdict judge_reply(struct matching *matching, int status)
{
    return matching == NULL ? MATCHING_RIGHT : matching_end(matching, status);
}

/* A reply of which something is expected. */
static inline void count_judged(struct accounting *counts, const struct rule *rule,
                                enum matching_verdict verdict, int status)
{
    counts->judged_non_2xx += status / 100 != 2 && rule_has_statuses(rule);
    counts->mismatches += verdict != MATCHING_RIGHT;
    counts->match_limit += verdict == MATCHING_GAVE_UP;
    counts->body_limit += verdict == MATCHING_TOO_LONG;
}

/* A reply that is in no figure of the window: its request was sent before, or it came after. */
static inline void count_outside(struct conn_env *env, const struct slot *s, int64_t now_ns)
{
    if (s->due_ns >= env->after_ns)
        hist_record(env->tally.after_end, now_ns - s->due_ns);
    else
        env->tally.counts.carried++; /* into the window, when it is open: it begins with none */
}

static inline void count_latency(struct conn_env *env, const struct slot *s, int64_t now_ns)
{
    struct tally *t = &env->tally;
    int64_t latency_ns = now_ns - s->due_ns;
    hist_record(t->latency, latency_ns);
    if (env->open_loop != NULL)
        hist_record(t->service, now_ns - s->deadline.since_ns);
    if (s->first_byte_ns != 0) {
        hist_record(t->split_latency, latency_ns);
        hist_record(t->split_first_byte, s->first_byte_ns - s->due_ns);
    }
}

/* What the whole reply of a request of the window is. */
struct counted_reply {
    enum matching_verdict verdict;
    int status;
    bool is_figure; /* it has a latency and bytes */
};

static inline bool is_bailout_fault(const struct conn_env *env, const struct rule *rule,
                                    const struct counted_reply *reply)
{
    const struct bailout_spec *spec = &env->bailout->spec;
    return (spec->mismatches && reply->verdict != MATCHING_RIGHT) ||
           (spec->non_2xx && reply->status / 100 != 2 && !rule_has_statuses(rule));
}

static inline void count_inside(struct conn *c, const struct slot *s,
                                const struct counted_reply *reply, int64_t now_ns)
{
    struct conn_env *env = c->env;
    struct tally *t = &env->tally;
    const struct rule *rule = source_rule(c->source, s->entry);
    if (reply->is_figure)
        count_latency(env, s, now_ns);
    t->counts.completed++;
    t->counts.statuses[reply->status]++;
    c->completed++;
    if (env->room != NULL)
        count_judged(&t->counts, rule, reply->verdict, reply->status);
    if (s->entry != NULL)
        count_named_reply(&t->names[s->entry->name], reply->status,
                          reply->verdict != MATCHING_RIGHT,
                          reply->is_figure ? now_ns - s->due_ns : MISSING);
    if (env->bailout != NULL)
        count_fault(env, 1, is_bailout_fault(env, rule, reply), now_ns);
}

/* Counts one whole reply. */
static inline void count_reply(struct conn *c, struct slot *s, enum matching_verdict verdict,
                               int status, uint64_t bytes, int64_t now_ns)
{
    struct conn_env *env = c->env;
    const struct counted_reply reply = {verdict, status,
                                        !env->spec->exclude_errors || status / 100 == 2};
    c->replies++;
    env->last_reply_ns = now_ns;
    if (reply.is_figure)
        env->tally.counts.bytes_received += (int64_t)bytes;
    if (in_window(env, s))
        count_inside(c, s, &reply, now_ns);
    else
        count_outside(env, s, now_ns);
    s->first_byte_ns = 0;
}

/* A request that is being written. */
static inline void open_slot(struct conn *c, struct slot *s, int64_t due_ns, int64_t now_ns)
{
    s->due_ns = due_ns;
    deadlines_add(&c->env->deadlines, &s->deadline, now_ns);
    c->open++;
}

static inline void count_sent(struct conn *c, uint32_t n, size_t bytes)
{
    struct conn_env *env = c->env;
    c->may_send -= n;
    env->pending += n;
    env->quota -= n;
    env->tally.counts.sent += n;
    env->tally.counts.bytes_sent += (int64_t)bytes;
}

#endif
