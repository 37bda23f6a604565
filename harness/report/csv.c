#include "report/csv.h"

#include <math.h>
#include <string.h>

#include "report/text.h"

static const struct report_style style = {.utf8 = true};

static void separate(struct csv *csv)
{
    buf_puts(csv->out, csv->is_inside ? "," : "");
    csv->is_inside = true;
}

/* A blank before it does not make it harmless. */
static bool is_formula(const char *text)
{
    text += strspn(text, " ");
    return *text != '\0' && strchr("=+-@", *text) != NULL;
}

void csv_quote(struct buf *out, const char *text)
{
    struct buf safe;
    buf_init(&safe, BUF_TEXT_MAX);
    text_safe(&safe, &style, text);
    buf_puts(out, is_formula(safe.data) ? "\"'" : "\"");
    for (const char *c = safe.data; *c != '\0'; c++)
        buf_add(out, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    buf_puts(out, "\"");
    buf_fini(&safe);
}

void csv_text(struct csv *csv, const char *text)
{
    separate(csv);
    if (text != NULL)
        csv_quote(csv->out, text);
}

void csv_number(struct csv *csv, double x)
{
    separate(csv);
    if (isfinite(x) && x == floor(x) && fabs(x) < 1e15)
        buf_printf(csv->out, "%.0f", x);
    else if (isfinite(x))
        buf_printf(csv->out, "%.9g", x);
}

void csv_end(struct csv *csv)
{
    buf_puts(csv->out, "\r\n");
    csv->is_inside = false;
}
