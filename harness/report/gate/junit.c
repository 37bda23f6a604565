/* JUnit XML: one suite per file, one test case per threshold. */
#include <stdlib.h>
#include <string.h>

#include "report/gate/report.h"
#include "report/xml.h"

static const struct report_style style = {.utf8 = true};

/* "388 ms, fails if >250ms; includes unfinished requests with the time elapsed so far". */
static void describe(const struct gate_outcome *o, struct buf *text)
{
    char piece[320];
    buf_printf(text, "%s: %s", o->threshold->metric.name,
               gate_measured(o, &style, piece, sizeof piece));
    buf_printf(text, ", %s", gate_condition(o, piece, sizeof piece));
    if (gate_explain(o, piece, sizeof piece)[0] != '\0')
        buf_printf(text, "; %s", piece);
}

static void add_element(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, "      <%s", name);
    xml_attribute(out, "message", text);
    buf_puts(out, "/>\n");
}

static void add_case(const struct gate_outcome *o, struct buf *out)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    describe(o, &text);
    buf_puts(out, "    <testcase");
    xml_attribute(out, "classname", o->file);
    xml_attribute(out, "name", o->threshold->text);
    buf_puts(out, ">\n");
    if (o->verdict == GATE_UNKNOWN) {
        add_element(out, "skipped", text.data);
    } else if (o->verdict == GATE_CROSSED && o->threshold->level == GATE_FAIL) {
        add_element(out, "failure", text.data);
    } else {
        buf_printf(out, "      <system-out>%s: ", gate_mark(o));
        xml_text(out, text.data);
        buf_puts(out, "</system-out>\n");
    }
    buf_puts(out, "    </testcase>\n");
    buf_fini(&text);
}

/* As the suite's output, which JUnit expects after the test cases. */
static void add_warnings(const struct gate_sheet *sheet, const char *file, struct buf *out)
{
    bool any = false;
    for (size_t i = 0; i < sheet->nwarnings; i++) {
        char *text = gate_warning_text(sheet, i, file);
        if (text != NULL) {
            buf_puts(out, any ? "\n" : "    <system-out>");
            buf_puts(out, "warning: ");
            xml_text(out, text);
            any = true;
        }
        free(text);
    }
    buf_puts(out, any ? "</system-out>\n" : "");
}

static void add_numbers(const struct gate_sheet *sheet, struct buf *out)
{
    struct gate_counts counts = gate_sheet_count(sheet);
    buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n", sheet->count,
               counts.failed, counts.unknown);
}

/* The outcomes from `at` on that belong to the same file. */
static struct gate_sheet suite_at(const struct gate_sheet *sheet, size_t at)
{
    struct gate_sheet suite = {.outcomes = sheet->outcomes + at};
    while (at + suite.count < sheet->count &&
           strcmp(suite.outcomes[suite.count].file, suite.outcomes[0].file) == 0)
        suite.count++;
    return suite;
}

void report_gate_junit(const struct gate_sheet *sheet, struct buf *out)
{
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"bench check\"");
    add_numbers(sheet, out);
    for (size_t at = 0; at < sheet->count;) {
        struct gate_sheet suite = suite_at(sheet, at);
        buf_puts(out, "  <testsuite");
        xml_attribute(out, "name", suite.outcomes[0].file);
        add_numbers(&suite, out);
        for (size_t i = 0; i < suite.count; i++)
            add_case(&suite.outcomes[i], out);
        add_warnings(sheet, suite.outcomes[0].file, out);
        buf_puts(out, "  </testsuite>\n");
        at += suite.count;
    }
    buf_puts(out, "</testsuites>\n");
}
