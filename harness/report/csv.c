#include "report/csv.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "report/text.h"

static const struct report_style style = {.utf8 = true};

static void separate(struct csv *csv)
{
    buf_puts(csv->out, csv->is_inside ? "," : "");
    csv->is_inside = true;
}

/* Some programs take the full-width forms for the same. */
static bool is_formula_start(uint32_t code)
{
    static const uint32_t wide = 0xff01 - '!'; /* from a character to its full-width form */
    return code == '=' || code == '+' || code == '-' || code == '@' || code == wide + '=' ||
           code == wide + '+' || code == wide + '-' || code == wide + '@';
}

/* A blank before it does not make it harmless, whichever it is. */
static bool is_blank(uint32_t code)
{
    return code == ' ' || code == 0xa0 || (code >= 0x2000 && code <= 0x200a) || code == 0x202f ||
           code == 0x205f || code == 0x3000;
}

static bool is_formula(const char *text)
{
    uint32_t code = 0;
    for (size_t n = str_decode(text, &code); n > 0 && is_blank(code); n = str_decode(text, &code))
        text += n;
    return is_formula_start(code);
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
