/* How attempts end on Redis: completed, failed for good, or to be tried again.
 *
 * Whether a failed attempt is followed by another is the worker's to decide, by the job's own opts.
 * Who has lost the lock changes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "targets/queue/bullmq/broker_internal.h"

static void end_head(void *ctx, const struct redis_ask *first, struct redis_words *words)
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

/* An attempt that was ended by somebody else in between is lost, and so is one whose end was stored
 * by a call that this end did not hear the answer of. */
static void on_ended(void *ctx, struct redis_ask *first, size_t count,
                     const struct link_answer *answer)
{
    struct redis_broker *b = ctx;
    struct err err;
    size_t i = 0;
    const struct err *failed = redis_reply_err(answer, &err);
    const redisReply *reply = answer->reply;
    if (failed == NULL && !are_ends(reply, count))
        failed = redis_reply_strange(&err, "the ends of jobs");
    for (const struct redis_ask *ask = first; ask != NULL; ask = ask->next, i++) {
        bool was_ours = failed == NULL && reply->element[i]->integer == 0;
        if (failed == NULL)
            leases_drop(&b->leases, ask->lease);
        ask->done.finished(ask->ctx, was_ours ? ask->end : JOB_END_LOST, failed);
    }
}

/* What the server and the library read must be UTF-8. */
static char *sound_text(const char *text)
{
    char *copy = mem_strdup(text);
    if (!str_is_utf8(copy, strlen(copy)))
        str_make_printable(copy, strlen(copy));
    return copy;
}

/* `more` as finish.lua has it: the job's own keep rule, or the pause. */
static struct redis_ask *ask_to_end(const struct lease *lease, const char *word, const char *text,
                                    const char *more, void *ctx)
{
    char made[REDIS_NUMBER_MAX];
    redis_number_format(made, lease->made);
    size_t room =
        strlen(word) + strlen(text) + strlen(more) + strlen(made) + strlen(lease->deduplication_id);
    struct redis_ask *ask = lease_ask(lease, ctx, room);
    redis_ask_add_text(ask, word);
    redis_ask_add_text(ask, text);
    redis_ask_add_text(ask, more);
    redis_ask_add_text(ask, made);
    redis_ask_add_text(ask, lease->deduplication_id);
    return ask;
}

static struct redis_ask *ask_to_complete(const struct lease *lease, const char *result, void *ctx)
{
    struct redis_ask *ask = ask_to_end(lease, "completed", result, lease->opts.keep_completed, ctx);
    ask->end = JOB_END_COMPLETED;
    return ask;
}

static struct redis_ask *ask_to_fail(struct redis_broker *b, const struct lease *lease,
                                     const char *error, void *ctx)
{
    char pause[REDIS_NUMBER_MAX];
    char *reason = sound_text(error);
    int64_t ms = lease->end == LEASE_FINAL
                     ? JOB_PAUSE_NEVER
                     : job_opts_pause_ms(&lease->opts, lease->made + 1, &b->rng);
    bool is_final = ms == JOB_PAUSE_NEVER;
    redis_number_format(pause, ms);
    struct redis_ask *ask = is_final
                                ? ask_to_end(lease, "failed", reason, lease->opts.keep_failed, ctx)
                                : ask_to_end(lease, "retry", reason, pause, ctx);
    ask->end = is_final ? JOB_END_FAILED : JOB_END_RETRY;
    free(reason);
    return ask;
}

void redis_ends_finish(struct broker *broker, const struct taken_job *job, const char *result,
                       const char *error, broker_finished_fn done, void *ctx)
{
    struct redis_broker *b = redis_broker_of(broker);
    const struct lease *lease = leases_at(&b->leases, job->lease);
    struct redis_ask *ask =
        result != NULL ? ask_to_complete(lease, result, ctx) : ask_to_fail(b, lease, error, ctx);
    ask->done.finished = done;
    ask->lease = job->lease;
    redis_calls_add(b->calls[REDIS_FINISH], ask);
}

void redis_ends_open(struct redis_broker *b)
{
    const struct redis_calls_spec spec = {
        .loop = b->loop,
        .link = b->link,
        .script = REDIS_FINISH,
        .key = b->key,
        .flights = REDIS_WORKER_FLIGHTS,
        .asks_most = REDIS_LEASES_MOST,
        .ctx = b,
        .head = end_head,
        .on_answer = on_ended,
    };
    b->calls[REDIS_FINISH] = redis_calls_new(&spec);
}
