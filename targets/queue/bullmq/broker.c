#include "targets/queue/bullmq/broker.h"

/* The Redis broker: BullMQ's queue, for any number of gateways and workers on any hosts.
 *
 * Only the Lua scripts (scripts/) change the queue. Each of them runs completely or not at all. The
 * requests of one turn of the loop are sent as one batch, and each is answered when
 * Redis has answered the batch:
 *
 *     loop      [add 1..40]   [add 41..90]    [202 for 1..40][add 91..]   [202 for 41..90]
 *     Redis             [ add.lua 1..40 ]             [ add.lua 41..90 ]
 *
 * What a 202 survives depends on Redis (docs/queue.md): with an append-only file the job is written
 * to the file before the answer, and is on the disk about a second later (appendfsync everysec).
 *
 * While Redis is away, a request is answered at once with the reason, and the link connects again.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "targets/queue/bullmq/bullmq_internal.h"

#define CLOSE_LIMIT_MS 1000  /* for answers that are still to come */
#define DROP_AT_ONCE   20000 /* jobs */

/* ---- the connection ---- */

static void on_up(void *ctx)
{
    struct redis_broker *b = ctx;
    if (b->why_down.kind != ERR_NONE && b->events.outage != NULL)
        outage_back(b->events.outage);
    b->why_down.kind = ERR_NONE;
    b->is_up = true;
    if (b->marker != NULL && !b->closing)
        redis_marker_pause(b->marker, 0); /* wakes the worker: a take may have failed meanwhile */
}

/* Reported only once until the link is up again. */
static void on_down(void *ctx, const char *reason)
{
    struct redis_broker *b = ctx;
    bool is_news = b->is_up;
    b->is_up = false;
    (void)err_set(&b->why_down, ERR_USAGE, "%s", reason);
    if (is_news && !b->closing && b->events.outage != NULL)
        outage_away(b->events.outage, reason);
}

/* ---- closing ---- */

static void on_part_closed(void *ctx)
{
    struct redis_broker *b = ctx;
    if (--b->open > 0)
        return;
    struct broker_events events = b->events;
    leases_fini(&b->leases);
    free(b->key);
    free(b);
    if (events.on_closed != NULL)
        events.on_closed(events.ctx);
}

static void on_handle_closed(uv_handle_t *handle)
{
    on_part_closed(handle->data);
}

static bool is_owed_answers(const struct redis_broker *b)
{
    for (size_t i = 0; i < REDIS_SCRIPT_COUNT; i++)
        if (b->batchers[i] != NULL && !redis_batcher_is_done(b->batchers[i]))
            return true;
    return false;
}

/* No more answers come. */
static void on_link_closed(void *ctx)
{
    struct redis_broker *b = ctx;
    for (size_t i = 0; i < REDIS_SCRIPT_COUNT; i++)
        redis_batcher_free(b->batchers[i]);
    on_part_closed(b);
}

static void close_parts(struct redis_broker *b)
{
    if (uv_is_closing((uv_handle_t *)&b->timer))
        return;
    uv_close((uv_handle_t *)&b->timer, on_handle_closed);
    uv_close((uv_handle_t *)&b->turn, on_handle_closed);
    if (b->marker != NULL)
        redis_marker_close(b->marker);
    if (b->link != NULL)
        link_close(b->link);
}

static void end_dropping(struct redis_broker *b, const struct err *failed)
{
    if (failed != NULL)
        log_warn("the queue %s stays in Redis, in the keys %s:%s:*: %s", b->options->queue,
                 b->options->prefix, b->options->queue, failed->text);
    close_parts(b);
}

static void on_dropped(void *ctx, const struct link_answer *answer);

/* Removes jobs of the queue, from the one with this id on. */
static void drop_some(struct redis_broker *b, int64_t first)
{
    char from[REDIS_NUMBER_MAX], most[REDIS_NUMBER_MAX];
    const char *const argv[] = {b->key, from, most};
    const struct link_request r = {.argv = argv, .argc = LEN(argv), .done = on_dropped, .ctx = b};
    struct err err;
    redis_number_format(from, first);
    redis_number_format(most, DROP_AT_ONCE);
    if (link_send_script(b->link, REDIS_DROP, 1, &r, &err) < 0)
        end_dropping(b, &err);
}

static void on_dropped(void *ctx, const struct link_answer *answer)
{
    struct redis_broker *b = ctx;
    struct err err;
    const struct err *failed = redis_reply_err(answer, &err);
    if (failed == NULL && answer->reply->type == REDIS_REPLY_INTEGER && answer->reply->integer > 0)
        drop_some(b, answer->reply->integer);
    else
        end_dropping(b, failed);
}

/* When everything is answered, or the time for it is over. */
static void end_closing(struct redis_broker *b)
{
    (void)uv_timer_stop(&b->timer);
    (void)uv_check_stop(&b->turn);
    if (b->role == BROKER_GATEWAY && b->options->drop_queue)
        drop_some(b, 1);
    else
        close_parts(b);
}

static void on_close_limit(uv_timer_t *timer)
{
    end_closing(timer->data);
}

static void on_turn(uv_check_t *turn)
{
    struct redis_broker *b = turn->data;
    if (!is_owed_answers(b))
        end_closing(b);
}

static void redis_close(struct broker *broker)
{
    struct redis_broker *b = redis_broker_of(broker);
    b->closing = true;
    (void)uv_timer_start(&b->timer, on_close_limit, CLOSE_LIMIT_MS, 0);
    (void)uv_check_start(&b->turn, on_turn);
    on_turn(&b->turn);
}

/* ---- opening ---- */

static int wait_until_up(struct redis_broker *b, struct err *err)
{
    while (!b->is_up && b->why_down.kind == ERR_NONE)
        (void)uv_run(b->loop, UV_RUN_ONCE);
    if (b->is_up)
        return 0;
    return err_set(err, ERR_USAGE,
                   "the broker cannot be reached: %s; start redis-server there, or see --broker",
                   b->why_down.text);
}

static int open_link(struct redis_broker *b, struct err *err)
{
    const struct link_events events = {b, on_up, on_down, on_link_closed};
    const struct link_options options = {
        .url = b->options->broker, .scripts = redis_scripts, .script_count = REDIS_SCRIPT_COUNT};
    b->link = link_open(b->loop, &options, &events, err);
    if (b->link == NULL)
        return -1;
    b->open++;
    return wait_until_up(b, err);
}

static int open_role(struct redis_broker *b, struct err *err)
{
    if (b->role == BROKER_GATEWAY) {
        redis_gateway_open(b);
        return 0;
    }
    if (redis_worker_open(b, on_part_closed, err) < 0)
        return -1;
    b->open++; /* the marker */
    redis_ends_open(b);
    return 0;
}

static struct broker *redis_open(uv_loop_t *loop, enum broker_role role,
                                 const struct target_options *options,
                                 const struct broker_events *events, struct err *err)
{
    struct redis_broker *b = mem_zalloc(sizeof *b);
    b->base.kind = &broker_redis;
    b->options = options;
    b->role = role;
    b->loop = loop;
    b->key = mem_printf("%s:%s:meta", options->prefix, options->queue);
    redis_number_format(b->keep, options->keep_jobs);
    job_opts_format(options->job_attempts, options->job_backoff_ns, b->opts);
    (void)uv_timer_init(loop, &b->timer);
    (void)uv_check_init(loop, &b->turn);
    b->timer.data = b->turn.data = b;
    b->open = 2;
    int failed = open_link(b, err);
    if (failed == 0)
        failed = redis_check(b, err);
    if (failed == 0)
        failed = open_role(b, err);
    if (failed < 0) {
        b->closing = true;
        close_parts(b); /* the caller does not get the broker, so b->events stays empty */
        return NULL;
    }
    b->events = *events;
    return &b->base;
}

const struct broker_kind broker_redis = {
    .name = "redis",
    .scheme = "redis",
    .open = redis_open,
    .add = redis_gateway_add,
    .find = redis_gateway_find,
    .counts = redis_gateway_counts,
    .take = redis_worker_take,
    .renew = redis_worker_renew,
    .finish = redis_ends_finish,
    .release = redis_worker_release,
    .close = redis_close,
};
