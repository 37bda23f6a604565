/* text: building blocks of the reports.
 *
 * Shape   every call adds to a buf, whose owner prints it.
 * Units   widths are columns, one per code point. A word (a URL) that is longer than the line is
 *         kept whole.
 * Errors  text from outside (a URL, a file, another program) may hold anything: control characters
 *         never reach the terminal, and characters that the style cannot show become '?'. So does
 *         the first of what a CI server would take for a command ("::error", "##[").
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/metric.h"
#include "report/style.h"

enum paint { PAINT_PLAIN, PAINT_BOLD, PAINT_DIM, PAINT_RED, PAINT_YELLOW, PAINT_GREEN };

size_t text_width(const char *text);
size_t text_columns(const struct report_style *style); /* maximum of a line */
void text_paint(struct buf *out, const struct report_style *style, enum paint paint,
                const char *text);
void text_safe(struct buf *out, const struct report_style *style, const char *text);
void text_rule(struct buf *out, const struct report_style *style, size_t width); /* with line end */

/* "label      words wrapped at the style's width,
 *             further lines aligned with the first word". The label is painted, the text made safe;
 * line breaks in the text are kept. */
void text_entry(struct buf *out, const struct report_style *style, enum paint paint,
                const char *label, const char *text);
/* The same with a given text column, for longer labels. */
void text_entry_at(struct buf *out, const struct report_style *style, enum paint paint,
                   const char *label, size_t column, const char *text);
/* The same without a label, with all of the text painted. */
void text_notice(struct buf *out, const struct report_style *style, enum paint paint,
                 const char *text);

/* "and 12 more; --json has all of them", for a table that leaves rows out; nothing for 0. */
void text_left_out(struct buf *out, const struct report_style *style, size_t left);

#define PROBE_NEW_NOTE                                                                             \
    "new: probes that found no idle connection and opened one, as a new client does"

/* `from` made safe, and cut to `columns` columns with ".." at its end. Returns text, which should
 * hold 4 bytes per column and 1 more. */
char *text_short(const char *from, const struct report_style *style, size_t columns, char *text,
                 size_t size);
/* An arm's name, cut to fit in a line. Returns text, which should hold TEXT_NAME bytes. */
#define TEXT_NAME 128
char *text_name(const char *arm, const struct report_style *style, char *text, size_t size);

/* Adds ", " first unless the list is empty. */
__attribute__((format(printf, 2, 3))) void text_list(struct buf *list, const char *format, ...);
/* Each returns text, which must hold 32 bytes. */
char *text_grouped(int64_t n, char *text, size_t size); /* "12,345" */
/* A figure of any unit, as metric_format writes it, but a count as "12,345". */
char *text_figure(double value, enum metric_unit unit, char *text, size_t size);
/* "43%", "0.83%", "99.96%"; "100%" and "0.00%" only if exact. */
char *text_share(int64_t part, int64_t whole, char *text, size_t size);
/* How long a run took: "1.01 s", "10.0 s". */
char *text_duration(double seconds, char *text, size_t size);

#endif
