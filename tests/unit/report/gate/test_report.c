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
#include "report/gate/report.h"
#include "support/count_of.h"

static const struct report_style utf8 = {.utf8 = true};
static const struct report_style ascii = {0};
static const struct report_style colour = {.utf8 = true, .colour = true};

static struct gate_threshold threshold_of(const char *text, enum gate_level level)
{
    struct gate_threshold threshold;
    struct err err;
    if (gate_parse(text, level, &threshold, &err) < 0)
        fail_msg("%s: %s", text, err.text);
    return threshold;
}

/* An outcome with a figure, as if it had been judged. */
static struct gate_outcome outcome_of(const struct gate_threshold *threshold, const char *file,
                                      double low, enum gate_verdict verdict)
{
    return (struct gate_outcome){.file = file,
                                 .threshold = threshold,
                                 .measured = {.low = low, .high = low, .finished = NAN},
                                 .verdict = verdict};
}

enum form { TEXT, MARKDOWN, JUNIT };

static char *form_of(enum form form, const struct gate_sheet *sheet,
                     const struct report_style *style)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    if (form == TEXT)
        report_gate_text(sheet, style, &out);
    else if (form == MARKDOWN)
        report_gate_markdown(sheet, &out);
    else
        report_gate_junit(sheet, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

static void marks(void **state)
{
    (void)state;
    struct gate_threshold fails = threshold_of("p99>1s", GATE_FAIL);
    struct gate_threshold warns = threshold_of("p99>1s", GATE_WARN);
    const struct {
        const struct gate_threshold *threshold;
        enum gate_verdict verdict;
        const char *want;
    } cases[] = {
        {&fails, GATE_PASSED, "ok"},    {&warns, GATE_PASSED, "ok"}, {&fails, GATE_CROSSED, "FAIL"},
        {&warns, GATE_CROSSED, "WARN"}, {&fails, GATE_UNKNOWN, "?"}, {&warns, GATE_UNKNOWN, "?"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct gate_outcome o = outcome_of(cases[i].threshold, "f", 1, cases[i].verdict);
        assert_string_equal(gate_mark(&o), cases[i].want);
    }
}

static void figures_have_their_unit(void **state)
{
    (void)state;
    static const struct {
        const char *threshold;
        double low;
        const char *measured, *condition;
    } cases[] = {
        {"p99>250ms", 388e6, "388 ms", "fails if >250ms"},
        {" p99 >= 250ms ", 250e6, "250 ms", "fails if >=250ms"},
        {"p99>250ms", 250085375, "250.085375 ms", "fails if >250ms"}, /* not "250 ms" */
        {"p99 > 250 ms ", 388e6, "388 ms", "fails if >250 ms"},
        {"p99\t<\n1s", 12.3e3, "12.3 us", "fails if <1s"},
        {"errors>0", 12345, "12345", "fails if >0"},
        {"errors>1%", 0.0123, "1.23%", "fails if >1%"},
        {"errors>1%", 0.010001, "1.0001%", "fails if >1%"},
        {"errors>100", 100, "100", "fails if >100"},
        {"rps<1k", 999.6, "999.6", "fails if <1k"},
        {"rss>64MiB", 67108865, "67108865 B", "fails if >64MiB"},
        {"jain<0.95", 0.9499, "0.9499", "fails if <0.95"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char text[64];
        struct gate_threshold threshold = threshold_of(cases[i].threshold, GATE_FAIL);
        struct gate_outcome o = outcome_of(&threshold, "f", cases[i].low, GATE_CROSSED);
        assert_string_equal(gate_measured(&o, &utf8, text, sizeof text), cases[i].measured);
        assert_string_equal(gate_condition(&o, text, sizeof text), cases[i].condition);
    }
}

static void bounds_have_their_sign(void **state)
{
    (void)state;
    char text[64];
    struct gate_threshold threshold = threshold_of("p99>1s", GATE_FAIL);
    struct gate_outcome o = outcome_of(&threshold, "f", 5e9, GATE_CROSSED);
    o.measured.high = INFINITY;
    assert_string_equal(gate_measured(&o, &utf8, text, sizeof text), "≥5.00 s");
    assert_string_equal(gate_measured(&o, &ascii, text, sizeof text), ">=5.00 s");
    o.measured.high = o.measured.low;
    o.measured.raised = true;
    assert_string_equal(gate_measured(&o, &utf8, text, sizeof text), "≥5.00 s");
}

static void every_reason_has_a_label_a_code_and_a_sentence(void **state)
{
    (void)state;
    struct gate_threshold point = threshold_of("p99>1s", GATE_FAIL);
    for (int reason = GATE_NONE + 1; reason < GATE_REASON_COUNT; reason++) {
        char text[320];
        struct gate_outcome o = outcome_of(&point, "f", 5e9, GATE_UNKNOWN);
        o.reason = (enum gate_reason)reason;
        assert_string_equal(gate_measured(&o, &utf8, text, sizeof text),
                            gate_reason_labels[reason]);
        assert_true(strlen(text) > 0 && strlen(gate_reason_codes[reason]) > 0);
        assert_true(strlen(gate_explain(&o, text, sizeof text)) > 20);
        assert_true(strlen(text) < sizeof text - 1); /* not cut */
    }
}

static void what_holds_for_the_run_is_said_once(void **state)
{
    (void)state;
    struct gate_threshold threshold = threshold_of("p99>1s", GATE_FAIL);
    struct gate_sheet sheet = {0};
    static const char *const files[] = {"a", "a", "a", "b"};
    for (size_t i = 0; i < LEN(files); i++) {
        struct gate_outcome o = outcome_of(&threshold, files[i], NAN, GATE_UNKNOWN);
        o.reason = GATE_INVALID;
        gate_sheet_add(&sheet, &o);
    }
    char *text = form_of(TEXT, &sheet, &utf8);
    expect_count(text, "see its warnings", 2);
    expect_count(text, "0 of 4 thresholds crossed, 4 could not be checked\n", 1);
    free(text);
    gate_sheet_fini(&sheet);
}

static void summaries(void **state)
{
    (void)state;
    struct gate_threshold fails = threshold_of("p99>1s", GATE_FAIL);
    struct gate_threshold warns = threshold_of("p99>1s", GATE_WARN);
    const struct {
        const struct gate_threshold *thresholds[3];
        enum gate_verdict verdicts[3];
        const char *want;
    } cases[] = {
        {{&fails}, {GATE_PASSED}, "0 of 1 threshold crossed"},
        {{&fails, &fails}, {GATE_CROSSED, GATE_PASSED}, "1 of 2 thresholds crossed"},
        {{&warns, &fails},
         {GATE_CROSSED, GATE_PASSED},
         "1 of 2 thresholds crossed (warnings only)"},
        {{&fails, &warns, &fails},
         {GATE_CROSSED, GATE_CROSSED, GATE_UNKNOWN},
         "2 of 3 thresholds crossed, 1 could not be checked"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char text[80];
        struct gate_sheet sheet = {0};
        for (size_t k = 0; k < 3 && cases[i].thresholds[k] != NULL; k++) {
            struct gate_outcome o =
                outcome_of(cases[i].thresholds[k], "f", 1, cases[i].verdicts[k]);
            gate_sheet_add(&sheet, &o);
        }
        assert_string_equal(gate_summary(&sheet, text, sizeof text), cases[i].want);
        gate_sheet_fini(&sheet);
    }
}

static void colour_is_for_what_is_not_well(void **state)
{
    (void)state;
    struct gate_threshold threshold = threshold_of("p99>1s", GATE_FAIL);
    struct gate_outcome o = outcome_of(&threshold, "f", 1, GATE_PASSED);
    struct gate_sheet sheet = {.outcomes = &o, .count = 1};
    char *text = form_of(TEXT, &sheet, &colour);
    expect_count(text, "\033[", 0);
    free(text);
    o.verdict = GATE_CROSSED;
    text = form_of(TEXT, &sheet, &colour);
    expect_count(text, "\033[1;31mFAIL\033[0m", 1);
    free(text);
    text = form_of(TEXT, &sheet, &utf8);
    expect_count(text, "\033", 0);
    free(text);
}

/* A file name that tries to be a row, an element, a link, a mention, a terminal's command. */
static void no_file_name_breaks_out(void **state)
{
    (void)state;
    static const char evil[] =
        "a|b`c\"d<e>&'f\\g\nh\033[31m@user [x](http://y) *z*\xff\xef\xbf\xbe]]>";
    struct gate_threshold threshold = threshold_of("p99>1s", GATE_FAIL);
    struct gate_outcome o = outcome_of(&threshold, evil, 5e9, GATE_CROSSED);
    struct gate_sheet sheet = {.outcomes = &o, .count = 1};
    char *text = form_of(TEXT, &sheet, &utf8);
    expect_count(text, "\033", 0);
    expect_count(text, "\n", 2); /* the line and the summary */
    free(text);
    text = form_of(MARKDOWN, &sheet, &utf8);
    expect_count(text, "\n", 5); /* the lead, blank, head, rule, row */
    expect_count(text, "|", 7 + 7 + 7);
    expect_count(text, "<", 0);
    expect_count(text, "@", 0);
    expect_count(text, "[", 0);
    expect_count(text, "`", 0);
    expect_count(text, "&#124;b&#96;c&#34;d&#60;e&#62;&#38;", 2); /* in the lead, in the row */
    free(text);
    text = form_of(JUNIT, &sheet, &utf8);
    expect_count(text, "\033", 0);
    expect_count(text, "d<e", 0);
    expect_count(text, "c&quot;d&lt;e&gt;&amp;&apos;f", 2); /* name and classname */
    expect_count(text, "\xef\xbf\xbe", 0);
    expect_count(text, "\xff", 0);
    free(text);
}

/* Of Unicode, but not of XML. */
static void xml_has_only_its_own_characters(void **state)
{
    (void)state;
    struct gate_threshold threshold = threshold_of("p99>1s", GATE_FAIL);
    struct gate_outcome o =
        outcome_of(&threshold, "ü\xef\xbf\xbe-\xef\xbf\xbf-\xef\xbf\xbd", 5e9, GATE_CROSSED);
    struct gate_sheet sheet = {.outcomes = &o, .count = 1};
    char *text = form_of(JUNIT, &sheet, &utf8);
    expect_count(text, "\"ü?-?-\xef\xbf\xbd\"", 2);
    free(text);
}

static void a_suite_a_file(void **state)
{
    (void)state;
    struct gate_threshold fails = threshold_of("p99>1s", GATE_FAIL);
    struct gate_threshold warns = threshold_of("rps<5", GATE_WARN);
    struct gate_sheet sheet = {0};
    const struct gate_outcome outcomes[] = {
        outcome_of(&fails, "a", 1, GATE_CROSSED), outcome_of(&warns, "a", 1, GATE_CROSSED),
        outcome_of(&fails, "b", 1, GATE_UNKNOWN), outcome_of(&warns, "b", 9, GATE_PASSED)};
    for (size_t i = 0; i < LEN(outcomes); i++)
        gate_sheet_add(&sheet, &outcomes[i]);
    char *text = form_of(JUNIT, &sheet, &utf8);
    expect_count(text, "tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\"", 1);
    expect_count(text, "name=\"a\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\"", 1);
    expect_count(text, "name=\"b\" tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"1\"", 1);
    expect_count(text, "<testsuite ", 2);
    expect_count(text, "<testcase ", 4);
    expect_count(text, "<failure ", 1);
    expect_count(text, "<skipped ", 1);
    expect_count(text, "<system-out>WARN: ", 1);
    free(text);
    gate_sheet_fini(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks),
        cmocka_unit_test(figures_have_their_unit),
        cmocka_unit_test(bounds_have_their_sign),
        cmocka_unit_test(every_reason_has_a_label_a_code_and_a_sentence),
        cmocka_unit_test(what_holds_for_the_run_is_said_once),
        cmocka_unit_test(summaries),
        cmocka_unit_test(colour_is_for_what_is_not_well),
        cmocka_unit_test(no_file_name_breaks_out),
        cmocka_unit_test(xml_has_only_its_own_characters),
        cmocka_unit_test(a_suite_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
