/* fields: a line of the live view, put together from fields as long as they fit.
 *
 * Shape   a field is added whole or not at all, two columns after the one before it. A line in
 *         which nothing fits is none.
 * Units   columns, one per code point; escapes for colour take none.
 * Owner   out and style are borrowed; fields_end adds the line's end to out.
 * Errors  none. What comes from outside must have been made safe.
 */
#ifndef REPORT_LIVE_FIELDS_H
#define REPORT_LIVE_FIELDS_H

#include <stdbool.h>

#include "report/text.h"

struct fields {
    struct buf *out;
    const struct report_style *style;
    const char *label; /* not written yet; NULL: none, or it is */
    size_t width, used;
};

void fields_begin(struct fields *f, struct buf *out, const struct report_style *style);
/* Goes before the first field, padded so that the lines are aligned. */
void fields_label(struct fields *f, const char *label);
/* False when it does not fit. */
bool fields_add(struct fields *f, enum paint paint, const char *text);
__attribute__((format(printf, 3, 4))) bool fields_printf(struct fields *f, enum paint paint,
                                                         const char *format, ...);
/* Columns for another field. */
size_t fields_room(const struct fields *f);
void fields_end(struct fields *f);
/* How many lines there are. */
size_t fields_lines(const struct buf *out);

#endif
