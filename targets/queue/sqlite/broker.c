/* The embedded broker: an SQLite file that the gateway and its workers have open.
 *
 * In each process one thread writes, one transaction at a time (lane.c, store.c). Requests that
 * arrive during a transaction are the batch of the next one, so a hundred requests at once cost one
 * commit and not a hundred. Each is answered only when that commit has returned:
 *
 *     loop      [add 1..40]  [add 41..90]        [202 for 1..40][add 91..]  [202 for 41..90]
 *     thread                [ store 1..40, COMMIT ]             [ store 41..90, COMMIT ]
 *
 * A gateway looks jobs up on a second thread with a connection of its own, which never waits for a
 * writer. A worker that finds no job sleeps until another process writes (watch.c).
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/queue/sqlite/broker.h"
#include "targets/queue/sqlite/lane.h"
#include "targets/queue/sqlite/request.h"
#include "targets/queue/sqlite/store.h"
#include "targets/queue/sqlite/watch.h"

#define COUNTS_FRESH_NS (5 * NS_PER_MS)
#define TAKE_MOST       1024

struct sqlite_broker;

/* A connection and the thread that uses it. While that has a batch, the loop must not use the store
 * and what follows. */
struct side {
    struct sqlite_broker *owner;
    struct lane *lane;
    struct job_store *store;
    bool failed; /* the batch failed, and nothing of it is stored */
    struct err err;
};

struct sqlite_broker {
    struct broker base;
    struct broker_events events;
    struct side writer, reader; /* reader: a gateway's */
    struct job_watch *watch;    /* a worker's */
    struct job_counts counts;
    int64_t counted_ns;
    bool closing;
    int takes; /* requested and not answered */
    int open;  /* parts that are not closed yet */
};

static struct sqlite_broker *of(struct broker *b)
{
    return (struct sqlite_broker *)b;
}

/* ---- on a side's thread ---- */

static void on_changes(void *ctx, struct lane_request *first)
{
    struct side *side = ctx;
    job_store_tend(side->store); /* before the transaction, so that no answer waits for it */
    int failed = job_store_begin(side->store, &side->err);
    if (failed == 0)
        failed = job_requests_do(side->store, first, &side->err);
    if (failed == 0)
        failed = job_store_commit(side->store, &side->err);
    if (failed < 0)
        job_store_rollback(side->store);
    side->failed = failed < 0;
}

static void on_lookups(void *ctx, struct lane_request *first)
{
    struct side *side = ctx;
    side->failed = job_requests_do(side->store, first, &side->err) < 0;
}

static void on_last(void *ctx)
{
    struct side *side = ctx;
    job_store_close(side->store);
}

/* ---- answers, on the loop ---- */

/* Releases jobs that arrived too late for the worker. */
static void give_back(struct sqlite_broker *b, struct job_request *request)
{
    for (size_t i = 0; i < request->count; i++) {
        b->base.kind->release(&b->base, &request->jobs[i]);
        taken_job_fini(&request->jobs[i]);
    }
}

/* The watch is set before the jobs are handed over, because the worker may take again at once. */
static void watch_again(struct sqlite_broker *b, const struct job_request *request,
                        const struct err *err)
{
    if (--b->takes > 0 || b->closing)
        return;
    if (err != NULL)
        job_watch_pause(b->watch);
    else if (request->count < request->most)
        job_watch_sleep(b->watch, request->next_ns);
}

static void answer_take(struct sqlite_broker *b, struct job_request *request, const struct err *err)
{
    static const struct err closing = {ERR_INTERRUPTED, "the broker is being closed"};
    if (err != NULL) {
        for (size_t i = 0; i < request->count; i++)
            taken_job_fini(&request->jobs[i]);
        request->count = 0;
    } else if (b->closing) {
        give_back(b, request);
        request->count = 0;
        err = &closing;
    }
    watch_again(b, request, err);
    request->done.taken(request->ctx, request->jobs, request->count, err);
    free(request->jobs);
}

static void answer(struct sqlite_broker *b, struct job_request *request, const struct err *err)
{
    if (request->kind == REQUEST_TAKE)
        answer_take(b, request, err);
    else
        job_request_answer(request, err);
    free(request);
}

static void on_done(void *ctx, struct lane_request *first)
{
    struct side *side = ctx;
    struct sqlite_broker *b = side->owner;
    /* Copied, because the next batch overwrites it. */
    const struct err err = side->err;
    bool failed = side->failed;
    if (side == &b->writer && !failed) {
        b->counts = job_store_counts(side->store);
        b->counted_ns = clock_now_ns();
    }
    while (first != NULL) {
        struct lane_request *next = first->next;
        answer(b, (struct job_request *)first, failed ? &err : NULL);
        first = next;
    }
}

/* ---- requests of a gateway ---- */

static void sqlite_add(struct broker *broker, const char *data, size_t len, broker_added_fn done,
                       void *ctx)
{
    struct job_request *request = job_request_new(REQUEST_ADD, data, len, ctx);
    request->done.added = done;
    request->added_ns = clock_now_ns();
    lane_add(of(broker)->writer.lane, &request->in_lane);
}

static void sqlite_find(struct broker *broker, const char *id, broker_found_fn done, void *ctx)
{
    struct job_request *request = job_request_new(REQUEST_FIND, id, strlen(id), ctx);
    request->done.found = done;
    lane_add(of(broker)->reader.lane, &request->in_lane);
}

/* Refreshes the counts only while the writer is idle: otherwise the reader may see jobs whose
 * commit is not answered yet. */
static void sqlite_counts(struct broker *broker, struct job_counts *out)
{
    struct sqlite_broker *b = of(broker);
    int64_t now_ns = clock_now_ns();
    if (now_ns - b->counted_ns > COUNTS_FRESH_NS && b->reader.lane != NULL &&
        lane_is_idle(b->reader.lane) && lane_is_idle(b->writer.lane)) {
        job_store_refresh_counts(b->reader.store); /* one row, just written: in memory */
        b->counts = job_store_counts(b->reader.store);
        b->counted_ns = now_ns;
    }
    *out = b->counts;
}

/* ---- requests of a worker ---- */

static void sqlite_take(struct broker *broker, size_t most, broker_taken_fn done, void *ctx)
{
    struct sqlite_broker *b = of(broker);
    struct job_request *request = job_request_new(REQUEST_TAKE, "", 0, ctx);
    request->done.taken = done;
    request->most = most < TAKE_MOST ? most : TAKE_MOST;
    request->jobs = mem_array(request->most, sizeof *request->jobs);
    b->takes++;
    job_watch_stay_awake(b->watch);
    lane_add(b->writer.lane, &request->in_lane);
}

static void request_about(struct broker *broker, enum job_request_kind kind,
                          const struct taken_job *job)
{
    struct job_request *request = job_request_new(kind, "", 0, NULL);
    request->job = *job;
    lane_add(of(broker)->writer.lane, &request->in_lane);
}

static void sqlite_renew(struct broker *broker, const struct taken_job *const *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        request_about(broker, REQUEST_RENEW, jobs[i]);
}

static void sqlite_release(struct broker *broker, const struct taken_job *job)
{
    request_about(broker, REQUEST_RELEASE, job);
}

static void sqlite_finish(struct broker *broker, const struct taken_job *job, const char *result,
                          const char *error, broker_finished_fn done, void *ctx)
{
    const char *text = result != NULL ? result : error;
    struct job_request *request = job_request_new(REQUEST_FINISH, text, strlen(text), ctx);
    request->done.finished = done;
    request->job = *job;
    if (result != NULL)
        request->result = request->text;
    else
        request->error = request->text;
    lane_add(of(broker)->writer.lane, &request->in_lane);
}

static void on_wake(void *ctx)
{
    struct sqlite_broker *b = ctx;
    b->events.on_wake(b->events.ctx);
}

/* ---- opening and closing ---- */

static void part_closed(struct sqlite_broker *b)
{
    if (--b->open > 0)
        return;
    struct broker_events events = b->events;
    free(b);
    if (events.on_closed != NULL)
        events.on_closed(events.ctx);
}

/* Closes one connection after the other: the last to close a file empties its log, but of two that
 * close at the same moment neither is the last. */
static void on_side_closed(void *ctx)
{
    struct side *side = ctx;
    if (side == &side->owner->reader)
        lane_close(side->owner->writer.lane);
    part_closed(side->owner);
}

static void on_watch_closed(void *ctx)
{
    part_closed(ctx);
}

static void sqlite_close(struct broker *broker)
{
    struct sqlite_broker *b = of(broker);
    b->closing = true;
    if (b->watch != NULL)
        job_watch_close(b->watch);
    lane_close(b->reader.lane != NULL ? b->reader.lane : b->writer.lane);
}

static int open_side(struct sqlite_broker *b, struct side *side, uv_loop_t *loop,
                     const struct target_options *options, struct err *err)
{
    bool reads = side == &b->reader;
    const struct lane_events events = {side, reads ? on_lookups : on_changes, on_done, on_last,
                                       on_side_closed};
    side->owner = b;
    side->store = job_store_open(options, reads ? JOB_SQL_READS : JOB_SQL_WRITES, err);
    if (side->store == NULL)
        return -1;
    side->lane = lane_open(loop, &events, err);
    if (side->lane != NULL) {
        b->open++;
        return 0;
    }
    job_store_close(side->store);
    return -1;
}

static struct broker *sqlite_open(uv_loop_t *loop, enum broker_role role,
                                  const struct target_options *options,
                                  const struct broker_events *events, struct err *err)
{
    struct sqlite_broker *b = mem_zalloc(sizeof *b);
    const struct job_watch_events of_watch = {b, on_wake, on_watch_closed};
    b->base.kind = &broker_sqlite;
    b->events = *events;
    if (open_side(b, &b->writer, loop, options, err) < 0) {
        free(b);
        return NULL;
    }
    b->counts = job_store_counts(b->writer.store);
    if (role == BROKER_GATEWAY && open_side(b, &b->reader, loop, options, err) < 0) {
        b->events.on_closed = NULL; /* the caller does not get the broker */
        sqlite_close(&b->base);
        return NULL;
    }
    if (role == BROKER_WORKER) {
        b->watch = job_watch_open(loop, job_store_log_path(b->writer.store), &of_watch);
        b->open++;
    }
    return &b->base;
}

const struct broker_kind broker_sqlite = {
    .name = "sqlite",
    .scheme = "sqlite:",
    .open = sqlite_open,
    .add = sqlite_add,
    .find = sqlite_find,
    .counts = sqlite_counts,
    .take = sqlite_take,
    .renew = sqlite_renew,
    .finish = sqlite_finish,
    .release = sqlite_release,
    .close = sqlite_close,
};
