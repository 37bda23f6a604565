/* queue: a request becomes a job in a broker and is answered at once; worker processes do the work.
 * The broker is a file of SQLite, or Redis; on Redis BullMQ's own workers can do the work as well.
 *
 * The gateway stores the job. Once the broker has stored it durably, and not before, the gateway
 * answers 202 with the path of its result. Workers (worker.c) take a job when they have a thread
 * free:
 *
 *     gateway    [read A][store A][202 A][read B][store B][202 B]  [ping]  [GET /jobs/A: active]
 *     worker 1                      [take A][ count A 5.7 ms      ][store the result, take ..
 *     worker 2                                          [take B][ count B 5.7 ms      ][store ..
 *
 * What it costs: three durable writes per job: to store it, to take it, to end it. Each write is
 * shared by all requests of one turn of the loop. Then there are the processes, and a client that
 * has to come back for its result.
 *
 * What breaks: nothing that the client sees, and that is the danger. 202 means accepted, not done.
 * A gateway that accepts 15,000 jobs a second for workers that end 300 has answered every client in
 * milliseconds, and the last job waits for hours. So the backlog is bounded by --max-backlog; above
 * it the answer is 503. On the same machine the gateway also competes with its workers for cores.
 *
 * What is lost: nothing that was answered 202. A worker holds a lease on each job that it has. One
 * that is killed stops renewing it, and when --job-lease is over another worker runs the job again.
 * So a job runs at least once, not exactly once: work with side effects must tolerate a second run.
 * When the gateway is killed, the next one that opens the same broker goes on with its jobs.
 *
 * What to look at: accepted against completed, and the workers' own histograms: `wait` is from
 * stored to begun, `job` from stored to done.
 */
#include <http_parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "proc/folder.h"
#include "targets/child/private_redis.h"
#include "targets/child/worker_team.h"
#include "targets/http/strategy.h"
#include "targets/queue/brokers.h"
#include "targets/queue/job_json.h"

#define CLOSE_GRACE_NS (2 * NS_PER_S) /* for a worker to give back its jobs */
#define JOBS           "/jobs/"

struct queue {
    struct strategy_env *env;
    struct target_options options; /* as given, but with the actual broker */
    struct folder *folder;         /* of a private file; NULL: there is none */
    char *url;                     /* of the broker in it */
    struct private_redis *redis;   /* NULL: the broker is not a private server */
    struct broker *broker;
    struct worker_team *workers; /* NULL: none, or all are gone */
    uv_check_t turn;             /* runs each turn of the loop during a stop */
    int64_t storing, accepted;   /* jobs */
    struct outage outage;        /* of the broker */
    int open;                    /* parts that are not closed yet */
};

/* A request that waits for the broker. */
struct pending {
    struct queue *queue;
    struct request *request;
};

/* ---- the work: the broker's answers ---- */

static struct pending *pending_new(struct queue *q, struct request *request)
{
    struct pending *pending = mem_zalloc(sizeof *pending);
    *pending = (struct pending){q, request};
    return pending;
}

/* The broker cannot do it now, but may be able to later. */
static void fail(const struct pending *pending, const struct err *err)
{
    outage_failed(&pending->queue->outage, err->text);
    request_fail(pending->request, 503, "Retry-After: 1\r\n", err->text);
}

/* The broker made the id, so it needs no escaping. */
static void on_added(void *ctx, const char *id, const struct err *err)
{
    struct pending *pending = ctx;
    char location[sizeof "Location: " JOBS "\r\n" + JOB_ID_MAX];
    char body[sizeof "{\"id\":\"\",\"state\":\"waiting\"}\n" + JOB_ID_MAX];
    pending->queue->storing--;
    if (err != NULL) {
        fail(pending, err);
    } else {
        outage_worked(&pending->queue->outage);
        pending->queue->accepted++;
        (void)snprintf(location, sizeof location, "Location: " JOBS "%s\r\n", id);
        int len = snprintf(body, sizeof body, "{\"id\":\"%s\",\"state\":\"waiting\"}\n", id);
        request_reply(pending->request, &(struct reply){.status = 202,
                                                        .type = "application/json",
                                                        .headers = location,
                                                        .body = body,
                                                        .body_len = (size_t)len});
    }
    free(pending);
}

static void no_such_job(struct request *request)
{
    request_fail(request, 404, NULL, "there is no such job, or it ended and is no longer kept");
}

static void on_found(void *ctx, const struct job_view *job, const struct err *err)
{
    struct pending *pending = ctx;
    char *text = job == NULL ? NULL : job_to_json(job);
    if (err != NULL)
        fail(pending, err);
    else if (text == NULL)
        no_such_job(pending->request);
    else
        request_reply(pending->request, &(struct reply){.status = 200,
                                                        .type = "application/json",
                                                        .body = text,
                                                        .body_len = strlen(text)});
    free(text);
    free(pending);
}

/* ---- requests: /heavy ---- */

/* True if the query asks for other work than the body does. */
static bool is_overridden(const struct queue *q, const struct message *message,
                          const struct work *work)
{
    const struct query none = {.path = "", .params = ""};
    struct work own;
    struct err err;
    return message->query.params[0] != '\0' &&
           (query_work(&none, message->body, message->body_len, &q->options, &own, &err) < 0 ||
            own.kind != work->kind || own.n != work->n);
}

/* The body is stored as it was sent: a worker may use members that we do not know. */
static void add_job(struct queue *q, struct request *request)
{
    const struct message *message = request_message(request);
    const struct work work = request_work(request);
    char own[JOB_DATA_MAX];
    char *merged = NULL;
    const char *data = message->body;
    size_t len = message->body_len;
    if (len == 0) {
        data = own;
        len = job_data_format(&work, own, sizeof own);
    } else if (is_overridden(q, message, &work)) {
        data = merged = job_data_merge(&work, message->body, message->body_len);
        len = strlen(merged);
    }
    q->storing++;
    q->broker->kind->add(q->broker, data, len, on_added, pending_new(q, request));
    free(merged);
}

static void queue_handle(void *state, struct request *request)
{
    struct queue *q = state;
    struct job_counts now = {0};
    q->broker->kind->counts(q->broker, &now);
    if (now.waiting + now.delayed + q->storing >= q->options.max_backlog) {
        request_reject(request, "the backlog is full: too many jobs wait for a worker");
        return;
    }
    add_job(q, request);
}

/* ---- requests: /jobs/ID ---- */

/* The id in the path, its escapes decoded; false when it cannot be an id. */
static bool read_id(const char *path, char id[JOB_ID_MAX])
{
    size_t len = 0;
    for (const char *p = path, *end = path + strlen(path); p < end; p++) {
        int byte = *p == '%' ? str_percent_byte(p, end) : (unsigned char)*p;
        if (byte <= 0 || len + 1 == JOB_ID_MAX)
            return false;
        p += *p == '%' ? 2 : 0;
        id[len++] = (char)byte;
    }
    id[len] = '\0';
    return len > 0;
}

static bool queue_route(void *state, struct request *request, const struct message *message)
{
    struct queue *q = state;
    const char *path = message->query.path;
    if (!str_starts(path, JOBS))
        return false;
    char id[JOB_ID_MAX];
    if (message->method != HTTP_GET && message->method != HTTP_HEAD)
        request_fail(request, 405, "Allow: GET, HEAD\r\n", "this path does not allow the method");
    else if (!read_id(path + strlen(JOBS), id))
        no_such_job(request);
    else
        q->broker->kind->find(q->broker, id, on_found, pending_new(q, request));
    return true;
}

/* ---- stats ---- */

static json_t *health(const struct queue *q)
{
    const struct broker_setup *setup = &q->broker->setup;
    return json_pack("{s:I, s:b, s:s, s:b}", "lost", (json_int_t)q->outage.times_away, "away",
                     q->outage.is_away, "eviction", setup->eviction, "no_log", setup->has_no_log);
}

static void queue_stats(const void *state, struct strategy_stats *out)
{
    const struct queue *q = state;
    struct job_counts now = {0};
    json_t *workers = q->workers == NULL ? json_array() : worker_team_json(q->workers);
    q->broker->kind->counts(q->broker, &now);
    out->queue_depth = now.waiting + now.delayed;
    out->more =
        json_pack("{s:{s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}}", "queue", "broker",
                  q->broker->kind->name, "health", health(q), "accepted", (json_int_t)q->accepted,
                  "waiting", (json_int_t)now.waiting, "delayed", (json_int_t)now.delayed, "active",
                  (json_int_t)now.active, "completed", (json_int_t)now.completed, "failed",
                  (json_int_t)now.failed, "missing", (json_int_t)now.missing, "workers", workers);
}

/* ---- the stop ---- */

/* The signal that ends the grace time wakes the loop, so this is called soon after. The grace time
 * of the workers is over as well. */
static void on_turn(uv_check_t *check)
{
    struct queue *q = check->data;
    if (!atomic_load(&q->env->stop))
        return;
    (void)uv_check_stop(check);
    if (q->workers != NULL)
        worker_team_hurry(q->workers, CLOSE_GRACE_NS);
}

/* Jobs being stored are answered. The workers finish running jobs and give back the rest. */
static void queue_stop(void *state)
{
    struct queue *q = state;
    (void)uv_check_start(&q->turn, on_turn);
    if (q->workers != NULL)
        worker_team_close(q->workers, q->options.grace_ns + CLOSE_GRACE_NS);
}

static bool queue_busy(const void *state)
{
    const struct queue *q = state;
    return q->workers != NULL;
}

static void dispose(struct queue *q)
{
    folder_remove(q->folder);
    free(q->url);
    free(q);
}

static void on_redis_closed(void *ctx)
{
    dispose(ctx);
}

/* A private server closes last: the workers and the broker need it until here. */
static void part_closed(struct queue *q)
{
    if (--q->open > 0)
        return;
    if (q->redis != NULL)
        private_redis_close(q->redis, on_redis_closed, q);
    else
        dispose(q);
}

static void on_broker_closed(void *ctx)
{
    part_closed(ctx);
}

static void on_turn_closed(uv_handle_t *handle)
{
    part_closed(handle->data);
}

static void on_workers_closed(void *ctx)
{
    struct queue *q = ctx;
    q->workers = NULL;
    (void)uv_async_send(q->env->wake);
    part_closed(q);
}

static void queue_close(void *state)
{
    struct queue *q = state;
    if (q->workers != NULL) /* only when a start has failed */
        worker_team_close(q->workers, CLOSE_GRACE_NS);
    if (q->broker != NULL)
        q->broker->kind->close(q->broker);
    uv_close((uv_handle_t *)&q->turn, on_turn_closed);
}

/* ---- the start ---- */

static int make_private_file(struct queue *q, struct err *err)
{
    q->folder = folder_make("bench-queue", err);
    if (q->folder == NULL)
        return -1;
    q->url = mem_printf("sqlite:%s/queue.db", folder_path(q->folder));
    q->options.broker = q->url;
    return 0;
}

static int start_private_redis(struct queue *q, struct err *err)
{
    q->redis = private_redis_start(q->env->loop, q->options.broker_folder, err);
    if (q->redis == NULL)
        return err_wrap(err, "--broker");
    q->options.broker = private_redis_url(q->redis);
    return 0;
}

/* Where the jobs are kept when the user names no place. */
static int make_place(struct queue *q, struct err *err)
{
    if (q->options.broker == NULL)
        return make_private_file(q, err);
    if (strcmp(q->options.broker, BROKER_PRIVATE_REDIS) == 0)
        return start_private_redis(q, err);
    return 0;
}

static int open_broker(struct queue *q, struct err *err)
{
    const struct broker_events events = {
        .ctx = q, .on_closed = on_broker_closed, .outage = &q->outage};
    if (make_place(q, err) < 0)
        return -1;
    const struct broker_kind *kind = broker_find(q->options.broker, err);
    if (kind == NULL)
        return -1;
    q->broker = kind->open(q->env->loop, BROKER_GATEWAY, &q->options, &events, err);
    if (q->broker == NULL)
        return -1;
    q->open++;
    return 0;
}

static int start_workers(struct queue *q, struct err *err)
{
    if (q->options.queue_workers == 0)
        return 0;
    q->workers = worker_team_start(q->env->loop, &q->options, on_workers_closed, q, err);
    if (q->workers == NULL)
        return -1;
    q->open++;
    return 0;
}

static int queue_start(struct strategy_env *env, void **state, struct err *err)
{
    struct queue *q = mem_zalloc(sizeof *q);
    q->env = env;
    q->options = *env->options;
    (void)uv_check_init(env->loop, &q->turn);
    q->turn.data = q;
    q->open = 1;
    if (open_broker(q, err) < 0 || start_workers(q, err) < 0) {
        queue_close(q);
        return -1;
    }
    *state = q;
    return 0;
}

const struct strategy strategy_queue = {
    .name = "queue",
    .has_broker = true,
    .summary = "The request is stored as a job and answered 202; worker processes do it later.",
    .head_refused = "HEAD stores no job; send GET or POST",
    .route_path = JOBS "ID",
    .start = queue_start,
    .handle = queue_handle,
    .route = queue_route,
    .stats = queue_stats,
    .stop = queue_stop,
    .busy = queue_busy,
    .close = queue_close,
};
