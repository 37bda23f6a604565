#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/conn_http2.h"
#include "load/conn_internal.h"

static int init_stream(struct conn_env *env, const struct load_origin *origin,
                       struct stream_env *out, struct err *err)
{
    struct stream_env streams = {.loop = env->loop,
                                 .address = origin->addresses,
                                 .naddresses = origin->naddresses,
                                 .turn = (size_t)env->thread,
                                 .events = &conn_stream_events,
                                 .tunnel = origin->tunnel,
                                 .alpn = origin->tls != NULL && env->spec->http2 ? "h2" : NULL};
    if (origin->tls != NULL)
        streams.tls = tls_client_context(origin->tls, origin->host, err);
    stream_env_init(out, &streams);
    return origin->tls != NULL && streams.tls == NULL ? -1 : 0;
}

static int init_streams(struct conn_env *env, struct err *err)
{
    const struct load_spec *spec = env->spec;
    env->streams = mem_array(spec->norigins, sizeof *env->streams);
    for (size_t i = 0; i < spec->norigins; i++) {
        if (init_stream(env, &spec->origins[i], &env->streams[i], err) < 0)
            return -1;
    }
    return 0;
}

static void init_values(struct conn_env *env)
{
    const struct load_spec *spec = env->spec;
    struct load_turns turns = load_turns(spec, env->thread);
    values_init(&env->values, &(struct values_spec){.feed = spec->feed,
                                                    .seed = load_seed(spec, env->thread),
                                                    .first = (uint32_t)turns.first,
                                                    .step = (uint32_t)turns.step});
}

static void init_sources(struct conn_env *env)
{
    const struct load_spec *spec = env->spec;
    env->nsources = spec->nlists == 0 ? 1 : spec->nlists;
    env->sources = mem_array(env->nsources, sizeof *env->sources);
    if (spec->nlists > 0)
        init_values(env);
    if (spec->nlists == 0)
        source_init(&env->sources[0], &spec->text, (size_t)spec->pipelining);
    for (size_t i = 0; i < spec->nlists; i++)
        source_init_list(&env->sources[i], spec->lists[i]);
    if (load_has_rules(spec))
        env->room = pattern_room_new();
}

int conn_env_init(struct conn_env *env, struct err *err)
{
    const struct load_spec *spec = env->spec;
    env->protocol = spec->http2 ? &protocol_http2 : &protocol_http1;
    env->quota = INT64_MAX;
    env->window_ns = INT64_MAX; /* nothing counts before the window opens */
    env->after_ns = INT64_MAX;
    if (spec->connect_rps > 0) { /* the threads take turns */
        struct load_turns turns = load_turns(spec, env->thread);
        env->turn_ns =
            clock_now_ns() + (int64_t)((double)NS_PER_S * turns.first / spec->connect_rps);
        env->turn_every_ns = (int64_t)((double)NS_PER_S * turns.step / spec->connect_rps);
    }
    init_sources(env);
    tally_init(&env->tally, spec->nnames);
    deadlines_init(&env->deadlines, spec->timeout_ns);
    rng_init(&env->rng, load_seed(spec, env->thread));
    if (init_streams(env, err) < 0)
        return -1;
    if (!spec->http2)
        return 0;
    env->http2 = http2_env_new(spec, err);
    return env->http2 == NULL ? -1 : 0;
}

void conn_env_fini(struct conn_env *env)
{
    http2_env_free(env->http2);
    for (size_t i = 0; i < env->spec->norigins && env->streams != NULL; i++) {
        tls_context_free(env->streams[i].tls);
        stream_env_fini(&env->streams[i]);
    }
    free(env->streams);
    for (size_t i = 0; i < env->nsources; i++)
        source_fini(&env->sources[i]);
    free(env->sources);
    pattern_room_free(env->room);
    values_fini(&env->values);
    tally_fini(&env->tally);
}

static void count_open(struct conn_env *env, const struct slot *s, int64_t age_ns)
{
    struct accounting *counts = &env->tally.counts;
    counts->in_flight_at_end++;
    hist_record(env->tally.unfinished, age_ns);
    if (s->entry != NULL)
        hist_record(env->tally.names[s->entry->name].unfinished, age_ns);
    if (age_ns > counts->oldest_in_flight_ns)
        counts->oldest_in_flight_ns = age_ns;
}

int64_t conn_env_count_open(struct conn_env *env, int64_t now_ns)
{
    int64_t early = 0;
    for (struct deadline *d = env->deadlines.list.next; d != &env->deadlines.list; d = d->next) {
        const struct slot *s = (const struct slot *)d;
        if (s == &s->conn->opening)
            continue; /* no request */
        if (s->due_ns < env->window_ns)
            early++;
        else
            count_open(env, s, now_ns - s->due_ns);
    }
    return early;
}
