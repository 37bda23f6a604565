/* Servers that are not ready yet or never will be. Some are other programs of that name. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/redis_server.h"
#include "support/bounded.h"
#include "support/redis_told.h"

/* A port that is in use: redis_ready is given it so many times first. The linker puts the function
 * below in place of the real one. */
static struct {
    int port, times;
} taken;

/* NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names */
int __real_proc_free_port(int *out_port, struct err *err);
int __wrap_proc_free_port(int *out_port, struct err *err);

int __wrap_proc_free_port(int *out_port, struct err *err)
{
    if (taken.times == 0)
        return __real_proc_free_port(out_port, err);
    taken.times--;
    *out_port = taken.port;
    return 0;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

/* Listens on a port until the descriptor is closed. */
static int take_port(int *out_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    *out_port = ntohs(address.sin_port);
    return fd;
}

static void ask_and_stop(struct told *t)
{
    told_ask(t, "PING\r\n", "-NOAUTH Authentication required.\r\n");
    told_ask_with_password(t, "PING", "+PONG");
    told_stop(t);
}

static void a_port_that_was_taken_is_changed(void **state)
{
    struct told t = told_begin();
    int port = 0;
    (void)state;
    int fd = take_port(&port);
    taken.port = port;
    taken.times = 4;
    told_serve(&t, ask_and_stop);
    assert_int_equal(t.readies, 1);
    assert_int_not_equal(t.port, port);
    taken.times = 5;
    told_serve(&t, told_stop);
    assert_int_equal(t.readies, 0);
    assert_int_equal(taken.times, 0);
    assert_non_null(strstr(t.text, "redis-server found no free port in 5 tries: "));
    assert_non_null(strstr(t.text, "Address already in use"));
    (void)close(fd);
    told_drop_folder(t.folder);
}

/* --- none, and what only has its name --- */

/* Puts a script called redis-server into the folder, which will be all of PATH. */
static void put_program(const char *folder, const char *script)
{
    char *path = mem_printf("%s/redis-server", folder);
    int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0700);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, script, strlen(script)), strlen(script));
    (void)close(fd);
    free(path);
}

static void one_that_does_not_begin_is_given_up(void **state)
{
    static const struct {
        const char *script, *text;
        int64_t timeout_ns;
    } cases[] = {
        {"#!/bin/sh\necho no such directive >&2; exit 1\n",
         "redis-server ended before it was ready (exit 1); it must be Redis 7.0 or newer; its last "
         "lines:\nno such directive",
         TIMEOUT_NS},
        {"#!/bin/sh\nexec /bin/sleep 60\n", "redis-server was not ready after 30.0 ms",
         30 * NS_PER_MS},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct told t = {.folder = told_make_folder(), .when_ready = told_stop};
        put_program(t.folder, cases[i].script);
        char *old = change_path(t.folder);
        told_run(&t, &(struct redis_server_spec){.folder = t.folder,
                                                 .ready_timeout_ns = cases[i].timeout_ns});
        restore_path(old);
        assert_int_equal(t.readies, 0);
        if (strstr(t.text, cases[i].text) == NULL)
            fail_msg("case %zu: '%s'", i, t.text);
        told_drop_folder(t.folder);
    }
}

static void a_stop_before_it_is_ready_is_enough(void **state)
{
    struct told t = told_begin();
    struct err err = {0};
    uv_loop_t loop;
    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    t.server = redis_server_start(
        &loop, &(struct redis_server_spec){.folder = t.folder, .ready_timeout_ns = TIMEOUT_NS},
        &(struct redis_server_events){&t, told_on_ready, told_on_exit}, &err);
    assert_non_null(t.server);
    redis_server_stop(t.server, GRACE_NS);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(t.readies, 0);
    assert_int_equal(t.exits, 1);
    assert_int_equal(strncmp(t.text, "redis-server was stopped (", 26), 0);
    told_drop_folder(t.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(a_port_that_was_taken_is_changed),
        BOUNDED(one_that_does_not_begin_is_given_up),
        BOUNDED(a_stop_before_it_is_ready_is_enough),
    };
    if (!told_have_redis())
        print_message("redis-server is not installed: what needs a real one is skipped\n");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
