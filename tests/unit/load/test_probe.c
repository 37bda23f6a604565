/* The probe against a server in a thread whose stalls are the test's choice. Nothing here is
 * asserted of how fast the machine is: only what holds however late it comes to something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/probe.h"
#include "support/loop_wait.h"
#include "support/probed_server.h"

#define KEEP  "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n"
#define CLOSE "GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
#define LATE  (30 * NS_PER_S)
#define FEW   4 /* connections: what the server received beyond that was preceded by replies */

struct bed {
    struct probed_server server;
    struct probe_spec spec;
    uv_loop_t loop;
    bool is_open;
    struct probe *probe;
    struct result result;
};

static void on_open(void *ctx)
{
    struct bed *b = ctx;
    b->is_open = true;
}

/* What the test sets of server and spec is kept. */
static void start_probe(struct bed *b)
{
    struct err err;
    struct probe_spec *spec = &b->spec;
    assert_int_equal(uv_loop_init(&b->loop), 0);
    spec->address = &b->server.address;
    spec->path = "/ping";
    spec->text.request = spec->text.is_one_shot ? CLOSE : KEEP;
    spec->text.request_len = strlen(spec->text.request);
    spec->rate_rps = spec->rate_rps > 0 ? spec->rate_rps : 100;
    spec->timeout_ns = spec->timeout_ns > 0 ? spec->timeout_ns : LATE;
    b->probe = probe_open(&b->loop, spec, on_open, b, &err);
    assert_non_null(b->probe);
}

static void open_probe(struct bed *b)
{
    start_probe(b);
    loop_wait(&b->loop, &b->is_open);
}

static void begin(struct bed *b)
{
    probed_server_start(&b->server);
    open_probe(b);
    probe_begin(b->probe);
}

static uint64_t samples(const struct hist *h)
{
    return hist_count(h) + hist_over(h);
}

static void check(const struct result *r)
{
    const struct probe_counts *c = &r->probe_counts;
    struct probe_fate kept = probe_kept(c);
    int64_t statuses = 0;
    for (size_t i = 0; i < LEN(c->statuses); i++)
        statuses += c->statuses[i];
    assert_true(r->has_probe);
    assert_true(probe_fate_adds_up(&c->all) && probe_fate_adds_up(&c->opened));
    assert_int_equal(c->all.non_2xx, statuses);
    assert_int_equal(samples(r->probe), kept.completed);
    assert_int_equal(samples(r->probe_unfinished), kept.timed_out + kept.open_at_end);
    assert_int_equal(samples(r->probe_new), c->opened.completed);
    assert_int_equal(samples(r->probe_new_unfinished), c->opened.timed_out + c->opened.open_at_end);
}

/* Stops the probe; its counts are right, and stay for the test. */
static const struct probe_counts *end(struct bed *b)
{
    probe_stop(b->probe);
    result_init(&b->result);
    probe_collect(b->probe, &b->result);
    loop_end(&b->loop);
    probe_free(b->probe);
    check(&b->result);
    return &b->result.probe_counts;
}

static void tear_down(struct bed *b)
{
    probed_server_stop(&b->server);
    result_fini(&b->result);
}

static void every_due_probe_is_answered(void **state)
{
    (void)state;
    struct bed b = {.spec = {.most_connections = FEW}};
    begin(&b);
    probed_server_wait(&b.server.received, 20 + FEW);
    const struct probe_fate *all = &end(&b)->all;
    assert_true(all->completed >= 20);
    assert_int_equal(all->completed + all->open_at_end, all->due);
    tear_down(&b);
}

/* As many as are due in a second, before the first one is. */
static void its_connections_are_open_before_it_begins(void **state)
{
    (void)state;
    static const struct {
        double rate_rps;
        int connections;
    } cases[] = {{1, 20}, {20, 20}, {70, 70}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed b = {.spec = {.rate_rps = cases[i].rate_rps}};
        assert_int_equal(probe_connections(cases[i].rate_rps), cases[i].connections);
        probed_server_start(&b.server);
        open_probe(&b);
        probed_server_wait(&b.server.accepted, cases[i].connections);
        assert_int_equal(end(&b)->all.due, 0);
        assert_int_equal(atomic_load(&b.server.accepted), cases[i].connections);
        assert_int_equal(atomic_load(&b.server.received), 0);
        tear_down(&b);
    }
}

/* Whatever of its connections is open by then: it neither tells so, nor sends anything. */
static void it_can_be_stopped_before_it_is_open(void **state)
{
    (void)state;
    struct bed b = {0};
    probed_server_start(&b.server);
    start_probe(&b);
    assert_int_equal(end(&b)->all.due, 0);
    assert_false(b.is_open);
    assert_int_equal(atomic_load(&b.server.received), 0);
    tear_down(&b);
}

/* The server answers a request only when five later ones have come: a probe that waited for the
 * reply to the one before would wait for ever. What is open does not grow with the run. */
static void a_reply_slower_than_the_rate_delays_no_other_probe(void **state)
{
    (void)state;
    const int most = 20;
    struct bed b = {.server = {.holds = 5}, .spec = {.most_connections = most}};
    begin(&b);
    probed_server_wait(&b.server.received, 80);
    const struct probe_fate *all = &end(&b)->all;
    assert_true(all->completed >= atomic_load(&b.server.received) - most);
    assert_int_equal(all->completed + all->open_at_end, all->due);
    tear_down(&b);
}

/* Until each connection was used again, so that the reply to what it had before is counted. */
static void wait_for_all(struct probed_server *s)
{
    int64_t end_ns = clock_now_ns() + LATE;
    int received = atomic_load(&s->received);
    while (atomic_load(&s->received) < received + 2 * atomic_load(&s->accepted) &&
           clock_now_ns() < end_ns)
        (void)poll(NULL, 0, 1);
    assert_true(clock_now_ns() < end_ns);
}

/* How many waited so long or longer. */
static double waited(const struct result *r, int64_t ns)
{
    const struct hist *const hists[] = {r->probe, r->probe_unfinished, r->probe_new,
                                        r->probe_new_unfinished};
    double count = 0;
    for (size_t i = 0; i < LEN(hists); i++) {
        struct hist_bucket bucket;
        for (size_t at = 0; hist_next(hists[i], &at, &bucket);)
            count += bucket.high_ns >= ns ? (double)bucket.count : 0;
    }
    return count;
}

/* A server that is frozen accepts nothing and answers nothing. Every probe due in the stall waits
 * to its end, and one is due in each slot of 1/rate: so how many waited half of it or more is
 * known. When no connection is idle any more, each probe has one opened for it, in a figure of its
 * own. Those that were opened stay, and are used. */
static void a_stall_is_seen_by_all_that_were_due(void **state)
{
    (void)state;
    const double rate_rps = 20;
    struct bed b = {.spec = {.rate_rps = rate_rps}};
    begin(&b);
    probed_server_wait(&b.server.accepted, 20);
    probed_server_freeze(&b.server);
    int64_t from_ns = clock_now_ns();
    while (!probed_server_has_client(&b.server) && clock_now_ns() < from_ns + LATE)
        (void)poll(NULL, 0, 1);
    assert_true(probed_server_has_client(&b.server));
    int64_t half_ns = (clock_now_ns() - from_ns) / 2;
    probed_server_thaw(&b.server);
    wait_for_all(&b.server);
    const struct probe_counts *c = end(&b);
    assert_true(waited(&b.result, half_ns) >= (double)half_ns / 1e9 * rate_rps - 2);
    assert_true(c->opened.completed >= 1);
    assert_true(probe_kept(c).completed >= 20);
    assert_int_equal(c->all.failed, 0);
    assert_true(atomic_load(&b.server.accepted) <= 20 + c->opened.due);
    tear_down(&b);
}

static void what_is_never_answered_is_open_at_its_age(void **state)
{
    (void)state;
    struct bed b = {.server = {.mute = true}};
    begin(&b);
    probed_server_wait(&b.server.received, 5);
    const struct probe_fate *all = &end(&b)->all;
    assert_int_equal(all->open_at_end, all->due);
    assert_true(all->due >= 5);
    /* Between the first and the fifth are three whole slots. */
    assert_true(hist_max_ns(b.result.probe_unfinished) >= 29 * NS_PER_MS);
    tear_down(&b);
}

static void a_time_out_counts_and_the_probe_goes_on(void **state)
{
    (void)state;
    struct bed b = {.server = {.mute = true}, .spec = {.timeout_ns = 60 * NS_PER_MS}};
    begin(&b);
    probed_server_wait(&b.server.lost, 3); /* their connections are closed */
    probed_server_mute(&b.server, false);
    int answered = atomic_load(&b.server.answered);
    probed_server_wait(&b.server.answered, answered + 20);
    const struct probe_fate *all = &end(&b)->all;
    assert_true(all->timed_out >= 3);
    assert_int_equal(all->failed, 0);
    assert_true(waited(&b.result, 59 * NS_PER_MS) >= 3);
    tear_down(&b);
}

/* The cap is reached: those beyond it wait for a connection, and for their time-out. Sent or not,
 * that counts from when they were due. */
static void what_cannot_be_sent_counts_all_the_same(void **state)
{
    (void)state;
    struct bed b = {.server = {.mute = true},
                    .spec = {.timeout_ns = 100 * NS_PER_MS, .most_connections = 2}};
    begin(&b);
    probed_server_wait(&b.server.lost, 4);
    const struct probe_fate *all = &end(&b)->all;
    assert_true(all->timed_out >= 4);
    assert_true(all->due > atomic_load(&b.server.received));
    assert_int_equal(all->due, all->timed_out + all->open_at_end);
    assert_true(waited(&b.result, 99 * NS_PER_MS) >= (double)all->timed_out);
    tear_down(&b);
}

static void a_lost_probe_is_a_failure_without_a_time(void **state)
{
    (void)state;
    static const struct {
        struct probed_server server;
        int64_t failed; /* -1: all */
    } cases[] = {
        {{.close_at = 2}, 1},
        {{.reply = "HTTP/1.1 200 OK\r\n\r\nok", .after = PROBED_RST}, -1},
        {{.reply = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", .after = PROBED_FIN}, -1},
        {{.reply = "SSH-2.0-OpenSSH\r\n"}, -1},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed b = {.server = cases[i].server, .spec = {.most_connections = FEW}};
        begin(&b);
        probed_server_wait(&b.server.received, 10 + FEW);
        const struct probe_fate *all = &end(&b)->all;
        if (cases[i].failed >= 0)
            assert_int_equal(all->failed, cases[i].failed);
        else
            assert_int_equal(all->completed, 0);
        assert_true(all->failed >= 1);
        assert_int_equal(all->timed_out, 0);
        tear_down(&b);
    }
}

static void connections_that_are_reset_at_once_fail_their_probes(void **state)
{
    (void)state;
    struct bed b = {.server = {.resets_all = true}, .spec = {.most_connections = FEW}};
    begin(&b);
    probed_server_wait(&b.server.accepted, 100);
    const struct probe_fate *all = &end(&b)->all;
    assert_true(all->failed >= 1);
    assert_int_equal(all->failed + all->open_at_end, all->due);
    tear_down(&b);
}

/* A fast error is no stall: it is in no histogram, and not among what failed to be answered. */
static void another_status_is_counted_by_status(void **state)
{
    (void)state;
    static const struct {
        const char *reply;
        int status;
    } cases[] = {{"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", 503},
                 {"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", 302},
                 {"HTTP/1.0 404 No\r\n\r\n", 404}};
    for (size_t i = 0; i < LEN(cases); i++) {
        enum probed_after after = cases[i].status == 404 ? PROBED_FIN : PROBED_KEEP;
        struct bed b = {.server = {.reply = cases[i].reply, .after = after},
                        .spec = {.most_connections = FEW}};
        begin(&b);
        probed_server_wait(&b.server.received, 10 + FEW);
        const struct probe_counts *c = end(&b);
        assert_true(c->statuses[cases[i].status] >= 10);
        assert_int_equal(c->statuses[cases[i].status] + c->all.open_at_end, c->all.due);
        assert_int_equal(samples(b.result.probe), 0);
        tear_down(&b);
    }
}

/* Closed by either side, as it was said, or for bytes that nobody asked for: the connection is
 * opened again, and that is no failure. */
static void a_connection_that_ends_after_a_reply_is_no_failure(void **state)
{
    (void)state;
    static const struct {
        struct probed_server server;
        bool is_one_shot;
    } cases[] = {
        {{.reply = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"}, false},
        {{.reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", .after = PROBED_FIN}, true},
        {{.reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}, true},
        {{.reply = "HTTP/1.1 200 OK\r\n\r\nok", .after = PROBED_FIN}, false},
        {{.reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok?"}, false},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed b = {
            .server = cases[i].server,
            .spec = {.text = {.is_one_shot = cases[i].is_one_shot}, .most_connections = FEW}};
        begin(&b);
        probed_server_wait(&b.server.received, 30 + FEW);
        const struct probe_fate *all = &end(&b)->all;
        assert_true(all->completed >= 30);
        assert_true(atomic_load(&b.server.accepted) >= 30);
        assert_int_equal(all->failed + all->timed_out, 0);
        tear_down(&b);
    }
}

static void a_line_end_behind_a_reply_is_harmless(void **state)
{
    (void)state;
    struct bed b = {.server = {.reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\r\n"},
                    .spec = {.most_connections = FEW}};
    begin(&b);
    probed_server_wait(&b.server.received, 30 + FEW);
    assert_int_equal(end(&b)->all.failed, 0);
    assert_int_equal(atomic_load(&b.server.accepted), FEW);
    tear_down(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_due_probe_is_answered),
        cmocka_unit_test(its_connections_are_open_before_it_begins),
        cmocka_unit_test(it_can_be_stopped_before_it_is_open),
        cmocka_unit_test(a_reply_slower_than_the_rate_delays_no_other_probe),
        cmocka_unit_test(a_stall_is_seen_by_all_that_were_due),
        cmocka_unit_test(what_is_never_answered_is_open_at_its_age),
        cmocka_unit_test(a_time_out_counts_and_the_probe_goes_on),
        cmocka_unit_test(what_cannot_be_sent_counts_all_the_same),
        cmocka_unit_test(a_lost_probe_is_a_failure_without_a_time),
        cmocka_unit_test(connections_that_are_reset_at_once_fail_their_probes),
        cmocka_unit_test(another_status_is_counted_by_status),
        cmocka_unit_test(a_connection_that_ends_after_a_reply_is_no_failure),
        cmocka_unit_test(a_line_end_behind_a_reply_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
