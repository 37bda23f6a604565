/* Annotations of a GitHub Actions job: "::error title=...::...", one line each. What the exit code
 * is not 0 for is an error, everything else that is to be known a warning. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/gate/report.h"
#include "report/text.h"

#define SHOWN_MOST 10 /* of each kind; GitHub drops the others of a step */

static const struct report_style style = {.utf8 = true};

/* Line breaks stay, as the escapes that the runner turns back; other control characters do not. */
static void add_line(struct buf *out, const char *text, const char *escaped)
{
    struct buf safe;
    buf_init(&safe, BUF_TEXT_MAX);
    text_safe(&safe, &style, text);
    for (size_t i = 0; i < safe.len; i++) {
        if (strchr(escaped, safe.data[i]) != NULL)
            buf_printf(out, "%%%02X", (unsigned)safe.data[i]);
        else
            buf_add(out, safe.data + i, 1);
    }
    buf_fini(&safe);
}

static void add_message(struct buf *out, const char *text)
{
    char *copy = mem_strdup(text);
    char *rest = copy;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        add_line(out, line, "%");
        buf_puts(out, rest != NULL ? "%0A" : "");
    }
    free(copy);
}

/* One kind of annotation, of which the first are shown and the rest counted. */
struct kind {
    const char *name;
    size_t count, shown;
};

static void add(struct kind *kind, const char *title, const char *file, const char *text,
                struct buf *out)
{
    if (kind->shown + 1 >= SHOWN_MOST && kind->shown + 1 < kind->count)
        return; /* the last place is for the sum of those left */
    kind->shown++;
    buf_printf(out, "::%s title=", kind->name);
    add_line(out, title, "%:,");
    buf_puts(out, "::");
    add_message(out, file);
    buf_puts(out, ": ");
    add_message(out, text);
    buf_puts(out, "\n");
}

static void add_rest(const struct kind *kind, struct buf *out)
{
    if (kind->shown < kind->count)
        buf_printf(out,
                   "::%s title=bench check::%zu more, which are not shown here; see the text "
                   "or --format json\n",
                   kind->name, kind->count - kind->shown);
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
    struct kind errors = {.name = "error"};
    struct kind warnings = {.name = "warning", .count = sheet->nwarnings};
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
