#include "report/page/html.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/xml.h"

static bool is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80)
        text++;
    return *text == '\0';
}

/* ASCII has one direction. */
void html_name(struct buf *out, const char *text)
{
    bool is_plain = is_ascii(text);
    buf_puts(out, is_plain ? "" : "<bdi>");
    xml_text(out, text);
    buf_puts(out, is_plain ? "" : "</bdi>");
}

void html_lines(struct buf *out, const char *text)
{
    for (bool first = true; first || *text != '\0'; first = false) {
        size_t len = strcspn(text, "\n");
        char *line = mem_strndup(text, len);
        buf_puts(out, first ? "" : "<br>");
        html_name(out, line);
        free(line);
        text += len + (text[len] == '\n' ? 1 : 0);
    }
}

static void open_tag(struct buf *out, const char *tag, const char *class_name)
{
    buf_printf(out, "<%s", tag);
    if (class_name != NULL)
        buf_printf(out, " class=\"%s\"", class_name);
    buf_puts(out, ">");
}

void html_paragraph(struct buf *out, const char *class_name, const char *text)
{
    open_tag(out, "p", class_name);
    html_lines(out, text);
    buf_puts(out, "</p>\n");
}

void html_pair(struct buf *out, const char *term, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    buf_puts(out, "<div><dt>");
    html_name(out, term);
    buf_puts(out, "</dt><dd>");
    html_lines(out, text);
    buf_puts(out, "</dd></div>\n");
}

void html_figure(struct buf *out, const char *label, const char *value, const char *about)
{
    buf_puts(out, "<div><dt>");
    html_name(out, label);
    buf_puts(out, "</dt><dd>");
    html_name(out, value);
    buf_puts(out, "</dd><dd class=\"about\">");
    html_name(out, about);
    buf_puts(out, "</dd></div>\n");
}

void html_list(struct buf *out, const char *class_name, const struct str_list *texts)
{
    if (texts->count == 0)
        return;
    open_tag(out, "ul", class_name);
    buf_puts(out, "\n");
    for (size_t i = 0; i < texts->count; i++) {
        buf_puts(out, "<li>");
        html_lines(out, texts->items[i]);
        buf_puts(out, "</li>\n");
    }
    buf_puts(out, "</ul>\n");
}

void html_scroll(struct buf *out, const char *label)
{
    buf_puts(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\"");
    xml_attribute(out, "aria-label", label);
    buf_puts(out, ">\n");
}

void html_scroll_end(struct buf *out)
{
    buf_puts(out, "</div>\n");
}

/* --- a table --- */

/* "state fail" for "FAIL", so that a verdict has a colour beside its word. */
static void state_class(struct buf *out, const char *cell)
{
    static const char *const states[] = {"PASS", "FAIL", "WARN", "INCONCLUSIVE", "INVALID", "OPEN"};
    for (size_t i = 0; i < LEN(states); i++) {
        if (strcmp(cell, states[i]) != 0)
            continue;
        buf_puts(out, " class=\"state ");
        for (; *cell != '\0'; cell++) {
            char small = (char)tolower((unsigned char)*cell);
            buf_add(out, &small, 1);
        }
        buf_puts(out, "\"");
    }
}

static void head_row(struct buf *out, const struct table *t)
{
    buf_puts(out, "<thead><tr>");
    for (size_t k = 0; k < t->columns; k++) {
        buf_puts(out, "<th scope=\"col\">");
        html_name(out, t->cells.items[k]);
        buf_puts(out, "</th>");
    }
    buf_puts(out, "</tr></thead>\n");
}

static void body_row(struct buf *out, const struct table *t, char *const *cells)
{
    buf_puts(out, "<tr><th scope=\"row\">");
    html_name(out, cells[0]);
    buf_puts(out, "</th>");
    for (size_t k = 1; k < t->columns; k++) {
        buf_puts(out, "<td");
        state_class(out, cells[k]);
        buf_puts(out, ">");
        html_name(out, cells[k]);
        buf_puts(out, "</td>");
    }
    buf_puts(out, "</tr>\n");
}

void html_table(struct buf *out, const char *label, const struct table *t)
{
    if (t->columns == 0)
        return;
    html_scroll(out, label);
    buf_puts(out, "<table>\n");
    head_row(out, t);
    buf_puts(out, "<tbody>\n");
    for (size_t row = 1; row < t->cells.count / t->columns; row++)
        body_row(out, t, &t->cells.items[row * t->columns]);
    buf_puts(out, "</tbody>\n</table>\n");
    html_scroll_end(out);
}
