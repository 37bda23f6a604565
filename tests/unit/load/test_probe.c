/* The probe against a server in a thread: on loopback, port 0, no pacing but the probe's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "load/probe.h"

#define REQUEST "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n"

/* Answers what it reads; what it does with each request is the test's choice. */
struct server {
    int listener;
    struct sockaddr_storage address;
    uv_thread_t thread;
    atomic_int answered, connections;
    int freeze_at; /* answers this one late, by freeze_ms; 0: never */
    int freeze_ms;
    int close_at; /* closes instead of answering this one */
    int mute_at;  /* answers nothing from this one on */
    const char *reply;
    atomic_bool stop;
};

/* One client until it leaves, or the test is over. */
static void serve(struct server *s, int fd, int *count)
{
    char buffer[4096];
    for (;;) {
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        if (poll(&poll_fd, 1, 10) == 0 && !atomic_load(&s->stop))
            continue;
        if (atomic_load(&s->stop) || recv(fd, buffer, sizeof buffer, 0) <= 0)
            return;
        ++*count;
        if (*count == s->close_at)
            return;
        if (s->mute_at > 0 && *count >= s->mute_at)
            continue;
        if (*count == s->freeze_at)
            (void)poll(NULL, 0, s->freeze_ms);
        (void)send(fd, s->reply, strlen(s->reply), MSG_NOSIGNAL);
        atomic_fetch_add(&s->answered, 1);
    }
}

static void run(void *ctx)
{
    struct server *s = ctx;
    int count = 0;
    while (!atomic_load(&s->stop)) {
        struct pollfd poll_fd = {.fd = s->listener, .events = POLLIN};
        if (poll(&poll_fd, 1, 10) <= 0)
            continue;
        int fd = accept(s->listener, NULL, NULL);
        atomic_fetch_add(&s->connections, 1);
        serve(s, fd, &count);
        (void)close(fd);
    }
}

static void server_start(struct server *s)
{
    struct sockaddr_in *in = (struct sockaddr_in *)&s->address;
    socklen_t len = sizeof *in;
    if (s->reply == NULL)
        s->reply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\npong\n";
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(s->listener, (struct sockaddr *)in, len), 0);
    assert_int_equal(listen(s->listener, 16), 0);
    assert_int_equal(getsockname(s->listener, (struct sockaddr *)in, &len), 0);
    assert_int_equal(uv_thread_create(&s->thread, run, s), 0);
}

static void server_stop(struct server *s)
{
    atomic_store(&s->stop, true);
    (void)uv_thread_join(&s->thread);
    (void)close(s->listener);
}

static struct probe *start(const struct server *s, double rate_rps, int64_t timeout_ns)
{
    struct err err;
    struct probe *p = probe_start(&(struct probe_spec){.address = &s->address,
                                                       .path = "/ping",
                                                       .request = REQUEST,
                                                       .request_len = strlen(REQUEST),
                                                       .rate_rps = rate_rps,
                                                       .timeout_ns = timeout_ns},
                                  &err);
    assert_non_null(p);
    return p;
}

static void collect(struct probe *p, struct result *r)
{
    probe_stop(p);
    result_init(r);
    probe_collect(p, r);
    probe_free(p);
    const struct probe_counts *c = &r->probe_counts;
    assert_int_equal(c->due, c->completed + c->timed_out + c->failed + c->open_at_end);
    assert_int_equal(hist_count(r->probe), c->completed);
    assert_int_equal(hist_count(r->probe_unfinished), c->due - c->completed);
}

static void wait_for(const atomic_int *what, int value)
{
    int64_t end_ns = clock_now_ns() + 20 * NS_PER_S;
    while (atomic_load(what) < value && clock_now_ns() < end_ns)
        (void)poll(NULL, 0, 1);
    assert_true(atomic_load(what) >= value);
}

static void every_due_probe_is_answered(void **state)
{
    (void)state;
    struct server s = {0};
    struct result r;
    server_start(&s);
    struct probe *p = start(&s, 200, NS_PER_S);
    wait_for(&s.answered, 20);
    collect(p, &r);
    assert_true(r.probe_counts.completed >= 19);
    assert_int_equal(r.probe_counts.failed, 0);
    assert_int_equal(atomic_load(&s.connections), 1);
    server_stop(&s);
    result_fini(&r);
}

/* 200 ms without an answer at 100/s: about 20 probes are late, each from when it was due. */
static void a_freeze_is_seen_by_all_that_were_due(void **state)
{
    (void)state;
    struct server s = {.freeze_at = 5, .freeze_ms = 200};
    struct result r;
    server_start(&s);
    struct probe *p = start(&s, 100, 5 * NS_PER_S);
    wait_for(&s.answered, 40);
    collect(p, &r);
    struct hist_bucket bucket;
    uint64_t late = 0;
    for (size_t at = 0; hist_next(r.probe, &at, &bucket);)
        late += bucket.low_ns > 20 * NS_PER_MS ? bucket.count : 0;
    assert_true(hist_max_ns(r.probe) >= 199 * NS_PER_MS);
    assert_true(late >= 15);
    server_stop(&s);
    result_fini(&r);
}

static void what_is_never_answered_is_open_at_its_age(void **state)
{
    (void)state;
    struct server s = {.mute_at = 3};
    struct result r;
    server_start(&s);
    struct probe *p = start(&s, 100, 5 * NS_PER_S);
    wait_for(&s.answered, 2);
    (void)poll(NULL, 0, 100); /* the probes that become due now have no answer */
    collect(p, &r);
    assert_true(r.probe_counts.completed <= 2);
    assert_true(r.probe_counts.open_at_end >= 5);
    assert_true(hist_max_ns(r.probe_unfinished) >= 90 * NS_PER_MS);
    server_stop(&s);
    result_fini(&r);
}

static void a_time_out_counts_and_the_probe_goes_on(void **state)
{
    (void)state;
    struct server s = {.freeze_at = 2, .freeze_ms = 150};
    struct result r;
    server_start(&s);
    struct probe *p = start(&s, 20, 60 * NS_PER_MS);
    wait_for(&s.answered, 6);
    collect(p, &r);
    assert_true(r.probe_counts.timed_out >= 1);
    assert_true(r.probe_counts.completed >= 3);
    server_stop(&s);
    result_fini(&r);
}

static void a_lost_connection_and_an_error_are_failures(void **state)
{
    (void)state;
    struct server s = {.close_at = 2};
    struct result r;
    server_start(&s);
    struct probe *p = start(&s, 100, NS_PER_S);
    wait_for(&s.answered, 4);
    collect(p, &r);
    assert_int_equal(r.probe_counts.failed, 1);
    assert_true(atomic_load(&s.connections) >= 2);
    server_stop(&s);
    result_fini(&r);
    struct server error = {.reply = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"};
    server_start(&error);
    p = start(&error, 100, NS_PER_S);
    wait_for(&error.answered, 2);
    collect(p, &r);
    assert_int_equal(r.probe_counts.completed, 0);
    assert_true(r.probe_counts.failed >= 1);
    server_stop(&error);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_due_probe_is_answered),
        cmocka_unit_test(a_freeze_is_seen_by_all_that_were_due),
        cmocka_unit_test(what_is_never_answered_is_open_at_its_age),
        cmocka_unit_test(a_time_out_counts_and_the_probe_goes_on),
        cmocka_unit_test(a_lost_connection_and_an_error_are_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
