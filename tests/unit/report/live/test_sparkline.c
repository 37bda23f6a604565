/* A row of bars: its scale, what is not known, and more values than columns. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/live/sparkline.h"
#include "report/text.h"
#include "support/report_styles.h"

static void expect(const struct sparkline *s, size_t columns, const struct report_style *style,
                   const char *want)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    sparkline(&out, s, columns, style);
    assert_string_equal(out.data, want);
    assert_true(text_width(out.data) <= columns);
    buf_fini(&out);
}

static void the_scale_begins_at_0_and_ends_at_the_largest(void **state)
{
    (void)state;
    static const double rising[] = {0, 1, 2, 3, 4, 5, 6, 7};
    static const double flat[] = {3, 3, 3};
    static const double nothing[] = {0, 0, 0};
    static const double small[] = {1000, 1, 0};
    static const double huge[] = {DBL_MAX, DBL_MAX / 2, DBL_MIN};
    static const double tiny[] = {DBL_TRUE_MIN, 0, DBL_TRUE_MIN};
    static const struct {
        struct sparkline s;
        const char *utf8, *ascii;
    } cases[] = {
        {{rising, LEN(rising), 0, SPARKLINE_HIGHEST}, "▁▂▃▄▅▆▇█", "_.-:=+*#"},
        {{flat, LEN(flat), 0, SPARKLINE_HIGHEST}, "███", "###"},
        {{nothing, LEN(nothing), 0, SPARKLINE_HIGHEST}, "▁▁▁", "___"},
        {{small, LEN(small), 0, SPARKLINE_HIGHEST}, "█▂▁", "#._"},
        {{huge, LEN(huge), 0, SPARKLINE_HIGHEST}, "█▅▂", "#=."},
        {{tiny, LEN(tiny), 0, SPARKLINE_HIGHEST}, "█▁█", "#_#"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        expect(&cases[i].s, 20, &style_utf8, cases[i].utf8);
        expect(&cases[i].s, 20, &style_ascii, cases[i].ascii);
    }
}

static void what_is_not_known_is_a_gap(void **state)
{
    (void)state;
    static const double values[] = {1, NAN, INFINITY, -INFINITY, -1, 1};
    static const double none[] = {NAN, NAN};
    expect(&(struct sparkline){values, LEN(values), 0, SPARKLINE_LOWEST}, 20, &style_ascii,
           "#    #");
    expect(&(struct sparkline){none, LEN(none), 0, SPARKLINE_LOWEST}, 20, &style_ascii, "  ");
    expect(&(struct sparkline){none, 0, 0, SPARKLINE_LOWEST}, 20, &style_ascii, "");
    expect(&(struct sparkline){values, LEN(values), 0, SPARKLINE_LOWEST}, 0, &style_ascii, "");
}

static void a_column_shows_the_worst_of_its_values(void **state)
{
    (void)state;
    static const double values[] = {7, 7, 7, 0, 7, 7, NAN, NAN, 7, 3.5};
    const struct sparkline lowest = {values, LEN(values), 0, SPARKLINE_LOWEST};
    const struct sparkline highest = {values, LEN(values), 0, SPARKLINE_HIGHEST};
    expect(&lowest, 10, &style_ascii, "###_##  #=");
    expect(&lowest, 9, &style_ascii, "#_# ="); /* two in each */
    expect(&lowest, 5, &style_ascii, "#_# =");
    expect(&highest, 5, &style_ascii, "### #");
    expect(&lowest, 4, &style_ascii, "#_#=");
    expect(&highest, 1, &style_ascii, "#");
}

/* The bars of what is past do not change when a value is added, but for the last one. */
static void values_stay_together(void **state)
{
    (void)state;
    static const double values[] = {1, 9, 2, 8, 3, 7, 4, 6, 5};
    expect(&(struct sparkline){values, 8, 0, SPARKLINE_HIGHEST}, 4, &style_ascii, "##*+");
    expect(&(struct sparkline){values + 1, 7, 1, SPARKLINE_HIGHEST}, 4, &style_ascii, "##*+");
    expect(&(struct sparkline){values + 1, 8, 1, SPARKLINE_HIGHEST}, 5, &style_ascii, "##*+=");
    /* one more than there are columns: the oldest goes */
    expect(&(struct sparkline){values + 1, 8, 1, SPARKLINE_HIGHEST}, 4, &style_ascii, "##*+");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scale_begins_at_0_and_ends_at_the_largest),
        cmocka_unit_test(what_is_not_known_is_a_gap),
        cmocka_unit_test(a_column_shows_the_worst_of_its_values),
        cmocka_unit_test(values_stay_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
