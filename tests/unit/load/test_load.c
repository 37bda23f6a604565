/* load: a start that fails part of the way says why and leaves nothing open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "load/load.h"

#define REQUEST "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
#define WORKERS 4

/* Calls until one fails; 0: none does. The linker puts these functions before libuv's. */
static int loops_left, threads_left;

static bool is_last(int *left)
{
    return *left > 0 && --*left == 0;
}

/* NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names */
int __real_uv_loop_init(uv_loop_t *loop);
int __wrap_uv_loop_init(uv_loop_t *loop);
int __real_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg);
int __wrap_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg);

int __wrap_uv_loop_init(uv_loop_t *loop)
{
    return is_last(&loops_left) ? UV_EMFILE : __real_uv_loop_init(loop);
}

int __wrap_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg)
{
    return is_last(&threads_left) ? UV_EAGAIN : __real_uv_thread_create(thread, entry, arg);
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

static int open_fds(void)
{
    int n = 0;
    for (int fd = 0; fd < 1024; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

/* Takes connections and answers none. */
static int listen_on(struct sockaddr_storage *address)
{
    struct sockaddr_in *in = (struct sockaddr_in *)address;
    socklen_t len = sizeof *in;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)in, len), 0);
    assert_int_equal(listen(fd, 64), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)in, &len), 0);
    return fd;
}

static void on_window(void *ctx)
{
    ++*(int *)ctx;
}

static void on_second(void *ctx, const struct second *second)
{
    (void)ctx;
    (void)second;
    fail();
}

static void on_done(void *ctx)
{
    (void)ctx;
    fail();
}

/* Starts a load that cannot start. Returns how often the window was opened. */
static int start_in_vain(int64_t warmup_ns, struct err *err)
{
    int windows = 0;
    struct sockaddr_storage address = {0};
    const struct load_origin origin = {.addresses = &address, .naddresses = 1};
    struct load_spec spec = {.origins = &origin,
                             .norigins = 1,
                             .sample_ns = NS_PER_S,
                             .text = {.request = REQUEST, .request_len = strlen(REQUEST)},
                             .connections = 2 * WORKERS,
                             .pipelining = 1,
                             .workers = WORKERS,
                             .duration_ns = 600 * NS_PER_S,
                             .timeout_ns = 600 * NS_PER_S,
                             .warmup_ns = warmup_ns};
    const struct load_events events = {
        .ctx = &windows, .on_window = on_window, .on_second = on_second, .on_done = on_done};
    int listener = listen_on(&address);
    int loops = loops_left;
    uv_loop_t loop;
    loops_left = 0;
    assert_int_equal(uv_loop_init(&loop), 0); /* also opens what libuv keeps for the process */
    loops_left = loops;
    int before = open_fds();
    assert_null(load_start(&loop, &spec, &events, err));
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(open_fds(), before);
    assert_int_equal(uv_loop_close(&loop), 0);
    (void)close(listener);
    return windows;
}

static void a_thread_that_cannot_be_made_leaves_nothing_open(void **state)
{
    (void)state;
    for (int at = 1; at <= WORKERS; at++) {
        struct err err = {0};
        char want[64];
        threads_left = at;
        (void)snprintf(want, sizeof want, "cannot start worker thread %d: ", at);
        assert_int_equal(start_in_vain(0, &err), 1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, want));
        assert_non_null(strstr(err.text, "use fewer with -w"));
    }
}

/* The warm-up's timer must neither open the window nor keep the loop. */
static void a_start_that_failed_opens_no_window_later(void **state)
{
    (void)state;
    struct err err = {0};
    threads_left = WORKERS;
    assert_int_equal(start_in_vain(600 * NS_PER_S, &err), 0);
    assert_int_equal(threads_left, 0);
}

static void a_loop_that_cannot_be_made_is_an_error(void **state)
{
    (void)state;
    for (int at = 1; at <= WORKERS; at++) {
        struct err err = {0};
        char want[64];
        loops_left = at;
        (void)snprintf(want, sizeof want, "event loop of worker thread %d: too many open files",
                       at);
        assert_int_equal(start_in_vain(0, &err), 0);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, want));
        assert_non_null(strstr(err.text, "ulimit -n"));
    }
}

/* --- a run that is over before its caller looks --- */

struct seen {
    int windows, done;
};

static void see_window(void *ctx)
{
    ((struct seen *)ctx)->windows++;
}

static void see_second(void *ctx, const struct second *second)
{
    (void)ctx;
    (void)second;
}

static void see_done(void *ctx)
{
    ((struct seen *)ctx)->done++;
}

static void answer_one(int listener)
{
    static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    char bytes[256];
    int fd = accept(listener, NULL, NULL);
    assert_true(fd >= 0);
    assert_true(read(fd, bytes, sizeof bytes) > 0);
    assert_int_equal(write(fd, reply, sizeof reply - 1), (ssize_t)sizeof reply - 1);
    assert_int_equal(read(fd, bytes, sizeof bytes), 0); /* it closes when the run is over */
    (void)close(fd);
}

/* The loop then finds the end of the run and the beginning of the window at the same time. */
static void the_window_of_a_run_that_is_over_is_told(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct err err = {0};
    const struct schedule_stage stage = {SCHEDULE_ENDLESS_NS, 1000, 1000};
    const struct schedule schedule = {.stages = &stage, .nstages = 1};
    struct sockaddr_storage address = {0};
    const struct load_origin origin = {.addresses = &address, .naddresses = 1};
    struct load_spec spec = {.origins = &origin,
                             .norigins = 1,
                             .sample_ns = NS_PER_S,
                             .text = {.request = REQUEST, .request_len = strlen(REQUEST)},
                             .schedule = &schedule,
                             .warmup_schedule = &schedule,
                             .connections = 1,
                             .max_connections = 1,
                             .pipelining = 1,
                             .workers = 1,
                             .amount = 1,
                             .timeout_ns = 600 * NS_PER_S};
    const struct load_events events = {
        .ctx = &seen, .on_window = see_window, .on_second = see_second, .on_done = see_done};
    int listener = listen_on(&address);
    uv_loop_t loop;
    assert_int_equal(uv_loop_init(&loop), 0);
    struct load *load = load_start(&loop, &spec, &events, &err);
    assert_non_null(load);
    answer_one(listener);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(seen.windows, 1);
    assert_int_equal(seen.done, 1);
    load_free(load);
    assert_int_equal(uv_loop_close(&loop), 0);
    (void)close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_of_a_run_that_is_over_is_told),
        cmocka_unit_test(a_thread_that_cannot_be_made_leaves_nothing_open),
        cmocka_unit_test(a_start_that_failed_opens_no_window_later),
        cmocka_unit_test(a_loop_that_cannot_be_made_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
