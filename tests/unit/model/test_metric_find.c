/* The names of figures: those of a run, those of one request of a list, and what is none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/metric.h"

static void a_name_is_a_row_or_a_point_of_a_histogram(void **state)
{
    (void)state;
    static const struct {
        const char *name, *row, *hist;
        double q;
    } cases[] = {
        {"rps", "rps", NULL, NAN},        {"errors", "errors", NULL, NAN},
        {"p50", NULL, "latency", 0.5},    {"p99.9", NULL, "latency", 0.999},
        {"max", NULL, "latency", 1},      {"mean", NULL, "latency", NAN},
        {"wait.p99", NULL, "wait", 0.99}, {"connect.max", NULL, "connect", 1},
        {"slip.p50", NULL, "slip", 0.5},  {"first_byte.mean", NULL, "first_byte", NAN},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct metric m;
        struct err err;
        assert_int_equal(metric_find(cases[i].name, &m, &err), 0);
        assert_string_equal(m.name, cases[i].name);
        assert_int_equal(m.request_len, 0);
        if (cases[i].row != NULL) {
            assert_string_equal(m.row->name, cases[i].row);
            continue;
        }
        assert_null(m.row);
        assert_string_equal(m.hist->name, cases[i].hist);
        assert_true(isnan(cases[i].q) ? isnan(m.q) : fabs(m.q - cases[i].q) < 1e-12);
    }
}

/* The last colon divides: a name may have others. */
static void a_request_of_a_list_has_figures(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t request_len;
        const char *row; /* NULL: a point of the latency */
    } cases[] = {
        {"login:p99", 5, NULL},
        {"GET /items:max", 10, NULL},
        {"GET /a:b:mean", 8, NULL},
        {"http://127.0.0.1:80/:rps", 20, "rps"},
        {"login:errors", 5, "errors"},
        {"login:unbound", 5, "unbound"},
        {"a:mismatches", 1, "mismatches"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct metric m;
        struct err err;
        assert_int_equal(metric_find(cases[i].name, &m, &err), 0);
        assert_string_equal(m.name, cases[i].name);
        assert_int_equal(m.request_len, cases[i].request_len);
        if (cases[i].row == NULL)
            assert_string_equal(m.hist->name, "latency");
        else
            assert_string_equal(m.row->name, cases[i].row);
    }
}

static void what_is_no_figure_says_which_there_are(void **state)
{
    (void)state;
    static const struct {
        const char *name, *words;
    } cases[] = {
        {"p", "unknown metric 'p'"},
        {"p100", "unknown metric 'p100'"},
        {"p0", "unknown metric 'p0'"},
        {"pp99", "unknown metric 'pp99'"},
        {"p99x", "unknown metric 'p99x'"},
        {"wait.p", "unknown metric 'wait.p'"},
        {"wait", "unknown metric 'wait'"},
        {"eror", "did you mean"},
        {"latency", "did you mean 'p99'?"},
        {"", "unknown metric ''"},
        {"login:p", "unknown metric 'p'"},
        {"login:", "unknown metric ''"},
        {":p99", "has no name of a request before the ':'"},
        {"login:rss", "rss is not measured for each request; available are p50"},
        {"login:connect.p99", "connect.p99 is not measured for each request"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct metric m;
        struct err err = {0};
        assert_int_equal(metric_find(cases[i].name, &m, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].words) == NULL)
            fail_msg("%s: %s", cases[i].name, err.text);
    }
}

static void a_name_of_any_length_is_taken_or_refused(void **state)
{
    (void)state;
    struct metric m;
    struct err err = {0};
    char name[2 * sizeof m.name];
    for (size_t len = 4; len < sizeof name; len++) {
        memset(name, 'x', len);
        memcpy(name + len - 4, ":p99", sizeof ":p99");
        int got = metric_find(name, &m, &err);
        if (len == 4 || len >= sizeof m.name) { /* no name, or too long */
            assert_int_equal(got, -1);
            continue;
        }
        assert_int_equal(got, 0);
        assert_int_equal(m.request_len, len - 4);
    }
    assert_non_null(strstr(err.text, "is longer than the name of any metric"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_a_row_or_a_point_of_a_histogram),
        cmocka_unit_test(a_request_of_a_list_has_figures),
        cmocka_unit_test(what_is_no_figure_says_which_there_are),
        cmocka_unit_test(a_name_of_any_length_is_taken_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
