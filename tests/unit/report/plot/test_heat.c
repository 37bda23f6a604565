#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/plot/heat.h"
#include "support/plot_rows.h"

struct cell {
    double from_s, to_s, from_ms, to_ms, requests, share;
};

/* The nth cell of the only arm. */
static bool cell_of(const char *text, size_t nth, struct cell *out)
{
    char *row = plot_row_of(text, nth);
    if (row == NULL)
        return false;
    double *const numbers[] = {&out->from_s, &out->to_s,     &out->from_ms,
                               &out->to_ms,  &out->requests, &out->share};
    char *at = row;
    for (size_t i = 0; i < LEN(numbers); i++)
        *numbers[i] = strtod(at, &at);
    assert_int_equal(*at, '\0');
    free(row);
    return true;
}

/* A round of so many seconds, each with one request of 1 ms and three of `slow_ns`. */
static void add_round(struct comparison *c, size_t seconds, int64_t slow_ns)
{
    struct result r;
    result_init(&r);
    struct hist *h = hist_new_latency();
    hist_record(h, NS_PER_MS);
    hist_record_n(h, slow_ns, 3);
    r.series_latency = hist_series_new();
    r.seconds = mem_array(seconds, sizeof *r.seconds);
    r.nseconds = seconds;
    for (size_t i = 0; i < seconds; i++) {
        r.seconds[i] = (struct second){.at_s = (double)i + 1, .length_s = 1, .requests = 4};
        hist_series_add(r.series_latency, h);
    }
    hist_free(h);
    comparison_add_result(c, 0, (int64_t)c->arms[0].nresults + 1, &r);
}

static struct comparison one_arm(void)
{
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, "a");
    return c;
}

static char *heat_of(const struct comparison *c)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    plot_heat(&c->arms[0], &out);
    char *taken = buf_take(&out);
    buf_fini(&out);
    return taken;
}

static void a_request_is_in_the_cell_of_its_time_and_latency(void **state)
{
    (void)state;
    struct comparison c = one_arm();
    struct cell cell = {0};
    add_round(&c, 3, 8 * NS_PER_MS);
    char *text = heat_of(&c);
    for (size_t i = 0; i < 6; i++) {
        size_t pair = i / 2;
        double second = (double)pair;
        double ms = i % 2 == 0 ? 1 : 8;
        assert_true(cell_of(text, i, &cell));
        assert_true(cell.from_s == second && cell.to_s == second + 1);
        assert_true(cell.from_ms <= ms && ms < cell.to_ms * 1.01);
        assert_true(fabs(cell.to_ms / cell.from_ms - exp2(0.25)) < 1e-6);
        assert_true(cell.requests == (i % 2 == 0 ? 1 : 3));
        assert_true(cell.share == (i % 2 == 0 ? 0.25 : 0.75));
    }
    assert_false(cell_of(text, 6, &cell));
    free(text);
    comparison_fini(&c);
}

/* The rounds are merged; a longer one goes on alone. */
static void rounds_are_merged(void **state)
{
    (void)state;
    struct comparison c = one_arm();
    struct cell cell = {0};
    add_round(&c, 1, 8 * NS_PER_MS);
    add_round(&c, 2, NS_PER_MS);
    char *text = heat_of(&c);
    assert_true(cell_of(text, 0, &cell) && cell.requests == 5 && cell.share == 0.625);
    assert_true(cell_of(text, 1, &cell) && cell.requests == 3 && cell.share == 0.375);
    assert_true(cell_of(text, 2, &cell) && cell.requests == 4 && cell.share == 1);
    assert_true(cell.from_s == 1 && cell.to_s == 2);
    assert_false(cell_of(text, 3, &cell));
    free(text);
    comparison_fini(&c);
}

static void a_long_run_has_longer_stretches(void **state)
{
    (void)state;
    static const struct {
        size_t seconds;
        double stretch_s;
    } cases[] = {{100, 1}, {101, 2}, {1000, 10}, {5000, 50}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c = one_arm();
        struct cell cell = {0};
        double requests = 0;
        size_t rows = 0;
        add_round(&c, cases[i].seconds, NS_PER_MS);
        char *text = heat_of(&c);
        while (cell_of(text, rows, &cell)) {
            assert_true(cell.from_s == (double)rows * cases[i].stretch_s);
            assert_true(cell.share == 1);
            requests += cell.requests;
            rows++;
        }
        assert_true(cell.to_s == (double)cases[i].seconds);
        assert_true(requests == 4 * (double)cases[i].seconds);
        assert_in_range(rows, 1, HEAT_STRETCHES_MAX);
        free(text);
        comparison_fini(&c);
    }
}

/* 4097 seconds have intervals of 2 s, 10 have intervals of 1 s. */
static void rounds_may_have_other_intervals(void **state)
{
    (void)state;
    struct comparison c = one_arm();
    struct cell cell = {0};
    double requests = 0;
    add_round(&c, 10, NS_PER_MS);
    add_round(&c, HIST_SERIES_INTERVALS_MAX + 1, NS_PER_MS);
    char *text = heat_of(&c);
    for (size_t i = 0; cell_of(text, i, &cell); i++)
        requests += cell.requests;
    assert_true(requests == 4 * (HIST_SERIES_INTERVALS_MAX + 1 + 10));
    free(text);
    comparison_fini(&c);
}

static void the_ends_of_the_range_have_cells(void **state)
{
    (void)state;
    struct comparison c = one_arm();
    struct cell cell = {0};
    add_round(&c, 1, 0);
    add_round(&c, 1, HIST_MAX_NS + 1);
    char *text = heat_of(&c);
    assert_true(cell_of(text, 0, &cell) && cell.from_ms == 1e-6 && cell.requests == 3);
    assert_true(cell_of(text, 1, &cell) && cell.requests == 2);
    assert_true(cell_of(text, 2, &cell) && cell.requests == 3);
    assert_true(cell.from_ms <= 3600e3 && cell.to_ms > 3600e3);
    free(text);
    comparison_fini(&c);
}

static void without_latencies_over_time_it_is_one_row(void **state)
{
    (void)state;
    struct comparison c = one_arm();
    char *text = heat_of(&c);
    plot_expect_row(text, 0, "NaN\tNaN\tNaN\tNaN\tNaN\tNaN");
    free(text);
    add_round(&c, 0, NS_PER_MS); /* not even a second */
    text = heat_of(&c);
    plot_expect_row(text, 0, "NaN\tNaN\tNaN\tNaN\tNaN\tNaN");
    free(text);
    hist_series_free(c.arms[0].results[0].series_latency);
    c.arms[0].results[0].series_latency = NULL; /* an older file */
    add_round(&c, 1, NS_PER_MS);
    struct cell cell = {0};
    text = heat_of(&c);
    assert_true(cell_of(text, 0, &cell) && cell.requests == 4);
    free(text);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_in_the_cell_of_its_time_and_latency),
        cmocka_unit_test(rounds_are_merged),
        cmocka_unit_test(a_long_run_has_longer_stretches),
        cmocka_unit_test(rounds_may_have_other_intervals),
        cmocka_unit_test(the_ends_of_the_range_have_cells),
        cmocka_unit_test(without_latencies_over_time_it_is_one_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
