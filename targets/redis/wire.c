#include "targets/redis/wire.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <hiredis/async.h>

#include "base/mem.h"

#define LINE_MAX_BYTES ((size_t)64 << 10) /* of a line: a status, an error or a length */

struct wire {
    struct wire_events events;
    redisAsyncContext *redis; /* NULL when hiredis has freed it */
    uv_poll_t poll;
    uv_prepare_t before_poll; /* writes what timers and closing handles sent */
    uv_check_t after_poll;    /* writes what connections sent */
    int open_handles;
    int watched; /* UV_READABLE, UV_WRITABLE */
    bool connected, writing, heard;
    bool silent;                  /* on_lost was called, or must not be */
    size_t unanswered, unwritten; /* commands */
    size_t bytes, elements;       /* of the reply that is being read */
    const char *problem;          /* with that reply, or NULL */
    char reason[256];             /* why the connection ended */
    redisReplyObjectFunctions made_by_hiredis, limited;
};

/* --- the parts of a reply --- */

/* False ends the connection: to hiredis, an object that is not made means that memory ran out. An
 * error may come without a request ("max number of clients reached"); any other reply would fail an
 * assertion of hiredis. */
static bool may_make(const redisReadTask *task, size_t bytes, size_t elements)
{
    struct wire *w = task->privdata;
    if (task->parent == NULL) {
        w->bytes = w->elements = 0;
        if (w->unanswered == 0 && task->type != REDIS_REPLY_ERROR)
            w->problem = "a reply came without a request";
    }
    w->bytes += bytes;
    w->elements += elements;
    if (w->bytes > WIRE_REPLY_MAX_BYTES || w->elements > WIRE_REPLY_MAX_ELEMENTS)
        w->problem = "a reply is too large";
    return w->problem == NULL;
}

static const redisReplyObjectFunctions *made_by_hiredis(const redisReadTask *task)
{
    const struct wire *w = task->privdata;
    return &w->made_by_hiredis;
}

static void *make_string(const redisReadTask *task, char *text, size_t len)
{
    return may_make(task, len, 0) ? made_by_hiredis(task)->createString(task, text, len) : NULL;
}

static void *make_array(const redisReadTask *task, int elements)
{
    return may_make(task, 0, (size_t)elements) ? made_by_hiredis(task)->createArray(task, elements)
                                               : NULL;
}

static void *make_integer(const redisReadTask *task, long long value)
{
    return may_make(task, 0, 0) ? made_by_hiredis(task)->createInteger(task, value) : NULL;
}

static void *make_nil(const redisReadTask *task)
{
    return may_make(task, 0, 0) ? made_by_hiredis(task)->createNil(task) : NULL;
}

static void limit_replies(struct wire *w)
{
    redisReader *reader = w->redis->c.reader;
    w->made_by_hiredis = *reader->fn;
    w->limited = (redisReplyObjectFunctions){make_string, make_array, make_integer, make_nil,
                                             reader->fn->freeObject};
    reader->fn = &w->limited;
    reader->privdata = w;
}

/* What is wrong with a reply that is not whole yet, or NULL: a line without an end and a string
 * that is too large are not kept. */
static const char *problem_of_rest(const redisReader *reader)
{
    const char *rest = reader->buf + reader->pos;
    size_t len = reader->len - reader->pos;
    if (len == 0)
        return NULL;
    bool has_line = memchr(rest, '\n', len < LINE_MAX_BYTES ? len : LINE_MAX_BYTES) != NULL;
    if (!has_line && len >= LINE_MAX_BYTES)
        return "a line of a reply has no end";
    bool is_string = reader->ridx >= 0 && reader->rstack[reader->ridx].type == REDIS_REPLY_STRING;
    if (has_line && is_string && strtoull(rest, NULL, 10) > WIRE_REPLY_MAX_BYTES)
        return "a reply is too large";
    return NULL;
}

/* --- closing --- */

static void on_handle_closed(uv_handle_t *handle)
{
    struct wire *w = handle->data;
    if (--w->open_handles > 0)
        return;
    struct wire_events events = w->events;
    free(w);
    events.on_closed(events.ctx);
}

static void keep_reason(struct wire *w)
{
    const redisContext *c = &w->redis->c;
    if (w->problem != NULL)
        (void)snprintf(w->reason, sizeof w->reason, "%s", w->problem);
    else if (c->err == REDIS_ERR_EOF)
        (void)snprintf(w->reason, sizeof w->reason, "closed by the server");
    else if (c->err == REDIS_ERR_PROTOCOL)
        (void)snprintf(w->reason, sizeof w->reason, "%s (%s)",
                       w->heard ? "a reply is not Redis' protocol"
                                : "what listens there is not a Redis server",
                       c->errstr);
    else
        (void)snprintf(w->reason, sizeof w->reason, "%s", c->errstr);
}

/* In every case hiredis frees its context after this, and closes the socket. */
static void on_cleanup(void *ctx)
{
    struct wire *w = ctx;
    keep_reason(w);
    w->redis = NULL;
    w->open_handles = 3;
    uv_close((uv_handle_t *)&w->poll, on_handle_closed);
    uv_close((uv_handle_t *)&w->before_poll, on_handle_closed);
    uv_close((uv_handle_t *)&w->after_poll, on_handle_closed);
}

/* To be called after each function of hiredis that may end the connection, never inside one. */
static void tell_if_lost(struct wire *w)
{
    if (w->redis != NULL || w->silent)
        return;
    w->silent = true;
    w->events.on_lost(w->events.ctx, w->reason);
}

/* --- reading and writing --- */

static void do_write(struct wire *w)
{
    w->writing = true;
    w->unwritten = 0;
    redisAsyncHandleWrite(w->redis);
    w->writing = false;
}

static void do_read(struct wire *w)
{
    redisAsyncHandleRead(w->redis);
    if (w->redis == NULL)
        return;
    w->problem = problem_of_rest(w->redis->c.reader);
    if (w->problem != NULL)
        redisAsyncFree(w->redis);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct wire *w = poll->data;
    if (status < 0) { /* libuv has stopped the poll; reading and writing give the reason */
        w->watched = 0;
        events = UV_READABLE | UV_WRITABLE;
    }
    if ((events & UV_READABLE) != 0)
        do_read(w);
    if ((events & UV_WRITABLE) != 0 && w->redis != NULL)
        do_write(w);
    tell_if_lost(w);
}

static void flush(struct wire *w)
{
    (void)uv_prepare_stop(&w->before_poll);
    (void)uv_check_stop(&w->after_poll);
    do_write(w);
    tell_if_lost(w);
}

static void on_before_poll(uv_prepare_t *prepare)
{
    flush(prepare->data);
}

static void on_after_poll(uv_check_t *check)
{
    flush(check->data);
}

/* --- what hiredis wants to poll for, often without need --- */

static void watch(struct wire *w, int events)
{
    if (events == w->watched)
        return;
    w->watched = events;
    if (events == 0)
        (void)uv_poll_stop(&w->poll);
    else
        (void)uv_poll_start(&w->poll, events, on_poll);
}

static void on_add_read(void *ctx)
{
    struct wire *w = ctx;
    watch(w, w->watched | UV_READABLE);
}

static void on_del_read(void *ctx)
{
    struct wire *w = ctx;
    watch(w, w->watched & ~UV_READABLE);
}

/* A command is written at the end of the turn. While the socket connects or is full, writing waits
 * until it is writable. */
static void on_add_write(void *ctx)
{
    struct wire *w = ctx;
    if (!w->connected || w->writing) {
        watch(w, w->watched | UV_WRITABLE);
    } else if ((w->watched & UV_WRITABLE) == 0) {
        (void)uv_prepare_start(&w->before_poll, on_before_poll);
        (void)uv_check_start(&w->after_poll, on_after_poll);
    }
}

static void on_del_write(void *ctx)
{
    struct wire *w = ctx;
    watch(w, w->watched & ~UV_WRITABLE);
}

/* --- what hiredis reports --- */

static void on_connect(const redisAsyncContext *redis, int status)
{
    struct wire *w = redis->data;
    w->connected = status == REDIS_OK;
    if (w->connected && !w->silent)
        w->events.on_connected(w->events.ctx);
}

/* `reply` is NULL when the connection is lost; on_lost reports that once for all commands. */
static void on_reply(redisAsyncContext *redis, void *reply, void *ctx)
{
    struct wire *w = redis->data;
    (void)ctx;
    if (reply == NULL || w->silent)
        return;
    w->heard = true;
    w->unanswered--;
    w->events.on_reply(w->events.ctx, reply);
}

/* --- opening and sending --- */

static void prepare_socket(const redisAsyncContext *redis)
{
    int on = 1;
    (void)fcntl(redis->c.fd, F_SETFD, FD_CLOEXEC);
    (void)setsockopt(redis->c.fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

static redisAsyncContext *begin_connect(const struct wire_address *to, struct err *err)
{
    redisAsyncContext *redis =
        to->ip != NULL ? redisAsyncConnect(to->ip, to->port) : redisAsyncConnectUnix(to->path);
    if (redis != NULL && redis->err == 0)
        return redis;
    (void)err_set(err, ERR_USAGE, "%s", redis == NULL ? "out of memory" : redis->errstr);
    if (redis != NULL)
        redisAsyncFree(redis);
    return NULL;
}

struct wire *wire_open(uv_loop_t *loop, const struct wire_address *to,
                       const struct wire_events *events, struct err *err)
{
    redisAsyncContext *redis = begin_connect(to, err);
    if (redis == NULL)
        return NULL;
    struct wire *w = mem_zalloc(sizeof *w);
    int failed = uv_poll_init_socket(loop, &w->poll, redis->c.fd);
    if (failed < 0) {
        (void)err_set(err, ERR_USAGE, "%s", uv_strerror(failed));
        redisAsyncFree(redis);
        free(w);
        return NULL;
    }
    (void)uv_prepare_init(loop, &w->before_poll);
    (void)uv_check_init(loop, &w->after_poll);
    w->poll.data = w->before_poll.data = w->after_poll.data = w;
    w->events = *events;
    w->redis = redis;
    redis->data = redis->ev.data = w;
    redis->ev.addRead = on_add_read;
    redis->ev.delRead = on_del_read;
    redis->ev.addWrite = on_add_write;
    redis->ev.delWrite = on_del_write;
    redis->ev.cleanup = on_cleanup;
    prepare_socket(redis);
    limit_replies(w);
    (void)redisAsyncSetConnectCallback(redis, on_connect);
    return w;
}

void wire_send(struct wire *w, const char *command, size_t len)
{
    w->unanswered++;
    w->unwritten++;
    (void)redisAsyncFormattedCommand(w->redis, on_reply, NULL, command, len);
}

size_t wire_unwritten(const struct wire *w)
{
    return w->unwritten;
}

/* Inside on_reply, hiredis frees its context only after on_reply returns. */
void wire_close(struct wire *w)
{
    w->silent = true;
    redisAsyncFree(w->redis);
}
