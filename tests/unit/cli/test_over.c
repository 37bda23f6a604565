#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/over.h"
#include "cli/run_opts.h"

static struct run_options options;
static struct opt_group groups[OPT_GROUPS_MAX + 1];

static int make_groups(void **state)
{
    (void)state;
    size_t count = run_groups(&options, groups);
    groups[count] = (struct opt_group){0};
    return 0;
}

static void expect_texts(const char *text, const char *const *texts, const double *values,
                         size_t count)
{
    struct over o;
    struct err err = {0};
    assert_int_equal(over_parse(text, groups, &o, &err), 0);
    assert_int_equal(o.texts.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(o.texts.items[i], texts[i]);
        assert_true(o.values[i] == values[i]);
    }
    assert_false(o.axis.is_placed);
    over_fini(&o);
}

static void lists_have_their_values(void **state)
{
    (void)state;
    expect_texts("connections=8,1,512", (const char *const[]){"8", "1", "512"},
                 (const double[]){8, 1, 512}, 3);
    expect_texts("work=10k,1M", (const char *const[]){"count:10k", "count:1M"},
                 (const double[]){1e4, 1e6}, 2);
    expect_texts("work=sleep:5ms", (const char *const[]){"sleep:5ms"}, (const double[]){5e6}, 1);
    expect_texts("R=0.5,2k", (const char *const[]){"0.5", "2k"}, (const double[]){0.5, 2000}, 2);
    expect_texts("timeout=1,500ms", (const char *const[]){"1", "500ms"}, (const double[]){1e9, 5e8},
                 2);
    expect_texts("broker-sync=normal,full", (const char *const[]){"normal", "full"},
                 (const double[]){0, 1}, 2);
}

static void steps_end_with_the_range(void **state)
{
    (void)state;
    expect_texts("rate=100..500/200", (const char *const[]){"100", "300", "500"},
                 (const double[]){100, 300, 500}, 3);
    expect_texts("pool-size=1..4/2", (const char *const[]){"1", "3"}, (const double[]){1, 3}, 2);
    expect_texts("rate=0.1..0.3/0.1", (const char *const[]){"0.1", "0.2", "0.3"},
                 (const double[]){0.1, 0.1 + 0.1, 0.1 + 2 * 0.1}, 3);
}

static void ranges_wait_for_values(void **state)
{
    (void)state;
    struct over o;
    struct err err = {0};
    assert_int_equal(over_parse("connections=1..512", groups, &o, &err), 0);
    assert_true(o.axis.is_placed && o.lo == 1 && o.hi == 512 && o.texts.count == 0);
    assert_int_equal(o.axis.scale, AXIS_LOG);
    assert_true(over_middle(&o, 1, 512) == 23);
    assert_true(isnan(over_middle(&o, 2, 3)) && isnan(over_middle(&o, 100, 110)));
    assert_true(over_round(&o, 2.4) == 2 && over_round(&o, 347) == 350);
    assert_true(over_round(&o, 0.2) == 1 && over_round(&o, 9999) == 512);
    over_fini(&o);
    assert_int_equal(over_parse("queue-workers=0..8", groups, &o, &err), 0);
    assert_int_equal(o.axis.scale, AXIS_LINEAR);
    assert_true(over_middle(&o, 0, 8) == 4);
    over_begin(&o, 5);
    assert_int_equal(o.texts.count, 3);
    assert_true(o.values[0] == 0 && o.values[1] == 4 && o.values[2] == 8);
    over_fini(&o);
}

static void chosen_values_are_written_for_the_option(void **state)
{
    (void)state;
    static const struct {
        const char *over;
        double value;
        const char *text;
    } cases[] = {{"connections=1..2000", 1000, "1k"},
                 {"connections=1..2000", 1100, "1100"},
                 {"work=10k..100M", 3.2e6, "count:3200k"},
                 {"timeout=1ms..10s", 2.5e8, "250ms"},
                 {"max-body=1k..1M", 65536, "64KiB"},
                 {"rate=0.1..10", 0.25, "0.25"},
                 {"queue-workers=0..9", 0, "0"}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct over o;
        struct err err = {0};
        assert_int_equal(over_parse(cases[i].over, groups, &o, &err), 0);
        char *text = over_text(&o, cases[i].value);
        assert_string_equal(text, cases[i].text);
        free(text);
        over_fini(&o);
    }
}

static void mistakes_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"connections", "is not NAME=VALUES"},
        {"=1,2", "is not NAME=VALUES"},
        {"connections=", "is not NAME=VALUES"},
        {"conections=1,2", "is not an option of a run"},
        {"connections=1,,2", "empty value"},
        {"connections=1,2,", "empty value"},
        {"connections=2,2", "twice"},
        {"rate=1000,1k", "twice"},
        {"connections=x", "connections: "},
        {"connections=8..1", "reversed"},
        {"connections=8..8", "empty"},
        {"connections=1..8/0", "is not above 0"},
        {"connections=1..1000/1", "more than 100 values"},
        {"broker-sync=a..b", "no numbers"},
        {"work=sleep:1ms..5ms", "one of counts"},
        {"seed=1,2", "cannot be swept"},
        {"json=1", "cannot be swept"},
        {"title=a,b", "cannot be swept"},
        {"insecure=1", "has no value"},
        {"headers=a,b", "can be repeated"},
        {"work=1..x", "work: "},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct over o;
        struct err err = {0};
        if (over_parse(cases[i].text, groups, &o, &err) == 0)
            fail_msg("%s was taken", cases[i].text);
        if (strstr(err.text, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].text, err.text);
        assert_int_equal(err.kind, ERR_USAGE);
        over_fini(&o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_have_their_values),
        cmocka_unit_test(steps_end_with_the_range),
        cmocka_unit_test(ranges_wait_for_values),
        cmocka_unit_test(chosen_values_are_written_for_the_option),
        cmocka_unit_test(mistakes_are_named),
    };
    return cmocka_run_group_tests(tests, make_groups, NULL);
}
