/* The table of how arms came back from a spike, at each point of a sweep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "cases/sweep_cases.h"
#include "report/sweep/report.h"

static const struct report_style plain = {.utf8 = true};

/* Two arms over two points, the larger one first, as a range may place them. */
static void known_sweep(struct sweep *s)
{
    assert_int_equal(sweep_case("once", s), 0);
    struct sweep_point first = s->points[0];
    s->points[0] = s->points[1];
    s->points[1] = first;
    for (size_t arm = 0; arm < s->narms; arm++) {
        struct arm held = s->comparison.arms[arm];
        s->comparison.arms[arm] = s->comparison.arms[s->narms + arm];
        s->comparison.arms[s->narms + arm] = held;
    }
}

static void spoil(struct sweep *s)
{
    for (size_t i = 0; i < s->comparison.narms; i++) {
        for (size_t k = 0; k < s->comparison.arms[i].nresults; k++)
            s->comparison.arms[i].results[k].recovery = (struct recovery){
                .state = RECOVERY_RECOVERED,
                .goal = {0.99, 2e8, true},
                .from_s = 1,
                .to_s = 2,
                .back_s = (double)i + 1,
                .requests = {500, 0, 10, 3},
                .jobs = {MISSING, MISSING, NAN, NAN},
                .before = {100, 100, 100},
                .spike = {500, 200, 50},
                .after = {100, 140, 80},
            };
    }
}

static char *table_of(const struct sweep *s)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    report_sweep_recovery(s, &plain, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

/* Where the words are, one after the other. */
static void expect_in_order(const char *text, const char *const *words, size_t count)
{
    const char *at = text;
    for (size_t i = 0; i < count; i++) {
        const char *found = strstr(at, words[i]);
        if (found == NULL) {
            fail_msg("no \"%s\" after the words before it in: %s", words[i], text);
            return;
        }
        at = found;
    }
}

static void each_arm_at_each_point_has_a_row_in_the_order_of_the_values(void **state)
{
    (void)state;
    static const char *const words[] = {"recovery",
                                        "goal",
                                        "back",
                                        "a connections=1",
                                        "p99<200 ms",
                                        "3.00 s",
                                        "b connections=1",
                                        "4.00 s",
                                        "a connections=2",
                                        "1.00 s",
                                        "b connections=2",
                                        "2.00 s",
                                        "back: time from the end of the spike"};
    struct sweep s;
    known_sweep(&s);
    spoil(&s);
    char *text = table_of(&s);
    expect_in_order(text, words, LEN(words));
    free(text);
    sweep_fini(&s);
}

static void without_a_spike_there_is_no_table(void **state)
{
    (void)state;
    struct sweep s;
    known_sweep(&s);
    char *text = table_of(&s);
    assert_string_equal(text, "");
    free(text);
    sweep_fini(&s);
}

/* The columns of the spreadsheet are those of a comparison. */
static void a_spreadsheet_has_the_columns(void **state)
{
    (void)state;
    struct sweep s;
    struct buf out;
    known_sweep(&s);
    spoil(&s);
    buf_init(&out, BUF_TEXT_MAX);
    report_sweep_csv(&s, &out);
    static const char *const words[] = {
        "\"recovery\"", "\"goodput_after\"\r\n",
        "\"recovered\",1,\"p99<200 ms\",1,2,1,500,3,,,100,50,500,80\r\n",
        "\"recovered\",1,\"p99<200 ms\",1,2,2,"};
    expect_in_order(out.data, words, LEN(words));
    buf_fini(&out);
    sweep_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_arm_at_each_point_has_a_row_in_the_order_of_the_values),
        cmocka_unit_test(without_a_spike_there_is_no_table),
        cmocka_unit_test(a_spreadsheet_has_the_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
