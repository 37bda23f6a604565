/* JUnit XML: one suite per file, one test case per threshold. */
#include <stdlib.h>
#include <string.h>

#include "report/gate/report.h"
#include "report/xml.h"

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
    gate_describe(o, &text);
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
static void add_warnings(const struct gate_sheet *sheet, size_t from, size_t end, struct buf *out)
{
    for (size_t i = from; i < end; i++) {
        char *text = gate_warning_text(&sheet->warnings[i]);
        buf_puts(out, i > from ? "\n" : "    <system-out>");
        buf_puts(out, "warning: ");
        xml_text(out, text);
        free(text);
    }
    buf_puts(out, end > from ? "</system-out>\n" : "");
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
    size_t warned = 0;
    add_numbers(sheet, out);
    for (size_t at = 0; at < sheet->count;) {
        struct gate_sheet suite = suite_at(sheet, at);
        buf_puts(out, "  <testsuite");
        xml_attribute(out, "name", suite.outcomes[0].file);
        add_numbers(&suite, out);
        for (size_t i = 0; i < suite.count; i++)
            add_case(&suite.outcomes[i], out);
        size_t end = gate_sheet_warnings_end(sheet, warned, suite.outcomes[0].file);
        add_warnings(sheet, warned, end, out);
        warned = end;
        buf_puts(out, "  </testsuite>\n");
        at += suite.count;
    }
    buf_puts(out, "</testsuites>\n");
}
