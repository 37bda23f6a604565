/* The embedded broker: an SQLite file that gateway and workers have open.
 *
 * All writing of a process is done by one thread, a transaction at a time (broker_lane, job_store).
 * What is asked for while a transaction runs goes into the next, so a hundred requests at once cost
 * one commit and not a hundred, and each is answered only when that commit has returned:
 *
 *     loop      [add 1..40]  [add 41..90]        [202 for 1..40][add 91..]  [202 for 41..90]
 *     thread                [ store 1..40, COMMIT ]             [ store 41..90, COMMIT ]
 *
 * A gateway looks jobs up on a second thread with a connection of its own, which never waits for a
 * writer. A worker that finds no job sleeps until another process writes (job_watch).
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/queue/sqlite/ask.h"
#include "targets/queue/sqlite/broker.h"
#include "targets/queue/sqlite/lane.h"
#include "targets/queue/sqlite/store.h"
#include "targets/queue/sqlite/watch.h"

#define COUNTS_FRESH_NS (5 * NS_PER_MS)
#define TAKE_MOST       1024

struct sqlite_broker;

/* A connection and the thread that uses it. The rest is the thread's while it has a batch. */
struct side {
    struct sqlite_broker *owner;
    struct lane *lane;
    struct job_store *store;
    bool failed; /* of the batch; nothing of it has happened */
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
    int takes; /* asked for and not answered */
    int open;  /* parts that have yet to close */
};

static struct sqlite_broker *of(struct broker *b)
{
    return (struct sqlite_broker *)b;
}

/* ---- on a side's thread ---- */

static void on_changes(void *ctx, struct lane_ask *first)
{
    struct side *side = ctx;
    job_store_tend(side->store); /* what was answered does not wait for this */
    int failed = job_store_begin(side->store, &side->err);
    if (failed == 0)
        failed = ask_do_all(side->store, first, &side->err);
    if (failed == 0)
        failed = job_store_commit(side->store, &side->err);
    if (failed < 0)
        job_store_rollback(side->store);
    side->failed = failed < 0;
}

static void on_questions(void *ctx, struct lane_ask *first)
{
    struct side *side = ctx;
    side->failed = ask_do_all(side->store, first, &side->err) < 0;
}

static void on_last(void *ctx)
{
    struct side *side = ctx;
    job_store_close(side->store);
}

/* ---- answers, on the loop ---- */

/* These jobs will never reach the worker. */
static void give_back(struct sqlite_broker *b, struct ask *ask)
{
    for (size_t i = 0; i < ask->count; i++) {
        b->base.kind->release(&b->base, &ask->jobs[i]);
        taken_job_fini(&ask->jobs[i]);
    }
}

/* Wakes are told about before the jobs: the worker may take again at once. */
static void watch_again(struct sqlite_broker *b, const struct ask *ask, const struct err *err)
{
    if (--b->takes > 0 || b->closing)
        return;
    if (err != NULL)
        job_watch_pause(b->watch);
    else if (ask->count < ask->most)
        job_watch_sleep(b->watch, ask->next_ns);
}

static void answer_take(struct sqlite_broker *b, struct ask *ask, const struct err *err)
{
    static const struct err closing = {ERR_INTERRUPTED, "the broker is being closed"};
    if (err != NULL) {
        for (size_t i = 0; i < ask->count; i++)
            taken_job_fini(&ask->jobs[i]);
        ask->count = 0;
    } else if (b->closing) {
        give_back(b, ask);
        ask->count = 0;
        err = &closing;
    }
    watch_again(b, ask, err);
    ask->done.taken(ask->ctx, ask->jobs, ask->count, err);
    free(ask->jobs);
}

static void answer(struct sqlite_broker *b, struct ask *ask, const struct err *err)
{
    if (ask->kind == ASK_TAKE)
        answer_take(b, ask, err);
    else
        ask_answer(ask, err);
    free(ask);
}

static void on_done(void *ctx, struct lane_ask *first)
{
    struct side *side = ctx;
    struct sqlite_broker *b = side->owner;
    /* Copied: while these are answered, nothing else is under way, but then it is. */
    const struct err err = side->err;
    bool failed = side->failed;
    if (side == &b->writer && !failed) {
        b->counts = job_store_counts(side->store);
        b->counted_ns = clock_now_ns();
    }
    while (first != NULL) {
        struct lane_ask *next = first->next;
        answer(b, (struct ask *)first, failed ? &err : NULL);
        first = next;
    }
}

/* ---- a gateway asks ---- */

static void sqlite_add(struct broker *broker, const char *data, size_t len, broker_added_fn done,
                       void *ctx)
{
    struct ask *ask = ask_new(ASK_ADD, data, len, ctx);
    ask->done.added = done;
    ask->added_ns = clock_now_ns();
    lane_ask(of(broker)->writer.lane, &ask->link);
}

static void sqlite_find(struct broker *broker, const char *id, broker_found_fn done, void *ctx)
{
    struct ask *ask = ask_new(ASK_FIND, id, strlen(id), ctx);
    ask->done.found = done;
    lane_ask(of(broker)->reader.lane, &ask->link);
}

/* Not while the writer is busy: the reader may see jobs whose commit has not been answered yet. */
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

/* ---- a worker asks ---- */

static void sqlite_take(struct broker *broker, size_t most, broker_taken_fn done, void *ctx)
{
    struct sqlite_broker *b = of(broker);
    struct ask *ask = ask_new(ASK_TAKE, "", 0, ctx);
    ask->done.taken = done;
    ask->most = most < TAKE_MOST ? most : TAKE_MOST;
    ask->jobs = mem_array(ask->most, sizeof *ask->jobs);
    b->takes++;
    job_watch_stay_awake(b->watch);
    lane_ask(b->writer.lane, &ask->link);
}

static void ask_about(struct broker *broker, enum ask_kind kind, const struct taken_job *job)
{
    struct ask *ask = ask_new(kind, "", 0, NULL);
    ask->job = *job;
    lane_ask(of(broker)->writer.lane, &ask->link);
}

static void sqlite_renew(struct broker *broker, const struct taken_job *const *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ask_about(broker, ASK_RENEW, jobs[i]);
}

static void sqlite_release(struct broker *broker, const struct taken_job *job)
{
    ask_about(broker, ASK_RELEASE, job);
}

static void sqlite_finish(struct broker *broker, const struct taken_job *job, const char *result,
                          const char *error, broker_finished_fn done, void *ctx)
{
    const char *text = result != NULL ? result : error;
    struct ask *ask = ask_new(ASK_FINISH, text, strlen(text), ctx);
    ask->done.finished = done;
    ask->job = *job;
    if (result != NULL)
        ask->result = ask->text;
    else
        ask->error = ask->text;
    lane_ask(of(broker)->writer.lane, &ask->link);
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

/* One connection after the other: the last to close a file empties its log, but of two that close
 * at the same moment neither is the last. */
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
    const struct lane_events events = {side, reads ? on_questions : on_changes, on_done, on_last,
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
        b->events.on_closed = NULL; /* the caller never had it */
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
