#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "report/page/numbers.h"

static void assert_cells(const struct table *t, const char *const *want, size_t count)
{
    assert_int_equal(t->cells.count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(t->cells.items[i], want[i]);
}

static void blocks_and_their_rows(void **state)
{
    (void)state;
    static const char data[] =
        "# About it.\n# percentile\tlatency_ms\n# arm 0 \"a \\042b\\042 \\\\c\"\n"
        "0.5\t1.2345678\n1\tNaN\n\n\n# arm 1 \"none\"\nNaN\tNaN\n\n\n"
        "# arm 2 \"d\"\n1\t2\n";
    static const char *const want[] = {"",     "percentile", "latency, ms", "a \"b\" \\c",
                                       "50 %", "1.2346",     "a \"b\" \\c", "100 %",
                                       "-",    "d",          "100 %",       "2"};
    struct table t;
    table_init(&t, 0);
    numbers_table(data, &t);
    assert_int_equal(t.columns, 3);
    assert_cells(&t, want, LEN(want));
    table_fini(&t);
}

static void a_long_block_is_thinned_out_to_its_ends(void **state)
{
    (void)state;
    struct buf data;
    struct table t;
    buf_init(&data, BUF_TEXT_MAX);
    buf_puts(&data, "# x\ty\n# arm 0 \"a\"\n");
    for (int i = 0; i < 1000; i++)
        buf_printf(&data, "%d\t%d\n", i, 2 * i);
    table_init(&t, 0);
    numbers_table(data.data, &t);
    assert_int_equal(t.cells.count, 3 * (1 + NUMBERS_ROWS_MAX));
    assert_string_equal(t.cells.items[4], "0");
    assert_string_equal(t.cells.items[t.cells.count - 1], "1998");
    table_fini(&t);
    buf_fini(&data);
}

static void without_a_row_there_is_no_table(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "", "\n\n", "# x\ty\n", "# x\ty\n# arm 0 \"a\"\nNaN\tNaN\n", "1\t2\n", "# \"\n\"\n"};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct table t;
        table_init(&t, 0);
        numbers_table(cases[i], &t);
        assert_int_equal(t.columns, 0);
        table_fini(&t);
    }
}

static void a_row_has_as_many_cells_as_columns(void **state)
{
    (void)state;
    static const char *const want[] = {"", "x", "y", "", "1", "", "", "1", "2"};
    struct table t;
    table_init(&t, 0);
    numbers_table("# x\ty\n1\n1\t2\t3\n", &t);
    assert_cells(&t, want, LEN(want));
    table_fini(&t);
}

/* In words of a reader, without what says nothing: percentiles near 100 % stay apart. */
static void columns_have_titles_and_those_without_a_figure_are_left_out(void **state)
{
    (void)state;
    static const char *const want[] = {"",  "percentile", "latency, ms", "lower bound",
                                       "a", "99.9995 %",  "7",           "",
                                       "a", "99.9999 %",  "8",           "yes"};
    struct table t;
    table_init(&t, 0);
    numbers_table("# percentile\t1/(1-percentile)\tlatency_ms\tfew\tbound\n# arm 0 \"a\"\n"
                  "0.999995\t200000\t7\t0\t0\n0.999999\t1000000\t8\t0\t1\n",
                  &t);
    assert_int_equal(t.columns, 4);
    assert_cells(&t, want, LEN(want));
    table_fini(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_and_their_rows),
        cmocka_unit_test(a_long_block_is_thinned_out_to_its_ends),
        cmocka_unit_test(without_a_row_there_is_no_table),
        cmocka_unit_test(a_row_has_as_many_cells_as_columns),
        cmocka_unit_test(columns_have_titles_and_those_without_a_figure_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
