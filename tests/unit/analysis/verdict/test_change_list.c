/* The gates of a session. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "support/session_bed.h"

/* All gates as one text: "detect* p99 20%; warn rps<-5%", * for a default. */
static void expect_gates(const struct session *s, const char *want)
{
    struct buf got;
    buf_init(&got, BUF_TEXT_MAX);
    buf_puts(&got, "");
    for (size_t i = 0; i < s->ngates; i++)
        buf_printf(&got, "%s%s%s %s", i > 0 ? "; " : "", session_gate_kind_names[s->gates[i].kind],
                   s->gates[i].is_default ? "*" : "", s->gates[i].text);
    assert_string_equal(got.len > 0 ? got.data : "", want);
    buf_fini(&got);
}

static void detect(struct session *s, const char *text)
{
    struct err err;
    if (change_add_detections(s, text, &err) < 0)
        fail_msg("%s", err.text);
}

static void add(struct session *s, enum session_gate_kind kind, const char *text)
{
    struct err err;
    if (change_add(s, kind, text, &err) < 0)
        fail_msg("%s", err.text);
}

static void the_default_gates_have_sizes_of_their_own(void **state)
{
    (void)state;
    struct session s;
    bed_session(&s);
    change_add_defaults(&s);
    expect_gates(&s, "detect* cpu_per_request 10%; detect* rps 10%; detect* p99 20%; "
                     "detect* rss 10%; fail* errors>+0.5%");
    change_add_defaults(&s);
    assert_int_equal(s.ngates, 5);
    session_fini(&s);
}

static void one_size_is_for_all_of_them_but_errors(void **state)
{
    (void)state;
    struct session s;
    bed_session(&s);
    detect(&s, " 7%");
    expect_gates(&s, "detect* cpu_per_request 7%; detect* rps 7%; detect* p99 7%; "
                     "detect* rss 7%; fail* errors>+0.5%");
    session_fini(&s);
}

/* In either order, and without two gates on one change. */
static void what_is_asked_by_name_takes_the_place_of_a_default(void **state)
{
    (void)state;
    static const char *const want =
        "detect* cpu_per_request 10%; detect* rps 10%; detect* rss 10%; "
        "fail* errors>+0.5%"; /* a warning takes nobody's place */
    for (int later = 0; later < 2; later++) {
        struct session s;
        bed_session(&s);
        if (later == 1)
            detect(&s, "10%");
        detect(&s, "p99 30%");
        add(&s, SESSION_GATE_WARN, "errors>+1%");
        if (later == 0)
            detect(&s, "10%");
        char text[200];
        (void)snprintf(text, sizeof text, "%s%s%s",
                       later == 0 ? "detect p99 30%; warn errors>+1%; " : "", want,
                       later == 1 ? "; detect p99 30%; warn errors>+1%" : "");
        expect_gates(&s, text);
        session_fini(&s);
    }
}

static void an_absolute_limit_stands_beside_the_defaults(void **state)
{
    (void)state;
    struct session s;
    bed_session(&s);
    add(&s, SESSION_GATE_FAIL, "p99>250ms");
    change_add_defaults(&s);
    assert_int_equal(s.ngates, 6);
    add(&s, SESSION_GATE_FAIL, "rps<1000");
    assert_int_equal(s.ngates, 7);
    session_fini(&s);
}

static void a_size_that_is_none_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "not a size"},
        {"10", "not a size"},
        {"0%", "more than 0%, and at most 1000%"},
        {"1e308%", "not a size"},
        {"1000.1%", "more than 0%, and at most 1000%"},
        {"-10%", "not a size"},
        {"10%;", "not a size"},
        {"9999999999999999999999999999999999999999999999999999%", "not a size"},
        {"nan%", "METRIC SIZE"},
        {"p99", "METRIC SIZE"},
        {"p99>+10%", "--fail"},
    };
    struct session s;
    bed_session(&s);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        assert_int_equal(change_add_detections(&s, cases[i].text, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].says) == NULL)
            fail_msg("'%s': %s", cases[i].text, err.text);
        assert_int_equal(s.ngates, 0);
    }
    struct err err;
    detect(&s, "10%");
    assert_int_equal(change_add_detections(&s, "5%", &err), -1);
    assert_non_null(strstr(err.text, "have another size already"));
    session_fini(&s);
}

static void what_is_said_twice_is_one_gate(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf"
                               "p99>+10%\nrss 20%\n5%\n"; /* with a byte order mark */
    struct session s;
    struct err err;
    int others;
    bed_session(&s);
    add(&s, SESSION_GATE_FAIL, "p99>+10%");
    add(&s, SESSION_GATE_FAIL, " p99 >= +10%");
    add(&s, SESSION_GATE_FAIL, "head: p99>+10%");
    detect(&s, "rss 20%");
    detect(&s, "rss 20%");
    detect(&s, "5%");
    size_t count = s.ngates;
    assert_int_equal(change_add_file(&s, &(struct change_file){"gates", text, strlen(text), NULL},
                                     &others, &err),
                     0);
    detect(&s, "5%");
    assert_int_equal(s.ngates, count);
    expect_gates(&s, "fail p99>+10%; detect rss 20%; detect* cpu_per_request 5%; detect* rps 5%; "
                     "fail* errors>+0.5%");
    session_fini(&s);
    bed_session(&s);
    add(&s, SESSION_GATE_FAIL, "p99>+10% and +1ms");
    add(&s, SESSION_GATE_FAIL, "p99>+1ms and +10%");
    assert_int_equal(s.ngates, 1);
    session_fini(&s);
}

static void a_line_for_the_path_takes_the_place_of_a_general_one(void **state)
{
    (void)state;
    static const char text[] = "p99>+10%\n"
                               "head: p50>100ms\n"
                               "warn p99>+5%\n"
                               "cpu_per_request 5%\n"
                               "/slow: p99>+30%\n"
                               "/slow: p50>1s\n"
                               "/slow: cpu_per_request 20%\n"
                               "/slow: rps<-50%\n"
                               "p99>300ms\n";
    struct session s;
    struct err err;
    int others;
    bed_session(&s);
    struct change_file file = {"gates", text, sizeof text - 1, "/slow"};
    assert_int_equal(change_add_file(&s, &file, &others, &err), 0);
    expect_gates(&s, "warn p99>+5%; fail p99>+30%; fail p50>1s; detect cpu_per_request 20%; "
                     "fail rps<-50%; fail p99>300ms");
    session_fini(&s);
    bed_session(&s);
    file.path = "/";
    assert_int_equal(change_add_file(&s, &file, &others, &err), 0);
    assert_int_equal(others, 4);
    expect_gates(&s, "fail p99>+10%; fail head: p50>100ms; warn p99>+5%; "
                     "detect cpu_per_request 5%; fail p99>300ms");
    session_fini(&s);
}

static void a_size_for_the_path_takes_the_place_of_a_general_one(void **state)
{
    (void)state;
    static const char text[] = "10%\np99 30%\nrss 5%\n/slow: 20%\n/slow: rss 40%\n";
    struct session s;
    struct err err;
    int others;
    bed_session(&s);
    struct change_file file = {"gates", text, sizeof text - 1, "/slow"};
    assert_int_equal(change_add_file(&s, &file, &others, &err), 0);
    expect_gates(&s, "detect* cpu_per_request 20%; detect* rps 20%; detect* p99 20%; "
                     "fail* errors>+0.5%; detect rss 40%");
    session_fini(&s);
    bed_session(&s);
    file.path = "/fast";
    assert_int_equal(change_add_file(&s, &file, &others, &err), 0);
    expect_gates(&s, "detect* cpu_per_request 10%; detect* rps 10%; fail* errors>+0.5%; "
                     "detect p99 30%; detect rss 5%");
    session_fini(&s);
}

static void two_sizes_for_one_metric_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second;
        enum session_gate_kind kind;
        bool fine;
    } cases[] = {
        {"p99 10%", "p99 20%", SESSION_GATE_DETECT, false},
        {"p99 10%", "p99 10% and +1ms", SESSION_GATE_DETECT, false},
        {"p99 10%", "p90 20%", SESSION_GATE_DETECT, true},
        {"p99>+10%", "p99>+20%", SESSION_GATE_FAIL, false},
        {"rps<-5%", "head: rps<-10%", SESSION_GATE_WARN, false},
        {"p99>250ms", "p99>300ms", SESSION_GATE_FAIL, false},
        {"p99>250ms", "base: p99>300ms", SESSION_GATE_FAIL, true},
        {"p99>+10%", "p99>+1ms", SESSION_GATE_FAIL, true},
        {"p99>+10%", "p99>300ms", SESSION_GATE_FAIL, true},
        {"p99>+10%", "p99>+5% and +2ms", SESSION_GATE_FAIL, true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        struct err err = {0};
        bed_session(&s);
        add(&s, cases[i].kind, cases[i].first);
        assert_int_equal(change_add(&s, cases[i].kind, cases[i].second, &err),
                         cases[i].fine ? 0 : -1);
        assert_true(cases[i].fine || strstr(err.text, "contradicts") != NULL);
        if (cases[i].kind == SESSION_GATE_FAIL) /* one that warns may be tighter */
            add(&s, SESSION_GATE_WARN, cases[i].second);
        session_fini(&s);
    }
}

static void there_is_a_most_of_gates(void **state)
{
    (void)state;
    struct session s;
    struct err err;
    bed_session(&s);
    for (int i = 0; i < SESSION_GATES_MAX; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "p%d.5>250ms", i);
        add(&s, SESSION_GATE_FAIL, text);
    }
    assert_int_equal(change_add(&s, SESSION_GATE_FAIL, "p99>250ms", &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_int_equal(s.ngates, SESSION_GATES_MAX);
    session_fini(&s);
}

/* --- files --- */

static void a_file_has_a_gate_a_line(void **state)
{
    (void)state;
    static const char text[] = "# what we promise\n"
                               "\n"
                               "  p99>+10% and +1ms   # not for noise\r\n"
                               "warn rps<-5%\n"
                               "warn\t p50>+5%\n"
                               "head: p99>250ms\n"
                               "warn base: p99>240ms\n"
                               "/orders: errors>1%\n"
                               "/orders: head: p50>1s\n"
                               "/orders/#1: errors>2%\n"
                               "warn /other: p99>1ms\n"
                               "cpu_per_request 10%";
    struct session s;
    struct err err;
    bed_session(&s);
    int others = 7;
    struct change_file file = {"gates", text, strlen(text), "/orders"};
    assert_int_equal(change_add_file(&s, &file, &others, &err), 0);
    assert_int_equal(others, 2);
    expect_gates(&s, "fail p99>+10% and +1ms; warn rps<-5%; warn p50>+5%; fail head: p99>250ms; "
                     "warn base: p99>240ms; fail errors>1%; fail head: p50>1s; "
                     "detect cpu_per_request 10%");
    session_fini(&s);
    bed_session(&s);
    assert_int_equal(
        change_add_file(&s, &(struct change_file){"gates", "10%\n", 4, NULL}, &others, &err), 0);
    assert_int_equal(others, 0);
    assert_int_equal(s.ngates, 5);
    session_fini(&s);
}

static void a_wrong_line_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "no gate for /orders"},
        {"# nothing\n\n", "no gate for /orders"},
        {"/path: p99>250ms\n", "no gate for /orders"},
        {"p99>250ms\n/path: nonsense>1\n", "line 2"},
        {"p99>250ms\nwarn /path: p99\n", "line 2"},
        {"p99>250ms\n/path:\n", "line 2"},
        {"p99>250ms\n\np99<+10%\n", "gates, line 3: 'p99<+10%'"},
        {"warn p99 20%\n", "only a limit can warn"},
        {"warn 20%\n", "only a limit can warn"},
        {"warn\n", "line 1"},
        {"head: p99\n", "line 1"},
        {"p99>250ms # fine\nfoo>1ms", "line 2"},
        {"p99>250ms\nhaed: p99>1s", "gates, line 2: "},
        {"p99>250ms\nhaed: p99>+10%", "no arm 'haed'"},
    };
    int others;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        struct err err = {0};
        bed_session(&s);
        struct change_file file = {"gates", cases[i].text, strlen(cases[i].text), "/orders"};
        assert_int_equal(change_add_file(&s, &file, &others, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].says) == NULL)
            fail_msg("'%s': %s", cases[i].text, err.text);
        session_fini(&s);
    }
    struct session s;
    struct err err;
    bed_session(&s);
    struct change_file file = {"gates", "p99>2\0ms", 8, NULL};
    assert_int_equal(change_add_file(&s, &file, &others, &err), -1);
    session_fini(&s);
}

/* --- what can be measured --- */

static void a_default_that_a_url_cannot_measure_is_dropped_by_name(void **state)
{
    (void)state;
    for (size_t url = 0; url < 2; url++) {
        struct session s;
        struct err err;
        char *dropped = NULL;
        bed_session(&s);
        change_add_defaults(&s);
        s.arms[url].is_url = true;
        assert_int_equal(change_check_measurable(&s, &dropped, &err), 0);
        assert_string_equal(dropped, "cpu_per_request, rss");
        expect_gates(&s, "detect* rps 10%; detect* p99 20%; fail* errors>+0.5%");
        free(dropped);
        session_fini(&s);
    }
}

static void all_stay_where_all_can_be_measured(void **state)
{
    (void)state;
    struct session s;
    struct err err;
    char *dropped = NULL;
    bed_session(&s);
    change_add_defaults(&s);
    assert_int_equal(change_check_measurable(&s, &dropped, &err), 0);
    assert_null(dropped);
    assert_int_equal(s.ngates, 5);
    session_fini(&s);
}

static void what_was_asked_for_and_cannot_be_measured_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool base_is_url, head_is_url;
        const char *says; /* NULL: it is fine */
    } cases[] = {
        {"cpu_per_request>+10%", true, false, "arm 'base' is a URL"},
        {"cpu_per_request>+10%", false, true, "arm 'head' is a URL"},
        {"rss>1GiB", false, true, "arm 'head' is a URL"},
        {"rss>1GiB", true, false, NULL},
        {"base: rss>1GiB", true, false, "arm 'base' is a URL"},
        {"p99>+10%", true, true, NULL},
        {"old: p99>250ms", false, false, "no arm 'old'; they are base and head"},
        {"head: p99>+10%", false, false, NULL},
        {"base: p99>250ms", false, false, NULL},
        {"base: p99>+10%", false, false, "base is the reference"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        struct err err = {0};
        char *dropped = NULL;
        bed_session(&s);
        s.arms[0].is_url = cases[i].base_is_url;
        s.arms[1].is_url = cases[i].head_is_url;
        add(&s, SESSION_GATE_FAIL, cases[i].text);
        int got = change_check_measurable(&s, &dropped, &err);
        assert_int_equal(got, cases[i].says == NULL ? 0 : -1);
        assert_null(dropped);
        if (cases[i].says != NULL && strstr(err.text, cases[i].says) == NULL)
            fail_msg("'%s': %s", cases[i].text, err.text);
        session_fini(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_gates_have_sizes_of_their_own),
        cmocka_unit_test(one_size_is_for_all_of_them_but_errors),
        cmocka_unit_test(what_is_asked_by_name_takes_the_place_of_a_default),
        cmocka_unit_test(an_absolute_limit_stands_beside_the_defaults),
        cmocka_unit_test(a_size_that_is_none_is_refused),
        cmocka_unit_test(what_is_said_twice_is_one_gate),
        cmocka_unit_test(a_line_for_the_path_takes_the_place_of_a_general_one),
        cmocka_unit_test(a_size_for_the_path_takes_the_place_of_a_general_one),
        cmocka_unit_test(two_sizes_for_one_metric_are_refused),
        cmocka_unit_test(there_is_a_most_of_gates),
        cmocka_unit_test(a_file_has_a_gate_a_line),
        cmocka_unit_test(a_wrong_line_is_named),
        cmocka_unit_test(a_default_that_a_url_cannot_measure_is_dropped_by_name),
        cmocka_unit_test(all_stay_where_all_can_be_measured),
        cmocka_unit_test(what_was_asked_for_and_cannot_be_measured_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
