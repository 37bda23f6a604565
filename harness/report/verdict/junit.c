/* A verdict as JUnit XML: one suite, one test case per gate. */
#include <math.h>
#include <stdio.h>

#include "report/verdict/content.h"
#include "report/verdict/report.h"
#include "report/xml.h"

enum outcome { OUTCOME_PASSED, OUTCOME_FAILURE, OUTCOME_ERROR, OUTCOME_SKIPPED, OUTCOME_COUNT };

static enum outcome outcome_of(const struct verdict_page *page, const struct verdict_gate *g)
{
    bool warns = g->gate.kind == SESSION_GATE_WARN;
    switch (g->state) {
    case VERDICT_FAIL:
        return warns ? OUTCOME_PASSED : OUTCOME_FAILURE;
    case VERDICT_INVALID:
        return warns ? OUTCOME_SKIPPED : OUTCOME_ERROR;
    case VERDICT_OPEN:
    case VERDICT_INCONCLUSIVE:
        return page->is_strict && !warns ? OUTCOME_FAILURE : OUTCOME_SKIPPED;
    case VERDICT_PASS:
    case VERDICT_STATE_COUNT:
        break;
    }
    return OUTCOME_PASSED;
}

static void add_property(struct buf *out, const char *name, const char *value)
{
    buf_puts(out, "        <property");
    xml_attribute(out, "name", name);
    xml_attribute(out, "value", value);
    buf_puts(out, "/>\n");
}

static void add_properties(const struct verdict *v, const struct verdict_gate *g, struct buf *out)
{
    char cell[CELL_MAX];
    buf_puts(out, "      <properties>\n");
    add_property(out, "verdict", verdict_state_names[g->state]);
    if (g->reason != VERDICT_REASON_NONE)
        add_property(out, "reason", verdict_reason_codes[g->reason]);
    (void)snprintf(cell, sizeof cell, "%d", g->blocks);
    add_property(out, "blocks", cell);
    add_property(out, "reference", verdict_figure(g, g->reference, cell, sizeof cell));
    add_property(out, "judged", verdict_figure(g, g->other, cell, sizeof cell));
    add_property(out, "change", verdict_change(g, cell, sizeof cell));
    add_property(out, "interval", verdict_interval(g, cell, sizeof cell));
    add_property(out, "level", verdict_level(g, cell, sizeof cell));
    add_property(out, "limit", verdict_limit(g, cell, sizeof cell));
    add_property(out, "caught", verdict_caught_text(v, g, cell, sizeof cell));
    buf_puts(out, "      </properties>\n");
}

static void add_outcome(const struct verdict_gate *g, enum outcome outcome, const char *line,
                        struct buf *out)
{
    static const char *const names[] = {
        [OUTCOME_FAILURE] = "failure", [OUTCOME_ERROR] = "error", [OUTCOME_SKIPPED] = "skipped"};
    if (outcome == OUTCOME_PASSED) {
        buf_puts(out, "      <system-out>");
        xml_text(out, line);
        buf_puts(out, "</system-out>\n");
        return;
    }
    buf_printf(out, "      <%s", names[outcome]);
    if (outcome == OUTCOME_FAILURE)
        xml_attribute(out, "type", g->state == VERDICT_FAIL ? "regression" : "inconclusive");
    else if (outcome == OUTCOME_ERROR)
        xml_attribute(out, "type", verdict_reason_codes[g->reason]);
    xml_attribute(out, "message", line);
    buf_puts(out, "/>\n");
}

static void add_case(const struct verdict_page *page, const struct verdict_gate *g,
                     const char *suite, struct buf *out)
{
    struct buf line;
    buf_init(&line, BUF_TEXT_MAX);
    verdict_line(page->verdict, g, &line);
    buf_puts(out, "    <testcase");
    xml_attribute(out, "classname", suite);
    xml_attribute(out, "name", g->gate.text);
    buf_puts(out, ">\n");
    add_properties(page->verdict, g, out);
    add_outcome(g, outcome_of(page, g), line.data, out);
    buf_puts(out, "    </testcase>\n");
    buf_fini(&line);
}

static void add_numbers(const struct verdict_page *page, struct buf *out)
{
    const struct verdict *v = page->verdict;
    size_t counts[OUTCOME_COUNT] = {0};
    for (size_t i = 0; i < v->ngates; i++)
        counts[outcome_of(page, &v->gates[i])]++;
    buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", v->ngates,
               counts[OUTCOME_FAILURE], counts[OUTCOME_ERROR], counts[OUTCOME_SKIPPED]);
    if (isfinite(v->session->measured_s))
        buf_printf(out, " time=\"%.3f\"", v->session->measured_s);
    buf_puts(out, ">\n");
}

/* The session's title, or what was requested. */
static void add_suite_name(const struct session *s, struct buf *out)
{
    const char *name = s->title != NULL ? s->title : s->path;
    verdict_add_long(out, name != NULL ? name : "bench check");
}

void report_verdict_junit(const struct verdict_page *page, struct buf *out)
{
    struct buf suite;
    struct buf headline;
    buf_init(&suite, BUF_TEXT_MAX);
    buf_init(&headline, BUF_TEXT_MAX);
    add_suite_name(page->verdict->session, &suite);
    report_verdict_headline(page, &headline);
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"bench check\"");
    add_numbers(page, out);
    buf_puts(out, "  <testsuite");
    xml_attribute(out, "name", suite.data);
    add_numbers(page, out);
    for (size_t i = 0; i < page->verdict->ngates; i++)
        add_case(page, &page->verdict->gates[i], suite.data, out);
    buf_puts(out, "    <system-out>");
    xml_text(out, headline.data);
    buf_puts(out, "</system-out>\n  </testsuite>\n</testsuites>\n");
    buf_fini(&headline);
    buf_fini(&suite);
}
