#include "targets/http/request_internal.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

#define TEXT_MAX_BYTES ((size_t)1 << 16) /* of a header, or of the body of an error */

struct request *request_new(struct request_env *env, struct conn *conn,
                            void (*on_answered)(struct conn *conn, struct request *r))
{
    struct request *r = mem_zalloc(sizeof *r);
    r->env = env;
    r->conn = conn;
    r->on_answered = on_answered;
    r->parsed_ns = clock_now_ns();
    env->open++;
    return r;
}

void request_env_wake(const struct request_env *env)
{
    if (env->stopping)
        (void)uv_async_send(env->wake);
}

static int64_t *counter(struct stats *s, const struct request *r, enum request_end end)
{
    if (end == REQUEST_LOST)
        return &s->aborted;
    return r->outcome == REQUEST_SUCCESS    ? &s->completed
           : r->outcome == REQUEST_REJECTED ? &s->rejected
                                            : &s->failed;
}

void request_end(struct request *r, enum request_end end)
{
    struct request_env *env = r->env;
    if (r->kind == REQUEST_HEAVY)
        ++*counter(env->stats, r, end);
    buf_fini(&r->reply);
    free(r);
    env->open--;
    request_env_wake(env);
}

struct work request_work(const struct request *r)
{
    return r->work;
}

const struct message *request_message(const struct request *r)
{
    return r->message;
}

static void answer(struct request *r, enum request_outcome outcome, const struct reply *reply)
{
    r->outcome = outcome;
    if (r->conn == NULL) {
        request_end(r, REQUEST_LOST);
        return;
    }
    buf_init(&r->reply, REPLY_HEAD_MAX + reply->body_len);
    reply_format(reply, r->part, r->connection, date_line_at(&r->env->date, clock_wall_ms()),
                 &r->reply);
    r->on_answered(r->conn, r);
}

static void answer_error(struct request *r, enum request_outcome outcome, int status,
                         const char *headers, const char *why)
{
    struct buf body;
    buf_init(&body, TEXT_MAX_BYTES);
    reply_error_body(status, why, &body);
    struct reply reply = {.status = status,
                          .type = "application/json",
                          .headers = headers,
                          .body = body.data,
                          .body_len = body.len};
    answer(r, outcome, &reply);
    buf_fini(&body);
}

void request_reply(struct request *r, const struct reply *reply)
{
    answer(r, REQUEST_SUCCESS, reply);
}

void request_reject(struct request *r, const char *why)
{
    answer_error(r, REQUEST_REJECTED, 503, "Retry-After: 1\r\n", why);
}

void request_fail(struct request *r, int status, const char *headers, const char *why)
{
    answer_error(r, REQUEST_FAILED, status, headers, why);
}

void request_reply_work(struct request *r, int64_t reached, int64_t began_ns, int64_t ended_ns)
{
    struct buf timing;
    struct buf body;
    int64_t wait_ns = began_ns - r->parsed_ns;
    int64_t work_ns = ended_ns - began_ns;
    if (reached < r->work.n) {
        r->env->cut_short = true;
        request_reject(r, "the server is stopping");
        return;
    }
    hist_record(r->env->stats->wait, wait_ns);
    hist_record(r->env->stats->work, work_ns);
    buf_init(&timing, TEXT_MAX_BYTES);
    buf_init(&body, TEXT_MAX_BYTES);
    buf_printf(&timing, "Server-Timing: wait;dur=%.3f,work;dur=%.3f\r\n",
               (double)wait_ns / (double)NS_PER_MS, (double)work_ns / (double)NS_PER_MS);
    work_reply_body(&(struct work){.kind = r->work.kind, .n = reached}, &body);
    request_reply(r, &(struct reply){.status = 200,
                                     .type = "application/json",
                                     .headers = timing.data,
                                     .body = body.data,
                                     .body_len = body.len});
    buf_fini(&timing);
    buf_fini(&body);
}
