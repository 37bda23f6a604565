#include "report/run/markdown.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/comment.h"
#include "report/hosts.h"
#include "report/run/report.h"
#include "report/run/report_internal.h"
#include "report/text.h"

static const struct report_style utf8 = {.utf8 = true};

/* What is apart in columns or lines becomes a list. */
static void add_as_list(const char *text, struct buf *out)
{
    text += strspn(text, " \n");
    while (*text != '\0') {
        size_t len = strcspn(text, " \n");
        size_t gap = strspn(text + len, " \n");
        bool is_apart = gap > 1 || text[len] == '\n';
        buf_add(out, text, len);
        if (text[len + gap] != '\0')
            buf_puts(out, is_apart ? ", " : " ");
        text += len + gap;
    }
}

/* Notices are sentences, wrapped to lines. */
static void add_notices(const struct result *r, struct buf *out)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    run_notices(r, &utf8, &text);
    for (char *c = strchr(text.data, '\n'); c != NULL; c = strchr(c, '\n'))
        *c = ' ';
    buf_puts(out, text.data);
    buf_fini(&text);
}

/* "INTERRUPTED after 3.00 s: partial result. pool: 298 requests/s, p50 322 ms, p99 387 ms" */
static void lead(const struct result *r, struct comment *m)
{
    char name[TEXT_NAME];
    struct buf line;
    struct buf summary;
    buf_init(&line, BUF_TEXT_MAX);
    buf_init(&summary, BUF_TEXT_MAX);
    add_notices(r, &line);
    run_section_summary(r, &utf8, &summary);
    buf_puts(&line, text_short(result_name(r), &utf8, 30, name, sizeof name));
    buf_puts(&line, summary.len > 0 ? ": " : "");
    add_as_list(summary.data, &line);
    comment_lead(m, line.data);
    buf_fini(&line);
    buf_fini(&summary);
}

static void latencies(const struct result *r, struct comment *m)
{
    static const struct comment_look look = {NULL, 0};
    struct table t;
    table_init(&t, 0);
    run_latency_cells(r, &utf8, &t);
    comment_table(m, &t, &look);
    table_fini(&t);
}

static void requests(const struct result *r, struct comment *m)
{
    static const struct comment_look look = {NULL, 0};
    struct table t;
    table_init(&t, 0);
    run_request_cells(r, &utf8, &t);
    if (t.columns > 0) {
        comment_fold(m, "Each request");
        comment_table(m, &t, &look);
    }
    table_fini(&t);
}

static void recovery(const struct result *r, struct comment *m)
{
    struct str_list texts = {0};
    run_recovery_texts(r, &texts);
    if (texts.count > 0) {
        comment_fold(m, "After the spike");
        comment_list(m, &texts, COMMENT_BULLETS);
    }
    str_list_fini(&texts);
}

static void hosts(const struct result *r, struct comment *m)
{
    static const struct comment_look look = {NULL, 0};
    const struct hosts all = {.merged = r->merged};
    struct table t;
    if (r->merged == NULL)
        return;
    table_init(&t, 0);
    (void)hosts_cells(&all, 1, SIZE_MAX, &utf8, &t);
    comment_fold(m, "Each host");
    comment_table(m, &t, &look);
    table_fini(&t);
}

static void warnings(const struct result *r, struct comment *m)
{
    struct str_list texts = {0};
    char *summary = mem_printf("Warnings (%zu)", r->nwarnings);
    for (size_t i = 0; i < r->nwarnings; i++) {
        const struct warning *w = &r->warnings[i];
        char *text =
            mem_printf("%s [%s]%s%s", w->message, w->code, w->remedy != NULL ? "\nRemedy: " : "",
                       w->remedy != NULL ? w->remedy : "");
        str_list_add(&texts, text);
        free(text);
    }
    if (texts.count > 0) {
        comment_fold(m, summary);
        comment_list(m, &texts, COMMENT_BULLETS);
    }
    str_list_fini(&texts);
    free(summary);
}

static void set_up(const struct result *r, struct comment *m)
{
    struct str_list lines = {0};
    struct buf target;
    struct buf load;
    buf_init(&target, BUF_TEXT_MAX);
    buf_init(&load, BUF_TEXT_MAX);
    run_target(r, &target);
    run_load(r, &load);
    str_list_add(&lines, target.data);
    str_list_add(&lines, load.data);
    comment_fold(m, "How it was measured");
    comment_list(m, &lines, COMMENT_BULLETS);
    str_list_fini(&lines);
    buf_fini(&target);
    buf_fini(&load);
}

/* In plain ASCII, and in lines as short as in a file. */
static void whole(const struct result *r, const struct report_style *tables, struct comment *m)
{
    const struct report_style plain = {.latency_table = tables->latency_table,
                                       .status_codes = tables->status_codes};
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    report_run(r, &plain, &text);
    comment_fold(m, "The whole report, and what the marks mean");
    comment_fence(m, text.data);
    buf_fini(&text);
}

void report_run_markdown(const struct result *r, const struct report_style *tables, size_t most,
                         struct buf *out)
{
    struct comment m;
    comment_begin(&m, out, most);
    lead(r, &m);
    latencies(r, &m);
    requests(r, &m);
    recovery(r, &m);
    hosts(r, &m);
    warnings(r, &m);
    set_up(r, &m);
    whole(r, tables, &m);
    comment_end(&m);
}
