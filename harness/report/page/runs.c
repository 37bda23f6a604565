/* Results that were given singly, each with all that a terminal shows of it. */
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/run/report.h"
#include "report/xml.h"

#define RUNS_MAX 20

static void requests(struct view *v, const struct result *r)
{
    struct table t;
    table_init(&t, 0);
    run_request_cells(r, &page_style, &t);
    if (t.columns > 0)
        html_table(v->out, "Each request", &t);
    table_fini(&t);
}

static void run(struct view *v, const struct arm *arm)
{
    static const struct report_style full = {
        .utf8 = true, .latency_table = true, .status_codes = true};
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    report_run(&arm->results[0], &full, &text);
    buf_puts(v->out, "<details><summary>");
    html_name(v->out, arm->name);
    buf_puts(v->out, "</summary>\n");
    requests(v, &arm->results[0]);
    html_scroll(v->out, "The whole report of the run");
    buf_puts(v->out, "<pre>");
    for (size_t at = 0; at < text.len;) { /* a line break is no control character here */
        char *line = text.data + at;
        char *end = line;
        while (*end != '\0' && *end != '\n')
            end++;
        at = (size_t)(end - text.data) + 1;
        *end = '\0';
        xml_text(v->out, line);
        buf_puts(v->out, "\n");
    }
    buf_puts(v->out, "</pre>\n");
    html_scroll_end(v->out);
    buf_puts(v->out, "</details>\n");
    buf_fini(&text);
}

void page_runs(struct view *v)
{
    const struct comparison *c = v->chapter->comparison;
    if (!v->chapter->is_gathered)
        return;
    view_section(v, "runs", c->narms == 1 ? "The run" : "Each run");
    for (size_t i = 0; i < c->narms && i < RUNS_MAX; i++)
        run(v, &c->arms[i]);
    if (c->narms > RUNS_MAX)
        buf_printf(
            v->out,
            "<p class=\"notes\">The first %d of %zu; bench report FILE shows the others.</p>\n",
            RUNS_MAX, c->narms);
    view_section_end(v);
}
