#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/gate/report.h"
#include "support/count_of.h"
#include "support/gate_bed.h"

#define EVIL "=a,b\"c%d\ne\r::error::f:\033[31m"

typedef void writer(const struct gate_sheet *sheet, struct buf *out);

static char *written(writer *write, const struct gate_sheet *sheet)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    write(sheet, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

static void plain_text(const struct gate_sheet *sheet, struct buf *out)
{
    report_gate_text(sheet, &(struct report_style){0}, out);
}

static struct gate_outcome outcome_of(const struct gate_threshold *threshold, const char *file,
                                      double low, enum gate_verdict verdict)
{
    return (struct gate_outcome){.file = file,
                                 .threshold = threshold,
                                 .measured = {.low = low, .high = low, .finished = NAN},
                                 .verdict = verdict};
}

static void add_warning(struct gate_sheet *sheet, const char *file, const char *words)
{
    char code[] = "busy-machine";
    char *message = mem_strdup(words);
    gate_sheet_warn(sheet, file, &(struct warning){.code = code, .message = message});
    free(message);
}

static void the_rounds_beyond_are_told_in_every_format(void **state)
{
    (void)state;
    static writer *const writers[] = {plain_text, report_gate_markdown, report_gate_junit,
                                      report_gate_github};
    struct gate_threshold threshold = gate_threshold_of("p99>1s");
    struct gate_outcome o = outcome_of(&threshold, "c.json: pool", 5e9, GATE_CROSSED);
    struct gate_sheet sheet = {.outcomes = &o, .count = 1};
    o.rounds = (struct gate_rounds){.planned = 6, .judged = 5, .beyond = 3, .left_out = 1};
    for (size_t i = 0; i < LEN(writers); i++) {
        char *text = written(writers[i], &sheet);
        expect_count(text, "3 of 5 rounds beyond", 1);
        expect_count(text, "1 of 6 rounds left out", 1);
        free(text);
    }
    o.rounds.unknown = 1;
    char *text = written(plain_text, &sheet);
    expect_count(text, "fails if >1s  3 of 5 rounds beyond, 1 unknown  c.json: pool\n", 1);
    free(text);
    o.rounds = (struct gate_rounds){0};
    text = written(plain_text, &sheet);
    expect_count(text, "fails if >1s  c.json: pool\n", 1);
    free(text);
}

static void warnings_stand_with_their_file(void **state)
{
    (void)state;
    static writer *const writers[] = {plain_text, report_gate_markdown, report_gate_junit,
                                      report_gate_github, report_gate_csv};
    struct gate_threshold threshold = gate_threshold_of("p99>1s");
    struct gate_sheet sheet = {0};
    static const char *const files[] = {"a", "a", "b", "c"};
    for (size_t i = 0; i < LEN(files); i++) {
        struct gate_outcome o = outcome_of(&threshold, files[i], 1, GATE_PASSED);
        gate_sheet_add(&sheet, &o);
    }
    add_warning(&sheet, "a", "round 1: so busy");
    add_warning(&sheet, "a", "round 2: so busy");
    add_warning(&sheet, "c", "round 1: so busy");
    assert_int_equal(gate_sheet_warnings_end(&sheet, 0, "a"), 2);
    assert_int_equal(gate_sheet_warnings_end(&sheet, 2, "b"), 2);
    for (size_t i = 0; i < LEN(writers); i++) {
        char *text = written(writers[i], &sheet);
        bool codes_only = writers[i] == report_gate_csv;
        expect_count(text, codes_only ? "busy-machine" : "so busy", codes_only ? 5 : 3);
        free(text);
    }
    char *text = written(report_gate_csv, &sheet);
    expect_count(text, ",\"busy-machine busy-machine\"\r\n", 2);
    expect_count(text, ",\"busy-machine\"\r\n", 1);
    expect_count(text, ",\"\"\r\n", 1);
    free(text);
    gate_sheet_fini(&sheet);
}

static void an_annotation_is_one_line_whatever_it_says(void **state)
{
    (void)state;
    struct gate_threshold threshold = gate_threshold_of("p99>1s");
    threshold.text = "p99>1s, 5%:\n";
    struct gate_outcome o = outcome_of(&threshold, EVIL, 5e9, GATE_CROSSED);
    struct gate_sheet sheet = {0};
    gate_sheet_add(&sheet, &o);
    add_warning(&sheet, EVIL, "last words:\n::error::50%");
    char *text = written(report_gate_github, &sheet);
    expect_count(text, "\n", 3);
    expect_count(text, "\r", 0);
    expect_count(text, "\033", 0);
    expect_count(text, "\n::error", 0);
    expect_count(text,
                 "::error title=p99>1s%2C 5%25%3A%0A::=a,b\"c%25d%0Ae%0D::error::f:?[31m: p99: "
                 "5.00 s, fails if >1s, 5%25:\n",
                 1);
    expect_count(text, "::warning title=busy-machine::", 1);
    expect_count(text, ": last words:%0A::error::50%25\n", 1);
    free(text);
    gate_sheet_fini(&sheet);
}

/* An error is what makes the exit code another than 0. */
static void annotations_have_the_weight_of_the_exit_code(void **state)
{
    (void)state;
    struct gate_threshold fails = gate_threshold_of("p99>1s");
    struct gate_threshold warns = fails;
    warns.level = GATE_WARN;
    static const struct {
        bool warns;
        enum gate_verdict verdict;
        enum gate_reason reason;
        const char *want; /* how it begins */
    } cases[] = {
        {false, GATE_PASSED, GATE_NONE, "0 of 1 threshold"},
        {false, GATE_CROSSED, GATE_NONE, "::error "},
        {false, GATE_UNKNOWN, GATE_FEW, "::error "},
        {true, GATE_CROSSED, GATE_NONE, "::warning "},
        {true, GATE_UNKNOWN, GATE_FEW, "::warning "},
        {true, GATE_UNKNOWN, GATE_INVALID, "::error "},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct gate_outcome o =
            outcome_of(cases[i].warns ? &warns : &fails, "f", 1, cases[i].verdict);
        struct gate_sheet sheet = {.outcomes = &o, .count = 1};
        o.reason = cases[i].reason;
        char *text = written(report_gate_github, &sheet);
        if (strncmp(text, cases[i].want, strlen(cases[i].want)) != 0)
            fail_msg("case %zu: %s", i, text);
        free(text);
    }
}

static void at_most_ten_annotations_of_a_kind(void **state)
{
    (void)state;
    struct gate_threshold threshold = gate_threshold_of("p99>1s");
    for (size_t count = 9; count <= 12; count++) {
        struct gate_sheet sheet = {0};
        for (size_t i = 0; i < count; i++) {
            struct gate_outcome o = outcome_of(&threshold, "f", 5e9, GATE_CROSSED);
            gate_sheet_add(&sheet, &o);
            add_warning(&sheet, "f", "so busy");
        }
        char *text = written(report_gate_github, &sheet);
        expect_count(text, "::error ", count < 10 ? count : 10);
        expect_count(text, "::warning ", count < 10 ? count : 10);
        expect_count(text, "::2 more, ", count == 11 ? 2 : 0);
        expect_count(text, "::3 more, ", count == 12 ? 2 : 0);
        free(text);
        gate_sheet_fini(&sheet);
    }
}

static void no_cell_is_a_formula(void **state)
{
    (void)state;
    static const struct {
        const char *file, *want;
    } cases[] = {
        {"=1+1", "\r\n\"'=1+1\","},
        {"+1", "\r\n\"'+1\","},
        {"-1", "\r\n\"'-1\","},
        {"@SUM(A1)", "\r\n\"'@SUM(A1)\","},
        {"\t=1", "\r\n\"?=1\","},
        {"a=1", "\r\n\"a=1\","},
        {EVIL, "\r\n\"'=a,b\"\"c%d?e??:error::f:?[31m\","},
    };
    struct gate_threshold threshold = gate_threshold_of("p99>1s");
    for (size_t i = 0; i < LEN(cases); i++) {
        struct gate_outcome o = outcome_of(&threshold, cases[i].file, 5e9, GATE_CROSSED);
        struct gate_sheet sheet = {.outcomes = &o, .count = 1};
        char *text = written(report_gate_csv, &sheet);
        expect_count(text, cases[i].want, 1);
        expect_count(text, "\n", 2);
        expect_count(text, "\r\n", 2);
        free(text);
    }
}

static void a_row_has_the_figures(void **state)
{
    (void)state;
    struct gate_threshold threshold = gate_threshold_of("rss>1KiB");
    struct gate_outcome o = outcome_of(&threshold, "f", 1e6, GATE_CROSSED);
    struct gate_sheet sheet = {.outcomes = &o, .count = 1};
    char *text = written(report_gate_csv, &sheet);
    expect_count(text,
                 "\"f\",\"fail\",\"rss\",\"rss>1KiB\",\"fail\",1000000,1024,bytes,,,,\"\",\"\"", 1);
    free(text);
    o = outcome_of(&threshold, "f", NAN, GATE_UNKNOWN);
    o.reason = GATE_MISSING;
    o.rounds = (struct gate_rounds){.planned = 3, .judged = 3, .unknown = 3, .doubted = 1};
    text = written(report_gate_csv, &sheet);
    expect_count(text, "\"fail\",,1024,bytes,3,0,missing,\"round 1: not measured", 1);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rounds_beyond_are_told_in_every_format),
        cmocka_unit_test(warnings_stand_with_their_file),
        cmocka_unit_test(an_annotation_is_one_line_whatever_it_says),
        cmocka_unit_test(annotations_have_the_weight_of_the_exit_code),
        cmocka_unit_test(at_most_ten_annotations_of_a_kind),
        cmocka_unit_test(no_cell_is_a_formula),
        cmocka_unit_test(a_row_has_the_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
