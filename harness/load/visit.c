#include "load/visit.h"

#include "base/clock.h"
#include "load/conn_internal.h"

#define UNBOUND_PAUSE_NS (10 * NS_PER_MS)

static void count_unbound(struct conn_env *env, const struct source_entry *entry)
{
    env->tally.counts.unbound++;
    env->tally.names[entry->name].unbound++;
}

/* Nothing can be sent: in a closed loop that would be tried for ever without a pause. */
static void pass_over(struct conn *c, int64_t now_ns)
{
    struct conn_env *env = c->env;
    c->visitor->unbound = 0;
    if (env->open_loop != NULL)
        env->quota--;
    else
        pauses_add(&env->pauses, c, PAUSE_UNBOUND, now_ns + UNBOUND_PAUSE_NS);
}

const struct source_entry *visit_next(struct conn *c, struct buf *out, int64_t now_ns)
{
    struct conn_env *env = c->env;
    for (;;) {
        const struct source_entry *entry = visitor_next(c->visitor);
        if (visitor_write(c->visitor, entry, out)) {
            c->visitor->unbound = 0;
            env->tally.names[entry->name].sent++;
            return entry;
        }
        count_unbound(env, entry);
        if (env->open_loop != NULL || ++c->visitor->unbound >= c->visitor->list->count) {
            pass_over(c, now_ns);
            return NULL;
        }
    }
}

void visit_refuse(struct conn *c, const struct source_entry *entry, int64_t now_ns)
{
    c->env->tally.names[entry->name].sent--;
    count_unbound(c->env, entry);
    pass_over(c, now_ns);
}

/* What the reply did not have is bound no more. */
static void bind_captured(struct visitor *v, const struct source_entry *entry,
                          const struct matching *matching)
{
    size_t count = entry->rule == NULL ? 0 : entry->rule->ncaptures;
    for (size_t i = 0; i < count; i++) {
        const struct matching_value *value = &matching->values[i];
        visitor_bind(v, entry->captured[i], value->is_found ? value->text.data : NULL,
                     value->text.len);
    }
}

void visit_replied(struct conn *c, const struct source_entry *entry,
                   const struct matching *matching, int64_t now_ns)
{
    bind_captured(c->visitor, entry, matching);
    int64_t think_ns = visitor_think_ns(c->visitor, entry);
    if (think_ns > 0 && !c->is_paused)
        pauses_add(&c->env->pauses, c, PAUSE_THINK, now_ns + think_ns);
}

void visit_resume(struct conn *c, int64_t now_ns)
{
    if (c->state == CONN_OPEN && c->open < c->most && !c->env->ending)
        conn_use_room(c, c->most - c->open, now_ns);
}
