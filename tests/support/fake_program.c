#include "support/fake_program.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

struct client {
    uv_tcp_t tcp;
    uv_write_t write;
    struct fake *fake;
    char chunk[4096];
    char *reply;
};

static void on_client_closed(uv_handle_t *handle)
{
    struct client *c = handle->data;
    free(c->reply);
    free(c);
}

static void close_client(struct client *c)
{
    if (!uv_is_closing((const uv_handle_t *)&c->tcp))
        uv_close((uv_handle_t *)&c->tcp, on_client_closed);
}

static void on_written(uv_write_t *req, int status)
{
    (void)status;
    close_client(req->data);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct client *c = handle->data;
    (void)suggested;
    *buf = uv_buf_init(c->chunk, sizeof c->chunk);
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct client *c = stream->data;
    (void)buf;
    if (nread < 0 || c->reply != NULL) {
        if (nread < 0)
            close_client(c);
        return;
    }
    c->fake->asked++;
    if (c->fake->on_asked != NULL)
        c->fake->on_asked(c->fake);
    if (c->fake->body == NULL) {
        close_client(c);
        return;
    }
    c->reply = mem_printf("HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(c->fake->body),
                          c->fake->body);
    uv_buf_t out = uv_buf_init(c->reply, (unsigned)strlen(c->reply));
    c->write.data = c;
    (void)uv_write(&c->write, stream, &out, 1, on_written);
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct client *c = mem_zalloc(sizeof *c);
    assert_int_equal(status, 0);
    c->fake = listener->data;
    c->tcp.data = c;
    (void)uv_tcp_init(listener->loop, &c->tcp);
    assert_int_equal(uv_accept(listener, (uv_stream_t *)&c->tcp), 0);
    (void)uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
}

void fake_start(struct fake *f, uv_loop_t *loop)
{
    struct sockaddr_in any;
    int len = sizeof f->address;
    (void)uv_ip4_addr("127.0.0.1", 0, &any);
    (void)uv_tcp_init(loop, &f->listener);
    f->listener.data = f;
    assert_int_equal(uv_tcp_bind(&f->listener, (const struct sockaddr *)&any, 0), 0);
    assert_int_equal(uv_listen((uv_stream_t *)&f->listener, 16, on_connection), 0);
    assert_int_equal(uv_tcp_getsockname(&f->listener, (struct sockaddr *)&f->address, &len), 0);
    f->port = ntohs(((struct sockaddr_in *)&f->address)->sin_port);
}

void fake_say(struct fake *f, char *body)
{
    free(f->body);
    f->body = body;
}

void fake_stop(struct fake *f)
{
    uv_close((uv_handle_t *)&f->listener, NULL);
    fake_say(f, NULL);
}

char *fake_queue_text(int64_t accepted, int64_t waiting, int64_t active, int64_t completed,
                      const char *workers)
{
    return mem_printf("{\"queue\":{\"broker\":\"sqlite\",\"accepted\":%lld,\"waiting\":%lld,"
                      "\"delayed\":0,\"active\":%lld,\"completed\":%lld,\"failed\":0,"
                      "\"workers\":[%s]}}",
                      (long long)accepted, (long long)waiting, (long long)active,
                      (long long)completed, workers);
}
