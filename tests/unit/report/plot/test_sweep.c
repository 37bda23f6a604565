/* What the data files of a sweep hold, whatever it holds itself. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/sweep_cases.h"
#include "report/plot/sweep.h"

static char *file_of(const struct sweep *s, const char *name)
{
    struct err err;
    struct ranking r;
    assert_int_equal(ranking_init(&r, s, NULL, &err), 0);
    const struct plot_file *f = s->naxes > 1 ? map_files : sweep_files;
    struct buf out;
    while (f->name != NULL && strcmp(f->name, name) != 0)
        f++;
    assert_non_null(f->name);
    buf_init(&out, BUF_TEXT_MAX);
    f->write(&r, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    ranking_fini(&r);
    return text;
}

static size_t count_of(const char *text, const char *what)
{
    size_t count = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what))
        count++;
    return count;
}

/* gnuplot reads a text to its closing quote, which is where the tab or the line ends. */
static void expect_closed_texts(const char *text)
{
    bool is_open = false;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\n' && at[1] == '#')
            assert_false(is_open);
        is_open ^= *at == '"';
        if (*at == '\n')
            assert_false(is_open);
    }
}

static void every_case_gives_whole_files(void **state)
{
    (void)state;
    for (size_t i = 0; sweep_case_names[i] != NULL; i++) {
        struct sweep s;
        assert_int_equal(sweep_case(sweep_case_names[i], &s), 0);
        for (const struct plot_file *f = s.naxes > 1 ? map_files : sweep_files; f->name != NULL;
             f++) {
            char *text = file_of(&s, f->name);
            assert_true(text[0] == '#' && text[strlen(text) - 1] == '\n');
            assert_null(strstr(text, "inf"));
            expect_closed_texts(text);
            free(text);
        }
        sweep_fini(&s);
    }
}

/* A value that was measured with one value of the other option only leaves holes. */
static void a_map_has_a_cell_for_each_two_values(void **state)
{
    (void)state;
    struct sweep s;
    assert_int_equal(sweep_case("map", &s), 0);
    sweep_add_point(&s, (const char *const[]){"count:2M", "16"}, (const double[]){2e6, 16});
    char *cells = file_of(&s, "cells.dat");
    assert_int_equal(count_of(cells, "\"not measured\"\t"), (4 + 3 + 1) * 1);
    assert_int_equal(count_of(cells, "\n") - 3, 5 * 4);
    free(cells);
    char *borders = file_of(&s, "borders.dat");
    assert_int_equal(count_of(borders, "NaN"), 1); /* in what describes the file */
    free(borders);
    sweep_fini(&s);
}

/* One value of the first option: the next cell is the one above. */
static void a_map_of_one_column_has_its_borders(void **state)
{
    (void)state;
    struct sweep s;
    assert_int_equal(sweep_case("column", &s), 0);
    char *borders = file_of(&s, "borders.dat");
    assert_non_null(strstr(borders, "\n0\t1\t1\t0\t0\n0\t2\t1\t0\t0\n"));
    assert_int_equal(count_of(borders, "\n"), 2 + 2);
    free(borders);
    sweep_fini(&s);
}

/* Nothing but what ties has stripes, each of its arms as many. */
static void stripes_take_turns(void **state)
{
    (void)state;
    struct sweep s;
    assert_int_equal(sweep_case("tied-map", &s), 0);
    char *stripes = file_of(&s, "stripes.dat");
    assert_int_equal(count_of(stripes, "\t3\n"), 2 * 3);
    assert_int_equal(count_of(stripes, "\t2\n"), 2 * 3 + 4);
    free(stripes);
    sweep_fini(&s);
}

static void work_is_told_by_its_cpu(void **state)
{
    (void)state;
    struct sweep s;
    assert_int_equal(sweep_case("map", &s), 0);
    assert_true(fabs(sweep_value_cpu_ns(&s, 0, 1e6) - 730e3) < 1);
    assert_true(isnan(sweep_value_cpu_ns(&s, 1, 8)));
    char *values = file_of(&s, "values.dat");
    assert_non_null(strstr(values, "\t1000000\t\"1M\"\t\"1M\"\t\"730 us CPU\""));
    free(values);
    sweep_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_gives_whole_files),
        cmocka_unit_test(a_map_has_a_cell_for_each_two_values),
        cmocka_unit_test(a_map_of_one_column_has_its_borders),
        cmocka_unit_test(stripes_take_turns),
        cmocka_unit_test(work_is_told_by_its_cpu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
