/* text: the pieces that reports are made of.
 *
 * Shape   every call adds to a buf, whose owner prints it.
 * Units   widths are columns: code points, none of ours being wide. A word (a URL) that is longer
 *         than the line is kept whole.
 * Errors  text that came from outside (a URL, a file, another program) may hold anything: control
 *         characters never reach a terminal, and what the style cannot show becomes '?'.
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "report/style.h"

enum paint { PAINT_PLAIN, PAINT_BOLD, PAINT_DIM, PAINT_RED, PAINT_YELLOW, PAINT_GREEN };

size_t text_width(const char *text);
size_t text_columns(const struct report_style *style); /* that a line may have */
void text_paint(struct buf *out, const struct report_style *style, enum paint paint,
                const char *text);
void text_safe(struct buf *out, const struct report_style *style, const char *text);
void text_rule(struct buf *out, const struct report_style *style, size_t width); /* a whole line */

/* "label      words wrapped at the style's width,
 *             with the next lines under the first word". The label is painted, the text made safe;
 * a line of its own in the text stays one. */
void text_entry(struct buf *out, const struct report_style *style, enum paint paint,
                const char *label, const char *text);
/* The same with the words at a column of one's own, for labels that are longer. */
void text_entry_at(struct buf *out, const struct report_style *style, enum paint paint,
                   const char *label, size_t column, const char *text);
/* The same without a label, and all of it painted. */
void text_notice(struct buf *out, const struct report_style *style, enum paint paint,
                 const char *text);

/* An arm's name for one line: what the style can show of it, and not too long. Returns text, which
 * should hold TEXT_NAME bytes. */
#define TEXT_NAME 128
char *text_name(const char *arm, const struct report_style *style, char *text, size_t size);

/* ", " before it unless it is the first. */
__attribute__((format(printf, 2, 3))) void text_list(struct buf *list, const char *format, ...);
/* Each writes a text that must hold 32 bytes, and returns it. */
char *text_grouped(int64_t n, char *text, size_t size); /* "12,345" */
/* "43%", "0.83%", "99.96%"; "100%" is all of it and "0.00%" nothing. */
char *text_share(int64_t part, int64_t whole, char *text, size_t size);

#endif
