/* html: untrusted text in elements of HTML.
 *
 * Shape   every call adds to a buf, whose owner prints it. UTF-8. Tags, classes and ids are ours.
 * Errors  none. Text is escaped as report/xml.h does it, so that it cannot end an element or an
 *         attribute. A name of another script stands in <bdi>, so that it does not turn the words
 *         around it.
 */
#ifndef REPORT_PAGE_HTML_H
#define REPORT_PAGE_HTML_H

#include "base/buf.h"
#include "base/str.h"
#include "report/table.h"

/* In <bdi>, unless it is ASCII, which has one direction. */
void html_name(struct buf *out, const char *text);
/* Line breaks are kept. */
void html_lines(struct buf *out, const char *text);
/* <p class="..">; the class may be NULL. */
void html_paragraph(struct buf *out, const char *class_name, const char *text);
/* <dt> and <dd>; nothing for an empty text. */
void html_pair(struct buf *out, const char *term, const char *text);
/* One of the large figures of a cover: <dt>, <dd> and what it is. */
void html_figure(struct buf *out, const char *label, const char *value, const char *about);
/* <ul class="..">, nothing for an empty list. */
void html_list(struct buf *out, const char *class_name, const struct str_list *texts);

/* A part that scrolls by itself where the page is narrow, also by the keyboard. */
void html_scroll(struct buf *out, const char *label);
void html_scroll_end(struct buf *out);

/* The first row is the header, the first column names the row. A cell that is a verdict is painted.
 * The label is for the scrolling part and the caption. */
void html_table(struct buf *out, const char *label, const struct table *t);

#endif
