/* The worker's side of the Redis broker: takes jobs, keeps their locks and gives them back.
 *
 * A job that is taken is locked with a token of that take. A lock that is not renewed ends, and the
 * sweep of any worker makes the job wait again. Only the worker that still has the lock can end the
 * job (ends.c).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "targets/queue/bullmq/bullmq_internal.h"

#define TAKE_MOST   1024
#define JOB_FIELDS  8
#define MOST_STALLS "1" /* the library's default */
#define SWEEPS      4   /* requests per interval */
#define STALLED_REASON                                                                             \
    "the job stalled more often than is allowed: each of its workers died or hung"
#define FOREIGN_TELL_NS (60 * NS_PER_S)
#define UUID_BYTES      15 /* random; the sixteenth is the version and the variant */
#define FAR_MS          (INT64_C(24) * 3600 * 1000) /* longer than any sleep */

enum job_field {
    JOB_ID,
    JOB_NAME,
    JOB_DATA,
    JOB_OPTS,
    JOB_MADE,
    JOB_TIMESTAMP,
    JOB_DEFA,
    JOB_DEID
};

/* ---- taking ---- */

static void take_head(void *ctx, const struct redis_request *first, struct redis_words *words)
{
    struct redis_broker *b = ctx;
    redis_number_format(b->now, clock_wall_ms());
    redis_number_format(b->amount, (int64_t)first->amount);
    (void)snprintf(b->token, sizeof b->token, "%s:%" PRId64, b->uuid, ++b->takes_made);
    redis_words_add_text(words, b->now);
    redis_words_add_text(words, b->token);
    redis_words_add_text(words, b->lock_ms);
    redis_words_add_text(words, b->amount);
}

/* Converts by this host's clocks. If the other host's clock is ahead of ours, the age is 0. */
static int64_t added_ns(int64_t timestamp_ms)
{
    int64_t age_ms = clock_wall_ms() - timestamp_ms;
    int64_t now_ns = clock_now_ns();
    if (timestamp_ms == MISSING_TIME || age_ms > now_ns / NS_PER_MS)
        return MISSING_TIME;
    return now_ns - (age_ms < 0 ? 0 : age_ms) * NS_PER_MS;
}

/* The job's name is ignored: every job of this queue is for this worker. */
static void read_job(struct redis_broker *b, redisReply **f, struct taken_job *job)
{
    const char *id = redis_reply_text(f[JOB_ID]);
    const char *data = redis_reply_text(f[JOB_DATA]);
    const char *defa = redis_reply_text(f[JOB_DEFA]);
    const char *deduplication_id = redis_reply_text(f[JOB_DEID]);
    job->lease = leases_add(&b->leases, id, f[JOB_ID]->len, b->token);
    struct lease *lease = leases_at(&b->leases, job->lease);
    job_opts_parse(redis_reply_text(f[JOB_OPTS]), &lease->opts);
    lease->made = redis_reply_number(f[JOB_MADE], 0);
    lease->deduplication_id = mem_strdup(deduplication_id == NULL ? "" : deduplication_id);
    (void)snprintf(job->id, sizeof job->id, "%s", id);
    job->data = mem_strdup(data == NULL ? "" : data);
    job->attempt = lease->made + 1;
    job->attempts_max = lease->opts.attempts;
    job->added_ns = added_ns(redis_reply_number(f[JOB_TIMESTAMP], MISSING_TIME));
    if (defa != NULL)
        job->refused = mem_strdup(defa);
    else if (data != NULL && strlen(data) != f[JOB_DATA]->len)
        job->refused = mem_strdup("the job's data contain a NUL byte, so they are not JSON");
    lease->end = defa == NULL ? LEASE_BY_OPTS : LEASE_FINAL;
}

static bool is_job(const redisReply *reply)
{
    return reply->type == REDIS_REPLY_ARRAY && reply->elements == JOB_FIELDS &&
           reply->element[JOB_ID]->type == REDIS_REPLY_STRING;
}

static bool is_take(const redisReply *reply, size_t most)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 3 ||
        reply->element[0]->type != REDIS_REPLY_STRING ||
        reply->element[1]->type != REDIS_REPLY_INTEGER ||
        reply->element[2]->type != REDIS_REPLY_ARRAY || reply->element[2]->elements > most)
        return false;
    for (size_t i = 0; i < reply->element[2]->elements; i++)
        if (!is_job(reply->element[2]->element[i]))
            return false;
    return true;
}

static void tell_of_foreign(struct redis_broker *b)
{
    int64_t now_ns = clock_now_ns();
    if (b->foreign_told_ns != 0 && now_ns - b->foreign_told_ns < FOREIGN_TELL_NS)
        return;
    b->foreign_told_ns = now_ns;
    log_warn("the broker: jobs of a flow or of a scheduler wait in the queue %s; only BullMQ's own "
             "workers can end them, so they are left to those",
             b->options->queue);
}

/* Sleeps; the reason why there were no more jobs decides what to wait for. */
static void sleep_on(struct redis_broker *b, const char *why, int64_t ms)
{
    bool is_known = ms >= 0 && ms < FAR_MS;
    int64_t until_ns = is_known ? clock_now_ns() + ms * NS_PER_MS : INT64_MAX;
    bool is_foreign = strcmp(why, "foreign") == 0;
    if (is_foreign)
        tell_of_foreign(b);
    if (is_foreign || strcmp(why, "limited") == 0)
        redis_marker_pause(b->marker, until_ns);
    else
        redis_marker_sleep(b->marker, until_ns);
}

/* Releases jobs that arrived too late for the worker. */
static void give_back(struct redis_broker *b, struct taken_job *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        redis_worker_release(&b->base, &jobs[i]);
        taken_job_fini(&jobs[i]);
    }
}

/* The marker is set before the jobs are handed over, because the worker may take again at once. */
static void on_taken(void *ctx, struct redis_request *request, size_t requests,
                     const struct link_answer *answer)
{
    struct redis_broker *b = ctx;
    struct err err;
    struct taken_job *jobs = NULL;
    size_t count = 0;
    const struct err *failed = redis_reply_err(answer, &err);
    (void)requests;
    if (failed == NULL && !is_take(answer->reply, request->amount))
        failed = redis_reply_strange(&err, "the jobs that were taken");
    if (failed == NULL) {
        const redisReply *list = answer->reply->element[2];
        count = list->elements;
        jobs = mem_array(count == 0 ? 1 : count, sizeof *jobs);
        for (size_t i = 0; i < count; i++)
            read_job(b, list->element[i]->element, &jobs[i]);
    }
    if (b->closing) {
        give_back(b, jobs, count);
        count = 0;
        (void)err_set(&err, ERR_INTERRUPTED, "the broker is being closed");
        failed = &err;
    } else if (failed != NULL) {
        redis_marker_pause(b->marker, INT64_MAX);
    } else if (count < request->amount) {
        sleep_on(b, answer->reply->element[0]->str, answer->reply->element[1]->integer);
    }
    request->done.taken(request->ctx, jobs, count, failed);
    free(jobs);
}

void redis_worker_take(struct broker *broker, size_t most, broker_taken_fn done, void *ctx)
{
    struct redis_broker *b = redis_broker_of(broker);
    struct redis_request *request = redis_request_new(ctx, 0);
    request->done.taken = done;
    request->amount = most < TAKE_MOST ? most : TAKE_MOST;
    redis_marker_stay_awake(b->marker);
    redis_batcher_add(b->batchers[REDIS_TAKE], request);
}

/* ---- giving back, renewing ---- */

static void on_told(void *ctx, struct redis_request *first, size_t count,
                    const struct link_answer *answer)
{
    (void)ctx;
    (void)first;
    (void)count;
    (void)answer; /* if it was not done, the lock ends by itself */
}

void redis_worker_release(struct broker *broker, const struct taken_job *job)
{
    struct redis_broker *b = redis_broker_of(broker);
    redis_batcher_add(b->batchers[REDIS_RELEASE],
                      lease_request(leases_at(&b->leases, job->lease), NULL, 0));
    leases_drop(&b->leases, job->lease);
}

static void renew_head(void *ctx, const struct redis_request *first, struct redis_words *words)
{
    struct redis_broker *b = ctx;
    (void)first;
    redis_words_add_text(words, b->lock_ms);
}

void redis_worker_renew(struct broker *broker, const struct taken_job *const *jobs, size_t count)
{
    struct redis_broker *b = redis_broker_of(broker);
    for (size_t i = 0; i < count; i++)
        redis_batcher_add(b->batchers[REDIS_RENEW],
                          lease_request(leases_at(&b->leases, jobs[i]->lease), NULL, 0));
}

/* ---- sweeping ---- */

static void on_swept(void *ctx, const struct link_answer *answer)
{
    (void)ctx;
    if (answer->end == LINK_ANSWERED && answer->reply->type == REDIS_REPLY_ARRAY &&
        answer->reply->elements > 0)
        log_info("the broker: %zu stalled jobs wait again", answer->reply->elements);
}

/* Every worker requests sweeps; only the first request in each interval is done. A worker sends
 * several per interval: with one, a request that came just before the end of an interval would be
 * followed only at the end of the next. */
static void on_timer(uv_timer_t *timer)
{
    struct redis_broker *b = timer->data;
    struct err err;
    const char *const argv[] = {b->key, b->interval_ms, MOST_STALLS, STALLED_REASON};
    const struct link_request r = {.argv = argv, .argc = LEN(argv), .done = on_swept, .ctx = b};
    (void)link_send_script(b->link, REDIS_SWEEP, 1, &r, &err);
}

/* ---- opening ---- */

static void on_marker_wake(void *ctx)
{
    struct redis_broker *b = ctx;
    b->events.on_wake(b->events.ctx);
}

static int make_uuid(struct redis_broker *b, struct err *err)
{
    char hex[2 * UUID_BYTES + 1];
    if (rng_hex(hex, UUID_BYTES) < 0)
        return err_set(err, ERR_USAGE, "the system gives no random numbers");
    /* Version 4, whose fourth group begins with 8 to b. */
    (void)snprintf(b->uuid, sizeof b->uuid, "%.8s-%.4s-4%.3s-8%.3s-%.12s", hex, hex + 8, hex + 12,
                   hex + 15, hex + 18);
    rng_init(&b->rng, strtoull(b->uuid, NULL, 16)); /* its first group */
    return 0;
}

/* The name that the library gives to the connections of its workers; NULL when it would contain
 * anything but printable ASCII without blanks. */
static char *client_name(const struct target_options *options)
{
    char *queue = base64_encode(options->queue, strlen(options->queue));
    char *name = mem_printf("%s:%s", options->prefix, queue);
    free(queue);
    for (const char *p = name; *p != '\0'; p++) {
        if (*p <= ' ' || *p > '~') {
            free(name);
            return NULL;
        }
    }
    return name;
}

static int open_marker(struct redis_broker *b, void (*on_closed)(void *ctx), struct err *err)
{
    size_t stem = strlen(b->key) - strlen("meta");
    char *key = mem_printf("%.*smarker", (int)stem, b->key);
    char *name = client_name(b->options);
    const struct redis_marker_spec spec = {.url = b->options->broker,
                                           .key = key,
                                           .client_name = name,
                                           .ctx = b,
                                           .on_wake = on_marker_wake,
                                           .on_closed = on_closed};
    b->marker = redis_marker_open(b->loop, &spec, err);
    free(name);
    free(key);
    return b->marker == NULL ? -1 : 0;
}

int redis_worker_open(struct redis_broker *b, void (*on_marker_closed)(void *ctx), struct err *err)
{
    struct redis_batcher_spec spec = {.loop = b->loop, .link = b->link, .key = b->key, .ctx = b};
    if (make_uuid(b, err) < 0 || open_marker(b, on_marker_closed, err) < 0)
        return -1;
    uint64_t interval_ms = (uint64_t)(b->options->stalled_interval_ns / NS_PER_MS);
    redis_number_format(b->lock_ms, b->options->job_lease_ns / NS_PER_MS);
    redis_number_format(b->interval_ms, (int64_t)interval_ms);

    spec.script = REDIS_TAKE;
    spec.requests_most = 1;
    spec.head = take_head;
    spec.on_answer = on_taken;
    spec.under_way_most = 1; /* b->token is the token of the take under way */
    b->batchers[REDIS_TAKE] = redis_batcher_new(&spec);

    spec.under_way_most = REDIS_WORKER_UNDER_WAY;
    spec.requests_most = REDIS_LEASES_MOST;
    spec.on_answer = on_told;
    spec.script = REDIS_RENEW;
    spec.head = renew_head;
    b->batchers[REDIS_RENEW] = redis_batcher_new(&spec);

    spec.script = REDIS_RELEASE;
    spec.head = NULL;
    b->batchers[REDIS_RELEASE] = redis_batcher_new(&spec);
    (void)uv_timer_start(&b->timer, on_timer, 0, interval_ms / SWEEPS);
    return 0;
}
