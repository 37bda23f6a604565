#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "support/plot_rows.h"

struct point {
    double q, inverse, ms;
    int few, bound;
};

/* The nth point of a curve file, over all blocks. */
static bool point_of(const char *text, size_t nth, struct point *out)
{
    char *row = plot_row_of(text, nth);
    if (row == NULL)
        return false;
    double *const numbers[] = {&out->q, &out->inverse, &out->ms};
    char *at = row;
    for (size_t i = 0; i < LEN(numbers); i++)
        *numbers[i] = strtod(at, &at);
    out->few = (int)strtol(at, &at, 10);
    out->bound = (int)strtol(at, &at, 10);
    assert_int_equal(*at, '\0');
    free(row);
    return true;
}

static void a_curve_goes_up_to_the_highest_value(void **state)
{
    (void)state;
    struct comparison c = plot_simple("a", 999);
    char *text = plot_file_of(&c, "latency.dat");
    struct point last = {0};
    struct point p = {0};
    size_t seen_half = 0;
    for (size_t i = 0; point_of(text, i, &p); i++) {
        assert_true(i == 0 ? p.q == 0 && p.inverse == 1 : p.inverse > last.inverse);
        assert_true(fabs(p.q - (1 - 1 / p.inverse)) < 1e-9);
        assert_true(p.ms >= last.ms);
        assert_true(fabs(p.ms - (p.q > 0.999 ? 5 : 1)) < 0.01); /* 1 of 1000 is slow */
        assert_int_equal(p.few, p.inverse > 100.001);           /* 10 of 1000 lie beyond 99 % */
        assert_int_equal(p.bound, 0);
        seen_half += p.q == 0.5;
        last = p;
    }
    assert_int_equal(seen_half, 1);
    assert_true(last.inverse == 2000 && last.ms > 4.99);
    free(text);
    comparison_fini(&c);
}

static void rounds_are_pooled(void **state)
{
    (void)state;
    struct comparison c = plot_simple("a", 9);
    struct comparison other = plot_simple("a", 9);
    comparison_add_result(&c, 0, 2, &other.arms[0].results[0]);
    char *text = plot_file_of(&c, "latency.dat");
    struct point p = {0};
    for (size_t i = 0; point_of(text, i, &p); i++)
        continue;
    assert_true(p.inverse == 40); /* twice 20 */
    free(text);
    text = plot_file_of(&c, "arms.dat");
    plot_expect_field(text, 0, "rounds", "2");
    plot_expect_field(text, 0, "completed", "20");
    free(text);
    comparison_fini(&other);
    comparison_fini(&c);
}

static void no_curve_is_a_block_of_nan(void **state)
{
    (void)state;
    struct comparison c = plot_simple("a", 9);
    struct result r;
    result_init(&r); /* nothing measured at all */
    (void)comparison_add_arm(&c, "b");
    comparison_add_result(&c, 1, 1, &r);
    (void)comparison_add_arm(&c, "c"); /* no round gave a result */
    char *text = plot_file_of(&c, "latency_unfinished.dat");
    for (size_t i = 0; i < 3; i++)
        plot_expect_row(text, i, "NaN\tNaN\tNaN\tNaN\tNaN");
    assert_null(plot_row_of(text, 3));
    free(text);
    text = plot_file_of(&c, "latency.dat");
    assert_non_null(strstr(text, "\n\n\n# arm 1 \"b\"\nNaN\tNaN\tNaN\tNaN\tNaN\n"));
    assert_non_null(strstr(text, "\n\n\n# arm 2 \"c\"\nNaN\tNaN\tNaN\tNaN\tNaN\n"));
    free(text);
    comparison_fini(&c);
}

/* Requests that never got an answer are a curve of their own, of lower bounds. */
static void the_unfinished_are_a_bound(void **state)
{
    (void)state;
    struct comparison c;
    struct result r;
    comparison_init(&c);
    result_init(&r);
    r.latency = hist_new_latency();
    r.unfinished = hist_new_latency();
    hist_record_n(r.unfinished, 9 * NS_PER_S, 100);
    (void)comparison_add_arm(&c, "stuck");
    comparison_add_result(&c, 0, 1, &r);
    char *text = plot_file_of(&c, "latency.dat");
    plot_expect_row(text, 0, "NaN\tNaN\tNaN\tNaN\tNaN");
    free(text);
    text = plot_file_of(&c, "latency_unfinished.dat");
    struct point p = {0};
    size_t points = 0;
    for (; point_of(text, points, &p); points++)
        assert_true(p.bound == 1 && fabs(p.ms - 9000) < 10);
    assert_true(points > 50);
    free(text);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_curve_goes_up_to_the_highest_value),
        cmocka_unit_test(rounds_are_pooled),
        cmocka_unit_test(no_curve_is_a_block_of_nan),
        cmocka_unit_test(the_unfinished_are_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
