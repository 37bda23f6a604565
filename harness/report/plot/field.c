#include "report/plot/field.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "report/text.h"

#define LABEL_COLUMNS   32 /* of a name beside a curve or a bar */
#define CAPTION_COLUMNS 120

static const struct report_style utf8 = {.utf8 = true};

static size_t character_len(const char *text)
{
    size_t len = 1;
    while (((unsigned char)text[len] & 0xc0) == 0x80)
        len++;
    return len;
}

/* U+FFFE and U+FFFF are not allowed in XML, and so not in an SVG. */
static bool is_forbidden(const char *text)
{
    return strncmp(text, "\xef\xbf\xbe", 3) == 0 || strncmp(text, "\xef\xbf\xbf", 3) == 0;
}

/* Latin, Greek, Cyrillic, dashes and quotes: available in most fonts. */
static bool is_common(const char *text, size_t len)
{
    unsigned code = (unsigned char)text[0];
    if (len == 2)
        code = (code & 0x1f) << 6 | ((unsigned char)text[1] & 0x3f);
    else if (len == 3)
        code = (code & 0x0f) << 12 | ((unsigned)text[1] & 0x3f) << 6 | ((unsigned)text[2] & 0x3f);
    return len <= 3 && (code < 0x250 || (code >= 0x391 && code < 0x500 && code != 0x3a2) ||
                        (code >= 0x2010 && code <= 0x2027));
}

/* In a quoted text, gnuplot interprets only quotes and backslashes. */
static void add_character(struct buf *out, const char *text, size_t len)
{
    if (*text == '"' || *text == '\\')
        buf_puts(out, *text == '"' ? "\\042" : "\\\\");
    else if (is_forbidden(text))
        buf_puts(out, "?");
    else
        buf_add(out, text, len);
}

/* gnuplot would merge an empty text with the field after it. */
void plot_text(struct buf *out, const char *text, size_t columns_max, enum glyphs glyphs)
{
    struct buf safe;
    buf_init(&safe, BUF_TEXT_MAX);
    text_safe(&safe, &utf8, text[0] == '\0' ? " " : text);
    size_t room = text_width(safe.data) > columns_max ? columns_max - 1 : SIZE_MAX;
    const char *c = safe.data;
    buf_puts(out, "\"");
    for (; *c != '\0' && room > 0; room--) {
        size_t len = character_len(c);
        if (glyphs == GLYPHS_ALL || is_common(c, len))
            add_character(out, c, len);
        else
            buf_puts(out, "?");
        c += len;
    }
    buf_puts(out, *c == '\0' ? "\"" : "…\"");
    buf_fini(&safe);
}

void plot_both(struct buf *out, const char *text, size_t columns_max)
{
    plot_text(out, text, columns_max, GLYPHS_ALL);
    buf_puts(out, "\t");
    plot_text(out, text, columns_max, GLYPHS_COMMON);
}

void plot_number(struct buf *out, double value)
{
    if (isnan(value))
        buf_puts(out, "\tNaN");
    else
        buf_printf(out, "\t%.9g", value);
}

void plot_arm(struct buf *out, size_t index, const char *name)
{
    buf_printf(out, "%zu\t", index);
    plot_text(out, name, SIZE_MAX, GLYPHS_ALL);
    buf_puts(out, "\t");
    plot_both(out, name, LABEL_COLUMNS);
}

void plot_caption(struct buf *out, size_t index, const char *text)
{
    buf_printf(out, "%zu\t", index);
    plot_both(out, text, CAPTION_COLUMNS);
    buf_puts(out, "\n");
}
