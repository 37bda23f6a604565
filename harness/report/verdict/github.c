/* A verdict as annotations of a step. */
#include "report/annotation.h"
#include "report/verdict/content.h"
#include "report/verdict/report.h"

#define TITLE "bench check"

/* False: it passed, and needs no annotation. */
static bool kind_of(const struct verdict_page *page, const struct verdict_gate *g,
                    enum annotation_kind *out)
{
    bool warns = g->gate.kind == SESSION_GATE_WARN;
    bool is_undecided = g->state == VERDICT_OPEN || g->state == VERDICT_INCONCLUSIVE;
    if (g->state == VERDICT_PASS)
        return false;
    *out = warns || (is_undecided && !page->is_strict) ? ANNOTATION_WARNING : ANNOTATION_ERROR;
    return true;
}

void report_verdict_github(const struct verdict_page *page, struct buf *out)
{
    const struct verdict *v = page->verdict;
    struct annotations all;
    struct buf text;
    annotations_begin(&all, out);
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < v->ngates; i++) {
        enum annotation_kind kind = ANNOTATION_NOTICE;
        if (!kind_of(page, &v->gates[i], &kind))
            continue;
        buf_clear(&text);
        verdict_line(v, &v->gates[i], &text);
        annotations_add(&all, kind, TITLE, text.data);
    }
    buf_clear(&text);
    report_verdict_headline(page, &text);
    annotations_add(&all, ANNOTATION_NOTICE, TITLE, text.data);
    annotations_end(&all);
    buf_fini(&text);
}
