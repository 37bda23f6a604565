#include "targets/queue/bullmq/marker.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/redis/link.h"

#define BLOCK_S      "5"
#define SLEEP_MOST   (5 * NS_PER_S)
#define ANSWER_LIMIT (6 * NS_PER_S) /* a second longer than the command blocks */

enum sleep_kind { AWAKE, ASLEEP, PAUSED };

struct redis_marker {
    struct redis_marker_spec spec;
    char *key;
    struct link *link;
    enum sleep_kind sleep;
    bool blocks; /* a blocking command is under way */
    bool closing;
    uv_timer_t timer;
    int open; /* parts that are not closed yet */
};

static void block(struct redis_marker *m);

static void wake(struct redis_marker *m)
{
    m->sleep = AWAKE;
    (void)uv_timer_stop(&m->timer);
    m->spec.on_wake(m->spec.ctx);
}

static void on_time(uv_timer_t *timer)
{
    wake(timer->data);
}

static void sleep_until(struct redis_marker *m, int64_t until_ns)
{
    int64_t ns = until_ns - clock_now_ns();
    if (ns > SLEEP_MOST)
        ns = SLEEP_MOST;
    uv_update_time(m->timer.loop);
    (void)uv_timer_start(&m->timer, on_time, ns <= 0 ? 0 : (uint64_t)(ns / NS_PER_MS) + 1, 0);
}

/* ---- answers ---- */

static void on_put_back(void *ctx, const struct link_answer *answer)
{
    (void)ctx;
    (void)answer; /* if the marker is lost, the timers of the others wake them */
}

static void put_back(struct redis_marker *m, const char *member, const char *score)
{
    struct err err;
    const char *const argv[] = {"ZADD", m->key, score, member};
    const struct link_request r = {.argv = argv, .argc = LEN(argv), .done = on_put_back};
    (void)link_send(m->link, &r, &err);
}

static bool is_text(const redisReply *reply)
{
    return reply->type == REDIS_REPLY_STRING;
}

/* A marker "1" is the time of the next delayed job: the worker that popped it waits for that. */
static void take_marker(struct redis_marker *m, const char *member, const char *score)
{
    double in_ms = strtod(score, NULL) - (double)clock_wall_ms(); /* the score is untrusted */
    if (m->sleep != ASLEEP) {
        put_back(m, member, score);
    } else if (strcmp(member, "1") == 0 && in_ms > 0) {
        if (in_ms < (double)SLEEP_MOST / (double)NS_PER_MS)
            sleep_until(m, clock_now_ns() + (int64_t)in_ms * NS_PER_MS);
        block(m);
    } else {
        wake(m);
    }
}

static void on_answer(void *ctx, const struct link_answer *answer)
{
    struct redis_marker *m = ctx;
    const redisReply *reply = answer->reply;
    m->blocks = false;
    if (m->closing || answer->end != LINK_ANSWERED)
        return; /* the timer wakes the worker, or on_up does */
    if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 3 && is_text(reply->element[1]) &&
        is_text(reply->element[2]))
        take_marker(m, reply->element[1]->str, reply->element[2]->str);
    else if (m->sleep == ASLEEP)
        wake(m); /* no marker came: look for jobs nevertheless */
}

static void block(struct redis_marker *m)
{
    struct err err;
    const char *const argv[] = {"BZPOPMIN", m->key, BLOCK_S};
    const struct link_request r = {
        .argv = argv, .argc = LEN(argv), .limit_ns = ANSWER_LIMIT, .done = on_answer, .ctx = m};
    if (!m->blocks && !m->closing)
        m->blocks = link_send(m->link, &r, &err) == 0;
}

/* Jobs may have been added while the link was down. */
static void on_up(void *ctx)
{
    struct redis_marker *m = ctx;
    if (m->sleep == ASLEEP)
        wake(m);
}

static void on_down(void *ctx, const char *reason)
{
    (void)ctx;
    (void)reason; /* the broker's own link reports it */
}

/* ---- open, sleep, close ---- */

static void part_closed(struct redis_marker *m)
{
    if (--m->open > 0)
        return;
    void (*on_closed)(void *ctx) = m->spec.on_closed;
    void *ctx = m->spec.ctx;
    free(m->key);
    free(m);
    on_closed(ctx);
}

static void on_link_closed(void *ctx)
{
    part_closed(ctx);
}

static void on_timer_closed(uv_handle_t *handle)
{
    part_closed(handle->data);
}

struct redis_marker *redis_marker_open(uv_loop_t *loop, const struct redis_marker_spec *spec,
                                       struct err *err)
{
    struct redis_marker *m = mem_zalloc(sizeof *m);
    const struct link_events events = {m, on_up, on_down, on_link_closed};
    const struct link_options options = {.url = spec->url, .client_name = spec->client_name};
    m->link = link_open(loop, &options, &events, err);
    if (m->link == NULL) {
        free(m);
        return NULL;
    }
    m->spec = *spec;
    m->key = mem_strdup(spec->key);
    (void)uv_timer_init(loop, &m->timer);
    m->timer.data = m;
    m->open = 2;
    return m;
}

void redis_marker_sleep(struct redis_marker *m, int64_t until_ns)
{
    m->sleep = ASLEEP;
    sleep_until(m, until_ns);
    block(m);
}

void redis_marker_pause(struct redis_marker *m, int64_t until_ns)
{
    m->sleep = PAUSED;
    sleep_until(m, until_ns);
}

void redis_marker_stay_awake(struct redis_marker *m)
{
    m->sleep = AWAKE;
    (void)uv_timer_stop(&m->timer);
}

void redis_marker_close(struct redis_marker *m)
{
    m->closing = true;
    redis_marker_stay_awake(m);
    link_close(m->link);
    uv_close((uv_handle_t *)&m->timer, on_timer_closed);
}
