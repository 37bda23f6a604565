#include "support/fake_redis.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <hiredis/hiredis.h>

#include "base/mem.h"

#define SHA_DIGITS   40
#define NEWEST       "7.0.15"
#define WORDS_OF_SHA 3 /* EVALSHA sha keys */

struct fake_client {
    uv_tcp_t tcp;
    struct fake_redis *fake;
    redisReader *reader;
    size_t scripts; /* it has loaded */
    char bytes[65536];
};

struct saying {
    uv_write_t write;
    char text[];
};

static void on_said(uv_write_t *write, int status)
{
    (void)status; /* the client may have hung up */
    free(write->data);
}

static void say(struct fake_client *c, const char *text)
{
    size_t len = strlen(text);
    struct saying *s = mem_zalloc(sizeof *s + len);
    memcpy(s->text, text, len);
    s->write.data = s;
    uv_buf_t bytes = uv_buf_init(s->text, (unsigned)len);
    if (uv_write(&s->write, (uv_stream_t *)&c->tcp, &bytes, 1, on_said) < 0)
        free(s);
}

void fake_redis_say(struct fake_redis *f, const char *text)
{
    assert_non_null(f->last);
    say(f->last, text);
}

/* ---- commands ---- */

static void say_info(struct fake_client *c)
{
    const char *version = c->fake->version == NULL ? NEWEST : c->fake->version;
    char *info =
        mem_printf("# Server\r\nredis_version:%s\r\nmaxmemory_policy:noeviction\r\n", version);
    char *reply = mem_printf("$%zu\r\n%s\r\n", strlen(info), info);
    say(c, reply);
    free(reply);
    free(info);
}

/* The name of a script is its number. */
static void load_script(struct fake_client *c)
{
    char *reply = mem_printf("$%d\r\n%0*zu\r\n", SHA_DIGITS, SHA_DIGITS, c->scripts++);
    say(c, reply);
    free(reply);
}

static void note_words(struct fake_redis *f, const redisReply *command)
{
    char *out = f->words[f->heard];
    size_t used = 0;
    assert_true(f->heard < FAKE_REQUESTS_MAX);
    for (size_t i = WORDS_OF_SHA; i < command->elements && used < FAKE_WORDS_MAX; i++)
        used += (size_t)snprintf(out + used, FAKE_WORDS_MAX - used, "%s%s",
                                 i == WORDS_OF_SHA ? "" : " ", command->element[i]->str);
    f->heard++;
}

static void run_script(struct fake_client *c, const redisReply *command)
{
    struct fake_redis *f = c->fake;
    size_t script = strtoull(command->element[1]->str, NULL, 10);
    assert_true(script < REDIS_SCRIPT_COUNT);
    if (script == REDIS_RIGHTS) {
        say(c, "$-1\r\n");
        return;
    }
    note_words(f, command);
    f->requests[script]++;
    f->last = c;
    if (f->says[script] != NULL)
        say(c, f->says[script]);
}

static void obey(struct fake_client *c, const redisReply *command)
{
    const char *name = command->element[0]->str;
    if (strcmp(name, "EVALSHA") == 0)
        run_script(c, command);
    else if (strcmp(name, "SCRIPT") == 0)
        load_script(c);
    else if (strcmp(name, "INFO") == 0)
        say_info(c);
    else if (strcmp(name, "PING") == 0)
        say(c, "+PONG\r\n");
    else if (strcmp(name, "CLIENT") == 0)
        say(c, "+OK\r\n");
    else if (strcmp(name, "BZPOPMIN") == 0 && strcmp(command->element[2]->str, "0.001") == 0)
        say(c, "*-1\r\n");
    else if (strcmp(name, "BZPOPMIN") != 0) /* it blocks */
        fail_msg("the fake does not know %s", name);
}

/* ---- connections ---- */

static void on_client_closed(uv_handle_t *handle)
{
    struct fake_client *c = handle->data;
    redisReaderFree(c->reader);
    free(c);
}

static void hang_up(struct fake_client *c)
{
    if (c->fake->last == c)
        c->fake->last = NULL;
    uv_close((uv_handle_t *)&c->tcp, on_client_closed);
}

void fake_redis_hang_up(struct fake_redis *f)
{
    assert_non_null(f->last);
    hang_up(f->last);
}

static void on_room_wanted(uv_handle_t *handle, size_t wanted, uv_buf_t *out)
{
    struct fake_client *c = handle->data;
    (void)wanted;
    *out = uv_buf_init(c->bytes, sizeof c->bytes);
}

static void on_heard(uv_stream_t *stream, ssize_t n, const uv_buf_t *heard)
{
    struct fake_client *c = stream->data;
    void *command = NULL;
    if (n < 0) {
        hang_up(c);
        return;
    }
    assert_int_equal(redisReaderFeed(c->reader, heard->base, (size_t)n), REDIS_OK);
    for (;;) {
        assert_int_equal(redisReaderGetReply(c->reader, &command), REDIS_OK);
        if (command == NULL)
            return;
        obey(c, command);
        freeReplyObject(command);
    }
}

static void on_client(uv_stream_t *listener, int status)
{
    struct fake_client *c = mem_zalloc(sizeof *c);
    assert_int_equal(status, 0);
    c->fake = listener->data;
    c->reader = redisReaderCreate();
    c->tcp.data = c;
    assert_int_equal(uv_tcp_init(listener->loop, &c->tcp), 0);
    assert_int_equal(uv_accept(listener, (uv_stream_t *)&c->tcp), 0);
    assert_int_equal(uv_read_start((uv_stream_t *)&c->tcp, on_room_wanted, on_heard), 0);
}

void fake_redis_open(struct fake_redis *f, uv_loop_t *loop)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(uv_tcp_init(loop, &f->listener), 0);
    f->listener.data = f;
    assert_int_equal(uv_tcp_bind(&f->listener, (const struct sockaddr *)&address, 0), 0);
    assert_int_equal(uv_listen((uv_stream_t *)&f->listener, 16, on_client), 0);
    assert_int_equal(uv_tcp_getsockname(&f->listener, (struct sockaddr *)&address, &len), 0);
    (void)snprintf(f->url, sizeof f->url, "redis://127.0.0.1:%d", ntohs(address.sin_port));
}

void fake_redis_close(struct fake_redis *f)
{
    uv_close((uv_handle_t *)&f->listener, NULL);
}
