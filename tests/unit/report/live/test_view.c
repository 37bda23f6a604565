/* What holds for every live view in every terminal: it is never wider, never has more rows than
 * there are, and no text from outside controls the terminal. How each looks is in golden/live. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "cases/live_cases.h"
#include "report/text.h"
#include "support/report_styles.h"

#define ROWS 23

/* Each line ends, has something in it, and fits. Returns how many there are. */
static size_t expect_lines(const char *lines, size_t width)
{
    size_t count = 0;
    while (*lines != '\0') {
        char line[1024];
        size_t len = strcspn(lines, "\n");
        assert_in_range(len, 1, sizeof line - 1);
        assert_int_equal(lines[len], '\n');
        memcpy(line, lines, len);
        line[len] = '\0';
        assert_true(text_width(line) <= width);
        for (const char *at = line; *at != '\0'; at++)
            assert_int_equal(str_control(at), 0);
        lines += len + 1;
        count++;
    }
    return count;
}

static void views_fit_into_every_width(void **state)
{
    (void)state;
    for (size_t i = 0; live_case_names[i] != NULL; i++) {
        for (size_t width = 1; width <= 200; width++) {
            struct report_style style = width % 2 == 0 ? style_utf8 : style_ascii;
            style.width = width;
            char *lines = live_case(live_case_names[i], &style, ROWS);
            size_t count = expect_lines(lines, width);
            assert_true(count <= ROWS);
            if (width >= 20)
                assert_true(count > 0);
            free(lines);
        }
    }
}

static void too_few_rows_leave_one_line(void **state)
{
    (void)state;
    for (size_t i = 0; live_case_names[i] != NULL; i++) {
        struct report_style style = style_utf8;
        style.width = 80;
        char *all = live_case(live_case_names[i], &style, ROWS);
        size_t count = expect_lines(all, 80);
        for (size_t rows = 0; rows < ROWS; rows++) {
            char *lines = live_case(live_case_names[i], &style, rows);
            if (rows >= count)
                assert_string_equal(lines, all);
            else
                assert_int_equal(expect_lines(lines, 80), 1);
            free(lines);
        }
        free(all);
    }
}

/* Colour changes nothing but colour. */
static void colour_takes_no_columns(void **state)
{
    (void)state;
    for (size_t i = 0; live_case_names[i] != NULL; i++) {
        struct report_style style = style_utf8;
        style.width = 60;
        char *plain = live_case(live_case_names[i], &style, ROWS);
        style = style_colour;
        style.width = 60;
        char *coloured = live_case(live_case_names[i], &style, ROWS);
        size_t to = 0;
        for (size_t from = 0; coloured[from] != '\0'; from++) {
            if (coloured[from] == '\033')
                from += strcspn(coloured + from, "m");
            else
                coloured[to++] = coloured[from];
        }
        coloured[to] = '\0';
        assert_string_equal(coloured, plain);
        free(plain);
        free(coloured);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_fit_into_every_width),
        cmocka_unit_test(too_few_rows_leave_one_line),
        cmocka_unit_test(colour_takes_no_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
