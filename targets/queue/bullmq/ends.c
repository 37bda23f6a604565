/* Ends attempts on Redis: completed, failed for good, or to be tried again.
 *
 * The worker decides by the job's own opts whether another attempt follows a failed one. A worker
 * that has lost the lock changes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "targets/queue/bullmq/bullmq_internal.h"

/* Of the answers of finish.lua. */
enum { HAS_CHILDREN = -4, CHILD_FAILED = -9 };

static void end_head(void *ctx, const struct redis_request *first, struct redis_words *words)
{
    struct redis_broker *b = ctx;
    (void)first;
    redis_number_format(b->now, clock_wall_ms());
    redis_words_add_text(words, b->now);
    redis_words_add_text(words, b->keep);
    redis_words_add_text(words, b->keep);
}

static bool are_ends(const redisReply *reply, size_t count)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (reply->element[i]->type != REDIS_REPLY_INTEGER)
            return false;
    return true;
}

/* Makes the text valid UTF-8, which the server and the library expect. */
static char *sound_text(const char *text)
{
    char *copy = mem_strdup(text);
    if (!str_is_utf8(copy, strlen(copy)))
        str_make_printable(copy, strlen(copy));
    return copy;
}

/* `more`, as in finish.lua: the job's own keep rule, or the pause. */
static struct redis_request *new_end(const struct lease *lease, const char *word, const char *text,
                                     const char *more, void *ctx)
{
    char made[REDIS_NUMBER_MAX];
    redis_number_format(made, lease->made);
    size_t room =
        strlen(word) + strlen(text) + strlen(more) + strlen(made) + strlen(lease->deduplication_id);
    struct redis_request *request = lease_request(lease, ctx, room);
    redis_request_add_text(request, word);
    redis_request_add_text(request, text);
    redis_request_add_text(request, more);
    redis_request_add_text(request, made);
    redis_request_add_text(request, lease->deduplication_id);
    return request;
}

static struct redis_request *new_completion(const struct lease *lease, const char *result,
                                            void *ctx)
{
    struct redis_request *request =
        new_end(lease, "completed", result, lease->opts.keep_completed, ctx);
    request->end = JOB_END_COMPLETED;
    return request;
}

static struct redis_request *new_failure(struct redis_broker *b, const struct lease *lease,
                                         const char *error, void *ctx)
{
    char pause[REDIS_NUMBER_MAX];
    char *reason = sound_text(error);
    int64_t ms = lease->end == LEASE_FINAL
                     ? JOB_PAUSE_NEVER
                     : job_opts_pause_ms(&lease->opts, lease->made + 1, &b->rng);
    bool is_final = ms == JOB_PAUSE_NEVER;
    redis_number_format(pause, ms);
    struct redis_request *request =
        is_final ? new_end(lease, "failed", reason, lease->opts.keep_failed, ctx)
                 : new_end(lease, "retry", reason, pause, ctx);
    request->end = is_final ? JOB_END_FAILED : JOB_END_RETRY;
    free(reason);
    return request;
}

static void end_attempt(struct redis_broker *b, int64_t lease, struct redis_request *request,
                        broker_finished_fn done)
{
    request->done.finished = done;
    request->lease = lease;
    redis_batcher_add(b->batchers[REDIS_FINISH], request);
}

/* finish.lua does not complete a job with children that have not ended or that failed. Then the
 * attempt fails, as the library does it: for good when a child failed. */
static bool fail_instead(struct redis_broker *b, const struct redis_request *request, int64_t code)
{
    const char *reason = NULL;
    struct lease *lease = leases_at(&b->leases, request->lease);
    if (code == HAS_CHILDREN) {
        reason = "the job has children that have not ended";
    } else if (code == CHILD_FAILED) {
        reason = "a child of the job failed";
        lease->end = LEASE_FINAL;
    } else {
        return false;
    }
    end_attempt(b, request->lease, new_failure(b, lease, reason, request->ctx),
                request->done.finished);
    return true;
}

/* An attempt is lost if another worker ended it in between, or if an earlier batch stored its end
 * and the answer to that batch never arrived. */
static void on_ended(void *ctx, struct redis_request *first, size_t count,
                     const struct link_answer *answer)
{
    struct redis_broker *b = ctx;
    struct err err;
    size_t i = 0;
    const struct err *failed = redis_reply_err(answer, &err);
    const redisReply *reply = answer->reply;
    if (failed == NULL && !are_ends(reply, count))
        failed = redis_reply_strange(&err, "the ends of jobs");
    for (const struct redis_request *request = first; request != NULL;
         request = request->next, i++) {
        int64_t code = failed == NULL ? reply->element[i]->integer : 0;
        if (fail_instead(b, request, code))
            continue;
        if (failed == NULL)
            leases_drop(&b->leases, request->lease);
        request->done.finished(request->ctx, code == 0 ? request->end : JOB_END_LOST, failed);
    }
}

void redis_ends_finish(struct broker *broker, const struct taken_job *job, const char *result,
                       const char *error, broker_finished_fn done, void *ctx)
{
    struct redis_broker *b = redis_broker_of(broker);
    const struct lease *lease = leases_at(&b->leases, job->lease);
    struct redis_request *request =
        result != NULL ? new_completion(lease, result, ctx) : new_failure(b, lease, error, ctx);
    end_attempt(b, job->lease, request, done);
}

void redis_ends_open(struct redis_broker *b)
{
    const struct redis_batcher_spec spec = {
        .loop = b->loop,
        .link = b->link,
        .script = REDIS_FINISH,
        .key = b->key,
        .under_way_most = REDIS_WORKER_UNDER_WAY,
        .requests_most = REDIS_LEASES_MOST,
        .ctx = b,
        .head = end_head,
        .on_answer = on_ended,
    };
    b->batchers[REDIS_FINISH] = redis_batcher_new(&spec);
}
