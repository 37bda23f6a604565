#include "support/redis_told.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "proc/folder.h"

bool told_have_redis(void)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    return system("command -v redis-server >/dev/null") == 0;
}

char *told_make_folder(void)
{
    char path[] = "/tmp/bench-told-XXXXXX";
    assert_non_null(mkdtemp(path));
    return mem_strdup(path);
}

struct told told_begin(void)
{
    if (!told_have_redis())
        skip();
    return (struct told){.folder = told_make_folder()};
}

void told_drop_folder(char *path)
{
    folder_clear(path, folder_hold(path));
    assert_int_equal(access(path, F_OK), -1);
    free(path);
}

void told_on_ready(void *ctx, const char *url, int port)
{
    struct told *t = ctx;
    const char *password = url + strlen(URL_START);
    t->readies++;
    t->port = port;
    t->pid = redis_server_pid(t->server);
    (void)snprintf(t->url, sizeof t->url, "%s", url);
    (void)snprintf(t->password, sizeof t->password, "%.*s", (int)strcspn(password, "@"), password);
    t->when_ready(t);
}

void told_on_exit(void *ctx, const char *text)
{
    struct told *t = ctx;
    t->exits++;
    (void)snprintf(t->text, sizeof t->text, "%s", text);
    redis_server_free(t->server);
}

void told_run(struct told *t, const struct redis_server_spec *spec)
{
    uv_loop_t loop;
    struct err err = {0};
    struct redis_server_events events = {t, told_on_ready, told_on_exit};
    assert_int_equal(uv_loop_init(&loop), 0);
    t->server = redis_server_start(&loop, spec, &events, &err);
    if (t->server == NULL)
        fail_msg("%s", err.text);
    t->pid = redis_server_pid(t->server);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(t->exits, 1);
    assert_int_equal(kill(t->pid, 0), -1);
    assert_int_equal(errno, ESRCH);
}

void told_serve(struct told *t, void (*when_ready)(struct told *t))
{
    t->when_ready = when_ready;
    t->readies = t->exits = 0;
    told_run(t, &(struct redis_server_spec){.folder = t->folder, .ready_timeout_ns = TIMEOUT_NS});
}

void told_stop(struct told *t)
{
    redis_server_stop(t->server, GRACE_NS);
}

void told_ask(const struct told *t, const char *request, const char *want)
{
    char answer[500] = "";
    size_t len = 0;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)t->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    while (len < strlen(want)) {
        ssize_t n = recv(fd, answer + len, sizeof answer - 1 - len, 0);
        if (n <= 0)
            break;
        len += (size_t)n;
    }
    assert_string_equal(answer, want);
    (void)close(fd);
}

void told_ask_with_password(const struct told *t, const char *request, const char *want)
{
    char *whole = mem_printf("AUTH %s\r\n%s\r\n", t->password, request);
    char *answer = mem_printf("+OK\r\n%s\r\n", want);
    told_ask(t, whole, answer);
    free(answer);
    free(whole);
}

char *change_path(const char *path)
{
    char *old = mem_strdup_or_null(getenv("PATH")); /* NOLINT(concurrency-mt-unsafe) */
    (void)setenv("PATH", path, 1);                  /* NOLINT(concurrency-mt-unsafe) */
    return old;
}

void restore_path(char *old)
{
    assert_non_null(old);
    (void)setenv("PATH", old, 1); /* NOLINT(concurrency-mt-unsafe): as above */
    free(old);
}
