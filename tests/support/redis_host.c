#include "support/redis_host.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <hiredis/hiredis.h>

#include "base/clock.h"
#include "proc/folder.h"
#include "support/loop_wait.h"

#define URL_START "redis://default:"

void redis_host_need(void)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    if (system("command -v redis-server >/dev/null") != 0) {
        print_message("redis-server is not installed: skipped\n");
        skip();
    }
}

/* ---- the server ---- */

static void on_ready(void *ctx, const char *url, int port)
{
    struct redis_host *h = ctx;
    const char *password = url + strlen(URL_START);
    h->is_ready = true;
    h->port = port;
    h->pid = redis_server_pid(h->server);
    (void)snprintf(h->url, sizeof h->url, "%s", url);
    (void)snprintf(h->password, sizeof h->password, "%.*s", (int)strcspn(password, "@"), password);
}

static void on_exit_note(void *ctx, const char *text)
{
    struct redis_host *h = ctx;
    (void)text;
    h->is_gone = true;
}

static void bury(struct redis_host *h)
{
    loop_wait(h->loop, &h->is_gone);
    redis_server_free(h->server);
    h->server = NULL;
}

void redis_host_start_again(struct redis_host *h)
{
    struct err err = {0};
    h->is_ready = h->is_gone = false;
    h->server = redis_server_start(
        h->loop,
        &(struct redis_server_spec){.folder = h->folder, .ready_timeout_ns = LOOP_WAIT_NS / 2},
        &(struct redis_server_events){h, on_ready, on_exit_note}, &err);
    assert_string_equal(err.text, "");
    loop_wait(h->loop, &h->is_ready);
}

void redis_host_start(struct redis_host *h, uv_loop_t *loop)
{
    struct err err = {0};
    *h = (struct redis_host){.loop = loop};
    h->own = folder_make("bench-host", &err);
    if (h->own == NULL)
        fail_msg("%s", err.text);
    h->folder = folder_path(h->own);
    redis_host_start_again(h);
}

void redis_host_kill(struct redis_host *h)
{
    assert_int_equal(kill(h->pid, SIGKILL), 0);
    bury(h);
}

void redis_host_come_back(struct redis_host *h)
{
    struct redis_host before = *h;
    char port[16];
    redis_host_start_again(h);
    (void)snprintf(port, sizeof port, "%d", before.port);
    (void)redis_host_command(h, "CONFIG SET requirepass %s port %s", before.password, port);
    h->port = before.port;
    memcpy(h->password, before.password, sizeof h->password);
    memcpy(h->url, before.url, sizeof h->url);
}

void redis_host_fini(struct redis_host *h)
{
    if (h->server != NULL) {
        redis_server_stop(h->server, 10 * NS_PER_S);
        bury(h);
    }
    folder_remove(h->own);
}

/* ---- commands ---- */

static redisReply *command(redisContext *c, const char *format, va_list words)
{
    redisReply *reply = redisvCommand(c, format, words);
    assert_non_null(reply);
    if (reply->type == REDIS_REPLY_ERROR)
        fail_msg("%s: %s", format, reply->str);
    return reply;
}

static redisContext *connect_to(const struct redis_host *h)
{
    redisContext *c = redisConnect("127.0.0.1", h->port);
    assert_non_null(c);
    assert_string_equal(c->errstr, "");
    redisReply *reply = redisCommand(c, "AUTH %s", h->password);
    assert_non_null(reply);
    assert_int_equal(reply->type, REDIS_REPLY_STATUS);
    freeReplyObject(reply);
    return c;
}

static int64_t number_of(const redisReply *reply)
{
    switch (reply->type) {
    case REDIS_REPLY_INTEGER:
        return reply->integer;
    case REDIS_REPLY_ARRAY:
        return (int64_t)reply->elements;
    case REDIS_REPLY_NIL:
        return -1;
    default:
        return strtoll(reply->str, NULL, 10);
    }
}

int64_t redis_host_command(const struct redis_host *h, const char *format, ...)
{
    va_list words;
    redisContext *c = connect_to(h);
    va_start(words, format);
    redisReply *reply = command(c, format, words);
    va_end(words);
    int64_t number = number_of(reply);
    freeReplyObject(reply);
    redisFree(c);
    return number;
}

void redis_host_text(const struct redis_host *h, char *out, size_t size, const char *format, ...)
{
    va_list words;
    redisContext *c = connect_to(h);
    va_start(words, format);
    redisReply *reply = command(c, format, words);
    va_end(words);
    (void)snprintf(out, size, "%s", reply->str == NULL ? "(none)" : reply->str);
    freeReplyObject(reply);
    redisFree(c);
}

int64_t redis_host_info(const struct redis_host *h, const char *section, const char *text)
{
    char info[8192];
    redis_host_text(h, info, sizeof info, "INFO %s", section);
    const char *at = strstr(info, text);
    assert_non_null(at);
    return strtoll(at + strlen(text), NULL, 10);
}
