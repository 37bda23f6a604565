/* What is no gate, and what the message says instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/verdict/change.h"
#include "base/mem.h"

struct refused {
    const char *text, *says;
};

static void expect_refused(enum session_gate_kind kind, const struct refused *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct change_gate gate;
        struct err err = {0};
        if (change_parse(kind, cases[i].text, &gate, &err) == 0)
            fail_msg("'%s' was taken", cases[i].text);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].says) == NULL)
            fail_msg("'%s': no '%s' in: %s", cases[i].text, cases[i].says, err.text);
    }
}

static void what_is_no_limit_is_refused_with_a_hint(void **state)
{
    (void)state;
    static const struct refused cases[] = {
        {"", "p99>+10%"},
        {"p99", "p99>+10%"},
        {"p99 20%", "not a limit"},
        {"p99=+10%", "not a limit"},
        {"p99>", "a bound is missing"},
        {"p99>+", "a bound is missing"},
        {"p99>+%", "not a percentage"},
        {"p99>+0%", "out of range"},
        {"p99>+0.000%", "out of range"},
        {"p99>+1001%", "out of range"},
        {"p99>+99999999999999999999%", "out of range"},
        {"p99>+1e308%", "not a percentage"},
        {"p99>+1e1%", "not a percentage"},
        {"p99>+nan%", "not a percentage"},
        {"p99>+NaN", "not a time"},
        {"p99>nan", "not a time"},
        {"p99>+inf%", "not a percentage"},
        {"p99>++10%", "not a percentage"},
        {"p99>+-10%", "not a percentage"},
        {"p99>+10%%", "not a percentage"},
    };
    expect_refused(SESSION_GATE_FAIL, cases, LEN(cases));
}

static void two_bounds_must_fit_together(void **state)
{
    (void)state;
    static const struct refused cases[] = {
        {"p99>+10% +1ms", "not a time"},
        {"p99>+10%and+1ms", "not a time"},
        {"p99>+10% and ", "not a"},
        {"p99>+10% and -1ms", "p99>+1ms"},
        {"p99>+10% and +1ms and +2ms", "more than two bounds"},
        {"p99>+10% and +20%", "two bounds of one kind"},
        {"p99>+1ms and +2ms", "two bounds of one kind"},
        {"p99>+10% and 250ms", "stands alone"},
        {"p99>250ms and +10%", "stands alone"},
    };
    expect_refused(SESSION_GATE_FAIL, cases, LEN(cases));
}

static void an_amount_must_have_the_unit_of_its_metric(void **state)
{
    (void)state;
    static const struct refused cases[] = {
        {"p99>10%", "+10%"},
        {"rps<10%", "-10%"},
        {"p99>250", "no unit"},
        {"p99>+10", "no unit"},
        {"p99>0ms", "more than 0"},
        {"p99>+0ms", "more than 0"},
        {"rps<0", "more than 0"},
        {"rps<-100%", "nothing would be left"},
        {"rps<-100.1%", "out of range"},
        {"rps<-1e3", "not a number"},
        {"rps<1000rps", "not a number"},
        {"rss>+1ms", "not a size"},
        {"p99>+1MiB", "not a time"},
        {"errors>0", "percentage"},
        {"errors>0%", "out of range"},
        {"errors>5", "percentage"},
        {"errors>+5", "not a percentage"},
        {"errors>101%", "out of range"},
        {"errors>+0.5% and +1%", "two bounds of one kind"},
    };
    expect_refused(SESSION_GATE_FAIL, cases, LEN(cases));
}

static void a_direction_that_makes_no_sense_names_the_right_one(void **state)
{
    (void)state;
    static const struct refused cases[] = {
        {"p99<+10%", "p99>+10%"},   {"p99<-10%", "p99>+10%"}, {"p99>-10%", "p99>+10%"},
        {"p99<250ms", "p99>250ms"}, {"rps>+5%", "rps<-5%"},   {"rps<+5%", "rps<-5%"},
        {"rps>1000", "rps<1000"},
    };
    expect_refused(SESSION_GATE_FAIL, cases, LEN(cases));
}

static void what_no_session_measures_is_refused(void **state)
{
    (void)state;
    static const struct refused cases[] = {
        {"eror>+1%", "did you mean 'errors'?"},
        {"pp99>+10%", "did you mean 'p99'?"},
        {">+10%", "unknown metric ''"},
        {"wait.p99>+10%", "not measured when two arms are compared"},
        {"probe.p99>250ms", "not measured when two arms are compared"},
        {"threads>+10%", "not measured when two arms are compared"},
        {"saturated>0%", "not measured when two arms are compared"},
    };
    expect_refused(SESSION_GATE_FAIL, cases, LEN(cases));
}

static void what_is_no_detection_is_refused_with_a_hint(void **state)
{
    (void)state;
    static const struct refused cases[] = {
        {"", "METRIC SIZE"},
        {"p99", "METRIC SIZE"},
        {"p99 ", "METRIC SIZE"},
        {"p99>+10%", "--fail"},
        {"p99 20", "not a percentage"},
        {"p99 +20%", "not a percentage"},
        {"p99 0%", "out of range"},
        {"p99 1001%", "out of range"},
        {"p99 1e308%", "not a percentage"},
        {"p99 NaN%", "not a percentage"},
        {"p99 20ms", "not a percentage"},
        {"p99 20% and 1ms", "no sign"},
        {"p99 20% and -1ms", "p99>+1ms"},
        {"p99 20% and +20%", "two bounds of one kind"},
        {"p99 20% and +1ms and +2ms", "two bounds"},
        {"p98x 20%", "unknown metric"},
        {"wait.p99 20%", "not measured when two arms are compared"},
    };
    expect_refused(SESSION_GATE_DETECT, cases, LEN(cases));
}

static void a_gate_of_any_length_is_refused_whole(void **state)
{
    (void)state;
    char text[4000];
    struct change_gate gate;
    struct err err;
    memset(text, '9', sizeof text);
    memcpy(text, "p99>+", 5);
    text[sizeof text - 1] = '\0';
    assert_int_equal(change_parse(SESSION_GATE_FAIL, text, &gate, &err), -1);
    assert_non_null(strstr(err.text, "too long"));
    text[CHANGE_TEXT_MAX] = '\0';
    assert_int_equal(change_parse(SESSION_GATE_FAIL, text, &gate, &err), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_limit_is_refused_with_a_hint),
        cmocka_unit_test(two_bounds_must_fit_together),
        cmocka_unit_test(an_amount_must_have_the_unit_of_its_metric),
        cmocka_unit_test(a_direction_that_makes_no_sense_names_the_right_one),
        cmocka_unit_test(what_no_session_measures_is_refused),
        cmocka_unit_test(what_is_no_detection_is_refused_with_a_hint),
        cmocka_unit_test(a_gate_of_any_length_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
