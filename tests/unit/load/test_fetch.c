/* One GET against a server in a thread: what it makes of each reply and each end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/fetch.h"

enum ending { CLOSE, RESET, STAY };

struct server {
    int listener;
    const char *reply;
    enum ending ending;
};

struct outcome {
    char *body;
    struct err err;
    int calls;
};

/* Answers one request. */
static void serve(void *ctx)
{
    const struct server *s = ctx;
    char bytes[4096];
    int fd = accept(s->listener, NULL, NULL);
    assert_true(recv(fd, bytes, sizeof bytes, 0) > 0);
    (void)send(fd, s->reply, strlen(s->reply), MSG_NOSIGNAL);
    struct linger none = {.l_onoff = 1, .l_linger = 0};
    if (s->ending == RESET)
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    if (s->ending == STAY)
        (void)recv(fd, bytes, sizeof bytes, 0); /* until the other end closes */
    (void)close(fd);
}

static void on_done(void *ctx, const char *body, size_t len, const struct err *err)
{
    struct outcome *got = ctx;
    got->calls++;
    if (err != NULL)
        got->err = *err;
    else
        got->body = mem_printf("%.*s", (int)len, body);
}

static struct outcome fetch(struct server *s)
{
    struct sockaddr_storage address = {0};
    struct sockaddr_in *in = (struct sockaddr_in *)&address;
    socklen_t len = sizeof *in;
    struct outcome got = {0};
    uv_thread_t thread;
    uv_loop_t loop;
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_return_code(bind(s->listener, (struct sockaddr *)in, len), 0);
    assert_return_code(listen(s->listener, 1), 0);
    assert_return_code(getsockname(s->listener, (struct sockaddr *)in, &len), 0);
    assert_return_code(uv_thread_create(&thread, serve, s), 0);
    assert_return_code(uv_loop_init(&loop), 0);
    fetch_start(&loop, &(struct fetch_request){.address = &address,
                                               .path = "/stats",
                                               .timeout_ns = 60 * NS_PER_S,
                                               .on_done = on_done,
                                               .ctx = &got});
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    assert_return_code(uv_loop_close(&loop), 0);
    (void)uv_thread_join(&thread);
    (void)close(s->listener);
    assert_int_equal(got.calls, 1);
    return got;
}

static void each_reply_has_its_outcome(void **state)
{
    (void)state;
    static const struct {
        const char *reply;
        enum ending ending;
        const char *body, *error;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", STAY, "ok", NULL},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", CLOSE, "ok", NULL},
        {"HTTP/1.1 200 OK\r\n\r\nok", CLOSE, "ok", NULL},
        {"HTTP/1.1 200 OK\r\n\r\nok", RESET, NULL, "GET /stats: connection reset by peer"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", CLOSE, NULL,
         "GET /stats: the reply was cut short"},
        {"", RESET, NULL, "GET /stats: connection reset by peer"},
        {"", CLOSE, NULL, "GET /stats: the reply was cut short"},
        {"SSH-2.0\r\n", STAY, NULL, "GET /stats: not HTTP"},
        {"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", STAY, NULL,
         "GET /stats: the status is not 200"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct server s = {.reply = cases[i].reply, .ending = cases[i].ending};
        struct outcome got = fetch(&s);
        if (cases[i].error != NULL)
            assert_string_equal(got.err.text, cases[i].error);
        else
            assert_string_equal(got.body, cases[i].body);
        free(got.body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reply_has_its_outcome),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
