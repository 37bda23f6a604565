/* The gateway's side of the Redis broker: adds jobs, looks them up and counts them. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/queue/bullmq/bullmq_internal.h"

#define JOB_NAME        "heavy"
#define ADDS_MOST       512 /* in a batch, so that a script blocks the server for a few ms only */
#define ADDS_UNDER_WAY  1   /* with two, batches are smaller and accepting is slower by a tenth */
#define FINDS_UNDER_WAY 64
#define COUNTS_MS       25 /* the maximum age of the counts */
#define FOUND_FIELDS    10
#define COUNTS_OLD_NS   (COUNTS_MS * NS_PER_MS)

/* ---- counts ---- */

static void set_counts(struct redis_broker *b, const struct job_counts *counts)
{
    b->counts = *counts;
    b->counted_ns = clock_now_ns();
}

static void on_counts(void *ctx, const struct link_answer *answer)
{
    struct redis_broker *b = ctx;
    struct job_counts counts;
    b->counting = false;
    if (answer->end == LINK_ANSWERED && redis_reply_counts(answer->reply, 0, &counts))
        set_counts(b, &counts);
}

/* Each answer to an add includes the counts. Without one, they are requested, because workers
 * change them, too. The request uses the link that adds, so that it falls between two answers. */
static void on_timer(uv_timer_t *timer)
{
    struct redis_broker *b = timer->data;
    struct err err;
    const char *const argv[] = {b->key};
    const struct link_request r = {.argv = argv, .argc = 1, .done = on_counts, .ctx = b};
    if (b->counting || clock_now_ns() - b->counted_ns < COUNTS_OLD_NS)
        return;
    b->counting = link_send_script(b->link, REDIS_COUNTS, 1, &r, &err) == 0;
}

void redis_gateway_counts(struct broker *broker, struct job_counts *out)
{
    *out = redis_broker_of(broker)->counts;
}

/* ---- adding ---- */

static void add_head(void *ctx, const struct redis_request *first, struct redis_words *words)
{
    struct redis_broker *b = ctx;
    (void)first;
    redis_number_format(b->now, clock_wall_ms());
    redis_words_add_text(words, b->now);
    redis_words_add_text(words, JOB_NAME);
    redis_words_add_text(words, b->opts);
}

/* The ids of a batch are consecutive. */
static void on_added(void *ctx, struct redis_request *first, size_t count,
                     const struct link_answer *answer)
{
    struct redis_broker *b = ctx;
    struct err err;
    struct job_counts counts;
    char id[REDIS_NUMBER_MAX];
    const struct err *failed = redis_reply_err(answer, &err);
    (void)count;
    if (failed == NULL && !(redis_reply_counts(answer->reply, 1, &counts) &&
                            answer->reply->element[0]->type == REDIS_REPLY_INTEGER))
        failed = redis_reply_strange(&err, "the new job's id");
    int64_t number = failed == NULL ? answer->reply->element[0]->integer : 0;
    if (failed == NULL)
        set_counts(b, &counts);
    for (const struct redis_request *request = first; request != NULL; request = request->next) {
        redis_number_format(id, number++);
        request->done.added(request->ctx, failed == NULL ? id : NULL, failed);
    }
}

void redis_gateway_add(struct broker *broker, const char *data, size_t len, broker_added_fn done,
                       void *ctx)
{
    struct redis_request *request = redis_request_new(ctx, len);
    request->done.added = done;
    redis_request_add(request, data, len);
    redis_batcher_add(redis_broker_of(broker)->batchers[REDIS_ADD], request);
}

/* ---- looking up ---- */

static enum job_state state_of(const char *name)
{
    enum job_state state = JOB_WAITING;
    for (size_t i = 0; i < JOB_STATES; i++) {
        if (name != NULL && strcmp(name, job_state_names[i]) == 0)
            state = (enum job_state)i;
    }
    return state;
}

static void answer_found(const struct redis_request *request, const redisReply *reply)
{
    redisReply **f = reply->element;
    struct job_opts opts;
    job_opts_parse(redis_reply_text(f[2]), &opts);
    enum job_state state = state_of(redis_reply_text(f[0]));
    const struct job_view view = {
        .id = request->words[0],
        .state = state,
        .data = redis_reply_text(f[1]),
        .result = redis_reply_text(f[3]),
        .error = redis_reply_text(f[4]),
        .attempts = redis_reply_number(f[5], 0) + (state == JOB_ACTIVE ? 1 : 0),
        .attempts_max = opts.attempts,
        .added_wall_ms = redis_reply_number(f[7], MISSING_TIME),
        .started_wall_ms = redis_reply_number(f[8], MISSING_TIME),
        .ended_wall_ms = redis_reply_number(f[9], MISSING_TIME),
    };
    request->done.found(request->ctx, &view, NULL);
    job_opts_fini(&opts);
}

static void on_found(void *ctx, struct redis_request *request, size_t count,
                     const struct link_answer *answer)
{
    struct err err;
    const struct err *failed = redis_reply_err(answer, &err);
    const redisReply *reply = answer->reply;
    (void)ctx;
    (void)count;
    if (failed == NULL && reply->type != REDIS_REPLY_NIL &&
        !(reply->type == REDIS_REPLY_ARRAY && reply->elements == FOUND_FIELDS))
        failed = redis_reply_strange(&err, "a job");
    if (failed != NULL || reply->type == REDIS_REPLY_NIL)
        request->done.found(request->ctx, NULL, failed);
    else
        answer_found(request, reply);
}

void redis_gateway_find(struct broker *broker, const char *id, broker_found_fn done, void *ctx)
{
    size_t len = strlen(id) + 1; /* with its NUL, for the answer */
    struct redis_request *request = redis_request_new(ctx, len);
    request->done.found = done;
    redis_request_add(request, id, len);
    request->lens[0]--;
    redis_batcher_add(redis_broker_of(broker)->batchers[REDIS_FIND], request);
}

void redis_gateway_open(struct redis_broker *b)
{
    struct redis_batcher_spec spec = {
        .loop = b->loop,
        .link = b->link,
        .script = REDIS_ADD,
        .key = b->key,
        .under_way_most = ADDS_UNDER_WAY,
        .requests_most = ADDS_MOST,
        .ctx = b,
        .head = add_head,
        .on_answer = on_added,
    };
    b->batchers[REDIS_ADD] = redis_batcher_new(&spec);
    spec.script = REDIS_FIND;
    spec.under_way_most = FINDS_UNDER_WAY;
    spec.requests_most = 1;
    spec.head = NULL;
    spec.on_answer = on_found;
    b->batchers[REDIS_FIND] = redis_batcher_new(&spec);
    (void)uv_timer_start(&b->timer, on_timer, 0, COUNTS_MS);
}
