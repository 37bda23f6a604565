/* What a target says of itself: good, partial and hostile JSON. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/result.h"
#include "proc/target_stats.h"
#include "stat/hist_codec.h"

static void all_figures_are_read(void **state)
{
    (void)state;
    struct err err = {0};
    struct target_stats s;
    struct hist *h = hist_new_latency();
    for (int64_t ns = 1000; ns <= 3000; ns += 1000)
        hist_record(h, ns);
    char *encoded = hist_encode(h);
    char *text = mem_printf(
        "{\"strategy\":\"pool\",\"pid\":42,\"requests\":{\"heavy\":{\"begun\":1,\"completed\":2,"
        "\"rejected\":3,\"aborted\":4,\"failed\":5},\"ping\":6,\"other\":7},\"queue_depth\":8,"
        "\"threads\":{\"live\":9,\"started\":10,\"peak\":11},\"usage\":{\"user_s\":1.5,"
        "\"system_s\":2,\"rss_peak_bytes\":12,\"switches_voluntary\":13,"
        "\"switches_involuntary\":14},\"run_wait_ended_s\":0.25,\"connections\":{\"open\":15,"
        "\"accepted\":16},\"histograms\":{\"wait\":\"%s\",\"work\":\"%s\",\"job\":\"%s\"},"
        "\"unknown\":[{}]}",
        encoded, encoded, encoded);
    assert_int_equal(target_stats_parse(text, strlen(text), &s, &err), 0);
    const int64_t figures[] = {s.heavy.begun,
                               s.heavy.completed,
                               s.heavy.rejected,
                               s.heavy.aborted,
                               s.heavy.failed,
                               s.ping,
                               s.other,
                               s.queue_depth,
                               s.threads_live,
                               s.threads_started,
                               s.threads_peak,
                               s.rss_peak_bytes,
                               s.switches_voluntary,
                               s.switches_involuntary,
                               s.connections_open,
                               s.connections_accepted};
    for (size_t i = 0; i < LEN(figures); i++)
        assert_int_equal(figures[i], i + 1);
    assert_string_equal(s.strategy, "pool");
    assert_int_equal(s.pid, 42);
    assert_true(s.user_s == 1.5 && s.system_s == 2 && s.run_wait_ended_s == 0.25);
    assert_int_equal(hist_count(s.wait), 3);
    assert_int_equal(hist_count(s.work), 3);
    assert_int_equal(hist_count(s.job), 3);
    assert_false(s.has_queue);
    target_stats_fini(&s);
    hist_free(h);
    free(encoded);
    free(text);
}

static void what_is_absent_is_missing(void **state)
{
    static const char *const texts[] = {
        "{}",
        "{\"strategy\":1,\"pid\":\"42\",\"requests\":[],\"queue_depth\":1.5,\"threads\":null,"
        "\"usage\":7,\"run_wait_ended_s\":\"x\",\"connections\":true,\"histograms\":[]}",
        "{\"strategy\":null,\"pid\":-1,\"requests\":{\"heavy\":[{\"completed\":1}],\"ping\":-5},"
        "\"queue_depth\":-9223372036854775808,\"threads\":{\"live\":{}},"
        "\"usage\":{\"user_s\":-1,\"system_s\":[1],\"rss_peak_bytes\":1e3},"
        "\"connections\":{\"open\":false},\"histograms\":{\"wait\":null,\"work\":12}}",
    };
    (void)state;
    for (size_t i = 0; i < LEN(texts); i++) {
        struct err err = {0};
        struct target_stats s;
        assert_int_equal(target_stats_parse(texts[i], strlen(texts[i]), &s, &err), 0);
        const int64_t figures[] = {
            s.pid,          s.heavy.begun,    s.heavy.completed, s.heavy.failed,
            s.ping,         s.other,          s.queue_depth,     s.threads_live,
            s.threads_peak, s.rss_peak_bytes, s.connections_open};
        for (size_t k = 0; k < LEN(figures); k++)
            assert_true(figures[k] == MISSING);
        assert_true(isnan(s.user_s) && isnan(s.system_s) && isnan(s.run_wait_ended_s));
        assert_null(s.strategy);
        assert_null(s.wait);
        assert_null(s.work);
        target_stats_fini(&s);
    }
}

static void a_queue_is_read(void **state)
{
    (void)state;
    struct err err = {0};
    struct target_stats s;
    static const char text[] =
        "{\"queue\":{\"broker\":\"sqlite\",\"accepted\":1,\"waiting\":2,\"delayed\":3,"
        "\"active\":4,\"completed\":5,\"failed\":6,\"workers\":[{\"pid\":7,\"port\":65535},"
        "{\"pid\":8,\"port\":1}]}}";
    assert_int_equal(target_stats_parse(text, strlen(text), &s, &err), 0);
    assert_true(s.has_queue);
    const int64_t figures[] = {s.queue.accepted, s.queue.waiting,   s.queue.delayed,
                               s.queue.active,   s.queue.completed, s.queue.failed};
    for (size_t i = 0; i < LEN(figures); i++)
        assert_int_equal(figures[i], i + 1);
    assert_string_equal(s.queue.broker, "sqlite");
    assert_int_equal(queue_stats_backlog(&s.queue), 9);
    assert_int_equal(s.queue.nworkers, 2);
    assert_int_equal(s.queue.workers_ready, 2);
    assert_int_equal(s.queue.workers[0].pid, 7);
    assert_int_equal(s.queue.workers[0].port, 65535);
    assert_int_equal(s.queue.workers[1].pid, 8);
    target_stats_fini(&s);
}

/* A gateway may say anything: what makes no sense is missing, and no sum overflows. */
static void a_queue_that_makes_no_sense_is_missing(void **state)
{
    (void)state;
    struct err err = {0};
    struct target_stats s;
    static const char text[] =
        "{\"queue\":{\"broker\":7,\"accepted\":-1,\"waiting\":9223372036854775807,"
        "\"delayed\":9007199254740991,\"active\":9007199254740991,\"completed\":\"5\","
        "\"workers\":[7,null,{},{\"pid\":1},{\"pid\":0,\"port\":1},{\"pid\":1,\"port\":0},"
        "{\"pid\":1,\"port\":65536},{\"pid\":-1,\"port\":1},{\"pid\":9,\"port\":10}]}}";
    assert_int_equal(target_stats_parse(text, strlen(text), &s, &err), 0);
    assert_true(s.has_queue);
    assert_null(s.queue.broker);
    assert_true(s.queue.accepted == MISSING && s.queue.waiting == MISSING);
    assert_true(s.queue.completed == MISSING && s.queue.failed == MISSING);
    assert_true(queue_stats_backlog(&s.queue) == MISSING);
    assert_int_equal(s.queue.nworkers, 1);
    assert_int_equal(s.queue.workers[0].port, 10);
    target_stats_fini(&s);
    assert_int_equal(target_stats_parse("{\"queue\":[]}", 12, &s, &err), 0);
    assert_false(s.has_queue);
    target_stats_fini(&s);
}

static void more_workers_than_are_read_are_counted(void **state)
{
    (void)state;
    struct err err = {0};
    struct target_stats s;
    struct buf b;
    buf_init(&b, TARGET_STATS_MAX_BYTES);
    buf_puts(&b, "{\"queue\":{\"workers\":[{\"pid\":1,\"port\":1}");
    for (size_t i = 1; i < TARGET_WORKERS_MAX + 50; i++)
        buf_puts(&b, ",{\"pid\":2,\"port\":2}");
    buf_puts(&b, "]}}");
    assert_int_equal(target_stats_parse(b.data, b.len, &s, &err), 0);
    assert_int_equal(s.queue.nworkers, TARGET_WORKERS_MAX);
    assert_int_equal(s.queue.workers_ready, TARGET_WORKERS_MAX + 50);
    target_stats_fini(&s);
    buf_fini(&b);
}

static void expect_error(const char *text, size_t len)
{
    struct err err = {0};
    struct target_stats s;
    assert_int_equal(target_stats_parse(text, len, &s, &err), -1);
    assert_int_equal(err.kind, ERR_INVALID);
    assert_non_null(strstr(err.text, "/stats"));
    assert_null(s.strategy);
    assert_null(s.wait);
}

static void hostile_text_is_an_error(void **state)
{
    static const char *const texts[] = {
        "",
        "null",
        "[]",
        "\"pid\"",
        "{\"pid\":1",
        "{\"pid\":1}}",
        "{\"pid\":99999999999999999999999999}",
        "{\"strategy\":\"\xff\xfe\"}",
        "<html>404</html>",
        "{\"histograms\":{\"wait\":\"\"}}",
        "{\"histograms\":{\"wait\":\"not base64!\"}}",
        "{\"strategy\":\"pool\",\"histograms\":{\"work\":\"SElTVEZBQUFBQUFBQUFBQUE=\"}}",
    };
    (void)state;
    for (size_t i = 0; i < LEN(texts); i++)
        expect_error(texts[i], strlen(texts[i]));
    expect_error("{}\0{}", 5);
}

/* It would be merged with others and taken from others of a result's shape. */
static void a_histogram_of_another_shape_is_an_error(void **state)
{
    (void)state;
    static const char *const names[] = {"wait", "work", "job"};
    struct hist *h = hist_new(HIST_MAX_NS, 2);
    hist_record(h, 1000);
    char *encoded = hist_encode(h);
    for (size_t i = 0; i < LEN(names); i++) {
        char *text = mem_printf("{\"histograms\":{\"%s\":\"%s\"}}", names[i], encoded);
        expect_error(text, strlen(text));
        free(text);
    }
    hist_free(h);
    free(encoded);
}

static void depth_and_size_are_bounded(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 2 * TARGET_STATS_MAX_BYTES);
    buf_pad(&b, '[', (size_t)1 << 20);
    expect_error(b.data, b.len);
    buf_clear(&b);
    buf_puts(&b, "{}");
    buf_pad(&b, ' ', TARGET_STATS_MAX_BYTES);
    expect_error(b.data, b.len);
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_figures_are_read),
        cmocka_unit_test(what_is_absent_is_missing),
        cmocka_unit_test(a_queue_is_read),
        cmocka_unit_test(a_queue_that_makes_no_sense_is_missing),
        cmocka_unit_test(more_workers_than_are_read_are_counted),
        cmocka_unit_test(a_histogram_of_another_shape_is_an_error),
        cmocka_unit_test(hostile_text_is_an_error),
        cmocka_unit_test(depth_and_size_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
