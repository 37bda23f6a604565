#include "report/live/fields.h"

#include <stdarg.h>

#define LABEL 8 /* columns */
#define GAP   2

void fields_begin(struct fields *f, struct buf *out, const struct report_style *style)
{
    *f = (struct fields){.out = out, .style = style, .width = style->width};
}

void fields_label(struct fields *f, const char *label)
{
    f->label = label;
}

/* Columns before the next field. */
static size_t columns_before(const struct fields *f)
{
    if (f->label != NULL)
        return LABEL;
    return f->used > 0 ? f->used + GAP : 0;
}

size_t fields_room(const struct fields *f)
{
    size_t before = columns_before(f);
    return f->width > before ? f->width - before : 0;
}

bool fields_add(struct fields *f, enum paint paint, const char *text)
{
    size_t width = text_width(text);
    size_t before = columns_before(f);
    if (width == 0 || width > fields_room(f))
        return false;
    if (f->label != NULL) {
        text_paint(f->out, f->style, PAINT_DIM, f->label);
        f->used = text_width(f->label);
        f->label = NULL;
    }
    buf_pad(f->out, ' ', before - f->used);
    text_paint(f->out, f->style, paint, text);
    f->used = before + width;
    return true;
}

bool fields_printf(struct fields *f, enum paint paint, const char *format, ...)
{
    struct buf text;
    va_list args;
    buf_init(&text, BUF_TEXT_MAX);
    va_start(args, format);
    buf_vprintf(&text, format, args);
    va_end(args);
    bool fits = fields_add(f, paint, text.data);
    buf_fini(&text);
    return fits;
}

void fields_end(struct fields *f)
{
    if (f->used > 0)
        buf_puts(f->out, "\n");
}

size_t fields_lines(const struct buf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < out->len; i++)
        count += out->data[i] == '\n';
    return count;
}
