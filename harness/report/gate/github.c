/* Annotations of a GitHub Actions job: "::error title=...::...", one line each. What the exit code
 * is not 0 for is an error, everything else that is to be known a warning. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/annotation.h"
#include "report/gate/report.h"
#include "report/text.h"

/* One kind of annotation, of which the first are shown and the rest counted. */
struct kind {
    enum annotation_kind kind;
    size_t count, shown;
};

static void add(struct kind *kind, const char *title, const char *file, const char *text,
                struct buf *out)
{
    if (kind->shown + 1 >= ANNOTATIONS_MOST && kind->shown + 1 < kind->count)
        return; /* the last place is for the sum of those left */
    char *message = mem_printf("%s: %s", file, text);
    kind->shown++;
    annotation_write(out, kind->kind, title, message);
    free(message);
}

static void add_rest(const struct kind *kind, struct buf *out)
{
    if (kind->shown == kind->count)
        return;
    char *message = mem_printf("%zu more, which are not shown here; see the text or --format json",
                               kind->count - kind->shown);
    annotation_write(out, kind->kind, "bench check", message);
    free(message);
}

static bool is_error(const struct gate_outcome *o)
{
    struct gate_outcome copy = *o;
    const struct gate_sheet alone = {.outcomes = &copy, .count = 1};
    return gate_sheet_kind(&alone) != ERR_NONE;
}

void report_gate_github(const struct gate_sheet *sheet, struct buf *out)
{
    char summary[80];
    struct kind errors = {.kind = ANNOTATION_ERROR};
    struct kind warnings = {.kind = ANNOTATION_WARNING, .count = sheet->nwarnings};
    for (size_t i = 0; i < sheet->count; i++) {
        const struct gate_outcome *o = &sheet->outcomes[i];
        if (o->verdict != GATE_PASSED)
            (is_error(o) ? &errors : &warnings)->count++;
    }
    for (size_t i = 0; i < sheet->count; i++) {
        const struct gate_outcome *o = &sheet->outcomes[i];
        struct buf text;
        if (o->verdict == GATE_PASSED)
            continue;
        buf_init(&text, BUF_TEXT_MAX);
        gate_describe(o, &text);
        add(is_error(o) ? &errors : &warnings, o->threshold->text, o->file, text.data, out);
        buf_fini(&text);
    }
    for (size_t i = 0; i < sheet->nwarnings; i++) {
        const struct gate_warning *w = &sheet->warnings[i];
        add(&warnings, w->code, w->file, w->message, out);
    }
    add_rest(&errors, out);
    add_rest(&warnings, out);
    buf_printf(out, "%s\n", gate_summary(sheet, summary, sizeof summary));
}
