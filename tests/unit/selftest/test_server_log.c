#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "selftest/server_log.h"

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.17g is not %.17g", got, want);
}

static void a_log_is_read_line_by_line(void **state)
{
    (void)state;
    struct server_log log;
    struct err err = {0};
    assert_int_equal(server_log_parse("100 20 100 125\n110 7 120 -1\n110 0 127 127\n", &log, &err),
                     0);
    assert_int_equal(log.count, 3);
    assert_int_equal(log.arrivals_ns[1], 110);
    assert_int_equal(log.services_ns[1], 7);
    assert_int_equal(log.spans_ns[0], 25);
    assert_int_equal(log.spans_ns[1], -1);
    assert_int_equal(log.spans_ns[2], 17);
    near(server_log_mean_span_ns(&log), 21, 1e-12);
    server_log_fini(&log);
    assert_int_equal(server_log_parse("", &log, &err), 0);
    assert_int_equal(log.count, 0);
    assert_true(isnan(server_log_mean_span_ns(&log)));
    server_log_fini(&log);
}

static void what_is_no_log_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "100 20 100 125",                   /* cut off */
        "100 20 100\n",                     /* a number is missing */
        "100 20 100 125 1\n",               /* one too many */
        "100  20 100 125\n",                /* a blank too many */
        "x 20 100 125\n",                   /* no number */
        "100 -1 100 125\n",                 /* a time below 0 */
        "100 3600000000001 100 125\n",      /* more than any service time */
        "100 20 99 125\n",                  /* begun before it came */
        "100 20 100 99\n",                  /* ended before it began */
        "99999999999999999999 1 1 1\n",     /* too large */
        "200 20 200 225\n100 20 100 125\n", /* not in the order of arrival */
        "\n",
    };
    for (size_t i = 0; i < LEN(bad); i++) {
        struct server_log log = {0};
        struct err err = {0};
        if (server_log_parse(bad[i], &log, &err) == 0)
            fail_msg("taken: %s", bad[i]);
        assert_int_equal(err.kind, ERR_INVALID);
        assert_non_null(strstr(err.text, i == 10 ? "line 2" : "line 1"));
    }
}

static void a_file_that_is_not_there_measures_nothing(void **state)
{
    (void)state;
    struct server_log log = {0};
    struct err err = {0};
    assert_int_equal(server_log_read("/nonexistent/log", &log, &err), -1);
    assert_int_equal(err.kind, ERR_INVALID);
}

static void a_file_with_a_zero_byte_is_no_text(void **state)
{
    (void)state;
    static const char bytes[] = "100 20 100 125\n\0001 2 3";
    char path[] = "/tmp/bench-test-log-XXXXXX";
    struct server_log log = {0};
    struct err err = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, sizeof bytes - 1), sizeof bytes - 1);
    (void)close(fd);
    int failed = server_log_read(path, &log, &err);
    (void)unlink(path);
    assert_int_equal(failed, -1);
    assert_int_equal(err.kind, ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_is_read_line_by_line),
        cmocka_unit_test(what_is_no_log_is_refused),
        cmocka_unit_test(a_file_that_is_not_there_measures_nothing),
        cmocka_unit_test(a_file_with_a_zero_byte_is_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
