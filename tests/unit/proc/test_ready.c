#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/command.h"
#include "proc/listening.h"
#include "proc/ready.h"
#include "support/bounded.h"

struct waited {
    int calls;
    const char *host;
    int port;
};

static void on_waited(void *ctx, const char *host, int port)
{
    struct waited *w = ctx;
    w->calls++;
    w->host = host;
    w->port = port;
}

/* A socket bound to a free port, which refuses connections until it listens. -1 without IPv6. */
static int bound_socket(int family, int *port)
{
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const void *address = family == AF_INET ? (const void *)&v4 : (const void *)&v6;
    socklen_t len = family == AF_INET ? sizeof v4 : sizeof v6;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && bind(fd, address, len) < 0) {
        (void)close(fd);
        return -1;
    }
    struct sockaddr_in6 own = {0}; /* both families have the port at the same place */
    len = sizeof own;
    assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &len), 0);
    *port = ntohs(own.sin6_port);
    return fd;
}

static void on_timer_listen(uv_timer_t *timer)
{
    const int *fd = timer->data;
    assert_int_equal(listen(*fd, 1), 0);
    uv_close((uv_handle_t *)timer, NULL);
}

static void ready_waits_for_a_listener(void **state)
{
    static const struct {
        int family;
        const char *host;
    } cases[] = {{AF_INET, "127.0.0.1"}, {AF_INET6, "::1"}};
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        uv_loop_t loop;
        uv_timer_t timer;
        struct waited w = {0};
        int port = 0;
        int fd = bound_socket(cases[i].family, &port);
        if (fd < 0)
            continue;
        assert_int_equal(uv_loop_init(&loop), 0);
        (void)uv_timer_init(&loop, &timer);
        timer.data = &fd;
        (void)uv_timer_start(&timer, on_timer_listen, 12, 0);
        (void)ready_start(&loop,
                          &(struct ready_spec){.port = port, .timeout_ns = BOUND_S * NS_PER_S},
                          on_waited, &w);
        assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
        assert_int_equal(w.calls, 1);
        assert_string_equal(w.host, cases[i].host);
        assert_int_equal(w.port, port);
        assert_int_equal(uv_loop_close(&loop), 0);
        (void)close(fd);
    }
}

/* With an address of its own to try, a listener on another one is not taken for it. */
static void only_the_address_that_is_given_counts(void **state)
{
    static const struct {
        const char *host;
        const char *found;
        int64_t timeout_ns;
    } cases[] = {{"127.0.0.1", "127.0.0.1", BOUND_S * NS_PER_S},
                 {"127.0.0.2", NULL, 15 * NS_PER_MS}};
    (void)state;
    int port = 0;
    int fd = bound_socket(AF_INET, &port);
    assert_int_equal(listen(fd, 8), 0);
    for (size_t i = 0; i < LEN(cases); i++) {
        uv_loop_t loop;
        struct waited w = {0};
        assert_int_equal(uv_loop_init(&loop), 0);
        (void)ready_start(&loop,
                          &(struct ready_spec){.host = cases[i].host,
                                               .port = port,
                                               .timeout_ns = cases[i].timeout_ns},
                          on_waited, &w);
        assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
        assert_int_equal(w.calls, 1);
        assert_true((w.host == NULL) == (cases[i].found == NULL));
        if (cases[i].found != NULL)
            assert_string_equal(w.host, cases[i].found);
        assert_int_equal(uv_loop_close(&loop), 0);
    }
    (void)close(fd);
}

/* This process is the program that listens, with a socket of each kind. */
static void the_port_of_a_program_is_found(void **state)
{
    (void)state;
    static const int families[] = {AF_INET, AF_INET6};
    for (size_t i = 0; i < LEN(families); i++) {
        uv_loop_t loop;
        struct waited w = {0};
        int port = 0;
        int given = 0;
        int unused = bound_socket(AF_INET, &given); /* nothing listens there */
        int fd = bound_socket(families[i], &port);
        if (fd < 0)
            continue;
        assert_int_equal(listening_port(getpid()), 0);
        assert_int_equal(listen(fd, 8), 0);
        assert_int_equal(listening_port(getpid()), port);
        assert_int_equal(uv_loop_init(&loop), 0);
        (void)ready_start(
            &loop,
            &(struct ready_spec){.port = given, .root = getpid(), .timeout_ns = BOUND_S * NS_PER_S},
            on_waited, &w);
        assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
        assert_int_equal(w.calls, 1);
        assert_int_equal(w.port, port);
        assert_non_null(w.host);
        assert_int_equal(uv_loop_close(&loop), 0);
        (void)close(fd);
        (void)close(unused);
    }
}

static void ready_ends_without_a_listener(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct waited late = {0};
    struct waited cancelled = {0};
    int port = 0;
    int fd = bound_socket(AF_INET, &port);
    assert_int_equal(uv_loop_init(&loop), 0);
    (void)ready_start(&loop, &(struct ready_spec){.port = port, .timeout_ns = 15 * NS_PER_MS},
                      on_waited, &late);
    ready_cancel(ready_start(&loop,
                             &(struct ready_spec){.port = port, .timeout_ns = BOUND_S * NS_PER_S},
                             on_waited, &cancelled));
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(late.calls, 1);
    assert_null(late.host);
    assert_int_equal(cancelled.calls, 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    (void)close(fd);
}

static void a_free_port_can_be_bound(void **state)
{
    (void)state;
    struct err err = {0};
    int port = 0;
    assert_int_equal(proc_free_port(&port, &err), 0);
    assert_in_range(port, 1, 65535);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(ready_waits_for_a_listener),     BOUNDED(only_the_address_that_is_given_counts),
        BOUNDED(the_port_of_a_program_is_found), BOUNDED(ready_ends_without_a_listener),
        BOUNDED(a_free_port_can_be_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
