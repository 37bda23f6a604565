#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/table.h"
#include "support/count_of.h"
#include "support/report_styles.h"

static void tables_align_by_characters(void **state)
{
    (void)state;
    static const char *const cells[] = {"x", "50%", "max", "a", "≥1 ms", "2*", "long", "3*", "12"};
    struct table t;
    struct buf out;
    table_init(&t, 3);
    for (size_t i = 0; i < LEN(cells); i++)
        table_cell(&t, cells[i]);
    buf_init(&out, BUF_TEXT_MAX);
    table_write(&t, &style_utf8, &out);
    assert_string_equal(out.data, "x       50%  max\n"
                                  "────────────────\n"
                                  "a     ≥1 ms    2*\n"
                                  "long      3*  12\n");
    buf_clear(&out);
    table_cell(&t, "a row that is not full");
    table_write(&t, &style_ascii, &out);
    assert_memory_equal(out.data + strlen("x       50%  max\n"), "----------------\n", 17);
    assert_null(strstr(out.data, "full"));
    buf_fini(&out);
    table_fini(&t);
}

static void tables_drop_what_matters_least(void **state)
{
    (void)state;
    static const char *const cells[] = {"x", "50%", "mean", "max", "row", "1.00", "2.00", "3.00"};
    static const char *const least[] = {"not there", "mean", "max", NULL};
    static const struct {
        size_t width, columns;
    } cases[] = {{100, 4}, {22, 4}, {21, 3}, {16, 3}, {15, 2}, {2, 2}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct table t;
        table_init(&t, 4);
        for (size_t k = 0; k < LEN(cells); k++)
            table_cell(&t, cells[k]);
        table_fit(&t, &(struct report_style){.width = cases[i].width}, least);
        assert_int_equal(t.columns, cases[i].columns);
        assert_string_equal(t.cells.items[t.columns + 1], "1.00");
        table_fini(&t);
    }
}

static void tables_go_on_below(void **state)
{
    (void)state;
    static const char *const cells[] = {"x", "50%", "mean", "max", "row", "1.00", "2.00", "3.00"};
    struct table t;
    struct buf out;
    table_init(&t, 4);
    for (size_t k = 0; k < LEN(cells); k++)
        table_cell(&t, cells[k]);
    buf_init(&out, BUF_TEXT_MAX);
    table_write(&t, &(struct report_style){.width = 21}, &out);
    assert_string_equal(out.data, "x     50%  mean\n"
                                  "---------------\n"
                                  "row  1.00  2.00\n"
                                  "\n"
                                  "x     max\n"
                                  "---------\n"
                                  "row  3.00\n");
    buf_clear(&out);
    table_write(&t, &(struct report_style){.width = 1},
                &out); /* nothing fits: one column a table */
    assert_says(out.data, "row  2.00\n\nx     max\n");
    buf_fini(&out);
    table_fini(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_align_by_characters),
        cmocka_unit_test(tables_drop_what_matters_least),
        cmocka_unit_test(tables_go_on_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
