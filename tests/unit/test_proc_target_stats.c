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
        "\"accepted\":16},\"histograms\":{\"wait\":\"%s\",\"work\":\"%s\"},\"unknown\":[{}]}",
        encoded, encoded);
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
        cmocka_unit_test(hostile_text_is_an_error),
        cmocka_unit_test(depth_and_size_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
