#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/compare_cases.h"
#include "report/compare/csv.h"
#include "support/compare_page.h"

/* Cells of a line, as RFC 4180 has them; fails where it breaks the rules. Returns how many. */
static size_t cells_of(const char *line, char cells[120][80])
{
    size_t n = 0;
    while (true) {
        size_t len = 0;
        bool quoted = *line == '"';
        for (line += quoted;
             quoted ? *line != '"' || line[1] == '"' : *line != ',' && *line != '\r'; line++) {
            assert_true(*line != '\0');
            line += quoted && *line == '"';
            if (len < 79)
                cells[n][len++] = *line;
        }
        line += quoted;
        cells[n++][len] = '\0';
        if (*line == '\r')
            break;
        assert_int_equal(*line++, ',');
    }
    assert_string_equal(line, "\r");
    return n;
}

static struct {
    size_t lines, columns;
    char head[120][80], cells[120][80];
} seen;

static void check_line(const char *line, void *state)
{
    (void)state;
    if (seen.lines++ == 0) {
        seen.columns = cells_of(line, seen.head);
        return;
    }
    assert_int_equal(cells_of(line, seen.cells), seen.columns);
}

static const char *cell(const char *column)
{
    for (size_t i = 0; i < seen.columns; i++) {
        if (strcmp(seen.head[i], column) == 0)
            return seen.cells[i];
    }
    fail_msg("no column %s", column);
    return NULL;
}

static void read_case(const char *name)
{
    struct comparison c;
    struct buf out;
    assert_int_equal(compare_case(name, &c), 0);
    buf_init(&out, BUF_TEXT_MAX);
    memset(&seen, 0, sizeof seen);
    report_arms_csv_head(&out);
    report_arms_csv("runs/a.json", &c, &out);
    each_line(out.data, check_line, NULL);
    assert_int_equal(seen.lines, 1 + c.narms);
    buf_fini(&out);
    comparison_fini(&c);
}

static void a_row_for_each_arm(void **state)
{
    (void)state;
    for (size_t i = 0; compare_case_names[i] != NULL; i++)
        read_case(compare_case_names[i]);
}

/* The last arm of the known comparison gave nothing: its cells are empty, never 0. */
static void what_was_not_measured_is_empty(void **state)
{
    (void)state;
    read_case("mixed");
    assert_string_equal(cell("file"), "runs/a.json");
    assert_string_equal(cell("arm"), "gone");
    assert_string_equal(cell("rounds"), "0");
    assert_string_equal(cell("problems"), "3");
    assert_string_equal(cell("valid"), "0");
    assert_string_equal(cell("p99_ms"), "");
    assert_string_equal(cell("max_ms_high"), "");
    assert_string_equal(cell("rss_peak_bytes"), "");
    assert_string_equal(cell("few_samples"), "");
}

static void the_figures_are_those_of_the_table(void **state)
{
    (void)state;
    read_case("five");
    assert_string_equal(cell("arm"), "queue");
    assert_true(strtod(cell("p50_ms"), NULL) > 6.1 && strtod(cell("p50_ms"), NULL) < 6.2);
    assert_true(strtod(cell("p99.9_ms"), NULL) >= strtod(cell("p99_ms"), NULL));
    assert_true(strtod(cell("max_ms"), NULL) >= strtod(cell("p99.9_ms"), NULL));
    assert_non_null(strstr(cell("few_samples"), "probe_p99"));
}

/* The last arm does not come back; those without a spike have empty cells. */
static void a_spike_has_columns_of_its_own(void **state)
{
    (void)state;
    read_case("spike");
    assert_string_equal(cell("arm"), "stuck");
    assert_string_equal(cell("recovery"), "metastable");
    assert_string_equal(cell("recovery_rounds"), "1");
    assert_string_equal(cell("spike_from_s"), "4");
    assert_string_equal(cell("spike_to_s"), "6");
    assert_string_equal(cell("recovery_s"), "");
    assert_string_equal(cell("requests_most"), "800");
    assert_string_equal(cell("requests_drained_s"), "");
    assert_string_equal(cell("jobs_most"), "");
    assert_string_equal(cell("goodput_before"), "100");
    assert_string_equal(cell("goodput_in_spike"), "0");
    assert_string_equal(cell("due_in_spike"), "500");
    assert_string_equal(cell("goodput_after"), "0");
    assert_int_equal(strncmp(cell("recovery_goal"), "p99<20", 6), 0);
    assert_string_equal(seen.head[seen.columns - 1], "goodput_after"); /* after all the others */
    read_case("five");
    assert_string_equal(cell("recovery"), "");
    assert_string_equal(cell("recovery_rounds"), "");
    assert_string_equal(cell("goodput_after"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_for_each_arm),
        cmocka_unit_test(what_was_not_measured_is_empty),
        cmocka_unit_test(the_figures_are_those_of_the_table),
        cmocka_unit_test(a_spike_has_columns_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
