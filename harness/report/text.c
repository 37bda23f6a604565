#include "report/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"

#define NAME_COLUMNS 24 /* of an arm's name in a line */

#define LABEL_WIDTH 11

static bool leads(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t text_width(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text++)
        width += leads(*text);
    return width;
}

size_t text_columns(const struct report_style *style)
{
    if (style->width == 0)
        return REPORT_WIDTH;
    return style->width < REPORT_WIDTH_MAX ? style->width : REPORT_WIDTH_MAX;
}

void text_paint(struct buf *out, const struct report_style *style, enum paint paint,
                const char *text)
{
    static const char *const codes[] = {"",           "\033[1m",  "\033[2m",
                                        "\033[1;31m", "\033[33m", "\033[32m"};
    bool painted = style->colour && paint != PAINT_PLAIN;
    if (painted)
        buf_puts(out, codes[paint]);
    buf_puts(out, text);
    if (painted)
        buf_puts(out, "\033[0m");
}

void text_safe(struct buf *out, const struct report_style *style, const char *text)
{
    bool readable = style->utf8 && str_is_utf8(text, strlen(text));
    for (size_t i = 0; text[i] != '\0';) {
        size_t len = 1;
        while (text[i + len] != '\0' && !leads(text[i + len]))
            len++;
        bool plain = (unsigned char)text[i] < 0x80;
        if (str_control(text + i) == 0 && (plain || readable) && !str_is_command(text, text + i))
            buf_add(out, text + i, len);
        else
            buf_puts(out, "?");
        i += len;
    }
}

void text_rule(struct buf *out, const struct report_style *style, size_t width)
{
    struct buf rule;
    buf_init(&rule, BUF_TEXT_MAX);
    for (size_t i = 0; i < width; i++)
        buf_puts(&rule, style->utf8 ? "─" : "-");
    text_paint(out, style, PAINT_DIM, rule.data);
    buf_puts(out, "\n");
    buf_fini(&rule);
}

/* Writes word after word; the first line is already at `indent`. */
static void wrap(struct buf *out, const struct report_style *style, const char *text, size_t indent)
{
    size_t column = indent;
    while (*text != '\0') {
        char word[512];
        size_t len = strcspn(text, " ");
        (void)snprintf(word, sizeof word, "%.*s", (int)len, text);
        size_t width = text_width(word);
        if (column > indent && column + 1 + width > text_columns(style)) {
            buf_puts(out, "\n");
            buf_pad(out, ' ', indent);
            column = indent;
        } else if (column > indent) {
            buf_puts(out, " ");
            column++;
        }
        buf_add(out, text, len);
        column += width;
        text += len + strspn(text + len, " ");
    }
}

/* One line of a text with several lines, such as another program's output. */
static void entry_line(struct buf *out, const struct report_style *style, size_t column,
                       const char *text, size_t len)
{
    struct buf safe;
    char *line = mem_strndup(text, len);
    buf_init(&safe, BUF_TEXT_MAX);
    text_safe(&safe, style, line);
    wrap(out, style, safe.data, column);
    buf_puts(out, "\n");
    buf_fini(&safe);
    free(line);
}

void text_entry_at(struct buf *out, const struct report_style *style, enum paint paint,
                   const char *label, size_t column, const char *text)
{
    size_t width = text_width(label);
    text_paint(out, style, paint, label);
    buf_pad(out, ' ', width < column ? column - width : 1);
    for (bool first = true; first || *text != '\0'; first = false) {
        size_t len = strcspn(text, "\n");
        buf_pad(out, ' ', first ? 0 : column);
        entry_line(out, style, column, text, len);
        text += len + (text[len] == '\n' ? 1 : 0);
    }
}

void text_entry(struct buf *out, const struct report_style *style, enum paint paint,
                const char *label, const char *text)
{
    text_entry_at(out, style, paint, label, LABEL_WIDTH, text);
}

void text_notice(struct buf *out, const struct report_style *style, enum paint paint,
                 const char *text)
{
    struct buf safe;
    struct buf lines;
    buf_init(&safe, BUF_TEXT_MAX);
    buf_init(&lines, BUF_TEXT_MAX);
    text_safe(&safe, style, text);
    wrap(&lines, style, safe.data, 0);
    text_paint(out, style, paint, lines.data);
    buf_puts(out, "\n");
    buf_fini(&lines);
    buf_fini(&safe);
}

void text_list(struct buf *list, const char *format, ...)
{
    va_list args;
    if (list->len > 0)
        buf_puts(list, ", ");
    va_start(args, format);
    buf_vprintf(list, format, args);
    va_end(args);
}

char *text_grouped(int64_t n, char *text, size_t size)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRId64, n);
    size_t to = 0;
    for (int i = 0; i < len && to + 2 < size; i++) {
        int left = len - i;
        if (i > 0 && left % 3 == 0 && digits[i - 1] != '-')
            text[to++] = ',';
        text[to++] = digits[i];
    }
    text[to] = '\0';
    return text;
}

char *text_figure(double value, enum metric_unit unit, char *text, size_t size)
{
    /* A stored number may be larger than an int64_t: it is shown as the largest one that fits. */
    if (unit == METRIC_COUNT)
        return text_grouped(llround(fmin(value, 9e18)), text, size);
    return metric_format(value, unit, text, size);
}

/* 100% and 0.00% are exact: nearly all is shown as >99.99%, very few as <0.01%. */
char *text_share(int64_t part, int64_t whole, char *text, size_t size)
{
    double percent = 100 * (double)part / (double)whole;
    if (part == whole)
        (void)snprintf(text, size, "100%%");
    else if (percent >= 99.995)
        (void)snprintf(text, size, ">99.99%%");
    else if (part > 0 && percent < 0.005)
        (void)snprintf(text, size, "<0.01%%");
    else
        (void)snprintf(text, size, "%.*f%%", percent < 9.995 || percent > 99 ? 2 : 0, percent);
    return text;
}

char *text_short(const char *from, const struct report_style *style, size_t columns, char *text,
                 size_t size)
{
    struct buf safe;
    buf_init(&safe, BUF_TEXT_MAX);
    text_safe(&safe, style, from);
    bool cut = text_width(safe.data) > columns;
    size_t len = 0;
    for (size_t column = 0; safe.data[len] != '\0' && column + 2 < columns; column++) {
        len++;
        while (!leads(safe.data[len]))
            len++;
    }
    (void)snprintf(text, size, "%.*s%s", (int)(cut ? len : safe.len), safe.data, cut ? ".." : "");
    buf_fini(&safe);
    return text;
}

char *text_name(const char *arm, const struct report_style *style, char *text, size_t size)
{
    return text_short(arm, style, NAME_COLUMNS, text, size);
}

char *text_duration(double seconds, char *text, size_t size)
{
    if (seconds >= 0)
        (void)snprintf(text, size, "%.*f s", seconds < 9.995 ? 2 : 1, seconds);
    else
        (void)snprintf(text, size, "unknown time");
    return text;
}

void text_left_out(struct buf *out, const struct report_style *style, size_t left)
{
    char text[80];
    if (left == 0)
        return;
    (void)snprintf(text, sizeof text, "and %zu more; --json has all of them", left);
    text_notice(out, style, PAINT_DIM, text);
}
