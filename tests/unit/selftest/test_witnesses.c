/* The threads beside a load: one that only wakes up, and one that reads the kernel's stamps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <math.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "selftest/bystander.h"
#include "selftest/wire.h"

#define REQUESTS 20

static int64_t until_ns(int64_t gap_ns)
{
    int64_t from_ns = clock_now_ns();
    while (clock_now_ns() - from_ns < gap_ns)
        continue;
    return from_ns;
}

/* As many wake-ups as gaps, however late they were: none is skipped. */
static void a_bystander_wakes_up_once_for_each_gap(void **state)
{
    (void)state;
    struct err err;
    struct bystander *b = bystander_start(NS_PER_MS, &err);
    assert_non_null(b);
    int64_t from_ns = until_ns(50 * NS_PER_MS);
    struct hist *late = bystander_stop(b);
    int64_t most = (clock_now_ns() - from_ns) / NS_PER_MS + 2;
    assert_in_range(hist_count(late), 1, most + 1);
    assert_true(hist_percentile_ns(late, 0.5) >= 0);
    hist_free(late);
    assert_null(bystander_stop(NULL));
}

static int listen_on(struct sockaddr_in *address)
{
    socklen_t len = sizeof *address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)address, len), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)address, &len), 0);
    return fd;
}

static void pass_byte(int from, int to)
{
    char byte = 'x';
    assert_int_equal(write(from, &byte, 1), 1);
    assert_int_equal(read(to, &byte, 1), 1);
}

static void the_wire_has_each_request_and_its_reply(void **state)
{
    (void)state;
    struct sockaddr_in address;
    struct wire_log log;
    int listener = listen_on(&address);
    struct wire *w = wire_start(ntohs(address.sin_port));
    if (w == NULL) {
        (void)close(listener);
        skip(); /* without CAP_NET_RAW */
    }
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    int server = accept(listener, NULL, NULL);
    assert_true(server >= 0);
    int64_t spans_ns = 0;
    for (int i = 0; i < REQUESTS; i++) {
        int64_t from_ns = clock_now_ns();
        pass_byte(client, server);
        (void)until_ns(NS_PER_MS);
        pass_byte(server, client);
        spans_ns += clock_now_ns() - from_ns;
    }
    wire_stop(w, &log);
    assert_int_equal(log.missed, 0);
    assert_int_equal(log.count, REQUESTS);
    assert_int_equal(log.nspans, REQUESTS);
    /* The stamps are between those of the test; clocks are set a little meanwhile, if at all. */
    assert_true(wire_mean_span_ns(&log) >= 0.9 * (double)NS_PER_MS);
    assert_true(log.spans_ns <= 1.1 * (double)spans_ns);
    wire_log_fini(&log);
    (void)close(server);
    (void)close(client);
    (void)close(listener);
}

static void no_wire_is_an_empty_log(void **state)
{
    (void)state;
    struct wire_log log;
    wire_stop(NULL, &log);
    assert_int_equal(log.count, 0);
    assert_true(isnan(wire_mean_span_ns(&log)));
    wire_log_fini(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bystander_wakes_up_once_for_each_gap),
        cmocka_unit_test(the_wire_has_each_request_and_its_reply),
        cmocka_unit_test(no_wire_is_an_empty_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
